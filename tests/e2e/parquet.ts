import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { variable } from "./expected.ts";

/** Writes a file's columns and rows as JSON; ids as text, for a number would lose digits. */
const READ = `
import duckdb, json, sys
rows = duckdb.sql(f"from read_parquet('{sys.argv[1]}')")
columns = ", ".join(
    f"player_id::varchar as player_id" if name == "player_id"
    else f"strftime({name}, '%Y-%m-%d %H:%M:%S') as {name}" if str(column_type) == "TIMESTAMP"
    else f'"{name}"'
    for name, column_type in zip(rows.columns, rows.types)
)
notes = f"select decode(key), decode(value) from parquet_kv_metadata('{sys.argv[1]}')"
print(json.dumps({
    "types": dict(zip(rows.columns, map(str, rows.types))),
    "rows": duckdb.sql(f"select {columns} from rows").fetchall(),
    "notes": dict(duckdb.sql(notes).fetchall()),
}))
`;

/** What DuckDB reads from a Parquet file: the types of its columns, in order, its rows, and the notes in its footer. */
export function readParquet(bytes: Buffer): {
  types: Record<string, string>;
  rows: (string | number | null)[][];
  notes: Record<string, string>;
} {
  const folder = mkdtempSync(join(tmpdir(), "wow-"));
  try {
    const file = join(folder, "read.parquet");
    writeFileSync(file, bytes);
    const read = execFileSync(variable("DBT_PYTHON"), ["-c", READ, file], { maxBuffer: 1 << 28 });
    return JSON.parse(read.toString("utf8"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
