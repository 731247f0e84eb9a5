#!/usr/bin/env bash
# Every check, cheapest first; stops at the first that fails. The last line counts the tests. `test.sh native` runs the
# native tests alone.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Adds up what the runners' closing lines in the log say.
closing_line() {
    awk '
        /^ *Summary .* tests? run:/ || /^test result:/ || /^ +[0-9]+ (passed|failed|flaky|did not run)/ ||
            /^(golden cases|models on Spark):/ {
            gsub(/\033\[[0-9;]*m/, ""); gsub(/[,;]/, "")
            for (i = 2; i <= NF; i++) {
                if ($i == "passed" || $i == "flaky") passed += $(i - 1)
                if ($i == "failed") failed += $(i - 1)
            }
        }
        END { printf "%d passed, %d failed\n", passed, failed + (broken && !failed) }
    ' broken="$1" "$log"
}

# Runs a step under its name; the rest of the arguments are the command. A failure ends the script, but bash
# ignores failures inside a function that is called as a condition, so those join their commands by `&&`.
step() {
    local name=$1 started=$SECONDS
    shift
    say "$name"
    if ! "$@" 2>&1 | tee -a "$log"; then
        printf '\nerror: %s: failed\n' "$name" >&2
        closing_line 1
        exit 1
    fi
    printf '%s: %d s\n' "$name" $((SECONDS - started))
}

# The command as users build it, by itself: beside the tests it would have the features that only their own dependencies
# switch on. Building the tests overwrites it, so it is put aside for them.
build_command() {
    build_wow &&
        mkdir -p "$CARGO_TARGET_DIR/as-users-build-it" &&
        cp "$wow" "$CARGO_TARGET_DIR/as-users-build-it/wow"
}

native_tests() {
    if program cargo-nextest >/dev/null; then
        cargo nextest run --release --locked --workspace $wow_features --color never &&
            cargo test --release --locked --workspace $wow_features --doc
    else
        cargo test --release --locked --workspace $wow_features
    fi
}

golden_cases() {
    "$dbt_python" tests/golden/bless.py --check &&
        echo "golden cases: $(find tests/golden -name input.sql | wc -l) passed"
}

# Everything else is tested on machines that cannot have Java.
models_on_spark() {
    if scripts/setup.sh java 2>/dev/null; then
        scripts/setup.sh spark && scripts/spark.sh
    else
        echo "skipped: there is no Java here, and none can be had"
    fi
}

if [ "${1:-}" != native ]; then step "Formats, types and lints" scripts/lint.sh; fi
step "The command" build_command
export WOW="$CARGO_TARGET_DIR/as-users-build-it/wow" DBT_PYTHON="$dbt_python"
if [ "${WOW_DUCKDB:-}" = bundled ]; then
    # What is tested is the command's DuckDB. The tests' own need not be compiled as well where there is a library.
    unset WOW_DUCKDB CC CXX
    . scripts/env.sh
fi
step "Native tests" native_tests
if [ "${1:-}" != native ]; then
    step "Golden cases against the reference SQL" golden_cases
    step "The models on Spark" models_on_spark
    step "The site" scripts/site.sh
    step "The site's size" scripts/size.sh
    step "Browser tests" scripts/e2e.sh
fi

say "All checks passed in $((SECONDS / 60)) min $((SECONDS % 60)) s"
closing_line 0
