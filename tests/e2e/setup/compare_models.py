"""Compares models that the page wrote with others, and prints the differences as a JSON list: `compare_models.py REQUEST`.

The request, in JSON, has the `files` by model. They are compared with those of the same name in the folder `run`, which
`wow run` wrote, columns and types too; or with what dbt builds of the log in `source`, a database or a Parquet file, of
its rows that match `where`, with the variables `vars`.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "dbt"))
import run_dbt  # noqa: E402


def differences(connection, model, got, expected):
    columns = [column[0] for column in connection.execute(f"describe from {expected}").fetchall()]
    found = [column[0] for column in connection.execute(f"describe from {got}").fetchall()]
    if found != columns:
        yield f"{model}: its columns are {found}"
        return
    for what, a, b in [("missing", expected, got), ("too many", got, expected)]:
        (rows,) = connection.execute(f"select count(*) from (from {a} except all from {b})").fetchone()
        if rows:
            row = connection.execute(f"from {a} except all from {b} limit 1").fetchone()
            yield f"{model}: {rows} rows are {what}, such as {row}"
    time = "datetime" if "datetime" in columns else "player_id"
    (steps_back,) = connection.execute(f"""
        select count(*) from (
            select (player_id, {time}) < lag((player_id, {time})) over (order by file_row_number) as is_back
            from read_parquet('{got[len("read_parquet('"):-2]}', file_row_number = true)
        ) where is_back
    """).fetchone()
    if steps_back:
        yield f"{model}: {steps_back} rows are not in order"


def of_run(request):
    with duckdb.connect() as connection:
        for model, file in request["files"].items():
            got, expected = (f"read_parquet('{path}')" for path in (file, f"{request['run']}/{model}.parquet"))
            types = [connection.execute(f"describe from {rows}").fetchall() for rows in (got, expected)]
            if types[0] != types[1]:
                yield f"{model}: the types are {types[0]} in place of {types[1]}"
            yield from differences(connection, model, got, expected)


def of_dbt(request, folder):
    copy = Path(folder) / "copy.duckdb"
    source = request["source"]
    if source.endswith(".duckdb"):
        shutil.copyfile(source, copy)
    with duckdb.connect(str(copy)) as connection:
        rows = "wowlogs" if source.endswith(".duckdb") else f"read_parquet('{source}')"
        where = request.get("where", "true")
        connection.execute(f"create or replace table wowlogs as from {rows} where {where}")
    run_dbt.build(copy, request.get("vars", {}))
    # Not read-only: dbt keeps its own connection until the process ends, and DuckDB wants the two alike.
    with duckdb.connect(str(copy)) as connection:
        for model, file in request["files"].items():
            yield from differences(connection, model, f"read_parquet('{file}')", model)


def main():
    request = json.loads(sys.argv[1])
    if "run" in request:
        print(json.dumps(list(of_run(request))))
        return
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(list(of_dbt(request, folder))))


if __name__ == "__main__":
    main()
