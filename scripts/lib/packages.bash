# The Debian packages that Myco needs, and how the missing ones get onto the machine.
# shellcheck shell=bash

# What libQt6WebEngineCore.so, QtWebEngineProcess and the platform plugins of PyQt6's wheels are
# linked against (ldd), without what these packages depend on by themselves.
engine_packages=(
    libasound2 libcups2 libdbus-1-3 libdrm2 libegl1 libexpat1 libfontconfig1 libfreetype6 libgbm1
    libgl1 libglib2.0-0 libgssapi-krb5-2 libnspr4 libnss3 libudev1 libx11-6 libx11-xcb1 libxcb1
    libxcb-cursor0 libxcb-dri3-0 libxcb-glx0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1
    libxcb-randr0 libxcb-render0 libxcb-render-util0 libxcb-shape0 libxcb-shm0 libxcb-sync1
    libxcb-util1 libxcb-xfixes0 libxcb-xkb1 libxcomposite1 libxdamage1 libxext6 libxfixes3
    libxkbcommon0 libxkbcommon-x11-0 libxkbfile1 libxrandr2 libxrender1 libxtst6 zlib1g
    libwayland-client0 libwayland-cursor0 libwayland-egl1 libwayland-server0
)
# Fonts for any page, Python, the tunnel's tools, certificates, and what opens other programs' files.
browser_packages=(
    "${engine_packages[@]}"
    fonts-dejavu-core fonts-liberation fonts-noto-color-emoji
    python3 python3-venv ca-certificates xdg-utils wireguard-tools wireguard-go
)
# What spelling dictionaries are made from, and the tool that makes them.
dictionary_packages=(hunspell-fr hunspell-en-us hunspell-en-gb qt6-webengine-dev-tools)
# A display, a network and a certificate store that tests can have for themselves.
test_packages=("${browser_packages[@]}" "${dictionary_packages[@]}" xvfb xauth xdotool iproute2 tcpdump procps libnss3-tools nftables dnsmasq-base dovecot-imapd dovecot-lmtpd apache2-bin at-spi2-core dbus-daemon git)

# missing_packages NAME...: those that are not installed, one a line. Debian 13 gave some libraries
# the ending t64; with that they count as installed too.
missing_packages() {
    local installed name
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p')
    for name in "$@"; do
        grep -qxF -e "$name" -e "${name}t64" <<<"$installed" || printf '%s\n' "$name"
    done
}

# install_packages NAME...: what is missing among them.
install_packages() {
    local missing
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        say "- this is no Debian: packages are left to you (see the lists in scripts/lib/packages.bash)"
        return
    fi
    mapfile -t missing < <(missing_packages "$@")
    [ "${#missing[@]}" -gt 0 ] || return 0
    if [ "$EUID" -ne 0 ] && ! command -v sudo >/dev/null; then
        fail "these packages are missing and neither root's rights nor sudo are here to install them." \
            "Have an administrator run: apt-get install --no-install-recommends ${missing[*]}"
    fi
    if [ "$EUID" -ne 0 ]; then
        sudo -v || fail "sudo refused; have an administrator run:" \
            "apt-get install --no-install-recommends ${missing[*]}"
    fi
    step "fetching Debian's package lists" "Check the network and /etc/apt/sources.list." \
        _as_root apt-get update
    mapfile -t missing < <(_names_in_this_release "${missing[@]}")
    step "installing ${#missing[@]} Debian packages" \
        "Try by hand: apt-get install --no-install-recommends ${missing[*]}." \
        _as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends -o DPkg::Lock::Timeout=120 \
        "${missing[@]}"
}

# The newer wireguard-go where backports are configured; the names with t64 where only those exist.
_names_in_this_release() {
    local name
    for name in "$@"; do
        if [ "$name" = wireguard-go ] && apt-cache madison "$name" | grep -q bookworm-backports; then
            name=$name/bookworm-backports
        elif ! _is_known "$name" && _is_known "${name}t64"; then
            name=${name}t64
        fi
        printf '%s\n' "$name"
    done
}

_is_known() { [ -n "$(apt-cache madison "$1" 2>/dev/null)" ]; }

_as_root() { if [ "$EUID" -eq 0 ]; then "$@"; else sudo "$@"; fi; }
