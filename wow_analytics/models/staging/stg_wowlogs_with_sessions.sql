{{ config(materialized='view') }}

with events as (

    select
        cast(player_id as bigint) as player_id,
        guild,
        cast(level as bigint) as level,
        -- As text an ENUM compares by its letters, not by the order its values were declared in.
        cast(race as string) as race,
        cast(class as string) as class,
        cast({{ adapter.quote('where') }} as string) as {{ adapter.quote('where') }},
        cast(datetime as {{ type_time() }}) as datetime
    from {{ source('main', 'wowlogs') }}
    -- A sighting of nobody, or at no time, belongs to no session. Such rows are counted as rejected.
    where player_id is not null
      and datetime is not null

),

gaps as (

    select
        *,
        {{ minutes_between('lag(datetime) over (partition by player_id order by datetime)', 'datetime') }}
            as minutes_since_last_event
    from events

),

starts as (

    select
        *,
        case
            when minutes_since_last_event is null then 1
            when minutes_since_last_event > {{ var('session_gap_minutes') }} then 1
            else 0
        end as is_session_start
    from gaps

),

numbered as (

    select
        *,
        -- A player's events at the same time are one instant. The frame is a RANGE, so that it ends with the
        -- last of them: all get the same number, whichever of them happens to carry the start.
        cast(
            sum(is_session_start) over (
                partition by player_id
                order by datetime
                range between unbounded preceding and current row
            ) as bigint
        ) as session_number
    from starts

)

select
    player_id,
    guild,
    level,
    race,
    class,
    {{ adapter.quote('where') }},
    datetime,
    minutes_since_last_event,
    is_session_start,
    session_number,
    cast(player_id as string) || '-' || cast(session_number as string) as session_id
from numbered
