# What Myco uses and does not ship: the reader's code, by npm's registry, and
# dictionaries, made from Debian's; see lib/additions.py.
# shellcheck shell=bash

# plant_additions: into the data of the user who runs the browser. Without a network the browser
# runs as well: the reader says what is missing, and spelling is not checked.
plant_additions() {
    local data=$run_home/.local/share tried=${setup_log%/*}/additions-tried-$run_user
    [ "$EUID" -eq 0 ] || data=${XDG_DATA_HOME:-$data}
    data=$data/myco-browser
    if as_user test -e "$data/reader/versions" && as_user test -e "$data/dictionaries"; then return; fi
    if [ -n "$(find "$tried" -mtime -1 2>/dev/null)" ]; then return; fi
    mkdir -p "${tried%/*}"
    touch "$tried"
    as_user mkdir -p -m 0700 "$data"
    _add "$data" reader "fetching the parts of the reader" "the reader is left out"
    _add "$data" dictionaries "making spelling dictionaries" "spelling is not checked"
}

_add() {
    printf -- '- %s … ' "$3" >&2
    if as_user "$python" - "$2" "$1/$2" <"$checkout/scripts/lib/additions.py" >"$setup_log" 2>&1; then
        echo done >&2
    else
        echo "not available; $4 until a later start" >&2
    fi
}

# fetch_additions: for tests, into a cache, exported as MYCO_ADDITIONS; tests without it say so.
fetch_additions() {
    local folder=${XDG_CACHE_HOME:-$HOME/.cache}/myco-browser/additions what
    [ "$EUID" -ne 0 ] || folder=$root_cache/additions
    mkdir -p "$folder" "${setup_log%/*}"
    for what in reader dictionaries; do
        if ! "$python" "$checkout/scripts/lib/additions.py" "$what" "$folder/$what" >"$setup_log" 2>&1; then
            say "- $(tail -n 1 "$setup_log"): tests that need it are left out"
        fi
    done
    chmod -R a+rX "$folder"
    export MYCO_ADDITIONS=$folder
}
