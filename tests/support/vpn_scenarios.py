"""What happens to a tunnel in a lab, and what left the client meanwhile; the answer is JSON.

    python vpn_scenarios.py [--steps N] [--seed N] [STAGE...]

Each stage ends with what the tap on the client's cable saw: `others` must be empty wherever the
tunnel is wanted. Stages follow each other in one lab, because making one takes longer than most.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

from support.door_rig import services_by
from support.vpn_client import Client, client, is_settled, while_busy
from support.vpn_clients import clients_running, launcher_killed
from support.vpn_lab import (
    CLIENT_V4,
    INSIDE_NAME,
    SERVER_V4,
    SERVER_V6,
    SILENT_RESOLVER,
    Lab,
    fetch_by,
    ip,
    lab,
)
from support.vpn_tap import GATEWAY_V4
from support.vpn_walk import child_of
from support.vpn_walk import random_walk as walk

from myco_vpn.link import DialError, dial
from myco_vpn.tunnel.states import (
    BlockAll,
    Blocked,
    Connecting,
    Off,
    Protected,
    TurnOff,
    TurnOn,
)
from myco_vpn.wireguard.config import Config, Peer
from myco_vpn.wireguard.keys import new_private_key

Stage = Callable[[Lab, Client], Awaitable[dict[str, object]]]
_PARSER = argparse.ArgumentParser()
_PARSER.add_argument("--steps", type=int, default=500)
_PARSER.add_argument("--seed", type=int, default=7)
_PARSER.add_argument("--but", action="append", default=[])
_PARSER.add_argument("stages", nargs="*")
_OPTIONS = _PARSER.parse_args(sys.argv[1:] if __name__ == "__main__" else [])
_HOSTS = (INSIDE_NAME, SERVER_V4, SERVER_V6, "no-such-name.example")


async def off(lab_: Lab, client_: Client) -> dict[str, object]:
    """The positive control: without a tunnel all of it leaves directly, and is seen."""
    direct = [await client_.fetch(host) for host in (SERVER_V4, SERVER_V6)]
    return {"direct": direct, "by_hand": lab_.direct()}


async def command_line(lab_: Lab, client_: Client) -> dict[str, object]:
    """`myco-vpn gateway` and `myco-vpn`, as people call them."""
    return await asyncio.to_thread(_command_line, lab_)


def _command_line(lab_: Lab) -> dict[str, object]:
    place = lab_.place
    gateway = ["gateway", "--folder", str(place.folder), "--runtime", str(place.runtime)]
    lab_.stop_gateway()
    with lab_.gateway_host.inside():
        for _ in range(2):
            _command(lab_, *gateway, "down")
    put_back = lab_.gateway_settings() == lab_.untouched
    lab_.start_gateway()
    changed = lab_.gateway_settings()
    with lab_.gateway_host.inside():
        _command(lab_, *gateway, "up")  # once more: it changes nothing
    again = lab_.gateway_settings() == changed != lab_.untouched
    with lab_.gateway_host.inside():
        added = _command(lab_, *gateway, "add-member", "ada", "--no-qr")
        twice = _command(lab_, *gateway, "add-member", "ada")
    path = lab_.folder / "ada.conf"
    path.write_text(added.stdout)
    lab_.tap.take()
    imported = _command(lab_, "import", str(path))
    machine = _command(lab_, "test")
    tested = _command(lab_, "test", "ada", "--json")
    before = _command(lab_, "status")
    up = _command(lab_, "up", "ada", "--port", "0", "--json")
    port = int(json.loads(up.stdout)["proxy"].rpartition(":")[2])
    through = asyncio.run(_fetch_by(("127.0.0.1", port), INSIDE_NAME))
    status = _command(lab_, "status", "--json")
    with lab_.gateway_host.inside():
        listed = _command(lab_, *gateway, "list")
        removed = _command(lab_, *gateway, "remove-member", "ada")
    shut_out = asyncio.run(_fetch_by(("127.0.0.1", port), SERVER_V4, 1.0))
    down = _command(lab_, "down")
    gone = asyncio.run(_fetch_by(("127.0.0.1", port), SERVER_V4))
    return {
        "codes": [one.returncode for one in (added, twice, imported, machine, tested, before)]
        + [one.returncode for one in (up, status, removed, down)],
        "gateway": [put_back, again],
        "latency": json.loads(tested.stdout).get("latency_s"),
        "through": through,
        "state": json.loads(status.stdout)["state"],
        "listed": "ada" in listed.stdout,
        "shut_out": shut_out,
        "gone": gone,
    }


def _command(lab_: Lab, *words: str) -> subprocess.CompletedProcess[str]:
    reading, writing = os.pipe()
    os.write(writing, b"correct horse\n")
    os.close(writing)
    start = [sys.executable, "-m", "myco_vpn.cli.main", "--folder", str(lab_.folder / "book")]
    environ = {**os.environ, "XDG_RUNTIME_DIR": str(lab_.folder)}
    done = subprocess.run(
        [*start, "--passphrase-fd", str(reading), *words],
        pass_fds=[reading],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    os.close(reading)
    if done.returncode:
        print(words, done.stdout, done.stderr, file=sys.stderr)
    return done


async def _fetch_by(proxy: tuple[str, int], host: str, seconds: float = 10.0) -> str:
    try:
        async with asyncio.timeout(seconds):
            reader, writer = await dial(host, 80, "page", proxy)
            with contextlib.closing(writer):
                writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                return (await reader.read()).partition(b"\r\n\r\n")[2].decode()
    except (DialError, OSError, TimeoutError):
        return ""


async def connected(lab_: Lab, client_: Client) -> dict[str, object]:
    """Everything goes through the tunnel, names and IPv6 too; what was open before is cut."""
    reader, writer = await client_.open_stream(SERVER_V4)
    lab_.tap.take()
    state = await client_.send(TurnOn("a"))
    with contextlib.suppress(OSError):
        await reader.read()
    writer.close()
    answers = {host: await client_.fetch(host) for host in _HOSTS}
    services = await services_by(client_.link, "_imaps._tcp.coop.example")
    rows = await asyncio.to_thread(client_.link.counters)
    return {
        "state": type(state).__name__,
        "answers": answers,
        "services": [(one.target, one.port) for one in services],
        "rows": len(rows),
    }


async def lookups_end(lab_: Lab, client_: Client) -> dict[str, object]:
    """Look-ups that run directly when the tunnel is turned on are not sent again."""
    await client_.send(TurnOff())
    lab_.tap.take()
    names = [f"silent-{number}.example" for number in range(4)]
    asking = [asyncio.create_task(client_.fetch(name, seconds=20.0)) for name in names]
    asked = await asyncio.to_thread(lab_.tap.wait_for, f"udp {SILENT_RESOLVER} 53")
    await client_.send(TurnOn("a"))
    lab_.tap.settle()
    lab_.tap.take()
    await asyncio.gather(*asking)
    # The system's resolver asks again after a second; there is nothing else to wait for.
    await asyncio.sleep(1.5)
    return {"asked": asked}


async def resolver_burst(lab_: Lab, client_: Client) -> dict[str, object]:
    """Many names at once."""
    names = [f"name-{number}.example" for number in range(60)]
    answers = await asyncio.gather(*(client_.fetch(name) for name in names))
    return {"answered": sum(map(bool, answers)), "still": await client_.fetch(INSIDE_NAME)}


async def more_specific_routes(lab_: Lab, client_: Client) -> dict[str, object]:
    """What a hostile DHCP server can do (TunnelVision): the tunnel has a table of its own."""
    for route in (f"{SERVER_V4}/32", "10.66.0.0/24"):
        ip(f"route add {route} via {GATEWAY_V4} dev c0")
    ip(f"-6 route add {SERVER_V6}/128 via 2001:db8:1::1 dev c0")
    answers = [await client_.fetch(host) for host in (INSIDE_NAME, SERVER_V4, SERVER_V6)]
    for route in (f"{SERVER_V4}/32", "10.66.0.0/24"):
        ip(f"route del {route}")
    ip(f"-6 route del {SERVER_V6}/128")
    return {"answers": answers}


async def address_changes(lab_: Lab, client_: Client) -> dict[str, object]:
    """The client moves to another address: the tunnel follows at once."""
    ip("address flush dev c0 scope global")
    ip("address add 198.51.100.77/24 dev c0")
    lab_.add_default_routes_v4()
    moved = await client_.fetch(SERVER_V4)
    ip("address flush dev c0 scope global")
    ip(f"address add {CLIENT_V4}/24 dev c0")
    ip("address add 2001:db8:1::2/64 dev c0 nodad")
    lab_.add_default_routes()
    return {"moved": moved, "back": await client_.fetch(SERVER_V4)}


async def link_down(lab_: Lab, client_: Client) -> dict[str, object]:
    """The cable is pulled and put in again."""
    ip("link set c0 down")
    without = await client_.fetch(SERVER_V4, seconds=1.0)
    ip("link set c0 up")
    ip("address replace 2001:db8:1::2/64 dev c0 nodad")
    lab_.add_default_routes()
    return {"without": without, "with": await client_.fetch(SERVER_V4)}


async def switched(lab_: Lab, client_: Client) -> dict[str, object]:
    """Another configuration, while requests run."""

    async def switch() -> None:
        for exit_id in ("b", "a", "b"):
            await client_.send(TurnOn(exit_id), lambda state: isinstance(state, Protected))
            await client_.fetch(SERVER_V4)

    answered = await while_busy(client_, _HOSTS[:3], switch())
    state = client_.controller.state
    assert isinstance(state, Protected)
    return {"answered": answered, "exit": state.exit_id}


async def gateway_dead(lab_: Lab, client_: Client) -> dict[str, object]:
    """The gateway ends without a word, and comes back."""
    lab_.stop_gateway()
    without = await asyncio.gather(*(client_.fetch(host, seconds=2.0) for host in _HOSTS))
    lab_.start_gateway()
    async with asyncio.timeout(20):
        while not (found := await client_.fetch(SERVER_V4, seconds=3.0)):
            pass
    return {"without": without, "back": found}


async def wireguard_killed(lab_: Lab, client_: Client) -> dict[str, object]:
    """wireguard-go is killed: blocked at once, then tried again by itself."""
    return await _after_kill(client_, child_of(client_.worker_pid()))


async def worker_killed(lab_: Lab, client_: Client) -> dict[str, object]:
    """The process inside the tunnel is killed, and wireguard-go with it."""
    inner = child_of(client_.worker_pid())
    found = await _after_kill(client_, client_.worker_pid())
    return {**found, "inner_gone": not _is_running(inner)}


async def door_killed(lab_: Lab, client_: Client) -> dict[str, object]:
    """The door is killed: requests wait for the next one, which uses the same tunnel."""
    client_.kill_door()
    waiting = asyncio.create_task(client_.fetch(SERVER_V4))
    await asyncio.sleep(0)
    client_.start_door()
    return {"answer": await client_.fetch(SERVER_V4), "waiting": await waiting}


async def blocked(lab_: Lab, client_: Client) -> dict[str, object]:
    """The user blocks: nothing at all leaves, not even WireGuard."""
    await client_.send(BlockAll())
    lab_.tap.take()
    answers = [await client_.fetch(host) for host in _HOSTS]
    cause = (await asyncio.to_thread(client_.link.why, SERVER_V4, 80)).cause
    return {"answers": answers, "cause": cause}


async def no_answer(lab_: Lab, client_: Client) -> dict[str, object]:
    """A gateway that knows nothing of the key does not answer."""
    connecting = await client_.send(TurnOn("stranger"), lambda s: isinstance(s, Connecting))
    waiting = await client_.fetch(SERVER_V4, seconds=1.0)
    state = await client_.wait(is_settled)
    assert isinstance(state, Blocked)
    refused = await client_.fetch(SERVER_V4)
    await client_.send(BlockAll())
    return {
        "first": type(connecting).__name__,
        "waiting": waiting,
        "cause": state.cause.value,
        "retries": state.retry_s,
        "refused": refused,
    }


async def random_walk(lab_: Lab, client_: Client) -> dict[str, object]:
    """Random transitions; with the tunnel wanted nothing else leaves."""
    return await walk(lab_, client_, _HOSTS, _OPTIONS.steps, _OPTIONS.seed)


async def _after_kill(client_: Client, pid: int) -> dict[str, object]:
    os.kill(pid, signal.SIGKILL)
    state = await client_.wait(lambda state: isinstance(state, Blocked))
    assert isinstance(state, Blocked)
    refused = await client_.fetch(SERVER_V4)
    await client_.wait(lambda state: isinstance(state, Protected))
    return {"cause": state.cause.value, "refused": refused, "back": await client_.fetch(SERVER_V4)}


def _is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


STAGES: tuple[Stage, ...] = (
    off,
    command_line,
    connected,
    lookups_end,
    resolver_burst,
    more_specific_routes,
    address_changes,
    link_down,
    switched,
    clients_running,
    launcher_killed,
    gateway_dead,
    wireguard_killed,
    worker_killed,
    door_killed,
    blocked,
    no_answer,
    random_walk,
)


def _load(lab_: Lab) -> Callable[[str], Config]:
    # A second peer that is not there: what is not meant for it goes by the first.
    absent = Peer(new_private_key().public(), None, None, (ip_network("10.99.0.0/24"),))
    second = lab_.config(1)
    configs = {
        "a": lab_.config(0),
        "b": replace(second, peers=(*second.peers, absent)),
        "stranger": replace(lab_.config(0), private_key=new_private_key()),
    }
    return configs.__getitem__


async def _run(lab_: Lab, names: list[str]) -> dict[str, object]:
    found: dict[str, object] = {}
    async with client(_load(lab_), lab_.folder / "wish.json") as client_:
        for stage in STAGES:
            name = stage.__name__
            if name in _OPTIONS.but or (names and name not in names):
                continue
            if (
                stage is not off
                and isinstance(client_.controller.state, Off)
                and name != "connected"
            ):
                await client_.send(TurnOn("a"))
            lab_.tap.take()
            print(f"{time.monotonic():.1f} {name}", file=sys.stderr)
            seen = await stage(lab_, client_)
            lab_.tap.settle()
            capture = lab_.tap.take()
            found[name] = {
                **seen,
                "others": capture.others,
                "allowed": capture.allowed,
            }
        # The control once more, at the end: the tap was not asleep.
        fetch_by(lambda: socket.create_connection((SERVER_V4, 80), 5))
        lab_.tap.settle()
        found["control"] = {"others": lab_.tap.take().others}
    return found


def main() -> None:
    """Run the stages named, or all."""
    with lab() as lab_:
        print(json.dumps(asyncio.run(_run(lab_, _OPTIONS.stages))))


if __name__ == "__main__":
    main()
