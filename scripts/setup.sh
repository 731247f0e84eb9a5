#!/usr/bin/env bash
# Installs what this machine lacks; where nothing is missing it does nothing.
#
#   setup.sh demo    what building and serving the site needs
#   setup.sh test    that, and what the tests need
#
# A step is three functions: NAME_present, NAME_text (what and how long, on two cores), NAME_install.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

trunk_version=0.21.14
demo_steps="compiler wasm_target trunk wasm_bindgen"
test_steps="$demo_steps rust_lints wasm_lints node node_modules browser dbt"

# --- packages of the system -----------------------------------------------------------------------------

is_root() { [ "$(id -u)" = 0 ]; }
can_apt() { program apt-get >/dev/null && { is_root || program sudo >/dev/null; }; }
as_root() { if is_root; then "$@"; else sudo "$@"; fi; }

apt_updated=no
apt_install() {
    if [ $apt_updated = no ]; then
        as_root apt-get update -qq
        apt_updated=yes
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" >/dev/null
}

# --- what `make demo` needs -----------------------------------------------------------------------------

# Cargo keeps what a build script printed once it is through.
duckdb_built() { compgen -G "$CARGO_TARGET_DIR/release/build/libduckdb-sys-*/output" >/dev/null; }

# Only a machine that is ours to fill (root) gets clang for its speed; elsewhere any C++ compiler will do.
compiler_present() {
    program clang-19 >/dev/null || duckdb_built ||
        { { program c++ && program cc; } >/dev/null && ! { is_root && can_apt; }; }
}
compiler_text() { echo "a C++ compiler for DuckDB (1 minute)"; }
compiler_install() {
    if can_apt && { apt_install clang-19 || apt_install g++; }; then
        # The compiler is chosen by what is installed, so choose again.
        . scripts/env.sh
    fi
    program c++ >/dev/null || program clang-19 >/dev/null ||
        die "DuckDB needs a C++ compiler: install g++ or clang, then run this again"
}

wasm_target_present() { has_wasm_target || has_debian_wasm; }
wasm_target_text() { echo "Rust's wasm32 target (1 minute)"; }
wasm_target_install() {
    if program rustup >/dev/null && rustup target add wasm32-unknown-unknown; then
        return
    fi
    if can_apt; then
        echo "rustup could not bring the target; Debian's compiler builds it from source instead"
        apt_install rustc-web cargo-web rust-web-src lld-22 || true
    fi
    wasm_target_present ||
        die "Rust has no wasm32-unknown-unknown target here: add it with rustup, or use Debian 12 or newer"
}

trunk_present() { [[ "$(trunk --version 2>/dev/null)" == "trunk ${trunk_version%.*}."* ]]; }
trunk_text() { echo "trunk, which builds and serves the site (6 minutes)"; }
trunk_install() { install_tool --locked "trunk@$trunk_version"; }

# The tool must have the very version of the crate, so the lock file is asked.
wasm_bindgen_version() {
    awk '/^name = "wasm-bindgen"$/ { getline; gsub(/[^0-9.]/, ""); print; exit }' Cargo.lock
}
wasm_bindgen_present() {
    [ "$(wasm-bindgen --version 2>/dev/null)" = "wasm-bindgen $(wasm_bindgen_version)" ]
}
wasm_bindgen_text() { echo "wasm-bindgen $(wasm_bindgen_version) (2 minutes)"; }
# Without --locked: the lock file it was published with names a withdrawn release.
wasm_bindgen_install() { install_tool "wasm-bindgen-cli@$(wasm_bindgen_version)"; }

# Tools are built in a temporary folder, so that they do not wait for a build of ours.
install_tool() { env -u CARGO_TARGET_DIR cargo install --quiet --root "$wow_tools" "$@"; }

# --- what `make test` needs besides ---------------------------------------------------------------------

rust_lints_present() { { cargo fmt --version && cargo clippy --version; } >/dev/null 2>&1; }
rust_lints_text() { echo "rustfmt and clippy (1 minute)"; }
rust_lints_install() { rustup component add rustfmt clippy; }

wasm_lints_present() { has_wasm_target || [ -x /usr/bin/cargo-clippy ]; }
wasm_lints_text() { echo "clippy for wasm32 (1 minute)"; }
wasm_lints_install() { apt_install rust-web-clippy; }

node_present() { [ "$(node --print 'Number(process.versions.node.split(".")[0]) >= 18' 2>/dev/null)" = true ]; }
node_text() { echo "Node (1 minute)"; }
node_install() {
    if can_apt; then apt_install nodejs npm || true; fi
    node_present || die "the browser tests need Node 18 or newer: install it, then run this again"
}

# npm writes its own copy of the lock file last, so an older copy means an install that is stale or broken.
node_modules_present() {
    local installed=tests/e2e/node_modules/.package-lock.json
    [ -f $installed ] && [ ! $installed -ot tests/e2e/package-lock.json ]
}
node_modules_text() { echo "the test runner's Node packages (10 seconds)"; }
node_modules_install() {
    PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm --prefix tests/e2e ci --no-audit --no-fund --loglevel=error
    touch tests/e2e/node_modules/.package-lock.json
}

browser_present() { find_chrome >/dev/null || compgen -G "$wow_cache/browsers/chromium*" >/dev/null; }
browser_text() { echo "Chromium (1 minute)"; }
browser_install() {
    if is_root && can_apt && apt_install chromium; then
        return
    fi
    PLAYWRIGHT_BROWSERS_PATH="$wow_cache/browsers" npm --prefix tests/e2e exec -- playwright install chromium ||
        die "no Chromium was found and none could be had: install one, or name it in CHROME"
}

dbt_present() {
    [ -x "$dbt_python" ] && "$dbt_python" - tests/dbt/requirements.txt <<'PYTHON' 2>/dev/null
import sys
from importlib.metadata import version

for line in open(sys.argv[1]):
    name, _, wanted = line.partition("#")[0].strip().partition("==")
    if name and version(name) != wanted:
        sys.exit(1)
PYTHON
}
dbt_text() { echo "dbt, for the reference SQL (1 minute)"; }
# Succeeds for a Python that dbt supports and that can make a virtual environment.
python_serves() {
    "$1" -c 'import sys, ensurepip, venv; sys.exit(not (3, 9) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}
find_python() {
    local name
    for name in python3 /usr/bin/python3 python3.13 python3.12 python3.11 python3.10 python3.9; do
        if python_serves "$name"; then
            echo "$name"
            return
        fi
    done
    return 1
}
dbt_install() {
    local python
    if [ ! -x "$dbt_python" ]; then
        if ! find_python >/dev/null && can_apt; then apt_install python3 python3-venv || true; fi
        python="$(find_python)" ||
            die "dbt needs Python 3.9 to 3.13 with its venv module: install it, then run this again"
        "$python" -m venv "$wow_cache/dbt"
    fi
    "$dbt_python" -m pip install --quiet --disable-pip-version-check -r tests/dbt/requirements.txt
}

# --------------------------------------------------------------------------------------------------------

main() {
    local steps step missing=""
    case "${1:-}" in
    demo) steps=$demo_steps ;;
    test) steps=$test_steps ;;
    *) die "usage: setup.sh demo|test" ;;
    esac
    program cargo >/dev/null || die "Rust is needed: install it with rustup, then run this again"
    for step in $steps; do
        "${step}_present" || missing="$missing $step"
    done
    announce $missing
    for step in $missing; do
        say "Installing $("${step}_text")"
        "${step}_install"
        "${step}_present" || die "$("${step}_text") was installed but is not found"
    done
}

announce() {
    local step
    if [ $# -gt 0 ]; then
        say "To be installed, into $wow_cache or as system packages:"
        for step in "$@"; do echo "  - $("${step}_text")"; done
    fi
    if ! duckdb_built; then
        say "The first run compiles DuckDB (20 to 30 minutes on two cores) and the site (about 5). Later runs take seconds."
    fi
}

main "$@"
