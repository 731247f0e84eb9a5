-- Players over a limit, the longest session first.
select
    player_id,
    total_sessions,
    max_session_duration_minutes,
    avg_session_duration_minutes
from {{ ref('player_session_stats') }}
where is_likely_bot = 1
order by max_session_duration_minutes desc, player_id
