"""What DuckDB makes of a sorted table, by SQL that was written for it; the same SQL runs in the browser."""

from pathlib import Path

import duckdb

VERSION = duckdb.__version__
HERE = Path(__file__).parent

connection = duckdb.connect()


def run(name):
    return connection.execute((HERE / f"{name}.sql").read_text())


def open_log(log):
    (path,) = log
    connection.execute(f"attach if not exists '{path}' as source (read_only)")
    connection.execute("create or replace temp view log as from source.log")


def sessions(log):
    open_log(log)
    run("sessions")


def aggregates(log):
    sessions(log)
    run("aggregates")


def lines_of_sessions(_):
    query = """
    select 'sum ' || key || ' ' || cast(is_bot as integer) || ' ' || count
    from (
        select is_bot, count(*) as players, sum(sessions) as sessions, sum(events) as events
        from statistics
        group by is_bot
    ) unpivot (count for key in (players, sessions, events))"""
    return [line for (line,) in connection.execute(query).fetchall()]


def lines_of_aggregates(_):
    return [line for (line,) in run("answer").fetchall()]
