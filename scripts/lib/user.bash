# Who runs the browser. Pages are code of strangers: as root the engine's sandbox would have to be
# switched off, so root's scripts hand everything to an ordinary user.
# shellcheck shell=bash

service_user=myco-browser

# choose_user: sets run_user, run_home and run_runtime (its XDG_RUNTIME_DIR, perhaps empty).
choose_user() {
    if [ "$EUID" -ne 0 ]; then
        run_user=$(id -un) run_home=$HOME run_runtime=${XDG_RUNTIME_DIR:-}
        return
    fi
    if [ -n "${SUDO_USER:-}" ] && [ "$SUDO_USER" != root ] && id -u "$SUDO_USER" >/dev/null 2>&1; then
        run_user=$SUDO_USER
    else
        run_user=$service_user
        id -u "$run_user" >/dev/null 2>&1 || step "making the user $run_user" "See useradd(8)." \
            useradd --system --create-home --user-group --shell /usr/sbin/nologin "$run_user"
    fi
    run_home=$(getent passwd "$run_user" | cut -d: -f6)
    run_runtime=/run/user/$(id -u "$run_user")
    [ -d "$run_runtime" ] || run_runtime=/run/myco-browser-$(id -u "$run_user")
    install -d -m 0700 -o "$run_user" -g "$(id -gn "$run_user")" "$run_runtime"
}

# as_user COMMAND...: as that user, with an environment that holds nothing of root's.
as_user() { if [ "$EUID" -ne 0 ]; then "$@"; else setpriv "${user_options[@]}" "$@"; fi; }

# exec_as_user COMMAND...: the same, in place of this script.
exec_as_user() { if [ "$EUID" -ne 0 ]; then exec "$@"; else exec setpriv "${user_options[@]}" "$@"; fi; }

# prepare_user: sets user_options for the two above. Call it after choose_user, and again when
# DISPLAY has changed.
prepare_user() {
    local name kept=()
    [ "$EUID" -eq 0 ] || return 0
    for name in DISPLAY WAYLAND_DISPLAY XAUTHORITY DBUS_SESSION_BUS_ADDRESS LANG LANGUAGE LC_ALL \
        LC_MESSAGES TZ TERM CI COLUMNS QT_QPA_PLATFORM QT_SCALE_FACTOR XDG_CURRENT_DESKTOP \
        XDG_SESSION_TYPE XDG_DATA_DIRS XDG_ACTIVATION_TOKEN MYCO_SHARED_DATA MYCO_PAGE_LIBRARIES MYCO_ADDITIONS; do
        [ -z "${!name:-}" ] || kept+=("$name=${!name}")
    done
    user_options=(
        "--reuid=$run_user" "--regid=$(id -g "$run_user")" --init-groups
        env -i "HOME=$run_home" "USER=$run_user" "LOGNAME=$run_user" SHELL=/bin/sh
        PATH=/usr/local/bin:/usr/bin:/bin "XDG_RUNTIME_DIR=$run_runtime" "${kept[@]}"
    )
}

# find_display: completes DISPLAY, WAYLAND_DISPLAY and XAUTHORITY for the user; status 1 without any.
find_display() {
    if [ "$EUID" -eq 0 ]; then _display_of_user; fi
    [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]
}

_display_of_user() {
    local cookie=${XAUTHORITY:-${HOME:-/root}/.Xauthority} socket
    if [ "$run_user" != "$service_user" ]; then
        # sudo drops WAYLAND_DISPLAY; the user's own compositor is easily found.
        for socket in "$run_runtime"/wayland-[0-9]; do
            if [ -S "$socket" ]; then WAYLAND_DISPLAY=${WAYLAND_DISPLAY:-${socket##*/}}; fi
        done
        if [ -S "$run_runtime/bus" ]; then DBUS_SESSION_BUS_ADDRESS=unix:path=$run_runtime/bus; fi
    else
        # Root's compositor and session bus let nobody else in; X does, with root's cookie.
        unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS
    fi
    unset XAUTHORITY
    if [ -n "${DISPLAY:-}" ] && [ -r "$cookie" ]; then
        XAUTHORITY=$run_runtime/myco-browser.xauthority
        install -m 0600 -o "$run_user" -g "$(id -gn "$run_user")" "$cookie" "$XAUTHORITY"
    fi
}

# sandbox_obstacle: prints why the engine's sandbox cannot work here; nothing when it can.
sandbox_obstacle() {
    if as_user unshare --user --map-root-user true 2>/dev/null; then
        return
    elif _reads_as /proc/sys/kernel/apparmor_restrict_unprivileged_userns 1; then
        echo "AppArmor forbids ordinary users to make user namespaces; allow it with" \
            "“sysctl kernel.apparmor_restrict_unprivileged_userns=0”."
    elif _reads_as /proc/sys/kernel/unprivileged_userns_clone 0; then
        echo "the kernel forbids ordinary users to make user namespaces; allow it with" \
            "“sysctl kernel.unprivileged_userns_clone=1”."
    elif _reads_as /proc/sys/user/max_user_namespaces 0; then
        echo "user namespaces are switched off; allow them with “sysctl user.max_user_namespaces=15000”."
    else
        echo "the kernel refuses user namespaces here, as it does in a plain chroot and in many" \
            "containers; use a machine of its own, or enter this one with systemd-nspawn or as" \
            "scripts/fresh-machine does (pivot_root instead of chroot)."
    fi
}

_reads_as() { [ -r "$1" ] && [ "$(cat "$1")" = "$2" ]; }
