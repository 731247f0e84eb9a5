-- Guilds as doubles, as a data frame with gaps writes them: nulls, -1, fractions, and extremes.
create table wowlogs (
    player_id bigint, guild double, level bigint, race varchar, class varchar, "where" varchar, datetime timestamp
);
insert into wowlogs values
    (1, 165.0, 1, 'Orc', 'Rogue', 'Durotar', '2008-01-01 00:00:00'),
    (1, null, 1, 'Orc', 'Rogue', 'Durotar', '2008-01-01 00:10:00'),
    (2, null, 1, 'Orc', 'Rogue', 'Durotar', '2008-01-01 00:00:00'),
    (2, -1.0, 1, 'Orc', 'Rogue', 'Durotar', '2008-01-01 00:10:00'),
    -- Ties at the latest instant.
    (3, -1.0, 1, 'Orc', 'Rogue', 'Durotar', '2008-01-01 00:00:00'),
    (3, null, 1, 'Orc', 'Rogue', 'Durotar', '2008-01-01 00:00:00'),
    (3, -2.5, 1, 'Orc', 'Rogue', 'Durotar', '2008-01-01 00:00:00'),
    (4, 9.0, 1, 'Orc', 'Rogue', 'Durotar', '2008-01-01 00:00:00'),
    (4, 10.0, 1, 'Orc', 'Rogue', 'Durotar', '2008-01-01 00:00:00'),
    (5, 0.1, 1, 'Orc', 'Rogue', 'Durotar', '2008-01-01 00:00:00'),
    (5, 0.30000000000000004, 1, 'Orc', 'Rogue', 'Durotar', '2008-01-01 00:00:00'),
    (5, 0.3, 1, 'Orc', 'Rogue', 'Durotar', '2008-01-01 00:00:00'),
    (6, 1e300, 1, 'Orc', 'Rogue', 'Durotar', '2008-01-01 00:00:00'),
    (6, -1e300, 1, 'Orc', 'Rogue', 'Durotar', '2008-01-01 00:00:00'),
    (7, 5e-324, 1, 'Orc', 'Rogue', 'Durotar', '2008-01-01 00:00:00'),
    (7, 0.0, 1, 'Orc', 'Rogue', 'Durotar', '2008-01-01 00:00:00'),
    (8, 'infinity', 1, 'Orc', 'Rogue', 'Durotar', '2008-01-01 00:00:00'),
    (8, 'nan', 1, 'Orc', 'Rogue', 'Durotar', '2008-01-01 00:00:00'),
    (9, '-infinity', 1, 'Orc', 'Rogue', 'Durotar', '2008-01-01 00:00:00'),
    (10, 9007199254740993, 1, 'Orc', 'Rogue', 'Durotar', '2008-01-01 00:00:00');
