"""Runs the dbt project `wow_analytics` on a database, with the dbt of the Python that runs this."""

import json
import os
import tempfile
from pathlib import Path

from dbt.cli.main import dbtRunner

PROJECT = Path(__file__).resolve().parents[2] / "wow_analytics"
MODELS = ("stg_wowlogs_with_sessions", "player_session_stats", "stg_wowlogs_no_bots", "stg_players")
project = None


class DbtFailed(Exception):
    """dbt did not build every model; the text is what it says of it."""


def parse(database):
    """Reads the project, which takes most of dbt's time. Processes forked from here on need not do it again, for
    any database whose file name is that of `database`, which itself need not be there."""
    global project
    os.environ["WOW_DEV_DATABASE"] = str(Path(database).resolve())
    project = invoke(dbtRunner(), "parse", {})


def build(database, variables):
    """Builds all models of `database` and runs the data tests that read nothing else, writing into that file.

    `variables` overrides the project's vars. Returns, for each data test by name, a dict with `status` (pass,
    warn, fail or error) and `failures` (rows that fail). dbt keeps its connection for as long as the process
    lives, so a process builds one database.
    """
    os.environ["WOW_DEV_DATABASE"] = str(Path(database).resolve())
    # Buildable: no test that reads a seed or a snapshot.
    return run("build", variables, ["--select", "path:models", "--indirect-selection", "buildable"])


def run(command, variables, selection=(), target="dev"):
    """Runs `run` or `build` on a target, and returns the same of the data tests; every model of the selection must be made."""
    nodes = invoke(dbtRunner(manifest=project), command, variables, selection, target).results
    if any(node.status != "success" for node in nodes if node.node.resource_type == "model"):
        raise DbtFailed("\n".join(f"{node.node.name}: {node.message}" for node in nodes if node.message))
    return {
        node.node.name: {"status": str(node.status), "failures": node.failures}
        for node in nodes
        if node.node.resource_type == "test"
    }


def invoke(runner, command, variables, selection=(), target="dev"):
    """Runs a dbt command with its files in a scratch folder, and returns its result."""
    with tempfile.TemporaryDirectory() as scratch:
        outcome = runner.invoke([
            "--no-use-colors", "--no-version-check", "--log-level", "none", "--no-partial-parse", command,
            "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--target", target,
            "--target-path", scratch, "--log-path", scratch, "--vars", json.dumps(variables), *selection,
        ])  # fmt: skip
    if outcome.exception:
        raise DbtFailed(str(outcome.exception))
    return outcome.result
