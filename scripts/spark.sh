#!/usr/bin/env bash
# Runs the models on Spark over a small synthetic log and the golden cases, and compares every row with DuckDB's. SCALE=0.05
# takes a larger log.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if [ ! -x "${WOW:-}" ]; then
    cargo build --release --locked -p wow-cli $wow_features
    WOW=$wow
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$WOW" generate --scale "${SCALE:-0.005}" --database "$folder/log.duckdb" --quiet
export WOW JAVA_HOME WOW_SPARK_MASTER="${WOW_SPARK_MASTER:-local[2]}"
JAVA_HOME=$(find_java)
"$spark_python" tests/spark/compare.py "$folder/log.duckdb"
