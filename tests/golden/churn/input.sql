-- Last seen 30 and 31 days before the newest event, which is a bot's; the time of day does not count.
create table wowlogs (
    player_id bigint, guild bigint, level bigint, race varchar, class varchar, "where" varchar, datetime timestamp
);
insert into wowlogs
select player_id, 1, 10, 'Orc', 'Rogue', 'Durotar', cast(datetime as timestamp)
from (values
    (1, '2008-01-31 00:00:00'), (2, '2008-01-30 23:59:59'), (3, '2008-03-01 00:00:00'), (4, '2006-01-01 00:00:00')
) as events (player_id, datetime);
insert into wowlogs
select 9, 1, 80, 'Orc', 'Rogue', 'Durotar', timestamp '2008-03-01 23:59:59' - to_minutes(10 * step)
from range(0, 74) as steps (step);
