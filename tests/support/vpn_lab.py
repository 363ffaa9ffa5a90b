"""Three computers in one process tree, made by an ordinary user: client, gateway, internet.

    client (198.51.100.2, 2001:db8:1::2) -- gateway -- internet (203.0.113.10, 2001:db8:2::10)

The client is this process: a new user and network namespace. The gateway runs what `myco-vpn
gateway` sets up. The internet has a server that says from which address it was asked, and it can be
reached directly, too: what leaks works, and is seen. Everything that leaves the client is captured
on its only cable, by a packet socket of the gateway's side.
"""

from __future__ import annotations

import contextlib
import ctypes
import ipaddress
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from support.vpn_tap import GATEWAY_V4, GATEWAY_V6, WG_PORT, Tap

from myco_vpn import kernel, seal
from myco_vpn.gateway import system
from myco_vpn.gateway.state import Gateway
from myco_vpn.gateway.system import Place
from myco_vpn.wireguard.config import Config, Endpoint
from myco_vpn.wireguard.keys import SecretKey, new_private_key

CLIENT_V4, CLIENT_V6 = "198.51.100.2", "2001:db8:1::2"
SERVER_V4, SERVER_V6 = "203.0.113.10", "2001:db8:2::10"
HTTP_PORT = 80
SILENT_RESOLVER = "203.0.113.99"
INSIDE_NAME = "inside.example"
"""A name that only the tunnel's name server knows."""
BOTH_NAME = "both.example"
"""A name that the internet's name server knows, with both kinds of addresses."""
FAR_GATEWAY_NAME = "far-gateway.example"
"""A gateway's name that only the tunnel's name server knows."""
_NEWNS_CAPABILITIES = (
    12,
    13,
    21,
    10,
    6,
    7,
    1,
    0,
)  # net_admin, net_raw, sys_admin, bind, set*id, dac
_PROGRAMS = ("ip", "nft", "wg", "dnsmasq", "wireguard-go")
_FOLDERS = "/usr/sbin:/usr/bin:/sbin:/bin"
_FORWARDING = ("/proc/sys/net/ipv4/ip_forward", "/proc/sys/net/ipv6/conf/all/forwarding")
_libc = ctypes.CDLL(None, use_errno=True)
_SETNS_NET = 0x40000000


def obstacle() -> str:
    """Why no lab can be made here; "" when one can."""
    missing = [name for name in _PROGRAMS if shutil.which(name, path=_FOLDERS) is None]
    if missing:
        return f"missing: {' '.join(missing)}"
    if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        return "/dev/net/tun cannot be used"
    return seal._why_not(1)


def enter_lab(as_root: bool = False) -> None:
    """Put this process into namespaces of its own, with leave to administer networks there.

    With `as_root` its user is called root in there, as some programs demand.
    """
    uid, gid = os.getuid(), os.getgid()
    names = (0, 0) if as_root else (uid, gid)
    kernel.unshare(kernel.CLONE_NEWUSER | kernel.CLONE_NEWNET | kernel.CLONE_NEWNS)
    kernel.set_dumpable()
    Path("/proc/self/setgroups").write_text("deny", "ascii")
    Path("/proc/self/uid_map").write_text(f"{names[0]} {uid} 1", "ascii")
    Path("/proc/self/gid_map").write_text(f"{names[1]} {gid} 1", "ascii")
    kernel.mount("none", "/", "none", kernel.MS_REC | kernel.MS_PRIVATE)
    kernel.mount("tmpfs", "/run", "tmpfs", kernel.MS_NODEV, "mode=0700")  # wireguard-go's place
    raise_ambient()


def raise_ambient() -> None:
    """Let programs started from here keep the capabilities of this namespace."""
    header = struct.pack("=Ii", 0x20080522, 0)
    _check(_libc.capget(header, found := ctypes.create_string_buffer(24)))
    low = sum(1 << number for number in _NEWNS_CAPABILITIES)
    effective, permitted, _, high, permitted_high, _ = struct.unpack("=6I", found.raw)
    sets = struct.pack("=6I", effective, permitted, low, high, permitted_high, 0)
    _check(_libc.capset(header, sets))
    for number in _NEWNS_CAPABILITIES:
        zero = ctypes.c_ulong(0)
        _check(_libc.prctl(47, ctypes.c_ulong(2), ctypes.c_ulong(number), zero, zero))


def drop_ambient() -> None:
    """Let programs started from here have no capabilities, as a user's programs have none."""
    zero = ctypes.c_ulong(0)
    _check(_libc.prctl(47, ctypes.c_ulong(4), zero, zero, zero))


def _check(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def ip(*words: str) -> None:
    """Run `ip` with these words."""
    arguments = " ".join(words).split()
    done = subprocess.run(["/usr/sbin/ip", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"ip {' '.join(arguments)}: {done.stderr}")


class Host:
    """A computer: a child process in a network namespace of its own, told what to do by calls."""

    def __init__(self) -> None:
        ready, go = os.pipe(), os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            kernel.set_parent_death_signal(signal.SIGKILL)
            kernel.unshare(kernel.CLONE_NEWNET | kernel.CLONE_NEWNS)
            os.write(ready[1], b"x")
            os.read(go[0], 1)
            os._exit(0)
        os.read(ready[0], 1)
        self._net = os.open(f"/proc/{self.pid}/ns/net", os.O_RDONLY)
        self._home = os.open("/proc/self/ns/net", os.O_RDONLY)

    @contextlib.contextmanager
    def inside(self) -> Iterator[None]:
        """The calling thread is in this computer's network as long as the context lasts."""
        _check(_libc.setns(self._net, _SETNS_NET))
        try:
            yield
        finally:
            _check(_libc.setns(self._home, _SETNS_NET))


class Lab:
    """The three computers; the client is the process that made it."""

    def __init__(self, folder: Path, members: int = 2) -> None:
        self.folder = folder
        self._children: list[subprocess.Popen[bytes]] = []
        self.gateway_host = Host()
        self.internet = Host()
        self._lay_cables()
        self.place = Place(folder / "gateway", folder / "gateway-run")
        self.gateway, self.keys = self._make_gateway(members)
        self._start_internet()
        self.use_silent_resolver()
        self.untouched = self.gateway_settings()
        self.start_gateway()
        self.tap = Tap(self.gateway_host.inside, "g0")

    def config(self, number: int = 0, **changes: object) -> Config:
        """What member `number` imports."""
        import dataclasses

        member = self.gateway.members[number]
        return dataclasses.replace(self.gateway.config_for(member, self.keys[number]), **changes)  # type: ignore[arg-type]

    def use_silent_resolver(self) -> None:
        """Give the client a name server that never answers, asked again every second."""
        texts = {
            "resolv.conf": f"nameserver {SILENT_RESOLVER}\noptions timeout:1 attempts:8\n",
            "nsswitch.conf": "hosts: files dns\n",
        }
        for name, text in texts.items():
            path = self.folder / name
            path.write_text(text)
            kernel.mount(str(path), f"/etc/{name}", "none", kernel.MS_BIND)

    def start_gateway(self) -> None:
        """Bring the gateway up, as its systemd units do."""
        with self.gateway_host.inside():
            system.up(self.place, self.gateway)
            command = [
                system.program("dnsmasq"),
                # Whoever is called root here has no groups that dnsmasq could give up.
                "--no-daemon" if os.getuid() == 0 else "--keep-in-foreground",
                f"--conf-file={self.place.names}",
                "--pid-file=",
                f"--user={_user_name()}",
                f"--host-record={INSIDE_NAME},{SERVER_V4},{SERVER_V6}",
                f"--host-record={BOTH_NAME},{SERVER_V4},{SERVER_V6}",
                # Of a second gateway, beyond the internet (support/vpn_second).
                f"--host-record={FAR_GATEWAY_NAME},192.0.2.2",
                "--srv-host=_imaps._tcp.coop.example,imap.coop.example,993",
                "--no-resolv",
                "--local=/example/",
            ]
            self._dns = self._popen(command)

    def gateway_settings(self) -> list[str]:
        """Of the gateway's machine, all that `myco-vpn gateway` changes."""
        found = []
        with self.gateway_host.inside():
            for command in ("ip -o link", "nft list ruleset"):
                words = command.split()
                done = subprocess.run(
                    [system.program(words[0]), *words[1:]],
                    capture_output=True, text=True, check=True,
                )  # fmt: skip
                # What a cable does by itself is not meant.
                found += [line.split()[1] if "link" in words else line
                          for line in done.stdout.splitlines()]  # fmt: skip
            for path in _FORWARDING:
                found.append(Path(path).read_text().strip())
        return found

    def stop_gateway(self) -> None:
        """Kill the gateway's programs without a word."""
        self._dns.kill()
        self._dns.wait()
        with self.gateway_host.inside():
            system._run("ip", "link", "delete", "myco-gw")

    def close(self) -> None:
        """End everything."""
        self.tap.close()
        for child in self._children:
            child.kill()
            child.wait()
        with contextlib.suppress(Exception), self.gateway_host.inside():
            system.down(self.place)
        for host in (self.gateway_host, self.internet):
            os.kill(host.pid, signal.SIGKILL)
            os.waitpid(host.pid, 0)

    def direct(self, address: str = SERVER_V4) -> str:
        """Ask the server without any tunnel: what a leak would look like."""
        return fetch_by(lambda: socket.create_connection((address, HTTP_PORT), 5))

    def _lay_cables(self) -> None:
        ip("link set lo up")
        ip(f"link add c0 type veth peer name g0 netns {self.gateway_host.pid}")
        ip("link set c0 up")
        ip(f"address add {CLIENT_V4}/24 dev c0")
        ip(f"address add {CLIENT_V6}/64 dev c0 nodad")
        with self.gateway_host.inside():
            ip("link set lo up")
            ip(f"link add g1 type veth peer name i0 netns {self.internet.pid}")
            for name, v4, v6 in (
                ("g0", f"{GATEWAY_V4}/24", f"{GATEWAY_V6}/64"),
                ("g1", "203.0.113.1/24", "2001:db8:2::1/64"),
            ):
                ip(f"link set {name} up")
                ip(f"address add {v4} dev {name}")
                ip(f"address add {v6} dev {name} nodad")
        with self.internet.inside():
            ip("link set lo up")
            ip("link set i0 up")
            ip(f"address add {SERVER_V4}/24 dev i0")
            ip(f"address add {SERVER_V6}/64 dev i0 nodad")
            ip("route add default via 203.0.113.1")
            ip("route add default via 2001:db8:2::1")
        self.add_default_routes()

    def add_default_routes(self) -> None:
        """Lead everything of the client to the gateway's outer side."""
        self.add_default_routes_v4()
        ip(f"-6 route replace default via {GATEWAY_V6} dev c0")

    def add_default_routes_v4(self) -> None:
        """The same, IPv4 only."""
        ip(f"route replace default via {GATEWAY_V4} dev c0")

    def _make_gateway(self, members: int) -> tuple[Gateway, list[SecretKey]]:
        gateway = Gateway(
            new_private_key(),
            Endpoint(GATEWAY_V4, WG_PORT),
            "g1",
            ipaddress.IPv4Network("10.66.0.0/24"),
            ipaddress.IPv6Network("fd66:1:2::/64"),
        )
        keys = [new_private_key() for _ in range(members)]
        for number, key in enumerate(keys):
            shared = new_private_key()
            gateway = gateway.adding(f"member-{number}", key.public(), shared)
        system.keep(self.place, gateway)
        return gateway, keys

    def _start_internet(self) -> None:
        with self.internet.inside():
            program = str(Path(__file__).parent / "vpn_internet.py")
            web = self._popen([sys.executable, program], stdout=subprocess.PIPE)
        assert web.stdout is not None
        assert web.stdout.readline() == b"ready\n"

    def _popen(self, command: list[str], **options: object) -> subprocess.Popen[bytes]:
        # They end with the lab, also when that is killed.
        whole = ["/usr/bin/setpriv", "--pdeathsig", "KILL", *command]
        child = subprocess.Popen(whole, stdin=subprocess.DEVNULL, **options)  # type: ignore[call-overload]
        self._children.append(child)
        return child  # type: ignore[no-any-return]


def _user_name() -> str:
    import pwd

    return pwd.getpwuid(os.getuid()).pw_name


def fetch_by(connect: Callable[[], socket.socket]) -> str:
    """The server's answer (the address it was asked from), or "" when there is none."""
    try:
        with connect() as sock:
            sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            received = b""
            while more := sock.recv(65536):
                received += more
    except OSError:
        return ""
    return received.partition(b"\r\n\r\n")[2].decode()


@contextlib.contextmanager
def lab(as_root: bool = False) -> Iterator[Lab]:
    """Enter a lab of our own: this process becomes the client."""
    with tempfile.TemporaryDirectory(prefix="myco-lab-") as folder:
        enter_lab(as_root)
        made = Lab(Path(folder))
        try:
            yield made
        finally:
            made.close()
