# Where the sources and the Python environment lie, so that the one who runs them can read them.
# shellcheck shell=bash

# An ordinary user works in the checkout. Root's checkout may be closed to the user who runs the
# browser, and the Python on root's PATH too: root's runs use copies here, and Debian's Python.
root_cache=/var/cache/myco-browser
python=/usr/bin/python3

# choose_places: sets setup_log and environment.
choose_places() {
    # bash's <(…) needs it as well, and so does the engine.
    [ -e /proc/self/fd ] || fail "/proc is not mounted here; run “mount -t proc proc /proc” first."
    if [ "$EUID" -eq 0 ]; then
        environment=$root_cache/venv
        setup_log=$root_cache/setup.log
        mkdir -p "$root_cache"
    else
        environment=$checkout/.venv
        setup_log=${XDG_CACHE_HOME:-$HOME/.cache}/myco-browser/setup.log
    fi
}

# make_environment run|test: what pyproject.toml asks for, installed once for each content of it.
make_environment() {
    local wanted lock
    [ -x "$python" ] || fail "$python is missing. Install Python 3.11 or newer with its venv module."
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        fail "$python is $("$python" --version); Myco needs Python 3.11 or newer."
    wanted=$("$python" --version && sha256sum <"$checkout/pyproject.toml" && echo "$environment")
    mkdir -p "${environment%/*}"
    exec {lock}>"$environment.lock"
    flock "$lock"
    if ! _is_filled "$1"; then
        _fill_environment "$1"
        echo "$wanted" >"$environment/.myco-$1"
    fi
    exec {lock}>&-
}

# What tests need holds what running needs.
_is_filled() {
    if [ "$1" = run ] && [ "$(cat "$environment/.myco-run" 2>/dev/null)" = "$wanted" ]; then return; fi
    [ "$(cat "$environment/.myco-test" 2>/dev/null)" = "$wanted" ]
}

_fill_environment() {
    local requirements
    # Made elsewhere and moved here, its scripts would start another Python.
    if ! grep -qsF "$environment/bin/python" "$environment/bin/pip" || ! "$environment/bin/python" -c ''; then
        step "making the Python environment" "Is python3-venv installed?" \
            "$python" -m venv --clear "$environment"
    fi
    mapfile -t requirements < <("$python" "$checkout/scripts/lib/requirements.py" "$1" "$checkout/pyproject.toml")
    step "installing Python packages (some 300 MB the first time)" \
        "Check the network and pip's settings (pip config list)." \
        "$environment/bin/python" -m pip install --disable-pip-version-check --progress-bar off "${requirements[@]}"
}

# source_paths FOLDER: the folders that hold our packages, as PYTHONPATH.
source_paths() { printf '%s' "$1:$1/filters:$1/vpn:$1/resources"; }

# copy_sources FOLDER: what git knows of the checkout, and what is new there, readable by everyone.
copy_sources() {
    mkdir -p "$1" &&
        (cd "$checkout" && _source_files | tar --null --no-recursion --mode=u+rwX,go+rX -cf - -T -) |
        tar -xf - -C "$1" --no-same-owner
}

# readable_sources: sets sources to the checkout, or as root to a copy that follows it.
readable_sources() {
    local known state
    sources=$checkout
    [ "$EUID" -eq 0 ] || return 0
    sources=$root_cache/sources-$(printf '%s' "$checkout" | sha256sum | cut -c1-12)
    # Checkouts come and go.
    find "$root_cache" -maxdepth 1 -name 'sources-*' ! -path "$sources" -mtime +30 -exec rm -rf {} +
    state=$(cd "$checkout" && _source_files | xargs -0 sha256sum | sha256sum)
    known=$(cat "$sources/.state" 2>/dev/null || true)
    if [ "$state" = "$known" ]; then touch "$sources"; return; fi
    rm -rf "$sources.new"
    step "copying the sources to where $run_user can read them" "Is the disk full?" _stage_sources
    echo "$state" >"$sources.new/.state"
    rm -rf "$sources"
    mv "$sources.new" "$sources"
}

# Byte code is made here once, because the user cannot write it.
_stage_sources() {
    copy_sources "$sources.new" &&
        "$environment/bin/python" -m compileall -q -s "$sources.new" -p "$sources" \
            "$sources.new"/{myco_browser,filters,vpn,resources}
}

# The files of the checkout, each ended by a zero byte; without git, all of them.
_source_files() {
    local name
    if [ -e .git ] && command -v git >/dev/null; then
        git -c safe.directory="$checkout" ls-files -z --cached --others --exclude-standard
    else
        find . -type d \( -name .venv -o -name __pycache__ -o -name .git \) -prune -o -type f -print0
    fi | while IFS= read -r -d '' name; do
        if [ -e "$name" ] || [ -L "$name" ]; then printf '%s\0' "$name"; fi
    done
}
