#!/usr/bin/env bash
# The release for Linux, in release/: a tarball with the command, the site in it and DuckDB, which runs from any folder of
# any machine with the same C library or a newer one; its manual and what completes it in shells; the licences of all that
# is inside; and its checksum. With WOW_DUCKDB=bundled DuckDB is compiled into the command, otherwise its library lies
# beside it.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[ "$(uname -s)" = Linux ] || die "the release is made on Linux"
version=$(cargo pkgid --locked -p wow-cli)
version=${version##*[#@]}
name="wow-$version-$(uname -m)-linux"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
folder="$work/$name"
mkdir "$folder"

# What DuckDB is made of, as the crate that brings its source has it.
duckdb_notices() {
    local crate source
    crate=$(awk '/^name = "libduckdb-sys"$/ { getline; gsub(/[^0-9.]/, ""); print; exit }' Cargo.lock)
    source=$(echo "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*/libduckdb-sys-"$crate")
    printf '\n%s\nDuckDB\n\n' "================================================================================"
    cat "$source/LICENSE"
    printf '\nDuckDB contains these libraries, whose licences are in its source, below third_party: '
    tar -tzf "$source/duckdb.tar.gz" | sed -n 's#.*third_party/\([^/]*\)/.*#\1#p' | sort -u | paste -sd, | sed 's/,/, /g'
}

say "The command of release $version"
WOW_RPATH="\$ORIGIN/lib" build_wow
install -m 755 "$wow" "$folder/wow"
strip "$folder/wow"
if [ -n "${DUCKDB_LIB_DIR:-}" ]; then
    mkdir "$folder/lib"
    # Beside DuckDB from its Python package lies a second library, for the names of Python's that it asks for.
    cp -L "$DUCKDB_LIB_DIR"/lib*.so "$folder/lib/"
fi

say "The manual, and what completes the command line"
"$folder/wow" man --out "$folder/man/man1"
mkdir "$folder/completions"
for shell in bash zsh fish powershell elvish; do
    "$folder/wow" completions "$shell" >"$folder/completions/wow.$shell"
done

say "Licences"
# The texts are taken from the crates; no other host is asked for them.
cargo fetch --locked --quiet
cargo about generate --frozen --fail --workspace --config scripts/release/about.toml --output-file "$folder/LICENCES.txt" \
    scripts/release/licences.hbs
duckdb_notices >>"$folder/LICENCES.txt"
cp LICENSE README.md CHANGELOG.md "$folder/"

# The same files give the same tarball.
mkdir -p release
tar --directory "$work" --sort=name --owner=0 --group=0 --numeric-owner --mtime='2000-01-01 00:00Z' -cf - "$name" |
    gzip -9n >"release/$name.tar.gz"
(cd release && sha256sum "$name.tar.gz" >SHA256SUMS)
ls -l "release/$name.tar.gz"

scripts/check-dist.sh "release/$name.tar.gz"
