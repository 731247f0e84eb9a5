{{ config(
    enabled=(target.type == 'spark' and env_var('WOW_SPARK_OUT', '') != ''),
    materialized='table',
    location_root=env_var('WOW_SPARK_OUT', ''),
    options={'compression': 'zstd'}
) }}

{#- All rows of a player are in one file, since the files are ranges of players. Their number is Spark's choice, or
    that of the variable sorted_files. -#}
{%- set number = var('sorted_files', none) -%}
select /*+ repartition_by_range({{ number ~ ', ' if number else '' }}player_id) */
    cast(player_id as bigint) as player_id,
    guild,
    cast(level as bigint) as level,
    race,
    class,
    {{ adapter.quote('where') }},
    cast(datetime as {{ type_time() }}) as datetime
from {{ source('main', 'wowlogs') }}
-- Rows that are rejected come first. The others are in the order of an export, in which null is greater than any value.
sort by
    player_id nulls first,
    datetime nulls first,
    level nulls last,
    guild nulls last,
    race nulls last,
    class nulls last,
    {{ adapter.quote('where') }} nulls last
