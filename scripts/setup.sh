#!/usr/bin/env bash
# Installs what this machine lacks; where nothing is missing it does nothing.
#
#   setup.sh site    what making the site needs
#   setup.sh demo    that, and what making an export needs
#   setup.sh test    that, and what the tests need
#   setup.sh bench   that, and what the benchmark sets beside ours
#   setup.sh java    a Java runtime
#   setup.sh spark   that, and what else running the models on Spark needs
#   setup.sh fuzz    what the fuzz targets need
#   setup.sh dist    what the release needs
#
# A step is three functions: NAME_present, NAME_text (what and how long, on two cores), NAME_install.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. scripts/duckdb.sh

site_steps="compiler wasm_target trunk wasm_bindgen wasm_split"
demo_steps="$site_steps duckdb"
test_steps="$demo_steps rust_lints wasm_lints node node_modules browser other_browsers dbt"
bench_steps="$test_steps peers"
java_steps="java"
spark_steps="compiler duckdb java spark"
fuzz_steps="compiler cxx nightly cargo_fuzz"
dist_steps="$demo_steps cargo_about"
# What goes into one virtual environment, and into that of Spark.
python_requirements="tests/dbt/requirements.txt tests/readers/requirements.txt tests/storage/requirements.txt"
spark_requirements="tests/dbt/requirements.txt tests/spark/requirements.txt"

# --- packages of the system -----------------------------------------------------------------------------

is_root() { [ "$(id -u)" = 0 ]; }
is_debian() { grep -qsx ID=debian /etc/os-release; }
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

compiler_present() { program "${CC:-cc}" >/dev/null; }
compiler_text() { echo "a C compiler, which links what Rust compiles (1 minute)"; }
compiler_install() {
    if can_apt; then apt_install gcc libc6-dev || true; fi
    compiler_present || die "Rust needs a C compiler to link with: install gcc or clang, then run this again"
}

# Cargo keeps what a build script printed once it is through; a line of it tells that DuckDB was compiled.
duckdb_compiled() {
    grep -qs "static=duckdb" "$CARGO_TARGET_DIR"/release/build/libduckdb-sys-*/output
}
duckdb_present() {
    if [ -n "${DUCKDB_LIB_DIR:-}" ]; then duckdb_copy_serves "$DUCKDB_LIB_DIR"; else duckdb_compiled; fi
}
duckdb_text() {
    if [ "${WOW_DUCKDB:-}" = bundled ]; then
        echo "a C++ compiler for DuckDB, which the first build compiles (20 to 30 minutes)"
    else
        echo "DuckDB $(duckdb_version) as a library (1 minute; 20 to 30 where none can be had)"
    fi
}
duckdb_install() {
    if [ "${WOW_DUCKDB:-}" != bundled ]; then
        if [ -n "${DUCKDB_LIB_DIR:-}" ] && [ "$DUCKDB_LIB_DIR" != "$wow_duckdb" ]; then
            die "DUCKDB_LIB_DIR is $DUCKDB_LIB_DIR, but a library of DuckDB $(duckdb_version) that can be linked is not \
there: name its folder, or unset the variable"
        fi
        mkdir -p "$wow_cache"
        if duckdb_from_system || duckdb_from_release || duckdb_from_python; then
            . scripts/env.sh
            return
        fi
        echo "No library of DuckDB $(duckdb_version) can be had here: the first build compiles it, for 20 to 30 minutes"
    fi
    # Only a machine that is ours to fill (root) gets clang for its speed; elsewhere any C++ compiler will do.
    if is_root && can_apt; then apt_install clang-19 || apt_install g++ || true; fi
    # The compiler is chosen by what is installed, so choose again.
    . scripts/env.sh
    program "${CXX:-c++}" >/dev/null ||
        die "DuckDB needs a C++ compiler: install g++ or clang, then run this again"
}
# Whether what follows can be built: with a library, or with a compiler for it.
duckdb_ready() { [ -n "${DUCKDB_LIB_DIR:-}" ] || program "${CXX:-c++}" >/dev/null; }

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

trunk_version=0.21.14
# The SHA-256 of what is published for that version, by the machine.
trunk_release() {
    case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) echo x86_64-unknown-linux-gnu f2b4680cd239693a646a2795e4633c625328d7b2a044fbe749fa3a2fe9e7036b ;;
    Linux-aarch64) echo aarch64-unknown-linux-gnu b1d8e60e454f7fc182d9a4d95d1506ffbae947d8ba90f8f6f02da93b60f980f9 ;;
    *) return 1 ;;
    esac
}
trunk_present() { [[ "$(trunk --version 2>/dev/null)" == "trunk ${trunk_version%.*}."* ]]; }
trunk_text() { echo "trunk, which builds and serves the site (seconds; 3 minutes where it must be compiled)"; }
trunk_install() {
    local platform sha256
    if read -r platform sha256 < <(trunk_release) && install_release \
        "https://github.com/trunk-rs/trunk/releases/download/v$trunk_version/trunk-$platform.tar.gz" "$sha256" trunk; then
        return
    fi
    # It fetches nothing and serves this machine alone, so it needs no encryption.
    install_tool --locked --no-default-features "trunk@$trunk_version"
}

# The tool must have the very version of the crate, so the lock file is asked.
wasm_bindgen_version() {
    awk '/^name = "wasm-bindgen"$/ { getline; gsub(/[^0-9.]/, ""); print; exit }' Cargo.lock
}
wasm_bindgen_present() {
    [ "$(wasm-bindgen --version 2>/dev/null)" = "wasm-bindgen $(wasm_bindgen_version)" ]
}
wasm_bindgen_text() {
    echo "wasm-bindgen $(wasm_bindgen_version) (seconds; 2 minutes where it must be compiled)"
}
wasm_bindgen_install() {
    local version folder name sum
    version=$(wasm_bindgen_version)
    folder=https://github.com/wasm-bindgen/wasm-bindgen/releases/download/$version
    name=wasm-bindgen-$version-$(uname -m)-unknown-linux-musl
    sum=$(mktemp)
    if [ "$(uname -s)" = Linux ] && download "$folder/$name.tar.gz.sha256sum" "$sum" &&
        install_release "$folder/$name.tar.gz" "$(cut -d' ' -f1 "$sum")" wasm-bindgen; then
        return
    fi
    # Without --locked: the lock file it was published with names a withdrawn release.
    install_tool --bin wasm-bindgen "wasm-bindgen-cli@$version"
}

wasm_split_version=0.2.4
# It does not tell its version, so what cargo has installed is asked.
wasm_split_present() {
    program wasm-split-cli >/dev/null && grep -qs "\"wasm_split_cli_support $wasm_split_version " "$wow_tools/.crates2.json"
}
wasm_split_text() { echo "wasm-split, which takes out of the page's code what is fetched later (1 minute)"; }
wasm_split_install() { install_tool --locked --features build-binary "wasm_split_cli_support@$wasm_split_version"; }

# Installs a program out of an archive, if that can be fetched and is the one that is meant.
install_release() {
    local url=$1 sha256=$2 name=$3 folder
    folder=$(mktemp -d)
    if download "$url" "$folder/archive.tar.gz" && [ "$(sha256_of "$folder/archive.tar.gz")" = "$sha256" ] &&
        tar -xzf "$folder/archive.tar.gz" -C "$folder"; then
        mkdir -p "$wow_tools/bin"
        find "$folder" -type f -name "$name" -exec install -m 755 {} "$wow_tools/bin/$name" \;
    fi
    rm -rf "$folder"
    [ -x "$wow_tools/bin/$name" ]
}

# Tools are built in a temporary folder, so that they do not wait for a build of ours, and to be there soon rather than
# to be fast.
install_tool() {
    env -u CARGO_TARGET_DIR CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
        CARGO_PROFILE_RELEASE_OPT_LEVEL=1 cargo install --root "$wow_tools" "$@"
}

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

node_modules_present() { has_node_packages tests/e2e; }
# npm writes its own copy of the lock file last, so an older copy means an install that is stale or broken.
has_node_packages() {
    local installed=$1/node_modules/.package-lock.json
    [ -f "$installed" ] && [ ! "$installed" -ot "$1/package-lock.json" ]
}
node_modules_text() { echo "the test runner's Node packages (10 seconds)"; }
node_modules_install() { install_node_packages tests/e2e; }
install_node_packages() {
    PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm --prefix "$1" ci --no-audit --no-fund --loglevel=error
    touch "$1/node_modules/.package-lock.json"
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

# The tests run in them where they can be had; e2e.sh says where they are not.
other_browsers_present() { { find_firefox && find_webkit; } >/dev/null || ! { is_root && is_debian; }; }
other_browsers_text() { echo "Firefox and WebKitGTK, for the tests in other browsers (1 minute)"; }
other_browsers_install() { apt_install firefox-esr webkit2gtk-driver xvfb; }

dbt_present() { has_packages "$dbt_python" $python_requirements; }
# Succeeds if a virtual environment has what files of requirements ask for.
has_packages() {
    local python=$1
    shift
    [ -x "$python" ] && "$python" - "$@" <<'PYTHON' 2>/dev/null
import sys
from importlib.metadata import version

from packaging.requirements import Requirement

for line in (line for name in sys.argv[1:] for line in open(name)):
    if wanted := line.partition("#")[0].strip():
        wanted = Requirement(wanted)
        if (not wanted.marker or wanted.marker.evaluate()) and version(wanted.name) not in wanted.specifier:
            sys.exit(1)
PYTHON
}
dbt_text() { echo "dbt, for the reference SQL, and programs that read Parquet (1 minute)"; }
# Succeeds for a Python that dbt supports and that can make a virtual environment.
python_serves() {
    "$1" -c 'import sys, ensurepip, venv; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}
find_python() {
    local name
    for name in python3 /usr/bin/python3 python3.13 python3.12 python3.11 python3.10; do
        if python_serves "$name"; then
            echo "$name"
            return
        fi
    done
    return 1
}
dbt_install() { install_packages dbt $python_requirements; }
# Makes the virtual environment of a name with what files of requirements ask for.
install_packages() {
    local name=$1 python
    shift
    if ! find_python >/dev/null && can_apt; then apt_install python3 python3-venv || true; fi
    python="$(find_python)" ||
        die "dbt needs Python 3.10 to 3.13 with its venv module: install it, then run this again"
    # Made anew where there is one: what another dbt needed may stand in the way of this one.
    "$python" -m venv --clear "$wow_cache/$name"
    "$wow_cache/$name/bin/python" -m pip install --quiet --disable-pip-version-check $(printf -- '-r %s ' "$@")
}

# --- what the benchmark needs besides ------------------------------------------------------------------

# Polars and DuckDB are in the virtual environment of dbt.
peers_present() { has_node_packages tests/peers; }
peers_text() { echo "duckdb-wasm, to compare with (10 seconds, 200 MB)"; }
peers_install() { install_node_packages tests/peers; }

# --- what the models on Spark need ----------------------------------------------------------------------

java_present() { find_java >/dev/null; }
java_text() { echo "a Java runtime, which Spark runs on (1 minute)"; }
java_install() {
    if can_apt; then apt_install openjdk-17-jre-headless || apt_install openjdk-21-jre-headless || true; fi
    java_present || die "Spark needs Java 17 or newer: install it, or name its folder in JAVA_HOME, then run this again"
}

spark_present() { has_packages "$spark_python" $spark_requirements; }
spark_text() { echo "Spark and dbt for it (3 minutes)"; }
spark_install() { install_packages spark $spark_requirements; }

# --- what `make fuzz` needs -----------------------------------------------------------------------------

cxx_present() { program "${CXX:-c++}" >/dev/null; }
cxx_text() { echo "a C++ compiler for libFuzzer (1 minute)"; }
cxx_install() {
    if can_apt; then apt_install g++ || true; fi
    cxx_present || die "libFuzzer needs a C++ compiler: install g++ or clang, then run this again"
}

nightly_present() { cargo +nightly --version >/dev/null 2>&1; }
nightly_text() { echo "a nightly Rust toolchain, for fuzzing alone (2 minutes)"; }
nightly_install() {
    program rustup >/dev/null && rustup toolchain install nightly --profile minimal ||
        die "fuzzing needs a nightly Rust toolchain, which rustup brings: install rustup, then run this again"
}

cargo_fuzz_version=0.13.2
cargo_fuzz_present() { [[ "$(cargo-fuzz --version 2>/dev/null)" == "cargo-fuzz ${cargo_fuzz_version%.*}."* ]]; }
cargo_fuzz_text() { echo "cargo-fuzz (1 minute)"; }
cargo_fuzz_install() { install_tool --locked "cargo-fuzz@$cargo_fuzz_version"; }

# --- what `make dist` needs besides ---------------------------------------------------------------------

cargo_about_version=0.9.3
cargo_about_present() { [[ "$(cargo-about --version 2>/dev/null)" == "cargo-about ${cargo_about_version%.*}."* ]]; }
cargo_about_text() { echo "cargo-about, which collects licences (3 minutes)"; }
cargo_about_install() { install_tool --locked --features cli "cargo-about@$cargo_about_version"; }

# --------------------------------------------------------------------------------------------------------

main() {
    local steps step missing="" number=0
    case "${1:-}" in
    site) steps=$site_steps ;;
    demo) steps=$demo_steps ;;
    test) steps=$test_steps ;;
    bench) steps=$bench_steps ;;
    java) steps=$java_steps ;;
    spark) steps=$spark_steps ;;
    fuzz) steps=$fuzz_steps ;;
    dist) steps=$dist_steps ;;
    *) die "usage: setup.sh site|demo|test|bench|java|spark|fuzz|dist" ;;
    esac
    program cargo >/dev/null || die "Rust is needed: install it with rustup, then run this again"
    for step in $steps; do
        "${step}_present" || missing="$missing $step"
    done
    announce $missing
    for step in $missing; do
        number=$((number + 1))
        say "Setting up, $number of $(wc -w <<<"$missing"): $("${step}_text")"
        "${step}_install"
        if [ $step = duckdb ]; then duckdb_ready; else "${step}_present"; fi ||
            die "$("${step}_text") was installed but is not found"
    done
}

announce() {
    local step
    [ $# -gt 0 ] || return 0
    say "To be set up, into $wow_cache or as system packages:"
    for step in "$@"; do echo "  - $("${step}_text")"; done
}

main "$@"
