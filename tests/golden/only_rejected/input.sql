-- Rows there are, but none with player and time.
create table wowlogs (
    player_id bigint, guild bigint, level bigint, race varchar, class varchar, "where" varchar, datetime timestamp
);
insert into wowlogs values
    (null, 1, 10, 'Orc', 'Rogue', 'Durotar', '2008-01-01 00:00:00'),
    (1, 1, 10, 'Orc', 'Rogue', 'Durotar', null);
