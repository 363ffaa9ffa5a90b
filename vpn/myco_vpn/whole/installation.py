"""Putting the helper on a computer, and taking it away: once, as root.

What runs with an administrator's rights must not be changeable by anybody else, so the few modules
that the helper needs are packed into one file of root's; the rest of Myco may lie wherever it lies.
"""

from __future__ import annotations

import json
import os
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

import myco_vpn
from myco_vpn.files import changeable_by_others, replace_file
from myco_vpn.whole.helper import ACTION, USERS_FILE
from myco_vpn.whole.machine import MachineError, missing_programs

MODULES = (
    "__init__", "files",
    "whole/__init__", "whole/helper", "whole/machine", "whole/rules", "whole/verbs",
    "wireguard/__init__", "wireguard/config", "wireguard/fields", "wireguard/keys",
    "wireguard/parse",
)  # fmt: skip
"""All that the helper loads of ours; everything else is Python's own."""
_MAIN = """\
from myco_vpn.whole.helper import main

raise SystemExit(main())
"""
_SOCKET_UNIT, _SERVICE_UNIT = "myco-vpn-whole.socket", "myco-vpn-whole.service"
_BOOT_UNIT = "myco-vpn-whole-boot.service"
_PYTHON = "/usr/bin/python3 -I -B"


@dataclass(frozen=True, slots=True)
class Tree:
    """Where files go, below `root` (another one than "/" is for packages and for trying out)."""

    root: Path = Path("/")

    @property
    def program(self) -> Path:
        """The helper, one file."""
        return self.root / "usr/local/lib/myco-vpn/helper.pyz"

    @property
    def users(self) -> Path:
        """Who may ask without a password."""
        return self.root / USERS_FILE.relative_to("/")

    @property
    def policy(self) -> Path:
        """polkit's description of what is asked for."""
        return self.root / f"usr/share/polkit-1/actions/{ACTION}.policy"

    def unit(self, name: str) -> Path:
        """A systemd unit."""
        return self.root / "etc/systemd/system" / name


def install(tree: Tree, users: list[int], *, services: bool) -> None:
    """Write everything and begin to listen; doing it again brings it up to date.

    Raises MachineError, OSError.
    """
    if missing := missing_programs():
        packages = {"ip": "iproute2", "nft": "nftables", "wg": "wireguard-tools"}
        names = " ".join(packages[one] for one in missing)
        raise MachineError(f"run “apt install {names}” first")
    os.umask(0o022)
    pack(tree.program)
    demand_owned(tree.program, tree.root)
    texts = {
        tree.users: json.dumps(sorted(users)),
        tree.policy: policy(),
        tree.unit(_SOCKET_UNIT): socket_unit(),
        tree.unit(_SERVICE_UNIT): service_unit(),
        tree.unit(_BOOT_UNIT): boot_unit(),
    }
    for path, text in texts.items():
        path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        replace_file(path, text.encode())
        path.chmod(0o644)
    if services:
        _systemctl("daemon-reload")
        _systemctl("enable", _BOOT_UNIT)
        _systemctl("enable", "--now", _SOCKET_UNIT)


def uninstall(tree: Tree, *, services: bool) -> None:
    """Take everything away again. Raises MachineError, OSError."""
    if services:
        _systemctl("disable", "--now", _SOCKET_UNIT, _BOOT_UNIT)
    paths = [tree.unit(name) for name in (_SOCKET_UNIT, _SERVICE_UNIT, _BOOT_UNIT)]
    for path in (*paths, tree.policy, tree.users, tree.program):
        path.unlink(missing_ok=True)
    for folder in (tree.program.parent, tree.users.parent):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    if services:
        _systemctl("daemon-reload")


def pack(program: Path) -> None:
    """The helper as one file that only its owner can change. Raises OSError."""
    source = Path(myco_vpn.__file__).parent
    program.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    fresh = program.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with zipfile.ZipFile(fresh, "x", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("__main__.py", _MAIN)
        for name in MODULES:
            archive.write(source / f"{name}.py", f"myco_vpn/{name}.py")
    fresh.chmod(0o644)
    os.replace(fresh, program)


def demand_owned(path: Path, root: Path) -> None:
    """Raises MachineError if anybody but us could put another file in the place of `path`."""
    if (part := changeable_by_others(path, os.geteuid(), root)) is not None:
        raise MachineError(f"{part} can be changed by others: “chown root”, “chmod go-w”")


def policy() -> str:
    """polkit's action (polkit(8)): an administrator's password, kept for a while."""
    return f"""\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE policyconfig PUBLIC "-//freedesktop//DTD PolicyKit Policy Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/PolicyKit/1.0/policyconfig.dtd">
<policyconfig>
  <vendor>Myco</vendor>
  <action id="{ACTION}">
    <description>Lead this computer through a VPN</description>
    <description xml:lang="fr">Faire passer cet ordinateur par un VPN</description>
    <message>To change the VPN of the whole computer, an administrator has to agree.</message>
    <message xml:lang="fr">Changer le VPN de tout l’ordinateur demande l’accord d’un
      administrateur.</message>
    <defaults>
      <allow_any>no</allow_any>
      <allow_inactive>no</allow_inactive>
      <allow_active>auth_admin_keep</allow_active>
    </defaults>
  </action>
</policyconfig>
"""


def socket_unit() -> str:
    """Where requests come in. Everybody may ask; who is answered is the helper's matter."""
    return """\
[Unit]
Description=Myco VPN for the whole computer (requests)

[Socket]
ListenStream=/run/myco-vpn-whole.sock
SocketMode=0666

[Install]
WantedBy=sockets.target
"""


def service_unit() -> str:
    """The helper itself. wireguard-go, where it is needed, outlives it."""
    return f"""\
[Unit]
Description=Myco VPN for the whole computer

[Service]
ExecStart={_PYTHON} {Tree().program}
KillMode=process
SendSIGKILL=no
NoNewPrivileges=yes
CapabilityBoundingSet=CAP_NET_ADMIN CAP_NET_RAW CAP_NET_BIND_SERVICE
DevicePolicy=closed
DeviceAllow=/dev/net/tun rw
LockPersonality=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHome=yes
ProtectKernelLogs=yes
ProtectSystem=full
PrivateTmp=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
LimitCORE=0
"""


def boot_unit() -> str:
    """Before there is a network: nothing leaves until the tunnel of before is wanted again."""
    return f"""\
[Unit]
Description=Myco VPN for the whole computer (blocked until connected)
DefaultDependencies=no
Before=network-pre.target
Wants=network-pre.target
After=local-fs.target nftables.service

[Service]
Type=oneshot
ExecStart={_PYTHON} {Tree().program} --boot

[Install]
WantedBy=sysinit.target
"""


def _systemctl(*words: str) -> None:
    command = ["/usr/bin/systemctl", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise MachineError(f"systemctl {words[0]}: {done.stderr.strip()}")
