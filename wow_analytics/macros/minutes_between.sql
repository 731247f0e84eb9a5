{#- Minutes between two times: the minute boundaries crossed, so that 00:00:59 to 00:01:00 is 1. -#}
{%- macro minutes_between(earlier, later) -%}
    datediff('minute', {{ earlier }}, {{ later }})
{%- endmacro -%}
