# What the scripts share. Sourced after `set -euo pipefail`.

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"
. scripts/env.sh

wow="$CARGO_TARGET_DIR/release/wow"
dbt_python="$wow_cache/dbt/bin/python"
spark_python="$wow_cache/spark/bin/python"

# Builds the command as users have it: with the site in it.
build_wow() { cargo build --release --locked "$@" -p wow-cli $wow_features --features site; }

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# Prints the program of that name, shell functions aside.
program() { type -P "$1"; }

# Brings a file from an address; fails within seconds where that cannot be reached.
download() {
    if program curl >/dev/null; then
        curl --fail --silent --location --connect-timeout 5 --max-time 600 --output "$2" "$1"
    else
        program wget >/dev/null && wget --quiet --connect-timeout=5 --tries=1 --output-document "$2" "$1"
    fi
}

# The SHA-256 of a file.
sha256_of() { { sha256sum "$1" 2>/dev/null || shasum -a 256 "$1"; } | cut -d' ' -f1; }

# Prints the folder of a Java that Spark runs on: $JAVA_HOME, or that of the java on the PATH.
find_java() {
    local home version
    for home in "${JAVA_HOME:-}" "$(java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p')"; do
        [ -n "$home" ] || continue
        version=$("$home/bin/java" -XshowSettings:properties -version 2>&1 |
            sed -n 's/^ *java\.specification\.version = //p') || continue
        if [ "${version%%.*}" -ge 17 ] 2>/dev/null; then
            echo "$home"
            return
        fi
    done
    return 1
}

# Prints the Firefox to test with: $FIREFOX, an installed one, or nothing.
find_firefox() {
    local name
    for name in "${FIREFOX:-}" firefox-esr firefox /Applications/Firefox.app/Contents/MacOS/firefox; do
        [ -n "$name" ] && program "$name" && return
    done
    return 1
}

# Prints WebKitGTK's browser, where its driver and a display for it are too; $WEBKIT, an installed one, or nothing.
find_webkit() {
    local name
    program WebKitWebDriver >/dev/null && program Xvfb >/dev/null || return 1
    for name in "${WEBKIT:-}" /usr/lib/*/webkit2gtk-4.1/MiniBrowser /usr/libexec/webkit2gtk-4.1/MiniBrowser; do
        [ -n "$name" ] && program "$name" && return
    done
    return 1
}

# Prints the Chromium to test with: $CHROME, an installed one, or nothing.
find_chrome() {
    local name
    for name in "${CHROME:-}" chromium chromium-browser google-chrome google-chrome-stable chrome \
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
        "/Applications/Chromium.app/Contents/MacOS/Chromium"; do
        [ -n "$name" ] && program "$name" && return
    done
    return 1
}
