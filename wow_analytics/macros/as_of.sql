{#- The day "today" means, as a query of one row: the data are historical, and measured from today everyone would have
    churned. -#}
{%- macro as_of() -%}
    {%- if var('as_of') is none -%}
    select cast(max(cast(datetime as {{ type_time() }})) as date) as as_of
    from {{ source('main', 'wowlogs') }}
    where player_id is not null
    {%- else -%}
    select cast('{{ var("as_of") }}' as date) as as_of
    {%- endif -%}
{%- endmacro -%}
