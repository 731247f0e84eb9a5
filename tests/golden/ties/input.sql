-- Several events at one instant, in the middle of a session, at its start, and last of all.
create table wowlogs (
    player_id bigint, guild bigint, level bigint, race varchar, class varchar, "where" varchar, datetime timestamp
);
insert into wowlogs values
    -- The session starts with three events at one instant.
    (1, 5, 10, 'Orc', 'Shaman', 'Durotar', '2008-01-01 00:00:00'),
    (1, 5, 10, 'Orc', 'Shaman', 'Durotar', '2008-01-01 02:00:00'),
    (1, 6, 11, 'Orc', 'Shaman', 'The Barrens', '2008-01-01 02:00:00'),
    (1, 7, 12, 'Orc', 'Shaman', 'Orgrimmar', '2008-01-01 02:00:00'),
    (1, 5, 10, 'Orc', 'Shaman', 'Durotar', '2008-01-01 02:05:00'),
    (1, 5, 10, 'Orc', 'Shaman', 'Durotar', '2008-01-01 02:05:00'),
    -- At the latest instant class, race and guild differ; the greatest of each counts, from different rows.
    (2, 9, 20, 'Undead', 'Warrior', 'Tirisfal Glades', '2008-01-01 00:00:00'),
    (2, 1, 30, 'Troll', 'Mage', 'Durotar', '2008-01-01 00:10:00'),
    (2, 3, 10, 'Orc', 'Priest', 'Mulgore', '2008-01-01 00:10:00'),
    (2, 2, 20, 'Blood Elf', 'Hunter', 'Durotar', '2008-01-01 00:10:00'),
    -- At the latest instant some are null: a value wins.
    (3, 8, 20, 'Undead', 'Warrior', 'Tirisfal Glades', '2008-01-01 00:00:00'),
    (3, null, 20, null, 'Mage', null, '2008-01-01 00:10:00'),
    (3, 0, null, 'Orc', null, 'Durotar', '2008-01-01 00:10:00'),
    (3, null, null, null, null, null, '2008-01-01 00:10:00'),
    -- At the latest instant all are null: null, although an earlier instant has values.
    (4, 8, 20, 'Undead', 'Warrior', 'Tirisfal Glades', '2008-01-01 00:00:00'),
    (4, null, null, null, null, null, '2008-01-01 00:10:00'),
    (4, null, null, null, null, null, '2008-01-01 00:10:00'),
    -- A tie at a start that is also the last instant, with -1 beside null and a lower case text.
    (5, 8, 20, 'Undead', 'Warrior', 'Tirisfal Glades', '2008-01-01 00:00:00'),
    (5, -1, 21, 'undead', 'Warlock', 'Tirisfal Glades', '2008-01-01 05:00:00'),
    (5, null, 22, 'Undead', 'Warrior', 'Undercity', '2008-01-01 05:00:00'),
    -- A player whose only events are at one instant.
    (6, 1, 1, 'Orc', 'Rogue', 'Durotar', '2008-01-01 00:00:00'),
    (6, 2, 2, 'Orc', 'Rogue', 'Durotar', '2008-01-01 00:00:00'),
    -- A microsecond apart is no tie.
    (7, 2, 2, 'Orc', 'Warrior', 'Durotar', '2008-01-01 00:00:00.000001'),
    (7, 1, 1, 'Orc', 'Mage', 'Durotar', '2008-01-01 00:00:00.000002');
