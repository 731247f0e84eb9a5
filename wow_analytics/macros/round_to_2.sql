{#- A double to two decimals, halves away from zero. -#}
{%- macro round_to_2(number) -%}
    round({{ number }}, 2)
{%- endmacro -%}
