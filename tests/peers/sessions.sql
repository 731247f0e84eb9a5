-- The sessions of `log`, whose rows are in order of player and time, and what the rules say of its players.
-- A window without an order sees the neighbouring rows as the table streams by, so nothing is sorted, and only rows that
-- begin a session are kept, for where one begins the one before has ended.
create or replace temp table sessions as
with events as (
    select
        player_id,
        epoch_us(datetime) // 60000000 as minute,
        row_number() over () as row,
        lag(player_id) over () as player_before,
        lag(epoch_us(datetime) // 60000000) over () as minute_before
    from log
),

starts as (
    select player_id, minute, row, minute_before
    from events
    where player_id is distinct from player_before or minute - minute_before > 30
),

ending as (
    select count(*) + 1 as row, epoch_us(max(datetime) filter (player_id = (select max(player_id) from log))) // 60000000 as minute
    from log
)

select
    player_id,
    coalesce(lead(minute_before) over (), (select minute from ending)) - minute as minutes,
    coalesce(lead(row) over (), (select row from ending)) - row as events
from starts;

create or replace temp table statistics as
select
    player_id,
    count(*) as sessions,
    cast(sum(events) as bigint) as events,
    cast(sum(minutes) as bigint) as minutes,
    median(minutes) as minutes_median,
    max(minutes) as minutes_max,
    min(minutes) as minutes_min,
    max(events) as events_max,
    max(minutes) > 720 or sum(minutes) > 360 * count(*) as is_bot
from sessions
group by player_id;
