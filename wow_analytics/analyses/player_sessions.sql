-- The sessions of one player, which the variable player_id names.
select
    session_id,
    min(datetime) as session_start,
    max(datetime) as session_end,
    count(*) as events_in_session,
    {{ minutes_between('min(datetime)', 'max(datetime)') }} as duration_minutes
from {{ ref('stg_wowlogs_with_sessions') }}
where player_id = {{ var('player_id', 83) }}
group by session_id
order by session_start
