-- No event of a flagged player survives the bot filter.
select events.*
from {{ ref('stg_wowlogs_no_bots') }} as events
semi join (
    select player_id
    from {{ ref('player_session_stats') }}
    where is_likely_bot = 1
) as flagged
    on events.player_id = flagged.player_id
