"""Lists the dbt project by each of the selections that standard input has as JSON, a list of lists of arguments, with the dbt
of the Python that runs this. Prints a JSON list with a list for each: the ids of what is selected, sorted."""

import json
import os
import sys
import tempfile
from pathlib import Path

from dbt.cli.main import dbtRunner

PROJECT = Path(sys.argv[1]).resolve()


def arguments(scratch, command):
    return [
        "--no-use-colors", "--no-version-check", "--log-level", "none", "--no-partial-parse", "--quiet", *command,
        "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--target-path", scratch, "--log-path", scratch,
    ]  # fmt: skip


os.chdir(PROJECT)
with tempfile.TemporaryDirectory() as scratch:
    manifest = dbtRunner().invoke(arguments(scratch, ["parse"])).result
    found = []
    for selection in json.load(sys.stdin):
        command = ["ls", "--output", "json", "--output-keys", "unique_id", *selection]
        outcome = dbtRunner(manifest=manifest).invoke(arguments(scratch, command))
        if outcome.exception:
            raise outcome.exception
        found.append(sorted(json.loads(line)["unique_id"] for line in outcome.result))
print()
print(json.dumps(found))
