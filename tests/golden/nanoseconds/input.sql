-- Times finer than a microsecond are rounded to the nearest, halves away from 1970; rounded times can tie.
create table wowlogs (
    player_id bigint, guild bigint, level bigint, race varchar, class varchar, "where" varchar, datetime timestamp_ns
);
insert into wowlogs values
    (1, 2, 10, 'Orc', 'Rogue', 'Durotar', '2008-01-01 00:00:00.000000001'),
    (1, 1, 11, 'Orc', 'Rogue', 'Durotar', '2008-01-01 00:00:00.000000999'),
    (2, 1, 10, 'Orc', 'Rogue', 'Durotar', '1969-12-31 23:59:59.999999999'),
    (2, 1, 10, 'Orc', 'Rogue', 'Durotar', '1969-12-31 23:59:59.999999001'),
    (2, 1, 10, 'Orc', 'Rogue', 'Durotar', '1969-12-31 23:59:59.999998999'),
    (3, 1, 10, 'Orc', 'Rogue', 'Durotar', '1969-12-31 23:59:59.999999500'),
    (3, 1, 10, 'Orc', 'Rogue', 'Durotar', '1969-12-31 23:59:59.999998500'),
    (3, 1, 10, 'Orc', 'Rogue', 'Durotar', '1970-01-01 00:00:00.000000500'),
    (3, 1, 10, 'Orc', 'Rogue', 'Durotar', '1970-01-01 00:00:00.000001500'),
    (3, 1, 10, 'Orc', 'Rogue', 'Durotar', '1970-01-01 00:00:59.999999600');
