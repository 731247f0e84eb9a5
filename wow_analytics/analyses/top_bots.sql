-- The ten flagged players with the longest sessions.
select
    player_id,
    max_session_duration_minutes / 60.0 as max_session_hours,
    total_sessions,
    total_events
from {{ ref('player_session_stats') }}
where is_likely_bot = 1
order by max_session_duration_minutes desc, player_id
limit 10
