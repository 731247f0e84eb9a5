-- Nulls in every column that may have them, players that have nothing else, and rows that are rejected.
create table wowlogs (
    player_id bigint, guild bigint, level bigint, race varchar, class varchar, "where" varchar, datetime timestamp
);
insert into wowlogs values
    (1, null, 10, 'Orc', 'Rogue', 'Durotar', '2008-01-01 00:00:00'),
    (1, 4, null, 'Orc', 'Rogue', 'Durotar', '2008-01-01 00:10:00'),
    (1, 4, 13, null, 'Rogue', 'Durotar', '2008-01-01 00:20:00'),
    (1, 4, 12, 'Orc', null, 'Durotar', '2008-01-01 00:30:00'),
    (1, 4, 12, 'Orc', 'Rogue', null, '2008-01-01 00:40:00'),
    -- Everything null but player and time.
    (2, null, null, null, null, null, '2008-01-01 00:00:00'),
    (2, null, null, null, null, null, '2008-01-01 03:00:00'),
    -- The last event knows nothing.
    (3, 7, 60, 'Troll', 'Mage', 'Winterspring', '2008-01-01 00:00:00'),
    (3, null, null, null, null, null, '2008-01-02 00:00:00'),
    -- -1 is a guild number like any other, though it reads as no guild. An empty text is not null.
    (4, -1, 60, '', '', '', '2008-01-01 00:00:00'),
    -- Rejected: no player, no time, neither. Their times and levels count for nothing.
    (null, 1, 99, 'Orc', 'Rogue', 'Durotar', '2009-01-01 00:00:00'),
    (null, 1, 99, 'Orc', 'Rogue', 'Durotar', '2008-01-01 00:00:00'),
    (5, 1, 99, 'Orc', 'Rogue', 'Durotar', null),
    (1, 1, 99, 'Orc', 'Paladin', 'Exodar', null),
    (null, null, null, null, null, null, null);
