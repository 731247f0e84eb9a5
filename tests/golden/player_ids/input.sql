-- Negative ids, both ends of 64 bits, and neighbours that a double cannot tell apart. Rows in no order.
create table wowlogs (
    player_id bigint, guild bigint, level bigint, race varchar, class varchar, "where" varchar, datetime timestamp
);
insert into wowlogs
select player_id, 1, 10 + step, 'Orc', 'Rogue', 'Durotar', timestamp '2008-01-01 00:00:00' + to_minutes(20 * step)
from
    range(0, 3) as steps (step),
    (values
        (9223372036854775807), (9223372036854775806), (-9223372036854775808), (-9223372036854775807),
        (0), (-1), (1), (9007199254740992), (9007199254740993), (-2147483649), (4294967296)
    ) as players (player_id);
