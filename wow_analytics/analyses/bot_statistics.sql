-- How many players are flagged and how many are not, and how long their longest sessions are on average.
select
    is_likely_bot,
    count(*) as num_players,
    {{ round_to_2('avg(max_session_duration_minutes)') }} as avg_max_session
from {{ ref('player_session_stats') }}
group by is_likely_bot
order by is_likely_bot
