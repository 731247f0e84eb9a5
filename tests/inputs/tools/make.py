"""Writes one small log as the tools that people have write it. Run by hand, where a tool has a new version:

    python3 -m venv now && now/bin/pip install \\
        pyarrow==26.0.1 pandas==3.1.1 polars==2.1.0 fastparquet==2026.9.0 duckdb==2.0.1
    python3 -m venv v1.4 && v1.4/bin/pip install duckdb==1.4.5
    python3 -m venv v1.1 && v1.1/bin/pip install duckdb==1.1.3
    now/bin/python tests/inputs/tools/make.py v1.1/bin/python v1.4/bin/python "$dbt_python"

The last is the Python that has dbt, whose reference SQL says what is right (expected.txt).
"""

import datetime
import gzip
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import pandas
import polars
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
COLUMNS = ["player_id", "guild", "level", "race", "class", "where", "datetime"]
NAMES = '"player_id", "guild", "level", "race", "class", "where", "datetime"'


def rows():
    """Twelve players, one of whom is a bot by a long session, one by its average, and some of whom have churned."""
    draw = random.Random(2008)
    races, classes = ["Orc", "Troll", "Undead", "Blood Elf"], ["Rogue", "Mage", "Hunter"]
    zones = ["Durotar", "Zul'Gurub", "Dalaran競技場", "Winterspring", None]
    found = []
    for player in range(12):
        race, of_class = (None if player == 5 else draw.choice(races)), draw.choice(classes)
        time = datetime.datetime(2008, 1, 1) + datetime.timedelta(days=12 * player, seconds=draw.randrange(86_400))
        for events in {3: [75], 7: [40]}.get(player, [draw.randrange(1, 7) for _ in range(4)]):
            for _ in range(events):
                guild = None if player % 3 == 0 else player - 1
                level = None if draw.random() < 0.1 else 10 + player
                found.append((1_000_003 * player - 5, guild, level, race, of_class, draw.choice(zones), time))
                time += datetime.timedelta(seconds=draw.randrange(590, 620))
            time += datetime.timedelta(minutes=draw.randrange(31, 3_000))
    draw.shuffle(found)
    return found


def table():
    types = [pa.int64(), pa.int64(), pa.int64(), pa.string(), pa.string(), pa.string(), pa.timestamp("us")]
    columns = [pa.array(values, of_type) for values, of_type in zip(zip(*rows()), types)]
    return pa.table(columns, COLUMNS)


def cast(log, **types):
    for name, of_type in types.items():
        place = COLUMNS.index(name)
        column = log.column(name)
        if pa.types.is_decimal(of_type) or pa.types.is_float16(of_type):
            # By way of a type that holds all numbers of the first.
            column = column.cast(pa.decimal128(38, 2) if pa.types.is_decimal(of_type) else pa.float32())
        log = log.set_column(place, name, column.cast(of_type))
    return log


def with_pyarrow(log):
    def write(name, log=log, **options):
        pq.write_table(log, HERE / f"pyarrow_{name}.parquet", **options)

    texts, numbers = ["race", "class", "where"], ["player_id", "guild", "level"]
    dictionary = pa.dictionary(pa.int32(), pa.string())
    write("default")
    write("pages_v2", data_page_version="2.0", row_group_size=60)
    write("pages_v2_zstd", data_page_version="2.0", compression="zstd", data_page_size=256)
    write("version_1", version="1.0", flavor="spark")
    write("no_dictionary", use_dictionary=False)
    write("no_statistics", write_statistics=False, store_schema=False)
    write("page_index", write_page_index=True, write_page_checksum=True, data_page_size=256)
    write("checksums_v2", write_page_checksum=True, data_page_version="2.0")
    write("large_string", cast(log, race=pa.large_string(), where=pa.large_string()))
    write("string_view", cast(log, race=pa.string_view(), where=pa.string_view()))
    write("binary", cast(log, race=pa.binary(), where=pa.large_binary()))
    write("dictionary", cast(log, race=dictionary, **{"class": dictionary, "where": dictionary}))
    write("decimal", cast(log, player_id=pa.decimal128(38, 0), guild=pa.decimal128(18, 2), level=pa.decimal128(4, 1)))
    write("decimal_as_integer", cast(log, player_id=pa.decimal128(18, 0), level=pa.decimal128(9, 0)), store_decimal_as_integer=True)
    write("small_integers", cast(log, guild=pa.int16(), level=pa.uint8()))
    write("halves_and_floats", cast(log, guild=pa.float32(), level=pa.float16()))
    for unit in ["s", "ms", "ns"]:
        write(f"times_{unit}", cast(log, datetime=pa.timestamp(unit)), version="2.6")
    write("int96", use_deprecated_int96_timestamps=True)
    write("zoned", cast(log, datetime=pa.timestamp("us", "Europe/Berlin")))
    write("text_times", log.set_column(6, "datetime", pc.strftime(log.column("datetime"), "%Y-%m-%dT%H:%M:%S")))
    delta = dict.fromkeys([*numbers, "datetime"], "DELTA_BINARY_PACKED")
    write("delta", use_dictionary=False, column_encoding=delta | dict.fromkeys(texts, "DELTA_BYTE_ARRAY"))
    lengths = dict.fromkeys(texts, "DELTA_LENGTH_BYTE_ARRAY")
    split = dict.fromkeys([*numbers, "datetime"], "BYTE_STREAM_SPLIT")
    write("split", use_dictionary=False, column_encoding=split | lengths)
    write("split_v2", cast(log, guild=pa.float64()), use_dictionary=False, column_encoding=split, data_page_version="2.0")
    for codec in ["none", "gzip", "brotli", "lz4", "zstd"]:
        write(codec, compression=codec)


def with_pandas(log):
    frame = log.to_pandas()
    zoned = frame.assign(datetime=frame["datetime"].dt.tz_localize("UTC").dt.as_unit("ns"))
    frame.to_parquet(HERE / "pandas_pyarrow.parquet")
    zoned.to_parquet(HERE / "pandas_pyarrow_zoned.parquet")
    frame.set_index("player_id").to_parquet(HERE / "pandas_index.parquet")
    frame.sort_values("datetime").to_parquet(HERE / "pandas_sorted.parquet", compression="zstd")
    frame.astype({"race": "category", "where": "category", "guild": "Int64", "level": "Int16"}).to_parquet(
        HERE / "pandas_types.parquet"
    )
    frame.to_csv(HERE / "pandas_index.csv.gz", compression={"method": "gzip", "mtime": 0})
    zoned.to_csv(HERE / "pandas_zoned.csv.gz", index=False, compression={"method": "gzip", "mtime": 0})
    # Of microseconds fastparquet writes INT96 as if they were nanoseconds.
    in_ns = frame.assign(datetime=frame["datetime"].dt.as_unit("ns"))
    for name, of_frame, options in [
        ("", frame, {}),
        ("_zoned", zoned, {}),
        ("_int96", in_ns, {"times": "int96"}),
        ("_gzip", frame, {"compression": "gzip", "index": True}),
        ("_groups", frame, {"row_group_offsets": 80, "compression": None}),
    ]:
        of_frame.to_parquet(HERE / f"fastparquet{name}.parquet", engine="fastparquet", **options)


def with_polars(log):
    frame = polars.from_arrow(log)

    def write(name, frame=frame, **options):
        frame.write_parquet(HERE / f"polars_{name}.parquet", **options)

    write("default")
    for codec in ["uncompressed", "snappy", "gzip", "brotli", "lz4"]:
        write(codec, compression=codec)
    texts = polars.col("race", "class", "where")
    write("categorical", frame.with_columns(texts.cast(polars.Categorical)))
    race = polars.Enum(["Orc", "Troll", "Undead", "Blood Elf"])
    write("types", frame.with_columns(polars.col("race").cast(race), polars.col("level").cast(polars.UInt8)), row_group_size=80)
    write("decimal", frame.with_columns(polars.col("player_id", "guild").cast(polars.Decimal(20, 0))))
    write("times_ns", frame.with_columns(polars.col("datetime").cast(polars.Datetime("ns"))))
    write("times_ms", frame.with_columns(polars.col("datetime").cast(polars.Datetime("ms"))), statistics="full")
    zone = polars.col("datetime").dt.replace_time_zone("UTC").dt.convert_time_zone("America/Los_Angeles")
    write("zoned", frame.with_columns(zone))
    (HERE / "polars.csv.gz").write_bytes(gzip.compress(frame.write_csv().encode(), mtime=0))


def with_duckdb(of_version, run, csv):
    """The same by any version; `run` runs SQL on a database of that version."""
    columns = f"""select player_id::bigint as player_id, guild::bigint as guild, level::bigint as level, race, class,
        "where", datetime::timestamp as datetime from read_csv('{csv}', header = true, quote = '"')"""
    name = HERE / f"duckdb_{of_version}"

    def copy(kind, sql="from log", options=""):
        return f"copy ({sql}) to '{name}{kind}.parquet' (format parquet{options})"

    statements = [
        f"create temp table log as {columns}",
        copy(""),
        copy("_zstd", options=", codec zstd, row_group_size 2048"),
        copy("_types", "select player_id, guild::ubigint as guild, level::utinyint as level, * exclude (player_id, guild, level) from log"),
        copy("_zoned", "select * replace (datetime at time zone 'UTC' as datetime) from log"),
    ]
    if of_version != "1.1":
        statements.append(copy("_v2", options=", parquet_version v2"))
        statements.append(copy("_brotli", options=", codec brotli"))
    run(None, "set TimeZone = 'UTC'; " + "; ".join(statements))
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "wow.duckdb"
        text = "create type race as enum ('Orc', 'Troll', 'Undead', 'Blood Elf'); "
        enum = "select * replace (race::race as race, guild::smallint as guild) from"
        run(database, f"{text} create table wowlogs as {enum} ({columns}); checkpoint")
        name.with_suffix(name.suffix + ".duckdb.gz").write_bytes(gzip.compress(database.read_bytes(), mtime=0))


def as_spark(log):
    """The layout and the types of Spark: the folders of a column, INT96, Snappy, and what is written beside."""
    folder = HERE / "spark"
    shutil.rmtree(folder, ignore_errors=True)
    for race in [*sorted(set(filter(None, log.column("race").to_pylist()))), None]:
        of_race = log.filter(pc.equal(log.column("race"), race) if race else pc.is_null(log.column("race")))
        part = folder / f"race={race or '__HIVE_DEFAULT_PARTITION__'}" / "part-00000-2008.c000.snappy.parquet"
        part.parent.mkdir(parents=True)
        pq.write_table(of_race.drop_columns(["race"]), part, flavor="spark", use_deprecated_int96_timestamps=True)
        part.with_name(f".{part.name}.crc").write_bytes(b"crc\0\0\0\2\0")
    (folder / "_SUCCESS").touch()


def expected(log, dbt_python):
    """What the reference SQL gives."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "wow_test.duckdb"
        with duckdb.connect(str(database)) as connection:
            connection.sql("set storage_compatibility_version = 'v1.2.0'")
            connection.sql("create table wowlogs as from log")
        script = f"""
import sys
sys.path.insert(0, {str(ROOT / "tests/dbt")!r})
import run_dbt
run_dbt.build({str(database)!r}, {{}})
"""
        subprocess.run([dbt_python, "-c", script], check=True, stdout=subprocess.DEVNULL)
        with duckdb.connect(str(database), read_only=True) as connection:
            one = lambda sql: connection.execute(f"select coalesce({sql}, 0)::bigint from player_session_stats").fetchone()[0]
            events, players = one("sum(total_events)"), one("count(*)")
            sessions, bots = one("sum(total_sessions)"), one("sum(is_likely_bot)")
            churned = one("(select sum(churned) from stg_players)")
            return f"{events}E {players}P {sessions}S {bots}B {churned}C\n"


def main(duckdb_1_1, duckdb_1_4, dbt_python):
    log = table()
    with_pyarrow(log)
    with_pandas(log)
    with_polars(log)
    as_spark(log)

    def here(database, sql):
        with duckdb.connect(str(database or ":memory:")) as connection:
            connection.execute(sql)

    def by(python):
        script = "import duckdb, sys; duckdb.connect(sys.argv[1]).execute(sys.argv[2])"
        return lambda database, sql: subprocess.run([python, "-c", script, str(database or ":memory:"), sql], check=True)

    with tempfile.TemporaryDirectory() as folder:
        csv = Path(folder) / "log.csv"
        polars.from_arrow(log).write_csv(csv)
        with_duckdb("1.1", by(duckdb_1_1), csv)
        with_duckdb("1.4", by(duckdb_1_4), csv)
        with_duckdb("2.0", here, csv)
    (HERE / "expected.txt").write_text(expected(log, dbt_python))


if __name__ == "__main__":
    main(*sys.argv[1:])
