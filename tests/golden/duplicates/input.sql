-- Rows that are the same in every column are kept, each of them. Inserted newest first.
create table wowlogs (
    player_id bigint, guild bigint, level bigint, race varchar, class varchar, "where" varchar, datetime timestamp
);
insert into wowlogs
select 1 + step // 6 % 2, 3, 40, 'Orc', 'Warrior', 'Ashenvale', timestamp '2008-03-01 10:00:00' - to_minutes(25 * (step // 3))
from range(0, 36) as steps (step);
insert into wowlogs
select 3, null, null, null, null, null, timestamp '2008-03-01 10:00:00'
from range(0, 3);
