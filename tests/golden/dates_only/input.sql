-- Times as dates: every event is at midnight.
create table wowlogs (
    player_id bigint, guild bigint, level bigint, race varchar, class varchar, "where" varchar, datetime date
);
insert into wowlogs values
    (1, 1, 10, 'Orc', 'Rogue', 'Durotar', '2007-12-31'), (1, 1, 11, 'Orc', 'Rogue', 'Durotar', '2008-01-01'),
    (1, 1, 12, 'Orc', 'Rogue', 'The Barrens', '2008-01-01'), (2, 1, 13, 'Orc', 'Rogue', 'Durotar', '1969-12-31');
