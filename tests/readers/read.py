"""Reads the parts of an export by each program that is installed here, and says in JSON how many values every column has
and what they come to: numbers and microseconds by their sum, texts by that of their bytes."""

import json
import sys

PARTS = sys.argv[1:]
NUMBERS, TEXTS = ["player_id", "guild", "level"], ["race", "class", "where"]
COLUMNS = [*NUMBERS, *TEXTS, "datetime"]


def told(values):
    """Of values that Python has: how many, and their sum."""
    values = [len(value.encode()) if isinstance(value, str) else value for value in values]
    return [len(values), text(sum(values))]


def text(total):
    """A sum, which JSON need not be able to hold as a number."""
    return str(int(total) if total == int(total) else total)


def pyarrow():
    import pyarrow
    import pyarrow.parquet

    table = pyarrow.concat_tables([pyarrow.parquet.read_table(part) for part in PARTS])
    place = table.column_names.index("datetime")
    table = table.set_column(place, "datetime", table.column("datetime").cast(pyarrow.int64()))
    return {name: told(table.column(name).drop_null().to_pylist()) for name in COLUMNS}


def polars():
    import polars

    frame = polars.read_parquet(PARTS).with_columns(polars.col("datetime").to_physical())
    return {name: told(frame[name].drop_nulls().to_list()) for name in COLUMNS}


def fastparquet():
    import fastparquet

    # It reads differences of more than 28 bits wrongly, whoever wrote them, and times have such.
    columns = [name for name in COLUMNS if name != "datetime"]
    frames = [fastparquet.ParquetFile(part).to_pandas(columns=columns) for part in PARTS]
    return {name: told([value for frame in frames for value in frame[name].dropna()]) for name in columns}


def duckdb():
    import duckdb

    values = {name: f'"{name}"' for name in NUMBERS}
    values |= {name: f'octet_length(encode("{name}"))' for name in TEXTS}
    values["datetime"] = "epoch_us(datetime)"
    sums = ", ".join(f"count({value}), sum({value})" for value in values.values())
    row = duckdb.connect().execute(f"select {sums} from read_parquet({PARTS})").fetchall()[0]
    return {name: [count, text(total)] for name, count, total in zip(values, row[::2], row[1::2])}


def main():
    answers = {}
    for reader in [pyarrow, polars, fastparquet, duckdb]:
        try:
            answers[reader.__name__] = reader()
        except ModuleNotFoundError:
            pass
    print(json.dumps(answers))


main()
