-- Every player is either flagged or has its row among the players.
select *
from (
    select
        (select count(*) from {{ ref('player_session_stats') }}) as players,
        (select count(*) from {{ ref('stg_players') }}) as kept_players,
        (select count(*) from {{ ref('player_session_stats') }} where is_likely_bot = 1) as flagged_players
)
where players <> kept_players + flagged_players
