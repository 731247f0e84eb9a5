{#- Minutes between two times: the minute boundaries crossed, so that 00:00:59 to 00:01:00 is 1. -#}
{%- macro minutes_between(earlier, later) -%}
    {{ adapter.dispatch('minutes_between')(earlier, later) }}
{%- endmacro -%}

{%- macro default__minutes_between(earlier, later) -%}
    datediff('minute', {{ earlier }}, {{ later }})
{%- endmacro -%}

{#- Spark's own difference counts whole minutes elapsed. A second's number over 60 is exact enough to be floored. -#}
{%- macro spark__minutes_between(earlier, later) -%}
    (floor(unix_seconds(cast({{ later }} as timestamp_ltz)) / 60) - floor(unix_seconds(cast({{ earlier }} as timestamp_ltz)) / 60))
{%- endmacro -%}
