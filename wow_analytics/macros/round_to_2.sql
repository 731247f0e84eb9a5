{#- A double to two decimals, halves away from zero. -#}
{%- macro round_to_2(number) -%}
    {{ adapter.dispatch('round_to_2')(number) }}
{%- endmacro -%}

{%- macro default__round_to_2(number) -%}
    round({{ number }}, 2)
{%- endmacro -%}

{#- The steps of DuckDB's round. Spark's goes by the decimal digits, to which 1.005 is a half, though the double is less. -#}
{%- macro spark__round_to_2(number) -%}
    round(cast({{ number }} as double) * 100) / 100
{%- endmacro -%}
