"""The door: the one process through which everything leaves (`python -m myco_vpn.door`).

It is started by the launcher, at first as a copy of it, which hands it each session's listening
sockets and control channel, and ends with it. It reads no configuration but its arguments and keeps
nothing on disk.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import resource
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from myco_vpn import kernel
from myco_vpn.channel import Channel
from myco_vpn.control import answer
from myco_vpn.exits import BlockedExit, DirectExit, Exit, WaitingExit
from myco_vpn.framing import Message
from myco_vpn.hostmap import HostMap, HostMapError, parse_host_map
from myco_vpn.lookups import ProcessResolver
from myco_vpn.peers import UidLookup, peer_uid
from myco_vpn.resolver import Resolver
from myco_vpn.screening import SessionScreen
from myco_vpn.seal import die_with_parent, forbid_core_files, lock_memory
from myco_vpn.sessions import AttachedSession, SessionName
from myco_vpn.tunnel.exit import TunnelExit, TunnelLink

_log = logging.getLogger(__name__)

PROCESS_NAME = "myco-door"
"""In lists of processes, also where its command line is the launcher's."""
_WISHED_FILES = 65536


class Door:
    """Attaches sessions and switches between the ways out."""

    def __init__(
        self,
        control: socket.socket,
        on_end: Callable[[], None],
        resolver: Resolver,
        host_map: HostMap,
        uid_lookup: UidLookup = peer_uid,
        first_exit: str = DirectExit.name,
    ) -> None:
        self._on_end = on_end
        self._resolver = resolver
        self._uid_lookup = uid_lookup
        self._host_map = host_map
        self._direct = DirectExit(resolver, self._own_listeners, host_map)
        self._blocked = BlockedExit()
        self._waiting = WaitingExit()
        known: tuple[Exit, ...] = (self._direct, self._blocked, self._waiting)
        self._exit: Exit = next(one for one in known if one.name == first_exit)
        """For every session that has none of its own."""
        self._own_exits: dict[str, Exit] = {}
        self._sessions: dict[str, AttachedSession] = {}
        self._channels: dict[str, Channel] = {}
        self._control = Channel(control, self._on_control, on_end)

    def switch(self, chosen: Exit, only: str | None = None) -> None:
        """Make another exit the current one, of all sessions or of one: nothing of the old goes on.

        A session with an exit of its own keeps it until it is given another one.
        """
        before = self._exit_of(only)
        if chosen is before:
            if only is not None:
                self._own_exits[only] = chosen  # from now on its own; nothing changes for it
            return
        names = [name for name in self._sessions if only in (None, name)]
        if only is None:
            names = [name for name in names if name not in self._own_exits]
        for name in names:
            self._sessions[name].stop_accepting()
        if only is None:
            self._exit = chosen
        else:
            self._own_exits[only] = chosen
        self._resolver.forget()
        for name in names:
            self._sessions[name].abort_connections()
            if chosen is not self._waiting:
                self._sessions[name].start_accepting()
            self._channels[name].send({"type": "exit-changed", "exit": chosen.name})
        self._close_unused(before)

    def close(self) -> None:
        """End every session's connections and the control channels."""
        for name in list(self._sessions):
            self._detach(name)
        self._control.close()
        self._resolver.close()

    def _on_control(self, message: Message) -> None:
        match message.type:
            case "attach":
                self._attach(message)
            case "detach":
                self._detach(message.text("session"))
                self._forget_own_exit(message.text("session"))
                self._control.send({"type": "detached", "session": message.text("session")})
            case "exit":
                self._on_exit(message)
            case "resolver":
                self._on_resolver(message)
            case "shutdown":
                self._on_end()
            case unknown:
                _log.warning("unknown message %r", unknown)

    def _on_resolver(self, message: Message) -> None:
        """Whom to ask for names on the direct way; a tunnel has name servers of its own."""
        url = message.text("url")
        if not url:
            self._resolver.use(None)
            return
        # Only who wants this pays for it.
        from myco_vpn.doh import chosen_lookups

        self._resolver.use(*chosen_lookups(url, tuple(message.texts("addresses"))))

    def _on_exit(self, message: Message) -> None:
        only = message.text("session") or None
        chosen: Exit
        match message.text("exit"):
            case DirectExit.name:
                chosen = self._direct
            case BlockedExit.name:
                chosen = self._blocked
            case WaitingExit.name:
                chosen = self._waiting
            case TunnelExit.name if message.fds:
                chosen = self._tunnel(socket.socket(fileno=message.fds.pop(0)))
            case _:
                self._control.send({"type": "failed", "reason": "no such exit"})
                return
        self.switch(chosen, only)
        body = {"type": "exit-changed", "exit": chosen.name, "number": message.number("number")}
        self._control.send(body)

    def _tunnel(self, sock: socket.socket) -> TunnelExit:
        def ended() -> None:
            """The tunnel is gone: whoever used it is blocked, before anybody has to say so."""
            if self._exit is made:
                self.switch(self._blocked)
            for name, own in list(self._own_exits.items()):
                if own is made:
                    self.switch(self._blocked, name)

        made = TunnelExit(TunnelLink(sock, ended), self._direct, self._host_map)
        return made

    def _exit_of(self, name: str | None) -> Exit:
        return self._exit if name is None else self._own_exits.get(name, self._exit)

    def _close_unused(self, exit_: Exit) -> None:
        if isinstance(exit_, TunnelExit) and exit_ not in (self._exit, *self._own_exits.values()):
            exit_.close()

    def _attach(self, message: Message) -> None:
        name = message.text("session")
        if not name or len(message.fds) < 2:
            self._control.send({"type": "failed", "session": name, "reason": "no listeners"})
            return
        self._detach(name)
        own_end, *listeners = [socket.socket(fileno=fd) for fd in message.fds]
        message.fds.clear()
        identity = SessionName(name, message.text("kind"), message.flag("sealed"))
        session = AttachedSession(
            identity, listeners, lambda: self._exit_of(name), self._uid_lookup
        )
        channel = Channel(
            own_end,
            lambda request: self._on_request(name, session, request),
            lambda: self._on_session_end(name, session),
        )
        if message.flag("screens"):
            session.screen = SessionScreen(channel.send)
        self._sessions[name] = session
        self._channels[name] = channel
        channel.send(
            {"type": "attached", "exit": self._exit_of(name).name, "sealed": identity.sealed}
        )
        if self._exit_of(name) is not self._waiting:
            session.start_accepting()
        self._control.send({"type": "attached", "session": name})

    def _detach(self, name: str) -> None:
        session = self._sessions.pop(name, None)
        if session is not None:
            session.close()
            self._channels.pop(name).close()

    def _forget_own_exit(self, name: str) -> None:
        own = self._own_exits.pop(name, None)
        if own is not None:
            self._close_unused(own)

    def _on_session_end(self, name: str, session: AttachedSession) -> None:
        if self._sessions.get(name) is session:
            self._detach(name)

    def _on_request(self, name: str, session: AttachedSession, request: Message) -> None:
        if request.type == "dial-verdict" and session.screen is not None:
            session.screen.hear(request)
            return
        if request.type == "services":
            session.find_services(request, self._channels[name].send)
            return
        response = answer(session, self._exit_of(name).name, request)
        if response is None:
            _log.warning("unknown request %r of %s", request.type, name)
        elif name in self._channels:
            self._channels[name].send(response)

    def _own_listeners(self) -> frozenset[tuple[str, int]]:
        return frozenset().union(*(s.endpoints for s in self._sessions.values()))


async def serve(control: socket.socket, host_map: HostMap, first_exit: str) -> None:
    """Run a door until its launcher ends it or is gone."""
    ended = asyncio.Event()
    door = Door(control, ended.set, ProcessResolver(), host_map, peer_uid, first_exit)
    try:
        await ended.wait()
    finally:
        door.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run as a process."""
    parser = argparse.ArgumentParser(prog="myco-door", allow_abbrev=False)
    parser.add_argument("--control-fd", type=int, required=True)
    parser.add_argument("--host-map", type=Path)
    parser.add_argument(
        "--exit",
        choices=(DirectExit.name, BlockedExit.name, WaitingExit.name),
        default=DirectExit.name,
    )
    parser.add_argument("--log-level", default="warning")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=options.log_level.upper(), format="door: %(levelname)s: %(message)s")
    kernel.set_name(PROCESS_NAME)
    die_with_parent()
    forbid_core_files()
    lock_memory()
    _raise_file_limit()
    try:
        host_map = parse_host_map(options.host_map.read_text("utf-8")) if options.host_map else None
    except (OSError, UnicodeError, HostMapError) as error:
        print(f"myco-door: host map: {error}", file=sys.stderr)
        return 2
    os.set_inheritable(options.control_fd, False)
    control = socket.socket(fileno=options.control_fd)
    asyncio.run(serve(control, host_map or HostMap(), options.exit))
    # A look-up that hangs in the resolver's thread must not keep the process.
    logging.shutdown()
    os._exit(0)


def _raise_file_limit() -> None:
    """Each relayed connection takes two descriptors; the usual soft limit is 1024."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wished = _WISHED_FILES if hard == resource.RLIM_INFINITY else min(_WISHED_FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wished, hard))


if __name__ == "__main__":
    sys.exit(main())
