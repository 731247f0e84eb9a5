-- The first and the last time that the database can hold, in one session each and in two of one player.
create table wowlogs (
    player_id bigint, guild bigint, level bigint, race varchar, class varchar, "where" varchar, datetime timestamp
);
insert into wowlogs
select player_id, 1, 10, 'Orc', 'Rogue', 'Durotar', cast(datetime as timestamp)
from (values
    (1, '290309-12-22 (BC) 00:00:00'), (1, '290309-12-22 (BC) 00:30:59.999999'),
    (2, '294247-01-10 03:30:00'), (2, '294247-01-10 04:00:54.775806'),
    (3, '290309-12-22 (BC) 00:00:00'), (3, '294247-01-10 04:00:54.775806')
) as events (player_id, datetime);
