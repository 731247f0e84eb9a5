-- One player, seen once.
create table wowlogs (
    player_id bigint, guild bigint, level bigint, race varchar, class varchar, "where" varchar, datetime timestamp
);
insert into wowlogs values (59425, 165, 1, 'Orc', 'Rogue', 'Orgrimmar', '2008-01-01 00:02:04');
