# What Myco uses and does not ship: the reader's code, by npm's registry; see lib/additions.py.
# shellcheck shell=bash

# plant_additions: into the data of the user who runs the browser. Without a network the browser
# runs as well, and the reader says what is missing.
plant_additions() {
    local data=$run_home/.local/share tried=${setup_log%/*}/additions-tried-$run_user
    [ "$EUID" -eq 0 ] || data=${XDG_DATA_HOME:-$data}
    if as_user test -e "$data/myco-browser/reader/versions"; then return; fi
    if [ -n "$(find "$tried" -mtime -1 2>/dev/null)" ]; then return; fi
    mkdir -p "${tried%/*}"
    touch "$tried"
    printf -- '- fetching the parts of the reader … ' >&2
    if as_user mkdir -p -m 0700 "$data/myco-browser" &&
        as_user "$python" - reader "$data/myco-browser/reader" \
            <"$checkout/scripts/lib/additions.py" >"$setup_log" 2>&1; then
        echo done >&2
    else
        echo "not available; the reader is left out until a later start" >&2
    fi
}

# fetch_additions: for tests, into a cache, exported as MYCO_ADDITIONS; tests without it say so.
fetch_additions() {
    local folder=${XDG_CACHE_HOME:-$HOME/.cache}/myco-browser/additions
    [ "$EUID" -ne 0 ] || folder=$root_cache/additions
    mkdir -p "$folder" "${setup_log%/*}"
    if ! "$python" "$checkout/scripts/lib/additions.py" reader "$folder/reader" >"$setup_log" 2>&1; then
        say "- $(tail -n 1 "$setup_log"): the tests of the reader are left out"
    fi
    chmod -R a+rX "$folder"
    export MYCO_ADDITIONS=$folder
}
