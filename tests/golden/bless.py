#!/usr/bin/env python3
"""Writes `expected/` of the golden cases from the reference SQL, run by dbt in DuckDB.

    bless.py [--check] [CASE ...]

Without cases it does all of them. With --check it writes nothing and fails if a stored file would change.
Run it with the Python that has tests/dbt/requirements.txt. README.md says what the files hold.
"""

import argparse
import filecmp
import json
import multiprocessing
import multiprocessing.connection
import os
import shutil
import sys
import tempfile
from pathlib import Path

import duckdb

DATABASE = "golden.duckdb"
CASE_SECONDS_MAX = 300
GOLDEN = Path(__file__).resolve().parent
sys.path.insert(0, str(GOLDEN.parent / "dbt"))
import run_dbt  # noqa: E402

# Which of a player's events at one instant carries the pause before it is arbitrary. The files give it to the
# one whose other columns come first, so that they do not change from run to run.
EVENTS = """
with rows as (
    select
        *,
        row_number() over (
            partition by player_id, datetime order by race, class, "where", level, guild
        ) as place,
        first_value(minutes_since_last_event) over instant as instant_minutes,
        first_value(is_session_start) over instant as instant_start
    from {model}
    window instant as (
        partition by player_id, datetime
        order by minutes_since_last_event desc nulls first
        rows between unbounded preceding and unbounded following
    )
)
select * exclude (place, instant_minutes, instant_start) replace (
    case when place = 1 then instant_minutes else 0 end as minutes_since_last_event,
    case when place = 1 then instant_start else 0 end as is_session_start
)
from rows
order by player_id, datetime, place
"""
PLAYERS = "select * from {model} order by player_id"
QUERIES = {
    "stg_wowlogs_with_sessions": EVENTS,
    "player_session_stats": PLAYERS,
    "stg_wowlogs_no_bots": EVENTS,
    "stg_players": PLAYERS,
}


def copy(connection, query, file):
    connection.execute(f"copy ({query}) to '{file}' (format csv, header, nullstr '\\N')")


def write_expected(case, folder):
    """Builds the case's database and writes its models, their column types and the data tests as CSV."""
    variables_file = case / "vars.json"
    variables = json.loads(variables_file.read_text()) if variables_file.exists() else {}
    with tempfile.TemporaryDirectory() as scratch:
        database = Path(scratch, DATABASE)
        with duckdb.connect(str(database)) as connection:
            connection.execute((case / "input.sql").read_text())
        tests = run_dbt.build(database, variables)
        with duckdb.connect(str(database)) as connection:
            for model in run_dbt.MODELS:
                copy(connection, QUERIES[model].format(model=model), folder / f"{model}.csv")
            models = ", ".join(f"'{model}'" for model in run_dbt.MODELS)
            copy(
                connection,
                "select table_name as model, column_name as column, data_type as type "
                f"from duckdb_columns() where table_name in ({models}) order by table_name, column_index",
                folder / "types.csv",
            )
    lines = [f"{name},{tests[name]['status']},{tests[name]['failures']}" for name in sorted(tests)]
    (folder / "tests.csv").write_text("\n".join(["test,status,failures", *lines]) + "\n")


def differences(old, new):
    """Names of the files that only one of the folders has, or that differ."""
    compared = filecmp.dircmp(old, new)
    _, changed, unreadable = filecmp.cmpfiles(old, new, compared.common_files, shallow=False)
    return sorted(compared.left_only + compared.right_only + changed + unreadable)


def bless(name, check):
    """Does one case: returns the names of the files that change."""
    expected = GOLDEN / name / "expected"
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "expected")
        folder.mkdir()
        write_expected(GOLDEN / name, folder)
        files = differences(expected, folder) if expected.exists() else ["(all new)"]
        if files and not check:
            shutil.rmtree(expected, ignore_errors=True)
            shutil.copytree(folder, expected)
    return files


def in_processes(names, check):
    """Does the cases, each in a process of its own, and yields each name with the files that change.

    A forked process has the parsed project already, and ends with its case: dbt serves one database per process.
    Forking is safe only while this process has no other thread, so it uses no pool.
    """
    fork = multiprocessing.get_context("fork")
    waiting = list(names)
    running = {}
    while waiting or running:
        while waiting and len(running) < os.cpu_count():
            receiver, sender = fork.Pipe(duplex=False)
            name = waiting.pop(0)
            process = fork.Process(target=lambda: sender.send(bless(name, check)), daemon=True)
            process.start()
            sender.close()
            running[receiver] = (name, process)
        ready = multiprocessing.connection.wait(running, timeout=CASE_SECONDS_MAX)
        if not ready:
            names = ", ".join(name for name, _ in running.values())
            sys.exit(f"not done after {CASE_SECONDS_MAX} seconds: {names}")
        for receiver in ready:
            name, process = running.pop(receiver)
            try:
                files = receiver.recv()
            except EOFError:
                sys.exit(f"{name} failed; the cause stands above")
            process.join()
            yield name, files


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file would change")
    parser.add_argument("cases", metavar="CASE", nargs="*", help="folder names (default: all)")
    arguments = parser.parse_args()

    names = arguments.cases or sorted(file.name for file in GOLDEN.iterdir() if file.is_dir() and file.name[0] != "_")
    changed = []
    run_dbt.parse(DATABASE)
    for name, files in in_processes(names, arguments.check):
        changed += [f"{name}/expected/{file}" for file in files]
        print(f"{name}: {', '.join(files) if files else 'unchanged'}", flush=True)
    if arguments.check and changed:
        sys.exit(f"{len(changed)} files differ from what the reference SQL gives now")
    print(f"{len(names)} cases done")


if __name__ == "__main__":
    main()
