{#- What is true of every player now and may change, flagged players among them. The snapshot player_facts keeps its history,
    and a data test compares it with stg_players. -#}
{%- macro player_facts() -%}
with players as (

    select
        player_id,
        max(level) as max_level,
        max(datetime) as last_activity_date
    from {{ ref('stg_wowlogs_with_sessions') }}
    group by player_id

),

-- A player's events at its latest instant. There may be several, in no order, so the greatest value counts.
latest as (

    select
        events.player_id,
        max(events.class) as class,
        max(events.race) as race,
        max(events.guild) as guild
    from {{ ref('stg_wowlogs_with_sessions') }} as events
    inner join players
        on events.player_id = players.player_id
        and events.datetime = players.last_activity_date
    group by events.player_id

),

reference as (

    {{ as_of() }}

)

select
    players.player_id,
    latest.class,
    latest.race,
    latest.guild,
    players.max_level,
    stats.is_likely_bot,
    case
        when {{ days_between('cast(players.last_activity_date as date)', 'reference.as_of') }} > {{ var('churn_days') }} then 1
        else 0
    end as churned
from players
inner join latest
    on players.player_id = latest.player_id
inner join {{ ref('player_session_stats') }} as stats
    on players.player_id = stats.player_id
cross join reference
{%- endmacro -%}
