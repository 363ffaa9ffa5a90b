"""The process inside a tunnel (`python -m myco_vpn.tunnel.worker`).

Its first message brings the configuration; keys come by no other way. It makes the namespace,
starts wireguard-go, waits for a handshake, then serves a door (`dials`) and tells how the tunnel
fares. It ends with its parent, and with it ends wireguard-go.

Messages to it: start {config, endpoints, program, offloads} [user and network namespace of an outer
tunnel], dials [socket], spaces, poke, measure, stop.
Messages from it: ready, failed {cause, detail}, status {…}, silent, heard, measured {seconds},
spaces [user namespace, network namespace].
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import ipaddress
import logging
import os
import resource
import socket
import sys
import time
from collections.abc import Mapping, Sequence

from myco_vpn.channel import Channel
from myco_vpn.dnswire import AAAA, A
from myco_vpn.framing import Message, MessageSocket
from myco_vpn.seal import die_with_parent, forbid_core_files
from myco_vpn.tunnel import namespace
from myco_vpn.tunnel.device import Device
from myco_vpn.tunnel.dials import Dials
from myco_vpn.tunnel.namespace import Inside, NotPossibleError
from myco_vpn.tunnel.states import Cause
from myco_vpn.tunnel.stub import Stub
from myco_vpn.tunnel.watch import Health, Verdict
from myco_vpn.wireguard import uapi
from myco_vpn.wireguard.config import Config, IpAddress
from myco_vpn.wireguard.keys import PublicKey
from myco_vpn.wireguard.parse import Parsed, parse
from myco_vpn.wireguard.uapi import UapiError

_log = logging.getLogger(__name__)

NO_ANSWER_S = 12.0
"""WireGuard tries a handshake every 5 s: this is three tries."""
_LOOK_S = 0.01
_LOOK_LATER_S = 0.1
_WATCH_S = 5.0
_SETTLE_S = 0.05
_WISHED_FILES = 65536

Endpoints = Mapping[PublicKey, tuple[IpAddress, int]]


class Worker:
    """A tunnel that was entered; `run` returns when it has to end."""

    def __init__(
        self, control: socket.socket, config: Config, endpoints: Endpoints, inside: Inside
    ) -> None:
        self._config = config
        self._endpoints = endpoints
        self._inside = inside
        self._device = Device(inside.uapi)
        versions = {n.version for p in config.peers for n in p.allowed_ips}
        self._kinds = ([A] if 4 in versions else []) + ([AAAA] if inside.has_ipv6 else [])
        self._stub = Stub(config.dns, self._kinds)
        self._dials: list[Dials] = []
        self._health = Health()
        self._ended = asyncio.Event()
        self._poking: asyncio.Task[None] | None = None
        self._measuring: asyncio.Task[None] | None = None
        self._control = Channel(control, self._on_message, self._ended.set)

    async def run(self) -> None:
        """Until the parent is gone or says stop, or the tunnel has failed."""
        loop = asyncio.get_running_loop()
        pidfd = os.pidfd_open(self._inside.wireguard_pid)
        loop.add_reader(pidfd, self._on_program_end)
        loop.add_reader(self._inside.changes.fileno(), self._on_change)
        life = asyncio.create_task(self._live())
        try:
            await self._ended.wait()
        finally:
            life.cancel()
            loop.remove_reader(pidfd)
            loop.remove_reader(self._inside.changes.fileno())
            for dials in self._dials:
                dials.close()
            self._device.close()

    async def _live(self) -> None:
        try:
            await self._device.set(uapi.set_config(self._config, self._endpoints))
            if not await self._wait_for_handshake():
                self._fail(Cause.NO_ANSWER, f"no handshake within {NO_ANSWER_S:.0f} s")
                return
            await self._device.set(uapi.set_keepalives(self._config))
            self._control.send({"type": "ready"})
            while True:
                await self._watch()
                await asyncio.sleep(_WATCH_S)
        except UapiError as error:
            self._fail(Cause.TUNNEL_ENDED, str(error))

    async def _wait_for_handshake(self) -> bool:
        begun = time.monotonic()
        while (waited := time.monotonic() - begun) < NO_ANSWER_S:
            if (await self._device.status()).last_handshake:
                return True
            await asyncio.sleep(_LOOK_S if waited < 1 else _LOOK_LATER_S)
        return False

    async def _watch(self) -> None:
        status = await self._device.status()
        self._control.send(
            {
                "type": "status",
                "handshake": status.last_handshake,
                "sent": status.sent,
                "received": status.received,
                "endpoint": next((peer.endpoint for peer in status.peers), ""),
            }
        )
        if self._health.has_slept(time.monotonic(), time.clock_gettime(time.CLOCK_BOOTTIME)):
            await self._poke()
        verdict = self._health.judge(time.monotonic(), status.sent, status.received)
        if verdict is Verdict.DOUBTFUL:
            answered = await self._stub.measure() is not None
            verdict = self._health.after_question(answered)
        if verdict is Verdict.SILENT:
            self._control.send({"type": "silent"})
        elif verdict is Verdict.HEARD:
            self._control.send({"type": "heard"})

    def _on_message(self, message: Message) -> None:
        match message.type:
            case "dials" if message.fds:
                sock = socket.socket(fileno=message.fds.pop(0))
                # Names that one session looked up are no other session's business.
                stub = Stub(self._config.dns, self._kinds)
                self._dials.append(Dials(sock, stub, lambda: None))
            case "spaces":
                self._tell_spaces()
            case "poke":
                self._on_change()
            case "measure":
                self._measuring = asyncio.create_task(self._measure())
            case "stop":
                self._ended.set()
            case unknown:
                _log.warning("unknown message %r", unknown)

    def _tell_spaces(self) -> None:
        """For the worker of a tunnel through this one."""
        fds = [os.open(f"/proc/self/ns/{kind}", os.O_RDONLY) for kind in ("user", "net")]
        self._control.send({"type": "spaces"}, fds)
        for fd in fds:
            os.close(fd)

    async def _measure(self) -> None:
        self._control.send({"type": "measured", "seconds": await self._stub.measure()})

    def _on_change(self) -> None:
        """The network outside changed: send the endpoints again as soon as it is quiet."""
        with contextlib.suppress(OSError):
            while self._inside.changes.recv(65536):
                pass
        if self._poking is None or self._poking.done():
            self._poking = asyncio.create_task(self._poke_soon())

    async def _poke_soon(self) -> None:
        await asyncio.sleep(_SETTLE_S)
        with contextlib.suppress(UapiError):
            await self._poke()

    async def _poke(self) -> None:
        await self._device.set(uapi.set_endpoints(self._endpoints))

    def _on_program_end(self) -> None:
        self._fail(Cause.TUNNEL_ENDED, "wireguard-go ended")

    def _fail(self, cause: Cause, detail: str) -> None:
        if not self._ended.is_set():
            self._control.send({"type": "failed", "cause": cause.value, "detail": detail})
            self._ended.set()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run as a process."""
    parser = argparse.ArgumentParser(prog="myco-tunnel", allow_abbrev=False)
    parser.add_argument("--control-fd", type=int, required=True)
    parser.add_argument("--log-level", default="warning")
    options = parser.parse_args(arguments)
    logging.basicConfig(
        level=options.log_level.upper(), format="tunnel: %(levelname)s: %(message)s"
    )
    die_with_parent()
    forbid_core_files()
    _raise_file_limit()
    control = MessageSocket.from_fd(options.control_fd)
    message = control.receive()
    if message is None or message.type != "start":
        return 2
    config, endpoints = _read_start(message)
    program, offloads = message.text("program"), message.flag("offloads")
    outer, message.fds = list(message.fds), []
    del message
    try:
        if len(outer) == 2:
            namespace.enter_outer(*outer)
        inside = namespace.enter(config, program, offloads)
    except NotPossibleError as error:
        body = {"type": "failed", "cause": Cause.NOT_POSSIBLE.value, "detail": str(error)}
        control.send(body)
        return 1
    die_with_parent()  # which entering has undone
    asyncio.run(_run(control.detach(), config, endpoints, inside))
    os._exit(0)


async def _run(
    control: socket.socket, config: Config, endpoints: Endpoints, inside: Inside
) -> None:
    await Worker(control, config, endpoints, inside).run()


def _read_start(message: Message) -> tuple[Config, Endpoints]:
    parsed = parse(message.text("config"), "configuration")
    if not isinstance(parsed, Parsed):
        raise SystemExit(f"myco-tunnel: {parsed.problems[0]}")
    endpoints = {}
    for line in message.texts("endpoints"):
        key, address, port = line.split(" ")
        endpoints[PublicKey.parse(key)] = (ipaddress.ip_address(address), int(port))
    return parsed.config, endpoints


def _raise_file_limit() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wished = _WISHED_FILES if hard == resource.RLIM_INFINITY else min(_WISHED_FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wished, hard))


if __name__ == "__main__":
    sys.exit(main())
