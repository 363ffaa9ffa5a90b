# The place where tests run, their display, and the stages with their times.
# shellcheck shell=bash

stage_names=() stage_results=() stage_seconds=() stage_ends=()
stage_failed=no
cleanup_pids=() cleanup_folders=()

_clean_up() {
    local each
    for each in "${cleanup_pids[@]}"; do kill "$each" 2>/dev/null || true; done
    for each in "${cleanup_folders[@]}"; do rm -rf "$each"; done
}

# open_workplace: sets workplace, where the user may write: the checkout, or as root a copy of it.
open_workplace() {
    trap _clean_up EXIT
    trap 'exit 130' INT TERM
    workplace=$checkout
    if [ "$EUID" -eq 0 ]; then
        workplace=$(mktemp -d "$root_cache/test.XXXXXX")
        cleanup_folders+=("$workplace")
        step "copying the sources to where $run_user can read them" "Is the disk full?" \
            copy_sources "$workplace"
        chown -R "$run_user:" "$workplace"
        chmod 0755 "$workplace"
    fi
    cd "$workplace"
}

# find_shared_data: exports MYCO_SHARED_DATA when the folder of lists and requests lies beside the
# checkout; a copy where the user may not read it.
find_shared_data() {
    local beside=${MYCO_SHARED_DATA:-$checkout/../shared/data}
    unset MYCO_SHARED_DATA
    if [ ! -d "$beside" ]; then
        say "- no shared data beside the checkout: the tests that need it will say so"
        return
    fi
    beside=$(cd "$beside" && pwd)
    if ! as_user find "$beside" -type f ! -readable -print -quit 2>/dev/null >"$setup_log" || [ -s "$setup_log" ]; then
        cleanup_folders+=("$workplace.data")
        cp -rL "$beside" "$workplace.data"
        chmod -R u+rwX,go+rX "$workplace.data"
        beside=$workplace.data
    fi
    export MYCO_SHARED_DATA=$beside
}

# start_display [SIZE]: a display of its own, so that no window appears on anybody's desktop.
start_display() {
    local folder
    [ "$EUID" -ne 0 ] || install -d -m 1777 /tmp/.X11-unix
    folder=$(mktemp -d)
    cleanup_folders+=("$folder")
    mkfifo "$folder/ready"
    unset WAYLAND_DISPLAY XAUTHORITY DBUS_SESSION_BUS_ADDRESS DISPLAY
    prepare_user
    exec_as_user Xvfb -displayfd 3 -screen 0 "${1:-1280x900}x24" -nolisten tcp -noreset \
        >"$folder/log" 2>&1 3>"$folder/ready" &
    cleanup_pids+=("$!")
    IFS= read -r -t 20 DISPLAY <"$folder/ready" || true
    if [ -z "${DISPLAY:-}" ]; then
        cat "$folder/log" >&2
        fail "the test display (Xvfb) did not start; its words are above."
    fi
    export DISPLAY=:$DISPLAY
}

# tool NAME ARGUMENT...: a tool of the environment, as the user, on the workplace's sources.
tool() {
    local name=$1
    shift
    as_user env "PYTHONPATH=$(source_paths "$workplace")" PYTHONDONTWRITEBYTECODE=1 \
        "XDG_CACHE_HOME=$run_home/.cache" "MYPY_CACHE_DIR=$run_home/.cache/myco-browser/mypy" \
        "$environment/bin/$name" "$@" </dev/null
}

# stage NAME COMMAND...: runs and remembers it; the next stage runs also when it fails.
stage() {
    local name=$1 started=$SECONDS status=0 log
    shift
    log=$(mktemp)
    printf '\n%s== %s%s\n' "$bold" "$name" "$plain"
    "$@" 2>&1 | tee "$log" || status=${PIPESTATUS[0]}
    stage_names+=("$name")
    stage_seconds+=("$((SECONDS - started))")
    stage_ends+=("$(tail -n 1 "$log" | tr -d '=' | sed 's/^ *//; s/ *$//')")
    rm -f "$log"
    if [ "$status" -eq 0 ]; then
        stage_results+=("${green}ok${plain}")
    else
        stage_results+=("${red}FAILED${plain}")
        stage_failed=yes
    fi
}

# end_stages: each stage with its time and its last line, then the end with the right status.
end_stages() {
    local i
    printf '\n%s== summary%s\n' "$bold" "$plain"
    for i in "${!stage_names[@]}"; do
        printf '%-18s %-6s %4s s  %s\n' "${stage_names[i]}" "${stage_results[i]}" \
            "${stage_seconds[i]}" "${stage_ends[i]}"
    done
    if [ "$stage_failed" = yes ]; then
        printf '%sNot everything passed%s (%s s)\n' "$red" "$plain" "$SECONDS"
        exit 1
    fi
    printf '%sEverything passed%s (%s s)\n' "$green" "$plain" "$SECONDS"
    exit 0
}

# at_most A B: the smaller one.
at_most() { echo "$(($1 < $2 ? $1 : $2))"; }
