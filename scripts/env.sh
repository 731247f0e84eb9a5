# Source this file: it puts the tools that setup.sh installed on the PATH, and points cargo at build folders
# outside the checkout, so that every clone on this machine shares what was compiled once.

wow_cache="${XDG_CACHE_HOME:-$HOME/.cache}/wow-analytics"
wow_tools="$wow_cache/tools"

case ":$PATH:" in
*":$wow_tools/bin:"*) ;;
*) export PATH="$wow_tools/bin:$PATH" ;;
esac
export CARGO_TARGET_DIR="$wow_cache/target"

# A DuckDB library that is named, or that setup.sh found or brought, is linked; without one, and with
# WOW_DUCKDB=bundled, DuckDB is compiled into the command. Builds of the command take $wow_features.
wow_duckdb="$wow_cache/duckdb"
if [ "${WOW_DUCKDB:-}" = bundled ]; then
    unset DUCKDB_LIB_DIR
elif [ -z "${DUCKDB_LIB_DIR:-}" ] && { [ -e "$wow_duckdb/libduckdb.so" ] || [ -e "$wow_duckdb/libduckdb.dylib" ]; }; then
    export DUCKDB_LIB_DIR="$wow_duckdb"
fi
if [ -n "${DUCKDB_LIB_DIR:-}" ]; then
    wow_features=--no-default-features
else
    wow_features=""
    # Clang compiles DuckDB in two thirds of gcc's time. Another compiler means another DuckDB, so it is set in
    # this one place.
    if command -v clang-19 >/dev/null 2>&1; then
        export CC=clang-19 CXX=clang++-19
    fi
fi

# Whether the active Rust toolchain has the standard library of wasm32.
has_wasm_target() {
    [ -d "$(rustc --print sysroot 2>/dev/null)/lib/rustlib/wasm32-unknown-unknown/lib" ]
}

# Whether Debian's compiler can build that library: its source and a linker for wasm are there.
has_debian_wasm() {
    [ -x /usr/bin/cargo ] && [ -x /usr/bin/wasm-ld-22 ] && [ -d /usr/lib/rustlib/src/rust/library/std ]
}

# Runs a command (trunk, cargo) in the environment of wasm builds. They have a build folder of their own,
# because a change of compiler would make cargo build everything again.
wasm() (
    export CARGO_TARGET_DIR="$wow_cache/target-wasm" TRUNK_SKIP_VERSION_CHECK=true
    if ! has_wasm_target && has_debian_wasm; then
        export PATH="/usr/bin:$PATH" RUSTC=/usr/bin/rustc CARGO=/usr/bin/cargo RUSTC_BOOTSTRAP=1
        export CARGO_UNSTABLE_BUILD_STD=std,panic_abort
        export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-22
    fi
    exec "$@"
)

# In a shell at the keyboard, `trunk serve` is all there is to type.
case $- in
*i*) trunk() { wasm trunk "$@"; } ;;
esac
