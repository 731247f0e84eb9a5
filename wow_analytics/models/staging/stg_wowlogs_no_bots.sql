{{ config(materialized='table') }}

select events.*
from {{ ref('stg_wowlogs_with_sessions') }} as events
semi join (
    select player_id
    from {{ ref('player_session_stats') }}
    where is_likely_bot = 0
) as players
    on events.player_id = players.player_id
