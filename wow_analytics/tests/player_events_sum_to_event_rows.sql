-- Every event is counted for exactly one player.
select *
from (
    select
        (select coalesce(sum(total_events), 0) from {{ ref('player_session_stats') }}) as player_events,
        (select count(*) from {{ ref('stg_wowlogs_with_sessions') }}) as event_rows
)
where player_events <> event_rows
