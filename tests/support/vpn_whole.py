"""The whole computer's tunnel in a lab, by the installed helper, and what leaves the client; JSON.

    python vpn_whole.py [STAGE...]

The client is called root in its namespaces and uses plain sockets, as any program would.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from support.vpn_lab import (
    CLIENT_V4,
    INSIDE_NAME,
    SERVER_V4,
    SERVER_V6,
    Lab,
    fetch_by,
    ip,
    lab,
)
from support.vpn_tap import GATEWAY_V4, GATEWAY_V6

from myco_vpn.whole import client, installation
from myco_vpn.whole.installation import Tree
from myco_vpn.whole.rules import DEVICE, TABLE
from myco_vpn.whole.verbs import Answer, State

_PATIENCE_S = 2.0
_SETTINGS = ("all/src_valid_mark", "all/arp_ignore")


def start_helper(tree: Tree, listener: socket.socket, *options: str) -> int:
    """The helper with its socket where systemd puts it (sd_listen_fds(3)); its process id."""
    place = [(os.POSIX_SPAWN_DUP2, listener.fileno(), 3)]
    command = ["/usr/bin/python3", "-I", "-B", str(tree.program), *options]
    return os.posix_spawn(command[0], command, os.environ, file_actions=place)


class Computer:
    """The client's computer with the helper on it."""

    def __init__(self, lab_: Lab) -> None:
        self.lab = lab_
        self.path = lab_.folder / "whole.sock"
        self.tree = Tree(lab_.folder / "root")
        installation.install(self.tree, [], services=False)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.path))
        self.listener.listen()
        self.helper = 0
        self.start_helper()

    def start_helper(self, *options: str) -> None:
        """As systemd would, when somebody asks."""
        folder = self.lab.folder
        kept = ("--kept", f"{folder}/kept.json", "--runtime", f"{folder}/settings.json")
        self.helper = start_helper(self.tree, self.listener, *kept, *options)

    def end_helper(self, number: int = signal.SIGTERM) -> None:
        os.kill(self.helper, number)
        os.waitpid(self.helper, 0)

    def ask(self, verb: str, member: int | None = None) -> Answer:
        config = None if member is None else self.lab.config(member)
        answer = client.ask(verb, config, self.path)
        assert answer.state is not None, answer.problem
        return answer

    def connect(self, member: int = 0) -> None:
        """Up, and until the gateway has answered."""
        self.ask("up", member)
        self.wait_for(State.PROTECTED)

    def wait_for(self, state: State, seconds: float = 20.0) -> None:
        deadline = time.monotonic() + seconds
        while self.ask("status").state is not state:
            assert time.monotonic() < deadline, f"never {state}"
            time.sleep(0.02)


def _fetch(host: str = SERVER_V4, seconds: float = _PATIENCE_S) -> str:
    return fetch_by(lambda: socket.create_connection((host, 80), seconds))


def _everything(*, names: bool = True) -> list[str]:
    """What programs do: addresses of both kinds, a name, questions to all kinds of name servers.

    A name that nobody answers for takes the system's resolver eight seconds.
    """
    _ask_names()
    hosts = (SERVER_V4, SERVER_V6, INSIDE_NAME) if names else (SERVER_V4, SERVER_V6)
    return [_fetch(host, _PATIENCE_S if names else 0.5) for host in hosts]


def _ask_names(count: int = 20) -> None:
    """Questions by hand, to servers on the local network and beyond, by UDP and by TCP."""
    question = bytes.fromhex("123401000001000000000000") + b"\1a\7example\0\0\1\0\1"
    for number in range(count):
        for server in (GATEWAY_V4, "203.0.113.99", GATEWAY_V6, "198.51.100.77"):
            family = socket.AF_INET6 if ":" in server else socket.AF_INET
            with socket.socket(family, socket.SOCK_DGRAM) as sock, contextlib.suppress(OSError):
                sock.sendto(number.to_bytes(2, "big") + question[2:], (server, 53))
    for port in (53, 853):
        with contextlib.suppress(OSError):
            socket.create_connection(("203.0.113.99", port), 0.1).close()


@contextlib.contextmanager
def _busy() -> Iterator[list[str]]:
    """Requests all the time, from other threads; the answers."""
    ended, answers = threading.Event(), []

    def ask(host: str) -> None:
        while not ended.is_set():
            answers.append(_fetch(host, 0.5))
            ended.wait(0.01)

    threads = [threading.Thread(target=ask, args=(h,)) for h in (SERVER_V4, SERVER_V6, INSIDE_NAME)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def off(computer: Computer) -> dict[str, object]:
    """The positive control."""
    direct = [_fetch(seconds=8.0), _fetch(SERVER_V6, 8.0)]
    return {"direct": direct, "state": computer.ask("status").state}


def connected(computer: Computer) -> dict[str, object]:
    """What was open is cut; everything goes by the tunnel."""
    stream = socket.create_connection((SERVER_V4, 80), 5)
    stream.sendall(b"GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
    stream.recv(100)
    computer.connect()
    # What was open is refused by the rules, on this side; the server hears nothing of it.
    with contextlib.suppress(OSError):
        stream.sendall(b"x")
    stream.close()
    computer.lab.tap.settle()
    computer.lab.tap.take()
    return {"answers": _everything()}


def helper_killed(computer: Computer) -> dict[str, object]:
    """The rules and the tunnel do not need the helper."""
    computer.end_helper(signal.SIGKILL)
    without = _everything()
    computer.start_helper()
    return {"without": without, "state": computer.ask("status").state}


def routes_added(computer: Computer) -> dict[str, object]:
    """What a hostile DHCP server can do (TunnelVision)."""
    for target in (f"{SERVER_V4}/32", "10.66.0.0/24", "0.0.0.0/1", "128.0.0.0/1"):
        ip(f"route add {target} via {GATEWAY_V4} dev c0")
    ip(f"-6 route add {SERVER_V6}/128 via {GATEWAY_V6} dev c0")
    answers = _everything()
    for target in (f"{SERVER_V4}/32", "10.66.0.0/24", "0.0.0.0/1", "128.0.0.0/1"):
        ip(f"route del {target}")
    ip(f"-6 route del {SERVER_V6}/128")
    return {"answers": answers}


def link_down(computer: Computer) -> dict[str, object]:
    """The cable is pulled and put in again."""
    ip("link set c0 down")
    without = _fetch(seconds=0.5)
    ip("link set c0 up")
    ip("address replace 2001:db8:1::2/64 dev c0 nodad")
    computer.lab.add_default_routes()
    return {"without": without, "with": _until_answered()}


def address_changes(computer: Computer) -> dict[str, object]:
    """Another address on the same cable, and back."""
    ip("address flush dev c0 scope global")
    ip("address add 198.51.100.77/24 dev c0")
    computer.lab.add_default_routes_v4()
    _everything(names=False)  # an older wireguard-go takes a while to follow
    ip("address flush dev c0 scope global")
    ip(f"address add {CLIENT_V4}/24 dev c0")
    ip("address add 2001:db8:1::2/64 dev c0 nodad")
    computer.lab.add_default_routes()
    return {"back": _until_answered(30)}


def switched(computer: Computer) -> dict[str, object]:
    """Another exit, while programs ask."""
    with _busy() as answers:
        for member in (1, 0, 1):
            computer.connect(member)
            _until_answered()
    return {"answered": sum(map(bool, answers)), "wrong": [a for a in answers if a == CLIENT_V4]}


def gateway_dead(computer: Computer) -> dict[str, object]:
    """Gone without a word; the command that waits for it is killed, too."""
    computer.lab.stop_gateway()
    without = _everything(names=False)
    command = [
        sys.executable, "-c",
        "from support.vpn_whole import wait_in_vain; wait_in_vain()", str(computer.path),
    ]  # fmt: skip
    waiting = subprocess.Popen(command)
    without += [_fetch()]
    waiting.kill()
    waiting.wait()
    still = _everything(names=False)
    computer.lab.start_gateway()
    return {"without": without, "still": still, "back": _until_answered(30)}


def wait_in_vain() -> None:
    """A client that asks and asks, until it is killed."""
    while True:
        client.ask("status", None, Path(sys.argv[1]))


def program_killed(computer: Computer) -> dict[str, object]:
    """wireguard-go is killed, where it is the kernel's stand-in; the device is taken away else."""
    killed = [pid for pid in _processes() if _is_program(pid)]
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    if not killed:
        ip(f"link delete {DEVICE}")
    computer.wait_for(State.BLOCKED)
    without = _everything()
    with _busy() as answers:
        computer.connect()
    return {"without": without, "wrong": [a for a in answers if a == CLIENT_V4], "back": _fetch()}


def blocked(computer: Computer) -> dict[str, object]:
    """Nothing leaves."""
    state = computer.ask("block").state
    computer.lab.tap.settle()
    computer.lab.tap.take()
    return {"state": state, "answers": _everything()}


def booted(computer: Computer) -> dict[str, object]:
    """A start of the computer: the rules are gone, and stand again before anything else runs."""
    found: dict[str, object] = {}
    for name, text in (
        ("wanted", '{"secured": true}'),
        ("damaged", "{"),
        ("not", '{"secured": false}'),
    ):
        subprocess.run(
            ["/usr/sbin/nft", "delete", "table", "inet", TABLE], check=False, capture_output=True
        )
        (computer.lab.folder / "kept.json").write_text(text)
        computer.end_helper()
        computer.start_helper("--boot")
        os.waitpid(computer.helper, 0)
        computer.start_helper()
        found[name] = computer.ask("status").state
    (computer.lab.folder / "kept.json").write_text('{"secured": true}')
    return found


def nothing_left(computer: Computer) -> dict[str, object]:
    """Up and down by the user: the computer is as it was."""
    computer.ask("down")
    before = _configuration()
    direct = _fetch()
    computer.connect()
    inside = _fetch()
    changed = _configuration() != before
    computer.ask("down")
    after = _configuration()
    return {
        "same": after == before,
        "differs": [line for line in after if line not in before],
        "changed": changed,
        "answers": [direct, inside, _fetch()],
    }


def _until_answered(seconds: float = 20.0) -> str:
    deadline = time.monotonic() + seconds
    while not (answer := _fetch(seconds=1.0)):
        assert time.monotonic() < deadline
    return answer


def _configuration() -> list[str]:
    commands = (
        "/usr/sbin/nft list ruleset",
        "/usr/sbin/ip rule", "/usr/sbin/ip -6 rule",
        "/usr/sbin/ip -4 route show table all", "/usr/sbin/ip -6 route show table all",
        "/usr/sbin/ip -o link",
    )  # fmt: skip
    lines = []
    for command in commands:
        done = subprocess.run(command.split(), capture_output=True, text=True, check=False)
        lines += done.stdout.splitlines()
    return lines + [Path(f"/proc/sys/net/ipv4/conf/{name}").read_text() for name in _SETTINGS]


def _processes() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _is_program(pid: int) -> bool:
    with contextlib.suppress(OSError):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        net = os.readlink(f"/proc/{pid}/ns/net")
        return (
            words[0].endswith(b"wireguard-go")
            and DEVICE.encode() in words
            and (net == os.readlink("/proc/self/ns/net"))
        )
    return False


STAGES: tuple[Callable[[Computer], dict[str, object]], ...] = (
    off, connected, helper_killed, routes_added, link_down, address_changes, switched,
    gateway_dead, program_killed, blocked, booted, nothing_left, off,
)  # fmt: skip


def main() -> None:
    """Run the stages named, or all."""
    found: dict[str, object] = {}
    with lab(as_root=True) as lab_:
        computer = Computer(lab_)
        for stage in STAGES:
            if sys.argv[1:] and stage.__name__ not in sys.argv[1:]:
                continue
            lab_.tap.take()
            begun = time.monotonic()
            seen = stage(computer)
            lab_.tap.settle()
            name = f"{stage.__name__}_again" if stage.__name__ in found else stage.__name__
            print(f"{time.monotonic() - begun:.1f} {name}", file=sys.stderr)
            capture = lab_.tap.take()
            found[name] = {**seen, "others": capture.others[:20], "allowed": capture.allowed}
        computer.end_helper()
        computer.listener.close()
    print(json.dumps(found, default=lambda value: value.value))


if __name__ == "__main__":
    main()
