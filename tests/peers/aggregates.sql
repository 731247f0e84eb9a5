-- After sessions.sql: all else that the page shows, in one pass for the counts by group and one for the facts of players.
create or replace temp view marked as
select
    *,
    minute // 1440 as day,
    player_before is distinct from player_id or minute // 1440 <> minute_before // 1440 as is_new_day,
    case when player_before is distinct from player_id then 0 else least(minute - minute_before, 181) end as pause
from (
    select
        *,
        epoch_us(datetime) // 60000000 as minute,
        lag(player_id) over () as player_before,
        lag(epoch_us(datetime) // 60000000) over () as minute_before
    from log
);

create or replace temp table counts as
select is_bot, day, hour, zone, pause, count(*) as events, count(*) filter (is_new_day) as players
from (
    select
        day, pause, is_new_day, "where" as zone, (minute // 60 + 72) % 168 as hour,
        player_id in (select player_id from statistics where is_bot) as is_bot
    from marked
)
group by grouping sets ((is_bot, day), (is_bot, hour), (is_bot, zone), (is_bot, pause));

create or replace temp table players as
with facts as (
    select
        player_id, min(level) as level_min, max(level) as level_max, avg(level) as level_avg,
        count(*) filter (is_new_day) as days_active, min(datetime) as first, max(datetime) as last
    from marked
    group by player_id
),

latest as (
    select player_id, class, race, guild
    from (select player_id, class, race, guild, lead(player_id) over () as player_after from log)
    where player_id is distinct from player_after
),

zones as (
    select player_id, count(*) as zones
    from (select distinct player_id, "where" from log where "where" is not null)
    group by player_id
)

select *
from statistics
join facts using (player_id)
join latest using (player_id)
left join zones using (player_id);

create or replace temp table durations as
select is_bot, sessions.minutes, count(*) as count from sessions join statistics using (player_id) group by all;

create or replace temp table session_events as
select is_bot, sessions.events, count(*) as count from sessions join statistics using (player_id) group by all;
