"""Writes a log of four rows for every type of types.json and every column, with that column in that type:

    make.py FOLDER    →    FOLDER/0_player_id.parquet, FOLDER/0_guild.parquet … of the first type of Parquet
"""

import datetime
import decimal
import json
import sys
import uuid
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

COLUMNS = ["player_id", "guild", "level", "race", "class", "where", "datetime"]
ROWS = range(1, 5)
USUAL = [pa.int64()] * 3 + [pa.string()] * 3 + [pa.timestamp("us")]


def usual(column, row):
    """The value of a column in a row, in Python's type for it."""
    if column == "datetime":
        return datetime.datetime(2008, 1, row)
    return row if column in COLUMNS[:3] else f"{column} {row}"


def value(kind, column, row):
    match kind:
        case "number":
            return row
        case "text":
            return str(usual(column, row))
        case "time":
            return usual("datetime", row)
        case "null":
            return None
        case "boolean":
            return row % 2 == 0
        case "time of day":
            return datetime.time(row)
        case "uuid":
            return uuid.UUID(int=row).bytes
        case "list":
            return [row]
        case "structure":
            return {"a": row}


def array(of_type, values):
    if pa.types.is_decimal(of_type):
        values = [decimal.Decimal(value) for value in values]
    if pa.types.is_date(of_type):
        values = [value.date() for value in values]
    if pa.types.is_dictionary(of_type):
        return pa.array(values).dictionary_encode()
    if isinstance(of_type, pa.BaseExtensionType):
        return pa.ExtensionArray.from_storage(of_type, pa.array(values, of_type.storage_type))
    return pa.array(values, of_type)


def main(folder):
    types = json.loads((Path(__file__).parent / "types.json").read_text())["parquet"]
    for place, of_type in enumerate(types):
        in_arrow = eval(of_type["type"], vars(pa))
        for column in COLUMNS:
            arrays = [pa.array([usual(name, row) for row in ROWS], usual_type) for name, usual_type in zip(COLUMNS, USUAL)]
            typed = array(in_arrow, [value(of_type["holds"], column, row) for row in ROWS])
            arrays[COLUMNS.index(column)] = typed
            options = {"use_deprecated_int96_timestamps": True} if of_type.get("is_int96") else {}
            pq.write_table(pa.table(arrays, COLUMNS), Path(folder) / f"{place}_{column}.parquet", **options)


if __name__ == "__main__":
    main(sys.argv[1])
