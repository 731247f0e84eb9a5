-- The facts whose history is kept are those of stg_players, for every player that is not flagged.
with facts as (

    select player_id, class, race, guild, max_level, churned
    from ({{ player_facts() }})
    where is_likely_bot = 0

),

players as (

    select player_id, class, race, guild, max_level, churned
    from {{ ref('stg_players') }}

)

(select * from facts except all select * from players)
union all
(select * from players except all select * from facts)
