"""Prints, as JSON, what the reference SQL says about a database. It works on a copy."""

import json
import shutil
import sys
import tempfile
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "dbt"))
import run_dbt  # noqa: E402

FIGURES = """
select
    (select count(*) from stg_wowlogs_with_sessions) as events,
    (select count(*) from player_session_stats) as players,
    (select sum(total_sessions)::bigint from player_session_stats) as sessions,
    (select count(*) from player_session_stats where is_likely_bot = 1) as bots,
    (select coalesce(sum(total_events), 0)::bigint from player_session_stats where is_likely_bot = 1) as bot_events,
    (select count(*) from stg_players where churned = 1) as churned
"""


def figures(database):
    with tempfile.TemporaryDirectory() as scratch:
        copy = shutil.copy(database, scratch)
        run_dbt.build(copy, {})
        # Not read-only: dbt keeps its own connection until the process ends, and DuckDB wants the two alike.
        with duckdb.connect(copy) as connection:
            cursor = connection.execute(FIGURES)
            names = [column[0] for column in cursor.description]
            return dict(zip(names, cursor.fetchone()))


if __name__ == "__main__":
    print(json.dumps(figures(sys.argv[1])))
