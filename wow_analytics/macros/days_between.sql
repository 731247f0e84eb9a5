{#- Days between two dates. -#}
{%- macro days_between(earlier, later) -%}
    {{ adapter.dispatch('days_between')(earlier, later) }}
{%- endmacro -%}

{%- macro default__days_between(earlier, later) -%}
    datediff('day', {{ earlier }}, {{ later }})
{%- endmacro -%}

{%- macro spark__days_between(earlier, later) -%}
    cast(datediff({{ later }}, {{ earlier }}) as bigint)
{%- endmacro -%}
