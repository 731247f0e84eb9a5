"""The native half of the benchmark: commands with their time and peak memory, and what DuckDB itself needs.

    native.py run COMMAND ...           runs a command
    native.py dbt DATABASE              `dbt run` on a database, which is written
    native.py models DATABASE SCRATCH   the reference SQL of the four models, each one made a table
    native.py copy DATABASE FILE        the log as one sorted Parquet file, as DuckDB writes it
    native.py sorted DATABASE FILE      the log as the sorted table `log` of another database
    native.py older DATABASE FILE VERSION [LAST]   the same in the form of a version of DuckDB, players up to the last alone
    native.py single FOLDER FILE        the parts of an export as one file, uncompressed and mostly without dictionaries

Prints JSON on the last line. DuckDB uses all threads.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "dbt"))

SORTED_COPY = """copy (select * from wowlogs order by player_id, datetime) to '{}' (format parquet, compression zstd)"""


def run(*command):
    started = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        os.dup2(2, 1)
        os.execvp(command[0], command)
    _, status, usage = os.wait4(pid, 0)
    unit = 1 if sys.platform == "darwin" else 1024
    if os.waitstatus_to_exitcode(status):
        sys.exit(f"{' '.join(command)}: exit status {os.waitstatus_to_exitcode(status)}")
    return {"seconds": time.perf_counter() - started, "peak_bytes": usage.ru_maxrss * unit}


def dbt(database):
    from run_dbt import PROJECT

    os.environ["WOW_DEV_DATABASE"] = str(Path(database).resolve())
    with tempfile.TemporaryDirectory() as scratch:
        folders = ["--project-dir", PROJECT, "--profiles-dir", PROJECT, "--target-path", scratch, "--log-path", scratch]
        return run(str(Path(sys.executable).with_name("dbt")), "run", "--target", "dev", *map(str, folders))


def compiled_models(database):
    """Names and SQL in the order of the models; the references name `database`."""
    from run_dbt import MODELS, dbtRunner, invoke

    os.environ["WOW_DEV_DATABASE"] = str(database)
    nodes = {result.node.name: result.node for result in invoke(dbtRunner(), "compile", {}).results}
    return [(name, nodes[name].compiled_code) for name in MODELS]


def models(database, scratch):
    import duckdb

    scratch = Path(scratch).resolve()
    scratch.unlink(missing_ok=True)
    sql = compiled_models(scratch)
    connection = duckdb.connect(str(scratch))
    try:
        connection.execute(f"attach '{Path(database).resolve()}' as source (read_only)")
        connection.execute("create view main.wowlogs as from source.main.wowlogs")
        seconds = {}
        for name, code in sql:
            started = time.perf_counter()
            connection.execute(f"create table main.{name} as {code}")
            seconds[name] = time.perf_counter() - started
        return {"seconds": sum(seconds.values()), "models": seconds, "duckdb": duckdb.__version__}
    finally:
        connection.close()
        scratch.unlink()


def copy(database, file):
    import duckdb

    connection = duckdb.connect(str(database), read_only=True)
    started = time.perf_counter()
    connection.execute(SORTED_COPY.format(file))
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "bytes": Path(file).stat().st_size}


def older_table(database, file, version, last=None):
    return sorted_table(database, file, last, version)


def sorted_table(database, file, last=None, version="latest"):
    import duckdb

    Path(file).unlink(missing_ok=True)
    connection = duckdb.connect(config={"temp_directory": f"{file}.tmp"})
    connection.execute(f"attach '{database}' as source (read_only)")
    connection.execute(f"attach '{file}' as made (storage_version '{version}')")
    some = f"where player_id <= {last}" if last else ""
    connection.execute(f"create table made.log as from source.wowlogs {some} order by player_id, datetime")
    connection.close()
    return {"bytes": Path(file).stat().st_size}


def single(folder, file):
    import duckdb

    manifest = json.loads((Path(folder) / "manifest.json").read_text())
    parts = [str(Path(folder) / part["file"]) for part in manifest["parts"]]
    # Two hundred values are fewer than a row group has of players and times, so these are written plain.
    duckdb.execute(
        f"""copy (from read_parquet({parts})) to '{file}'
        (format parquet, compression uncompressed, dictionary_size_limit 200)"""
    )
    return {"bytes": Path(file).stat().st_size}


if __name__ == "__main__":
    action, *arguments = sys.argv[1:]
    actions = {
        "run": run,
        "dbt": dbt,
        "models": models,
        "copy": copy,
        "sorted": sorted_table,
        "older": older_table,
        "single": single,
    }
    print(json.dumps(actions[action](*arguments)))
