-- Texts that are hard to carry: quotes, separators, line ends, other scripts, spaces, the empty text, markup,
-- and ones that look like a null.
create table wowlogs (
    player_id bigint, guild bigint, level bigint, race varchar, class varchar, "where" varchar, datetime timestamp
);
insert into wowlogs
select row_number() over (), 1, 80, zone, reverse(zone), zone, timestamp '2008-12-01 00:00:00'
from (values
    ('Dalaran競技場'), ('Zul''Gurub'), ('Ahn''Qiraj: The Fallen Kingdom'), ('"quoted"'), ('a,b;c|d'), (E'two\nlines'),
    (E'carriage\r\nreturn'), (E'tab\there'), ('back\slash'), ('🐉🔥'), ('e' || chr(769)), ('é'), (' leading and trailing '),
    (''), (' '), ('null'), ('NULL'), ('\N'), ('<script>alert(1)</script>'), ('=1+1'), ('%s{{ var }}'), (repeat('long ', 60))
) as zones (zone);
-- One player in all zones, twice in each, so that different texts are counted as different. At the latest
-- instant the greatest text, byte by byte, is not the one that a dictionary has last.
insert into wowlogs
select 1000, 2, 80, race, class, "where", timestamp '2008-12-01 00:00:00' + to_minutes(player_id % 2)
from wowlogs, range(0, 2);
