"""A second gateway for a lab, beyond the internet: what comes out of it has another address.

    client -- gateway -- internet (192.0.2.1) -- second gateway (192.0.2.2)

It is set up by hand, with other tools than `myco-vpn gateway`, and so is another provider.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import signal
import subprocess
from pathlib import Path

from support.vpn_lab import SERVER_V4, Host, Lab, ip
from support.vpn_tap import WG_PORT

from myco_vpn.gateway import system
from myco_vpn.wireguard.config import Config, Endpoint, Peer
from myco_vpn.wireguard.keys import SecretKey, new_private_key

SECOND_V4 = "192.0.2.2"
SECOND_NAME = "second.example"
"""A name that only this gateway's name server knows."""
_INTERFACE = "gw2"
_NETWORK = "10.77.0"


class SecondGateway:
    """A WireGuard server with masquerading and a name server."""

    def __init__(self, lab: Lab, members: int = 2) -> None:
        self.lab = lab
        self.host = Host()
        self._own = new_private_key()
        self._members: list[SecretKey] = [new_private_key() for _ in range(members)]
        with lab.internet.inside():
            ip(f"link add i1 type veth peer name s0 netns {self.host.pid}")
            ip("link set i1 up")
            ip("address add 192.0.2.1/24 dev i1")
            Path("/proc/sys/net/ipv4/ip_forward").write_text("1")
        with lab.gateway_host.inside():
            ip("route add 192.0.2.0/24 via 203.0.113.10")
        with self.host.inside():
            self._set_up()

    def config(self, member: int = 0) -> Config:
        """What a member imports."""
        return Config(
            self._members[member],
            (ipaddress.ip_interface(f"{_NETWORK}.{member + 2}/32"),),
            (
                Peer(
                    self._own.public(),
                    None,
                    Endpoint(SECOND_V4, WG_PORT),
                    (ipaddress.ip_network("0.0.0.0/0"),),
                ),
            ),
            (ipaddress.ip_address(f"{_NETWORK}.1"),),
        )

    def close(self) -> None:
        """End it."""
        with contextlib.suppress(Exception), self.host.inside():
            ip(f"link delete {_INTERFACE}")
        os.kill(self.host.pid, signal.SIGKILL)
        os.waitpid(self.host.pid, 0)

    def _set_up(self) -> None:
        ip("link set lo up")
        ip("link set s0 up")
        ip(f"address add {SECOND_V4}/24 dev s0")
        ip("route add default via 192.0.2.1")
        Path("/proc/sys/net/ipv4/ip_forward").write_text("1")
        command = [system.program("wireguard-go"), _INTERFACE]
        environ = {"LOG_LEVEL": "error", "PATH": os.environ["PATH"]}
        quiet = subprocess.DEVNULL  # it stays in the background, and would keep a pipe open
        subprocess.run(command, env=environ, check=True, stdin=quiet, stdout=quiet, stderr=quiet)
        lines = [
            "[Interface]",
            f"PrivateKey = {self._own.text}",
            f"ListenPort = {WG_PORT}",
        ]
        for number, key in enumerate(self._members):
            allowed = f"{_NETWORK}.{number + 2}/32"
            lines += ["[Peer]", f"PublicKey = {key.public().text}", f"AllowedIPs = {allowed}"]
        self._run("wg", "setconf", _INTERFACE, "/dev/stdin", text="\n".join(lines))
        ip(f"address add {_NETWORK}.1/24 dev {_INTERFACE}")
        ip(f"link set {_INTERFACE} mtu 1280 up")
        rules = f"""table ip second {{
            chain source {{
                type nat hook postrouting priority srcnat;
                ip saddr {_NETWORK}.0/24 oifname "s0" masquerade
            }}
        }}"""
        self._run("nft", "-f", "-", text=rules)
        user = "root" if os.geteuid() == 0 else str(os.geteuid())
        with contextlib.suppress(KeyError):
            import pwd

            user = pwd.getpwuid(os.getuid()).pw_name
        self.lab._popen(
            [
                system.program("dnsmasq"), "--keep-in-foreground", "--conf-file=/dev/null",
                "--pid-file=", f"--user={user}", "--no-resolv", "--no-hosts",
                f"--listen-address={_NETWORK}.1", "--bind-interfaces", "--local=/example/",
                f"--host-record={SECOND_NAME},{SERVER_V4}",
            ]
        )  # fmt: skip

    def _run(self, name: str, *arguments: str, text: str) -> None:
        done = subprocess.run(
            [system.program(name), *arguments],
            input=text,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
