{{ config(materialized='view') }}

with players as (

    select
        player_id,
        max(level) as max_level,
        min(level) as min_level,
        -- An exact sum and one division, as in player_session_stats.
        {{ sum_as_double('level') }} / count(level) as avg_level,
        count(distinct cast(datetime as date)) as days_active,
        count(distinct {{ adapter.quote('where') }}) as num_locations_visited,
        min(datetime) as first_activity_date,
        max(datetime) as last_activity_date,
        max(session_number) as total_sessions,
        count(*) as total_events
    from {{ ref('stg_wowlogs_no_bots') }}
    group by player_id

),

-- What a player is now: its events at its latest instant. There may be several, in no order, so the greatest
-- value counts.
latest as (

    select
        events.player_id,
        max(events.class) as class,
        max(events.race) as race,
        max(events.guild) as guild
    from {{ ref('stg_wowlogs_no_bots') }} as events
    inner join players
        on events.player_id = players.player_id
        and events.datetime = players.last_activity_date
    group by events.player_id

),

-- The day that churn is measured from.
reference as (

    {{ as_of() }}

),

ages as (

    select
        players.*,
        {{ days_between('cast(players.last_activity_date as date)', 'reference.as_of') }} as days_since_last_activity
    from players
    cross join reference

)

select
    ages.player_id,
    latest.class,
    latest.race,
    latest.guild,
    ages.max_level,
    ages.min_level,
    ages.avg_level,
    ages.days_active,
    ages.num_locations_visited,
    ages.first_activity_date,
    ages.last_activity_date,
    ages.total_sessions,
    ages.total_events,
    ages.days_since_last_activity,
    case when ages.days_since_last_activity > {{ var('churn_days') }} then 1 else 0 end as churned
from ages
inner join latest
    on ages.player_id = latest.player_id
