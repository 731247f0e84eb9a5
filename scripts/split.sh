#!/usr/bin/env bash
# Cuts the compiled code in a built site into what is there from the start and pieces that are fetched when they are needed,
# and names all of it by its content. Trunk runs this on each build.
set -euo pipefail

case "$TRUNK_PROFILE" in
release) profile=web ;;
*) profile=release ;;
esac
compiled="${CARGO_TARGET_DIR:-target}/wasm32-unknown-unknown/$profile"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# What scripts name their pieces by, until those have theirs.
pieces='"\./\(split_\|chunk_\)\(\w*\)\.wasm"'

hash_of() { { sha256sum "$1" 2>/dev/null || shasum -a 256 "$1"; } | cut -c 1-16; }

# Makes of a program that cargo compiled one script $2.js, its code $2_bg.wasm and the pieces of that.
split() {
    local program=$1 stem=$2 hash=${2##*-} script piece
    wasm-split-cli "$compiled/$program.wasm" "$work/$program" --target web --out-name "$stem" >/dev/null
    wasm-bindgen "$work/$program/$stem.wasm" --target web --keep-lld-exports --no-typescript --out-dir "$TRUNK_STAGING_DIR" --out-name "$stem"
    script="$TRUNK_STAGING_DIR/$stem.js"
    # What loads the pieces needs what the script has, and the other way round, so both become one file: then its name can
    # follow from what is in it.
    {
        sed '/^import \* as import[0-9]* from "\.\/__wasm_split\.js"/d' "$script"
        sed -e '/^import { initSync } from/d' -e 's/^export const /const /' "$work/$program/__wasm_split.js" |
            sed -e 's/\bfetch(new URL(/piece(new URL(/' -e "s#$pieces#\"./$program-\2-$hash.wasm\"#"
        cat scripts/piece.js
        for number in $(grep -o '^import \* as import[0-9]*' "$script" | grep -o '[0-9]*$'); do
            echo "const import$number = { $(grep -o '^export const \w*' "$work/$program/__wasm_split.js" | sed 's/.* //' | paste -sd ,) };"
        done
    } >"$work/$stem.js"
    mv "$work/$stem.js" "$script"
    for piece in "$work/$program"/split_*.wasm "$work/$program"/chunk_*.wasm; do
        [ ! -e "$piece" ] || cp "$piece" "$TRUNK_STAGING_DIR/$program-$(basename "$piece" .wasm | sed 's/^[a-z]*_//')-$hash.wasm"
    done
}

cd "$(dirname "${BASH_SOURCE[0]}")/.."
index="$TRUNK_STAGING_DIR/index.html"
app=$(sed -n 's|.*<meta name="app" content="\./\(app-[0-9a-f]*\)\.js".*|\1|p' "$index")
split app "$app"
# A worker's code would have the same name in every build, and the browser might pair an old one with a new page.
worker="worker-$(hash_of "$compiled/worker.wasm")"
split worker "$worker"
cat scripts/worker.js >>"$TRUNK_STAGING_DIR/$worker.js"
rm "$TRUNK_STAGING_DIR"/worker.js "$TRUNK_STAGING_DIR"/worker_bg.wasm
sed "s#\./worker\(_bg\.wasm\|\.js\)\"#./$worker\1\"#g" "$index" >"$index.new"
grep -q "$worker.js" "$index.new"
mv "$index.new" "$index"
