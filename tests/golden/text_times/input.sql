-- Times as text, unsigned integers, and levels that no character can have.
create table wowlogs (
    player_id uinteger, guild usmallint, level smallint, race varchar, class varchar, "where" varchar, datetime varchar
);
insert into wowlogs values
    (4294967295, 65535, 80, 'Orc', 'Rogue', 'Durotar', '2008-01-01 00:00:59'),
    (4294967295, 0, 81, 'Orc', 'Rogue', 'Durotar', '2008-01-01 00:31:00'),
    (1, 0, 0, 'Orc', 'Rogue', 'Durotar', '2008-01-01'),
    (1, 0, -5, 'Orc', 'Rogue', 'Durotar', '2008-01-01 00:00:00.5'),
    -- As text 9:59 comes after 10:00.
    (2, 0, 1, 'Orc', 'Rogue', 'Durotar', '2008-01-01 9:59:00'),
    (2, 0, 1000, 'Orc', 'Warrior', 'Durotar', '2008-01-01 10:00:00');
