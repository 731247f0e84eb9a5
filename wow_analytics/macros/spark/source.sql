{#- Where a source's rows are. On Spark the log may be a folder of Parquet files that WOW_SPARK_LOG names, so that no table has
    to be made of it. -#}
{%- macro source(source_name, table_name) -%}
    {%- set relation = builtins.source(source_name, table_name) -%}
    {%- set folder = env_var('WOW_SPARK_LOG', '') -%}
    {%- if target.type == 'spark' and folder -%}
        {{ return(log_in_folder(folder)) }}
    {%- endif -%}
    {{ return(relation) }}
{%- endmacro -%}

{#- The log that lies in a folder, as a query in brackets. dbt-spark has casts that fail give null, and sums that overflow
    begin anew, so a column of a type that could do either is refused. What compares constants costs nothing in the rows. -#}
{%- macro log_in_folder(folder) -%}
    {%- set whole = ['bigint', 'int', 'smallint', 'tinyint'] -%}
    (
        select
            {{ of_type('player_id', whole) }},
            {{ of_type('guild', whole + ['double', 'float']) }},
            {{ of_type('level', whole) }},
            {{ of_type('race', ['string']) }},
            {{ of_type('class', ['string']) }},
            {{ of_type('where', ['string']) }},
            {{ of_type('datetime', ['timestamp_ntz', 'timestamp', 'date']) }}
        from parquet.`{{ folder | replace('`', '``') }}`
        where case when current_timezone() in ('UTC', 'Etc/UTC') then true else cast(raise_error(
            concat('The time zone of the session is ', current_timezone(), ': set spark.sql.session.timeZone to UTC')
        ) as boolean) end
    )
{%- endmacro -%}

{#- A column of the log, if it is of one of these types. -#}
{%- macro of_type(column, types) -%}
    {%- set name = adapter.quote(column) -%}
    case when typeof({{ name }}) in ('{{ types | join("', '") }}') then {{ name }} else raise_error(
        concat('The column {{ column }} of the log is of type ', typeof({{ name }}), ': write it as {{ types[0] }}')
    ) end as {{ name }}
{%- endmacro -%}
