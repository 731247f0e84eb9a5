"""Writes databases whose log is a view: `make.py`, into this folder, with DuckDB's Python package.

What some of the views need is built into that package and not into every library of DuckDB, which is why the tests cannot
make them themselves.
"""

import gzip
import os
import tempfile
from pathlib import Path

import duckdb

COLUMNS = """7 as player_id, 1 as guild, 60 as level, 'Orc' as race, 'Rogue' as class, 'Orgrimmar' as "where",
    timestamp '2008-01-01 12:00:00' as datetime"""

# The name of the database, what is there while the view is made, and the view.
VIEWS = {
    "table": ("create table seen as select {columns}", "from seen"),
    "view": ("create table seen as select {columns}; create view all_seen as from seen", "from all_seen"),
    "instants": (
        "set timezone = 'UTC'; create table seen as select * replace (datetime::timestamptz as datetime) "
        "from (select {columns})",
        "select * replace (datetime::timestamp as datetime) from seen",
    ),
    "zone": (
        "create table seen as select {columns}",
        "select * replace (datetime at time zone 'Europe/Berlin' at time zone 'UTC' as datetime) from seen",
    ),
    "parquet": ("copy (select {columns}) to 'seen.parquet'", "from 'seen.parquet'"),
    "parquet_behind": (
        "copy (select {columns}) to 'seen.parquet'; create view all_seen as from read_parquet('seen.parquet')",
        "from all_seen",
    ),
    "json": ("copy (select {columns}) to 'seen.json'", "from read_json('seen.json')"),
    "csv_gone": ("copy (select {columns}) to 'seen.csv'", "from read_csv('seen.csv')"),
    "table_gone": ("create table seen as select {columns}", "from seen; drop table seen"),
    "attached": ("attach 'other.duckdb' as other; create table other.seen as select {columns}", "from other.seen"),
}


def main() -> None:
    target = Path(__file__).resolve().parent
    for name, (before, view) in VIEWS.items():
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            with duckdb.connect("log.duckdb") as log:
                log.execute(before.format(columns=COLUMNS))
                log.execute(f"create view wowlogs as {view}")
            packed = gzip.compress(Path("log.duckdb").read_bytes(), mtime=0)
            (target / f"{name}.duckdb.gz").write_bytes(packed)
            os.chdir(target)


main()
