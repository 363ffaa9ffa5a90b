"""The system's resolver in a process of its own, so that a look-up can be ended at once.

getaddrinfo cannot be stopped: it sends its question again every few seconds, also when the way out
was switched meanwhile and nothing may leave directly any more. A process can be killed.

The process is forked off the door, which has one thread; it holds nothing but its end of a socket.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import functools
import ipaddress
import itertools
import os
import resource
import signal
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NoReturn

from myco_vpn import kernel
from myco_vpn.channel import Channel
from myco_vpn.dnswire import Service, services_of
from myco_vpn.framing import JsonObject, Message, MessageSocket, message_pair
from myco_vpn.resolver import Lookup, Resolved, Resolver, ResolverError, ServiceLookup

_THREADS = 12


class AbandonedError(OSError):
    """The look-up was ended, because the way out has changed."""


class ProcessResolver(Resolver):
    """A resolver whose running look-ups end when it is told to forget."""

    def __init__(self) -> None:
        super().__init__()
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Message]] = {}
        self._channel: Channel | None = None
        self._child = 0

    def forget(self) -> None:
        """Drop all answers and end every look-up, at once."""
        super().forget()
        self._end_child()

    def close(self) -> None:
        """End everything."""
        super().close()
        self._end_child()

    async def services(self, name: str) -> tuple[Service, ...]:
        """The services of that name; ended like every look-up. Raises OSError."""
        found = await self._ask_child("services", name)
        return services_of(found.body.get("services"))

    async def _find(self, name: str) -> Resolved:
        found = await self._ask_child("look", name)
        addresses = tuple(ipaddress.ip_address(one) for one in found.texts("addresses"))
        return Resolved(addresses, found.text("canonical"))

    async def _ask_child(self, kind: str, name: str) -> Message:
        channel = self._channel or self._start_child()
        number = next(self._numbers)
        waiting: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._waiting[number] = waiting
        channel.send({"type": kind, "id": number, "name": name})
        try:
            return await waiting
        finally:
            self._waiting.pop(number, None)

    def _start_child(self) -> Channel:
        ours, theirs = message_pair()
        self._child = os.fork()
        if self._child == 0:
            _serve(theirs, self._lookup, self._service_lookup)
        theirs.close()
        self._channel = Channel(ours, self._on_message, self._end_child)
        return self._channel

    def _end_child(self) -> None:
        if self._channel is None:
            return
        self._channel.close()
        self._channel = None
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._child, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self._child, 0)
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(AbandonedError(errno.ECANCELED, "the way out has changed"))

    def _on_message(self, message: Message) -> None:
        waiting = self._waiting.get(message.number("id") or 0)
        if waiting is None or waiting.done():
            return
        if broken := message.text("broken"):
            waiting.set_exception(ResolverError(errno.EIO, broken))
            return
        if message.flag("failed"):
            waiting.set_exception(OSError(errno.ENOENT, "no such name"))
            return
        waiting.set_result(Message(message.body))


def _serve(sock: socket.socket, lookup: Lookup, services: ServiceLookup) -> NoReturn:
    """The child: answers until the door is gone, or kills it."""
    try:
        kernel.set_parent_death_signal(signal.SIGKILL)
        for ending in (signal.SIGTERM, signal.SIGINT):
            signal.signal(ending, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        fd = os.dup2(sock.fileno(), 3)
        # The door's own sockets and its event loop are none of ours.
        os.closerange(4, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
        messages = MessageSocket(socket.socket(fileno=fd))
        sending = threading.Lock()
        with ThreadPoolExecutor(_THREADS) as threads:
            while (message := messages.receive()) is not None:
                number, name = message.number("id"), message.text("name")
                if message.type == "services":
                    find = functools.partial(_found_services, services, name)
                else:
                    find = functools.partial(_found_addresses, lookup, name)
                threads.submit(_answer, messages, sending, number or 0, find)
    finally:
        os._exit(0)


def _found_addresses(lookup: Lookup, name: str) -> JsonObject:
    found = lookup(name)
    return {
        "addresses": [str(address) for address in found.addresses],
        "canonical": found.canonical,
    }


def _found_services(services: ServiceLookup, name: str) -> JsonObject:
    return {"services": services(name)}


def _answer(
    messages: MessageSocket, sending: threading.Lock, number: int, find: Callable[[], JsonObject]
) -> None:
    try:
        body = find()
    except ResolverError as error:
        body = {"broken": error.strerror or "no answer"}
    except (OSError, UnicodeError):
        body = {"failed": True}
    except Exception as error:  # whatever it is, who asks must not wait for nothing
        body = {"broken": repr(error)}
    with sending:
        messages.send({"type": "found", "id": number, **body})
