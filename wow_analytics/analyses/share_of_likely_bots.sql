-- How much of the log is theirs.
select
    is_likely_bot,
    count(*) as players,
    sum(total_events) as events,
    round(100.0 * sum(total_events) / sum(sum(total_events)) over (), 1) as percent
from {{ ref('player_session_stats') }}
group by is_likely_bot
order by is_likely_bot
