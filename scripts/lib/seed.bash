# Filter lists for the first start: those in Debian's package of uBlock Origin, without Chromium.
# shellcheck shell=bash

# plant_seed: unpacks the package's files to where the browser looks for them. Without it the first
# start has Myco's own short lists until the first update: a notice, never a failure.
plant_seed() {
    local data place tried package=webext-ublock-origin-chromium
    data=$run_home/.local/share
    [ "$EUID" -eq 0 ] || data=${XDG_DATA_HOME:-$data}
    place=$data/myco-browser/seed
    tried=${setup_log%/*}/seed-tried-$run_user
    if as_user test -d "$place" || [ -d /usr/share/chromium/extensions/ublock-origin/assets ]; then return; fi
    if [ -n "$(find "$tried" -mtime -7 2>/dev/null)" ] || ! command -v apt-get >/dev/null; then return; fi
    mkdir -p "${tried%/*}"
    touch "$tried"
    printf -- '- fetching filter lists for the first start … ' >&2
    if _unpack "$package" "$place" >"$setup_log" 2>&1 </dev/null; then
        echo done >&2
    else
        echo "not available; Myco's own short lists protect until the first update" >&2
    fi
}

_unpack() {
    local folder status=0
    folder=$(mktemp -d) || return
    chmod 0755 "$folder"
    # root's apt-get would hand the download to the user _apt, which cannot write there.
    (cd "$folder" && apt-get -o APT::Sandbox::User=root download "$1") &&
        as_user mkdir -p -m 0700 "${2%/*}" &&
        as_user rm -rf "$2.new" &&
        as_user dpkg-deb -x "$folder/$1"_*.deb "$2.new" &&
        as_user mv "$2.new" "$2" || status=$?
    rm -rf "$folder"
    return "$status"
}
