{#- The clock's time in UTC, as a time without a zone. -#}
{%- macro utc_now() -%}
    {{ adapter.dispatch('utc_now')() }}
{%- endmacro -%}

{%- macro default__utc_now() -%}
    make_timestamp(epoch_us(now()))
{%- endmacro -%}

{%- macro spark__utc_now() -%}
    cast(now() as timestamp_ntz)
{%- endmacro -%}
