-- Pauses around the limit of 30 minutes. Minutes are boundaries crossed, so seconds decide.
create table wowlogs (
    player_id bigint, guild bigint, level bigint, race varchar, class varchar, "where" varchar, datetime timestamp
);
insert into wowlogs
select player_id, 1, 10, 'Orc', 'Rogue', 'Durotar', cast(datetime as timestamp)
from (values
    -- 30 minutes to the second.
    (1, '2008-01-01 00:00:00'), (1, '2008-01-01 00:30:00'),
    -- 31 minutes to the second.
    (2, '2008-01-01 00:00:00'), (2, '2008-01-01 00:31:00'),
    -- 30 min 1 s elapsed, 31 boundaries: a new session.
    (3, '2008-01-01 00:00:59'), (3, '2008-01-01 00:31:00'),
    -- 30 min 59.999999 s elapsed, 30 boundaries: the same session.
    (4, '2008-01-01 00:00:00'), (4, '2008-01-01 00:30:59.999999'),
    -- 30 min and 1 µs elapsed, 31 boundaries.
    (5, '2008-01-01 00:00:59.999999'), (5, '2008-01-01 00:31:00'),
    -- 29 min 2 s elapsed, 30 boundaries.
    (6, '2008-01-01 00:00:59'), (6, '2008-01-01 00:30:01'),
    -- A chain of pauses of exactly 30 is one session, a chain of 31 is as many as it has events.
    (7, '2008-01-01 00:00:30'), (7, '2008-01-01 00:30:30'), (7, '2008-01-01 01:00:30'), (7, '2008-01-01 01:30:30'),
    (8, '2008-01-01 00:00:30'), (8, '2008-01-01 00:31:30'), (8, '2008-01-01 01:02:30'), (8, '2008-01-01 01:33:30'),
    -- A minute boundary between two events of one second.
    (9, '2008-01-01 00:00:59.999999'), (9, '2008-01-01 00:01:00'),
    -- A lone event.
    (10, '2008-01-01 00:00:00')
) as events (player_id, datetime);
