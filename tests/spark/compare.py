#!/usr/bin/env python3
"""Runs the dbt project on Spark and on DuckDB over the same logs, and compares every row of every model.

    compare.py LOG

LOG is a DuckDB database with a log. Beside it the golden cases are compared, all in one log. Run it with a Python that has
tests/dbt/requirements.txt and tests/spark/requirements.txt; Spark itself needs Java, and WOW names the command. The last line counts what was compared.
"""

import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import duckdb

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "dbt"), str(TESTS / "golden")]
import bless  # noqa: E402
import run_dbt  # noqa: E402

COLUMNS = 'player_id, guild, level, race, class, "where", datetime'
# That of an export.
ORDER = 'player_id, datetime, level, guild, race, class, "where"'
KEPT = "player_id is not null and datetime is not null"
GOLDEN_VARIABLES = "parameters"
SORTED_FILES = 5

passed, failed = [], []


def check(name, problem):
    """Notes what was found: `problem` is empty where all is well."""
    (failed if problem else passed).append(name)
    print(f"  {name}: {problem or 'as it must be'}", flush=True)


def write_golden_log(database):
    """Makes one log of all golden cases. Each has players of its own, but for ids that are at the ends of 64 bits."""
    with duckdb.connect(str(database)) as log:
        log.execute(
            'create table wowlogs (player_id bigint, guild double, level bigint, race varchar, class varchar, "where" varchar, '
            "datetime timestamp)"
        )
        for number, case in enumerate(sorted(bless.GOLDEN.glob("*/input.sql"))):
            part = database.with_suffix(".part.parquet")
            with duckdb.connect() as connection:
                connection.execute(case.read_text())
                connection.execute(f"copy (select {COLUMNS} from wowlogs) to '{part}'")
            log.execute(
                f"insert into wowlogs select * replace (case when abs(player_id::hugeint) < 1000000 then "
                f"player_id + {number * 1_000_000} else player_id end as player_id) from '{part}'"
            )


def write_folder(database, folder, query, partitions=""):
    """Writes a query of a database as a folder of Parquet files whose rows are in no order."""
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute("set preserve_insertion_order = false")
        layout = f"partition_by ({partitions})" if partitions else "per_thread_output"
        connection.execute(f"copy ({query}) to '{folder}' (format parquet, {layout})")


def in_process(function, *arguments):
    """Calls a function in a process of its own, for dbt serves one database of DuckDB per process."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def timed(name, function, *arguments, **options):
    started = time.monotonic()
    outcome = function(*arguments, **options)
    print(f"{name}: {time.monotonic() - started:.1f} s", flush=True)
    return outcome


def session():
    """Spark's session, which dbt has begun."""
    from pyspark.sql import SparkSession

    return SparkSession.builder.getOrCreate()


def compare_models(name, database, scratch):
    """Compares all rows and types of the models that both have made."""
    with duckdb.connect(str(database), read_only=True) as connection:
        for model in run_dbt.MODELS:
            folder = scratch / "rows"
            session().table(f"main.{model}").write.mode("overwrite").parquet(str(folder))
            connection.execute(f"create or replace temp view theirs as select * from '{folder}/*.parquet'")
            check(f"{name}, {model}", model_problem(connection, model))


def model_problem(connection, model):
    def types(relation):
        return connection.execute(f"select column_name, column_type from (describe {relation})").fetchall()

    if types(model) != types("theirs"):
        return f"DuckDB's columns are {types(model)}, Spark's {types('theirs')}"
    ours, theirs = (bless.QUERIES[model].format(model=relation) for relation in (model, "theirs"))
    found = []
    for one, other, which in [(ours, theirs, "DuckDB"), (theirs, ours, "Spark")]:
        rows = connection.execute(f"(from ({one})) except all (from ({other}))").fetchall()
        found += [f"{len(rows)} rows of {which} alone, such as {rows[0]}"] if rows else []
    return "; ".join(found)


def compare_tests(name, ours, theirs):
    """Compares what the data tests found."""
    names = [test for test in ours if ours[test] != theirs.get(test)]
    different = [f"{test}: {ours[test]} in DuckDB, {theirs.get(test)} on Spark" for test in names]
    check(f"{name}, {len(ours)} data tests", "; ".join(different))


def compare_sorted(name, database, folder):
    """The sorted files, one after the other, have the log's rows as an export orders them; no player is in two of them."""
    # The names begin with the number of the part.
    files = sorted(str(file) for file in folder.glob("part-*.parquet"))
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute(
            f"create temp table sorted as select {COLUMNS}, filename from "
            f"read_parquet({files}, filename = true, file_row_number = true) order by filename, file_row_number"
        )
        problems = {
            "rows are not the log's": f"(select {COLUMNS} from sorted except all select {COLUMNS} from wowlogs) union all "
            f"(select {COLUMNS} from wowlogs except all select {COLUMNS} from sorted)",
            "rows are out of order": f"from (select row({COLUMNS}) as ours from wowlogs where {KEPT} order by {ORDER}) "
            f"positional join (select row({COLUMNS}) as theirs from sorted where {KEPT}) where ours is distinct from theirs",
            "players are in two files": "select player_id from sorted where player_id is not null "
            "group by player_id having count(distinct filename) > 1",
        }
        counts = [connection.execute(f"select count(*) from ({query})").fetchone()[0] for query in problems.values()]
    found = [f"{count} {problem}" for problem, count in zip(problems, counts) if count]
    check(f"{name}, {len(files)} sorted files", "; ".join(found))


def compare_exports(name, database, folder, scratch):
    """`wow export --from` makes of the sorted files the very parts that it makes of the database."""
    parts = []
    for out, source in [("of-database", ["--database", database]), ("of-files", ["--from", folder])]:
        subprocess.run([os.environ["WOW"], "export", "--quiet", "--out", scratch / out, *source], check=True)
        manifest = json.loads((scratch / out / "dev" / "manifest.json").read_text())
        parts.append((manifest["parts"], manifest["rejected"]))
    check(f"{name}, {len(parts[0][0])} parts of an export", "" if parts[0] == parts[1] else f"{parts[1]} for {parts[0]}")


def rounding_on(target):
    """What the project's rounding of x is on a target."""
    inline = ["--inline", "select {{ round_to_2('x') }}"]
    outcome = run_dbt.invoke(run_dbt.dbtRunner(), "compile", {}, inline, target)
    return outcome.results[0].node.compiled_code.removeprefix("select ")


def compare_rounding(scratch):
    """Rounds numbers that are delicate in binary or in decimal by the macros of both."""
    numbers, rows = scratch / "numbers.parquet", scratch / "rounded"
    with duckdb.connect() as connection:
        # All that has three digits up to 100, what lies next to it, quotients as averages are, and very large numbers.
        connection.execute(
            "create table numbers as select distinct x from ("
            "  select unnest([x, nextafter(x, 1e9::double), nextafter(x, -1e9::double)]) as x"
            "  from (select n / 1000 as x from range(100_000) t(n))"
            "  union all select n / d from range(1, 2_000) n(n), range(1, 300) d(d)"
            "  union all select n * pow(10::double, e) / 7 from range(1, 100) n(n), range(0, 15) e(e))"
        )
        connection.execute(f"copy numbers to '{numbers}'")
        session().read.parquet(str(numbers)).selectExpr("x as number", f"{rounding_on('spark')} as x").write.parquet(str(rows))
        count, different = connection.execute(
            f"select count(*), count(*) filter (theirs.x is distinct from ours.x) from '{rows}/*.parquet' as theirs "
            f"join (select x as number, {in_process(rounding_on, 'dev')} as x from numbers) as ours using (number)"
        ).fetchone()
    check(f"{count:,} numbers rounded", f"{different:,} differ" if different else "")


def refuse_text(database, folder):
    """A log whose numbers are text is refused, and not taken for one of players without an id."""
    write_folder(database, folder, "select * replace (player_id::varchar as player_id) from wowlogs limit 10")
    sentence = "The column player_id of the log is of type string: write it as bigint"
    try:
        on_spark("run", folder, {}, ["--select", "path:models/staging"])
        problem = "taken"
    except run_dbt.DbtFailed as error:
        problem = "" if sentence in str(error) else str(error)
    check("numbers that are text are refused", problem)


def on_spark(command, folder, variables, selection=(), out=""):
    os.environ.update(WOW_SPARK_LOG=str(folder), WOW_SPARK_OUT=str(out))
    return run_dbt.run(command, variables, selection, "spark")


def run(log, scratch):
    golden, models = scratch / "golden.duckdb", ["--select", "path:models/staging"]
    variables = json.loads((bless.GOLDEN / GOLDEN_VARIABLES / "vars.json").read_text())
    buildable = [*models, "--indirect-selection", "buildable"]
    write_golden_log(golden)
    by_year, plain, hard = scratch / "by year", scratch / "plain", scratch / "golden"
    write_folder(log, by_year, f"select {COLUMNS}, year(datetime) as year from wowlogs", "year, race")
    # Times as Spark writes them by default: instants.
    write_folder(log, plain, "select * replace (timezone('UTC', datetime) as datetime) from wowlogs")
    write_folder(golden, hard, "from wowlogs")

    timed("The log in DuckDB", in_process, run_dbt.build, log, {})
    timed("The log on Spark, in folders by year and race", on_spark, "run", by_year, {}, models)
    compare_models("by year and race", log, scratch)
    timed("The log on Spark, as instants in one folder", on_spark, "run", plain, {}, models)
    compare_models("instants", log, scratch)
    sort = ["--select", "wowlogs_sorted"]
    timed("The log sorted by Spark", on_spark, "run", by_year, {"sorted_files": SORTED_FILES}, sort, scratch)
    compare_sorted("the log", log, scratch / "wowlogs_sorted")
    compare_exports("the log", log, scratch / "wowlogs_sorted", scratch)

    ours = timed("The golden cases in DuckDB", in_process, run_dbt.build, golden, {})
    theirs = timed("The golden cases on Spark", on_spark, "build", hard, {}, buildable)
    compare_models("golden cases", golden, scratch)
    compare_tests("golden cases", ours, theirs)
    timed("The golden cases sorted by Spark", on_spark, "run", hard, {}, sort, scratch)
    compare_sorted("golden cases", golden, scratch / "wowlogs_sorted")
    compare_exports("golden cases", golden, scratch / "wowlogs_sorted", scratch)
    timed("The golden cases in DuckDB with other parameters", in_process, run_dbt.build, golden, variables)
    timed("The golden cases on Spark with other parameters", on_spark, "run", hard, variables, models)
    compare_models("other parameters", golden, scratch)
    compare_rounding(scratch)
    refuse_text(log, scratch / "text")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["WOW_SPARK_HOME"] = str(Path(scratch, "spark"))
        run(Path(sys.argv[1]).resolve(), Path(scratch))
    print(f"models on Spark: {len(passed)} passed, {len(failed)} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
