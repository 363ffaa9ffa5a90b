# Progress and failures, the same in every script. Sourced, never run.
# shellcheck shell=bash

set -euo pipefail
# What root makes here is read by an ordinary user later.
umask 022

if [ -t 2 ]; then bold=$'\e[1m' red=$'\e[31m' green=$'\e[32m' plain=$'\e[0m'; else bold='' red='' green='' plain=''; fi

# say TEXT: one line for the user.
say() { printf '%s\n' "$*" >&2; }

# fail TEXT: what is wrong and what to do, then the end.
fail() {
    printf '%s%s:%s %s\n' "$red" "${0##*/}" "$plain" "$*" >&2
    exit 1
}

# step TEXT ADVICE COMMAND...: runs the command with its output in the log; one line when it is done.
# A failing step names itself, shows the end of its log and says what to do.
step() {
    local text=$1 advice=$2 status=0 started=$SECONDS
    shift 2
    mkdir -p "${setup_log%/*}"
    printf -- '- %s … ' "$text" >&2
    "$@" >"$setup_log" 2>&1 </dev/null || status=$?
    if [ "$status" -eq 0 ]; then
        printf 'done (%s s)\n' "$((SECONDS - started))" >&2
        return
    fi
    printf '%sfailed%s\n' "$red" "$plain" >&2
    tail -n 15 "$setup_log" | sed 's/^/    /' >&2
    fail "the step “$text” failed (status $status). $advice The whole log is in $setup_log."
}
