-- The bot filter removes the flagged players' events and no others.
select *
from (
    select
        (select count(*) from {{ ref('stg_wowlogs_with_sessions') }}) as event_rows,
        (select count(*) from {{ ref('stg_wowlogs_no_bots') }}) as kept_rows,
        (
            select coalesce(sum(total_events), 0)
            from {{ ref('player_session_stats') }}
            where is_likely_bot = 1
        ) as flagged_events
)
where event_rows <> kept_rows + flagged_events
