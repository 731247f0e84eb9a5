-- Limits other than the defaults, each met exactly and passed by one.
create table wowlogs (
    player_id bigint, guild bigint, level bigint, race varchar, class varchar, "where" varchar, datetime timestamp
);
insert into wowlogs
select player_id, 1, 10, 'Orc', 'Rogue', 'Durotar', cast(datetime as timestamp)
from (values
    -- Pauses of 5 and 6 minutes.
    (1, '2008-01-01 00:00:59'), (1, '2008-01-01 00:05:00'), (1, '2008-01-01 00:10:59'), (1, '2008-01-01 00:16:00'),
    -- A session of 10 minutes, and one of 11 whose average is 5.5.
    (2, '2008-01-01 00:00:00'), (2, '2008-01-01 00:05:00'), (2, '2008-01-01 00:10:00'), (2, '2008-01-02 00:00:00'),
    (3, '2008-01-01 00:00:00'), (3, '2008-01-01 00:05:00'), (3, '2008-01-01 00:10:00'), (3, '2008-01-01 00:11:00'),
    (3, '2008-01-02 00:00:00'),
    -- Averages of exactly 6 and of 6.5.
    (4, '2008-01-01 00:00:00'), (4, '2008-01-01 00:05:00'), (4, '2008-01-01 00:06:00'),
    (5, '2008-01-01 00:00:00'), (5, '2008-01-01 00:05:00'), (5, '2008-01-01 00:07:00'), (5, '2008-01-02 00:00:00'),
    (5, '2008-01-02 00:05:00'), (5, '2008-01-02 00:06:00'),
    -- Last seen 7 and 8 days before the newest event, which is a flagged player's.
    (6, '2008-01-03 23:59:59'), (7, '2008-01-02 00:00:00'),
    (8, '2008-01-10 00:00:00'), (8, '2008-01-10 00:05:00'), (8, '2008-01-10 00:10:00'), (8, '2008-01-10 00:15:00')
) as events (player_id, datetime);
