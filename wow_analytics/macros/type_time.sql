{#- The type of a time without a zone. -#}
{%- macro type_time() -%}
    {{ adapter.dispatch('type_time')() }}
{%- endmacro -%}

{%- macro default__type_time() -%}
    timestamp
{%- endmacro -%}

{%- macro spark__type_time() -%}
    timestamp_ntz
{%- endmacro -%}
