{#- The exact sum of 64-bit integers, which may need more than 64 bits, as a double. -#}
{%- macro sum_as_double(number) -%}
    {{ adapter.dispatch('sum_as_double')(number) }}
{%- endmacro -%}

{%- macro default__sum_as_double(number) -%}
    cast(sum({{ number }}) as double)
{%- endmacro -%}

{#- DuckDB makes a double of a negative sum by way of its distance from -1, which from 2^53 on may round otherwise. -#}
{%- macro spark__sum_as_double(number) -%}
    {%- set sum = 'sum(cast(' ~ number ~ ' as decimal(38, 0)))' -%}
    case when {{ sum }} < 0 then -cast(-{{ sum }} - 1 as double) - 1 else cast({{ sum }} as double) end
{%- endmacro -%}
