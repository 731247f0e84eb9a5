-- The events of the log, those that are left without bots, and what percentage bots are of them.
select
    'Original events' as metric,
    count(*) as value
from {{ source('main', 'wowlogs') }}
union all
select
    'Events after bot removal',
    count(*)
from {{ ref('stg_wowlogs_no_bots') }}
union all
select
    'Percentage of events from bots',
    -- Of the events that belong to a player and a time, so that a rejected row is not taken for a bot's.
    {{ round_to_2('100.0 * sum(total_events) filter (where is_likely_bot = 1) / sum(total_events)') }}
from {{ ref('player_session_stats') }}
