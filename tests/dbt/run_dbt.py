"""Runs the dbt project `wow_analytics` on a database, with the dbt of the Python that runs this."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2] / "wow_analytics"
MODELS = ("stg_wowlogs_with_sessions", "player_session_stats", "stg_wowlogs_no_bots", "stg_players")


class DbtFailed(Exception):
    """dbt did not build every model; the text is its output."""


def build(database, variables):
    """Builds all models of `database` and runs the data tests, writing into that file.

    `variables` overrides the project's vars. Returns, for each data test by name, a dict with `status` (pass,
    warn, fail or error) and `failures` (rows that fail).
    """
    with tempfile.TemporaryDirectory() as scratch:
        outcome = subprocess.run(
            [
                sys.executable, "-m", "dbt.cli.main", "--no-use-colors", "--no-version-check", "build",
                "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--target", "dev",
                "--target-path", scratch, "--log-path", scratch, "--no-partial-parse",
                "--vars", json.dumps(variables),
            ],
            env={**os.environ, "WOW_DEV_DATABASE": str(Path(database).resolve())},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        results = Path(scratch, "run_results.json")
        if not results.exists():
            raise DbtFailed(outcome.stdout)
        nodes = json.loads(results.read_text())["results"]
    built = {node["unique_id"].split(".")[2] for node in nodes if node["status"] == "success"}
    if not built.issuperset(MODELS):
        raise DbtFailed(outcome.stdout)
    return {
        node["unique_id"].split(".")[2]: {"status": node["status"], "failures": node["failures"]}
        for node in nodes
        if node["unique_id"].startswith("test.")
    }
