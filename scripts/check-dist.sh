#!/usr/bin/env bash
# Unpacks a release in a folder of its own and uses it there, as on a machine without the repository.
set -euo pipefail

tarball=$(realpath "$1")
(cd "$(dirname "$tarball")" && sha256sum --check --quiet SHA256SUMS)
place=$(mktemp -d)
server=""
cleanup() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    rm -rf "$place"
}
trap cleanup EXIT
tar -xzf "$tarball" -C "$place"
release=$(echo "$place"/wow-*)
for file in wow README.md LICENSE LICENCES.txt CHANGELOG.md man/man1/wow.1 completions/wow.bash; do
    [ -s "$release/$file" ] || { echo "error: the release has no $file" >&2; exit 1; }
done
mkdir "$place/use"
cd "$place/use"

# By a link, as people put programs on their PATH, and with nothing of this shell.
ln -s "$release/wow" "$place/wow"
wow() { env -i PATH=/usr/bin:/bin HOME="$place" "$place/wow" "$@"; }

library=$(env -i ldd "$release/wow" | awk '/libduckdb/ { print $3 }')
case "$library" in
"" | "$(realpath "$release")"/*) ;;
*) echo "error: the release loads DuckDB from $library" >&2 && exit 1 ;;
esac

wow --version
wow generate --scale 0.001
wow export
wow verify
env -i PATH=/usr/bin:/bin HOME="$place" "$place/wow" serve --port 0 >said &
server=$!
for _ in $(seq 100); do
    url=$(sed -n 's/^Serving at \([^ ]*\) .*/\1/p' said)
    [ -z "$url" ] || break
    sleep 0.1
done
cat said
curl --fail --silent --show-error --compressed "$url" | grep -q "<title>WoW Analytics</title>"
curl --fail --silent --show-error "${url}data/dev/manifest.json" | cmp - public/data/dev/manifest.json
kill -INT "$server"
wait "$server"
server=""
echo "The release works where nothing else is"
