-- Averages and medians whose second digit is delicate: exact halves of a hundredth and what only looks like one.
create table wowlogs (
    player_id bigint, guild bigint, level bigint, race varchar, class varchar, "where" varchar, datetime timestamp
);
-- Player n's sessions are days with these last minutes; each session also has an event at minute 0.
create table sessions (player_id bigint, sessions bigint, minutes bigint);
insert into sessions values
    -- Medians that are a half, and one that is not.
    (1, 1, 3), (1, 1, 4), (2, 1, 0), (2, 1, 1), (3, 2, 5), (3, 1, 30),
    -- 1/8 = 0.125 is a half exactly; 3/8 = 0.375, 5/8 = 0.625.
    (4, 7, 0), (4, 1, 1), (5, 7, 0), (5, 1, 3), (6, 7, 0), (6, 1, 5),
    -- 201/200 = 1.005 lies below the half as a double, 23/200 = 0.115 too; 535/200 = 2.675.
    (7, 199, 1), (7, 1, 2), (8, 177, 0), (8, 23, 1), (9, 65, 2), (9, 135, 3),
    -- 8.345 and 16.515.
    (10, 131, 8), (10, 69, 9), (11, 97, 16), (11, 103, 17),
    -- 1/3 and 2/3.
    (12, 2, 0), (12, 1, 1), (13, 1, 0), (13, 2, 1);
insert into wowlogs
with days as (
    select player_id, minutes, row_number() over (partition by player_id order by minutes) as day
    from sessions, range(0, sessions) as repeated (session)
)
select player_id, 1, 10, 'Orc', 'Rogue', 'Durotar', timestamp '2007-01-01 10:00:00' + to_days(cast(day as integer)) + to_minutes(minute)
from days, unnest([0, minutes]) as ends (minute);
drop table sessions;
