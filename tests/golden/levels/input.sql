-- Levels outside 1 to 80, averages that do not end, and sums beyond what a double or 64 bits hold exactly.
create table wowlogs (
    player_id bigint, guild bigint, level bigint, race varchar, class varchar, "where" varchar, datetime timestamp
);
insert into wowlogs
select player_id, 1, level, 'Orc', 'Rogue', 'Durotar', timestamp '2008-01-01 00:00:00' + to_minutes(row_number() over (partition by player_id))
from (values
    (1, 0), (1, 1), (1, 80), (1, 81), (2, -1), (2, 10), (2, 10), (3, 10), (3, 11), (3, null), (3, 11),
    (4, 9223372036854775807), (4, 9223372036854775807), (4, 9223372036854775805), (4, 12345),
    (5, -9223372036854775808), (5, -9223372036854775808), (5, -9223372036854775807),
    (6, 9007199254740993), (7, -9007199254740994), (8, -36028797018962315), (9, -98199628229117656),
    (10, 9223372036854775807), (10, 9223372036854775807), (10, 7172539819382432193), (10, 9171741932343459871)
) as events (player_id, level);
