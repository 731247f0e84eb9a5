-- After aggregates.sql: the answer as texts, to be compared.
with found as (
    select 'day' as what, cast(day as text) as key, is_bot, players as count from counts where day is not null
    union all select 'hour', hour, is_bot, events from counts where hour is not null
    union all select 'zone', zone, is_bot, events from counts where zone is not null
    union all select 'minutes', minutes, is_bot, count from durations
    union all select 'events', events, is_bot, count from session_events
    union all
    select 'gap', gap, is_bot, coalesce(sum(events) filter (pause > gap), 0) + (select count(*) from players where players.is_bot = counts.is_bot)
    from counts cross join range(5, 181) as gaps (gap)
    where pause is not null
    group by gap, is_bot
    union all select 'class', class, is_bot, count(*) from players where class is not null group by class, is_bot
    union all select 'race', race, is_bot, count(*) from players where race is not null group by race, is_bot
    union all
    select 'sum', key, is_bot, count
    from (
        select
            is_bot,
            count(*) as players,
            count(*) filter (datediff('day', last, (select max(last) from players)) > 30) as churned,
            sum(sessions) as sessions,
            sum(events) as events,
            sum(minutes) as minutes,
            cast(sum(2 * minutes_median) as bigint) as minutes_median_twice,
            sum(minutes_max) as minutes_max,
            sum(minutes_min) as minutes_min,
            sum(events_max) as events_max,
            sum(days_active) as days_active,
            sum(zones) as zones,
            sum(level_min) as level_min,
            sum(level_max) as level_max,
            sum(greatest(guild, 0)) as guild
        from players
        group by is_bot
    )
    unpivot (count for key in (columns(* exclude is_bot)))
)

select what || ' ' || key || ' ' || cast(is_bot as integer) || ' ' || count as line
from found
where count <> 0
