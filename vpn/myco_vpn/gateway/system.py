"""Brings a gateway up and down on the machine it runs on: as root, or in a namespace of one's own.

Whatever is changed is put back: the interface and the table are ours alone, and the settings of the
kernel that had to change are remembered until `down`. Doing it twice changes nothing more.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
from pathlib import Path

from myco_vpn.files import replace_file
from myco_vpn.gateway import files
from myco_vpn.gateway.state import INTERFACE, Gateway, GatewayError, from_json, to_json

_PACKAGES = {
    "ip": "iproute2",
    "wg": "wireguard-tools",
    "nft": "nftables",
    "dnsmasq": "dnsmasq-base",
    "wireguard-go": "wireguard-go",
    "systemctl": "systemd",
}
_FOLDERS = "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin"
_START_S = 20.0


class Place:
    """Where a gateway's files are."""

    def __init__(self, folder: Path, runtime: Path) -> None:
        self.folder = folder
        self.runtime = runtime

    @property
    def state(self) -> Path:
        """The set-up and the members."""
        return self.folder / "gateway.json"

    @property
    def names(self) -> Path:
        """The name server's configuration."""
        return self.folder / "dnsmasq.conf"

    @property
    def settings(self) -> Path:
        """What the kernel's settings were before."""
        return self.runtime / "settings.json"


def load(place: Place) -> Gateway:
    """The gateway that was set up here. Raises GatewayError."""
    try:
        return from_json(place.state.read_text("utf-8"))
    except FileNotFoundError:
        raise GatewayError("no gateway is set up here: run “myco-vpn gateway init” first") from None
    except (OSError, UnicodeError) as error:
        raise GatewayError(f"{place.state}: {error}") from error


def keep(place: Place, gateway: Gateway) -> None:
    """Write the set-up, and what is generated from it. Raises GatewayError."""
    try:
        replace_file(place.state, to_json(gateway).encode("utf-8"))
        replace_file(place.names, files.dnsmasq(gateway).encode("utf-8"))
        # It holds no secrets, and the name server reads it as another user.
        place.folder.chmod(0o711)
        place.names.chmod(0o644)
    except OSError as error:
        raise GatewayError(f"{place.folder}: {error}") from error


def program(name: str) -> str:
    """The path of a program. Raises GatewayError, which names the package."""
    found = shutil.which(name, path=_FOLDERS)
    if found is None:
        raise GatewayError(f"{name} is missing: run “apt install {_PACKAGES[name]}”")
    return found


def is_up() -> bool:
    """Whether the interface is there."""
    return _run("ip", "link", "show", INTERFACE)


def up(place: Place, gateway: Gateway) -> None:
    """Make the machine what `gateway` says, from whatever it is now. Raises GatewayError."""
    _apply_rules(files.nftables(gateway))
    if not is_up():
        _make_interface(gateway)
    sync(gateway)
    for address in (
        f"{gateway.own_ipv4}/{gateway.ipv4.prefixlen}",
        f"{gateway.own_ipv6}/{gateway.ipv6.prefixlen}",
    ):
        _demand("ip", "address", "replace", address, "dev", INTERFACE, "nodad")
    _demand("ip", "link", "set", INTERFACE, "mtu", str(gateway.mtu), "up")
    _change_settings(place, gateway)


def sync(gateway: Gateway) -> None:
    """Tell a gateway that is up who its members are; connections of others go on."""
    # By standard input: the text holds keys.
    _demand("wg", "syncconf", INTERFACE, "/dev/stdin", text=files.wireguard(gateway))


def down(place: Place) -> None:
    """Take everything away again that `up` made. Raises GatewayError."""
    _run("ip", "link", "delete", INTERFACE)
    _apply_rules(files.no_nftables())
    with contextlib.suppress(FileNotFoundError):
        before = json.loads(place.settings.read_text("utf-8"))
        for path, value in before.items():
            Path(path).write_text(value, "ascii")
        place.settings.unlink()


def members_seen() -> dict[str, int]:
    """When each public key was last heard of (seconds since 1970; 0: never)."""
    done = subprocess.run(
        [program("wg"), "show", INTERFACE, "latest-handshakes"],
        capture_output=True,
        text=True,
        check=False,
    )
    pairs = (line.split() for line in done.stdout.splitlines())
    return {pair[0]: int(pair[1]) for pair in pairs if len(pair) == 2}


def _make_interface(gateway: Gateway) -> None:
    if _run("ip", "link", "add", INTERFACE, "type", "wireguard"):
        return
    # A kernel without WireGuard. The program goes to the background when the interface is there.
    done = subprocess.run(
        [program("wireguard-go"), INTERFACE],
        env={"LOG_LEVEL": "error", "PATH": _FOLDERS},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=_START_S,
        check=False,
    )
    if done.returncode != 0:
        raise GatewayError("neither the kernel nor wireguard-go can make the interface")


def _change_settings(place: Place, gateway: Gateway) -> None:
    """Let packets pass. IPv6 routers ignore advertisements, which the uplink may live by."""
    v6 = "/proc/sys/net/ipv6/conf"
    wanted = {"/proc/sys/net/ipv4/ip_forward": "1"}
    if os.path.exists(f"{v6}/all/forwarding"):
        accepts = f"{v6}/{gateway.uplink}/accept_ra"
        if os.path.exists(accepts) and Path(accepts).read_text("ascii").strip() == "1":
            wanted[accepts] = "2"
        wanted[f"{v6}/all/forwarding"] = "1"
    before = {path: Path(path).read_text("ascii").strip() for path in wanted}
    changed = {path: value for path, value in before.items() if value != wanted[path]}
    if changed:
        kept = {}
        with contextlib.suppress(FileNotFoundError):
            kept = json.loads(place.settings.read_text("utf-8"))
        replace_file(place.settings, json.dumps({**changed, **kept}).encode("utf-8"))
    for path in changed:
        try:
            Path(path).write_text(wanted[path], "ascii")
        except OSError as error:
            raise GatewayError(f"{path} cannot be changed: {error.strerror}") from error


def _apply_rules(rules: str) -> None:
    _demand("nft", "-f", "-", text=rules)


def _run(name: str, *arguments: str) -> bool:
    done = subprocess.run([program(name), *arguments], capture_output=True, check=False)
    return done.returncode == 0


def _demand(name: str, *arguments: str, text: str = "") -> None:
    done = subprocess.run(
        [program(name), *arguments], input=text, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        said = done.stderr.strip().splitlines()
        raise GatewayError(f"{name} {arguments[0]}: {said[-1] if said else done.returncode}")
