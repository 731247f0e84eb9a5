{% snapshot player_facts %}

{{ config(
    enabled=(target.type != 'spark'),
    strategy='check',
    unique_key='player_id',
    check_cols=['class', 'race', 'guild', 'max_level', 'is_likely_bot', 'churned']
) }}

{{ player_facts() }}

{% endsnapshot %}
