"""Writes the databases and files that `wow generate` does not make: `databases.py FOLDER`.

The folder holds wow_test.duckdb, whose log is cut in two at a player: low.duckdb and high.duckdb.
"""

import sys
from pathlib import Path

import duckdb

HALVES = """
attach '{folder}/wow_test.duckdb' as log (read_only);
set variable cut = (select median(player_id) from log.wowlogs);
attach '{folder}/low.duckdb' as low;
create table low.wowlogs as from log.wowlogs where player_id < getvariable('cut');
attach '{folder}/high.duckdb' as high;
create table high.wowlogs as from log.wowlogs where player_id >= getvariable('cut');
"""

# Ids that a double cannot hold, limits met exactly, rows to reject, and text that wants to be more than text.
HARD = r"""
attach '{folder}/hard.duckdb' as hard;
create table hard.wowlogs as
with sightings(player_id, guild, level, race, class, "where", datetime) as (
    -- Sessions of exactly 720 and of 721 minutes, and an average of exactly 360.
    select 720, -1.0, 60, 'Orc', '=1+1', 'Dalaran競技場', t
    from range(timestamp '2008-01-01 00:00', timestamp '2008-01-01 12:30', interval 30 minute) as series(t)
    union all
    select 720, -1.0, 60, 'Orc', '=1+1', 'Orgrimmar', timestamp '2008-01-05 00:00'
    union all
    select 721, 7.0, 61, 'Orc', '<b>Mage</b>', '<img src=x onerror=alert(1)>', t
    from range(timestamp '2008-01-02 00:00', timestamp '2008-01-02 12:30', interval 30 minute) as series(t)
    union all
    select 721, 7.0, 61, 'Orc', '<b>Mage</b>', '</svg><script>alert(2)</script>', timestamp '2008-01-02 12:01'
    union all
    select 721, 7.0, 61, 'Orc', '<b>Mage</b>', '"quoted" & ''single''', timestamp '2008-02-02 12:01'
    union all
    -- Pauses of exactly 30 minutes stay in the session, 31 end it.
    select -9223372036854775807, null, null, 'Troll', 'O''Brien "the", &amp;', null, t
    from (values
        (timestamp '2008-03-01 10:00:59'), (timestamp '2008-03-01 10:30:00'),
        (timestamp '2008-03-01 11:01:59'), (timestamp '2008-03-01 11:31:00')
    ) as times(t)
    union all
    select 9007199254740993, 0.5, 1, null, null, '<img src=x onerror=alert(1)>', timestamp '2008-03-02 10:00:00'
    union all
    select 9223372036854775807, 12.0, 80, '"><i>Tauren</i>', 'Druid', 'Orgrimmar', timestamp '2008-03-02 10:00:00'
    union all
    select null, 1.0, 2, 'Orc', 'Druid', 'Orgrimmar', timestamp '2008-03-03 10:00:00' from range(3)
    union all
    select 720, 1.0, 2, 'Orc', 'Druid', 'Orgrimmar', null from range(2)
    union all
    select null, 1.0, 2, 'Orc', 'Druid', 'Orgrimmar', null
)
select player_id::bigint as player_id, guild::double as guild, level::bigint as level, race, class, "where", datetime
from sightings;
"""

# Five players, of whom snapshots saw two change.
CHANGED = """
attach '{folder}/changed.duckdb' as changed;
create table changed.wowlogs as
from log.wowlogs where player_id in (select distinct player_id from log.wowlogs order by all limit 5);
create table changed.player_facts as
with players as (
    select player_id, row_number() over (order by player_id) as place from (select distinct player_id from changed.wowlogs)
),
states(class, race, guild, max_level, is_likely_bot, churned, valid_from, valid_to, least) as (values
    ('Mage', 'Orc', -1, 69, 0, 0, timestamp '2026-09-01 04:00:12', timestamp '2026-10-01 04:00:09', 1),
    ('Mage', 'Orc', 7, 69, 0, 0, timestamp '2026-10-01 04:00:09', timestamp '2026-11-01 04:00:31', 1),
    ('<b>Druid</b>', 'Orc', 7, 70, 1, 0, timestamp '2026-11-01 04:00:31', null, 1),
    ('Rogue', 'Troll', 12, 80, 0, 0, timestamp '2026-09-01 04:00:12', null, 3)
)
select
    player_id, class, race, guild, max_level, is_likely_bot, churned, uuid()::varchar as dbt_scd_id,
    valid_from as dbt_updated_at, valid_from as dbt_valid_from, valid_to as dbt_valid_to
from players join states on (least = 1 and place <= 2) or (least = 3 and place >= 3);
"""

FILES = """
copy (select 1::bigint as char, 60::bigint as level, 'Orc' as race, 'Mage' as charclass, 'Durotar' as zone)
to '{folder}/sites/files/other-columns.parquet';
-- The log as it is published elsewhere: other names and order of columns, times as text, rows in no order.
copy (
    select
        player_id as char, level, race, class as charclass, "where" as zone, guild,
        strftime(datetime, '%m/%d/%y %H:%M:%S') as timestamp
    from log.wowlogs
    order by hash(player_id, datetime, level, zone)
)
to '{folder}/sites/files/kaggle.parquet' (format parquet, compression zstd, row_group_size 20480);
-- The log in order, whole and cut within a player, with other row groups than an export has.
create table ordered as
from log.wowlogs order by player_id, datetime, guild, level, race, class, "where";
copy ordered to '{folder}/sites/files/ordered.parquet' (format parquet, row_group_size 4096);
copy (from ordered limit 70001)
to '{folder}/sites/files/ordered-1.parquet' (format parquet, compression gzip, row_group_size 10240);
copy (from ordered offset 70001)
to '{folder}/sites/files/ordered-2.parquet' (format parquet, compression uncompressed, row_group_size 51200);
-- Eight such logs of other players, which is more than one worker is given at a time.
copy (
    select * replace (player_id + 1000000 * copies.range as player_id) from ordered, range(8) as copies
    order by player_id, datetime
)
to '{folder}/sites/files/eightfold.parquet' (format parquet);
copy (select * replace ('player ' || player_id as player_id) from log.wowlogs order by player_id, datetime limit 10)
to '{folder}/sites/files/text-ids.parquet';
"""


def main():
    folder = Path(sys.argv[1])
    (folder / "sites" / "files").mkdir(parents=True)
    with duckdb.connect() as connection:
        for statements in (HALVES, HARD, CHANGED, FILES):
            connection.execute(statements.replace("{folder}", str(folder)))
    (folder / "sites" / "files" / "notes.parquet").write_text("This is no Parquet file.\n")
    (folder / "sites" / "files" / "empty.parquet").touch()


if __name__ == "__main__":
    main()
