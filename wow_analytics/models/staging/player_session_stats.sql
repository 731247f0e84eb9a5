{{ config(materialized='table') }}

with sessions as (

    select
        player_id,
        {{ minutes_between('min(datetime)', 'max(datetime)') }} as duration_minutes,
        count(*) as events
    from {{ ref('stg_wowlogs_with_sessions') }}
    group by player_id, session_number

),

players as (

    select
        player_id,
        count(*) as total_sessions,
        cast(sum(events) as bigint) as total_events,
        -- Averages are one exact integer sum and one division, so that no two engines can differ in the last
        -- bit, as they could with an avg() that adds doubles in any order or divides in a wider type.
        cast(sum(duration_minutes) as double) / count(*) as avg_duration_minutes,
        median(duration_minutes) as median_duration_minutes,
        max(duration_minutes) as max_duration_minutes,
        min(duration_minutes) as min_duration_minutes,
        cast(sum(events) as double) / count(*) as avg_events,
        max(events) as max_events
    from sessions
    group by player_id

),

flags as (

    select
        *,
        case when max_duration_minutes > {{ var('bot_max_session_minutes') }} then 1 else 0 end
            as likely_bot_long_session,
        -- On the unrounded average: 360.004 is over a limit of 360, though it is shown as 360.00.
        case when avg_duration_minutes > {{ var('bot_avg_session_minutes') }} then 1 else 0 end
            as likely_bot_avg_session
    from players

)

select
    player_id,
    total_sessions,
    total_events,
    {{ round_to_2('avg_duration_minutes') }} as avg_session_duration_minutes,
    {{ round_to_2('median_duration_minutes') }} as median_session_duration_minutes,
    max_duration_minutes as max_session_duration_minutes,
    min_duration_minutes as min_session_duration_minutes,
    {{ round_to_2('avg_events') }} as avg_events_per_session,
    max_events as max_events_per_session,
    likely_bot_long_session,
    likely_bot_avg_session,
    greatest(likely_bot_long_session, likely_bot_avg_session) as is_likely_bot
from flags
