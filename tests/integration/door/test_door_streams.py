"""How bytes pass the door: order, half-close, resets, limits."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import struct

import pytest
from support.door_rig import Reader, Writer, close, door_rig, far_side

from myco_vpn import relay
from myco_vpn.link import dial
from myco_vpn.resolver import Resolved

_REQUEST = b"\x05\x01\x00" + b"\x05\x01\x00\x03\x0bweb.example\x00\x50"
_GREETED = b"\x05\x00"
_CONNECTED = b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00"


def _map(port: int) -> str:
    return f"*.example 127.0.0.1:{port}"


def test_a_server_that_speaks_first_is_heard_after_the_reply() -> None:
    async def banner(_: Reader, writer: Writer) -> None:
        writer.write(b"220 ready\r\n")

    async def scenario() -> None:
        async with far_side(banner) as server, door_rig(_map(server.port)) as rig:
            reader, writer = await asyncio.open_connection(*rig.proxy)
            writer.write(_REQUEST)
            assert await reader.read() == _GREETED + _CONNECTED + b"220 ready\r\n"
            await close(writer)

    asyncio.run(scenario())


def test_what_comes_with_the_request_is_not_lost() -> None:
    async def echo(reader: Reader, writer: Writer) -> None:
        writer.write(await reader.read())

    async def scenario() -> None:
        async with far_side(echo) as server, door_rig(_map(server.port)) as rig:
            reader, writer = await asyncio.open_connection(*rig.proxy)
            payload = os.urandom(200_000)
            writer.write(_REQUEST + payload)
            writer.write_eof()
            assert await reader.read() == _GREETED + _CONNECTED + payload
            await close(writer)

    asyncio.run(scenario())


def test_a_half_close_is_passed_on_and_the_answer_still_comes() -> None:
    async def total(reader: Reader, writer: Writer) -> None:
        writer.write(str(len(await reader.read())).encode())

    async def scenario() -> None:
        async with far_side(total) as server, door_rig(_map(server.port)) as rig:
            reader, writer = await dial("web.example", 80, "page", rig.proxy)
            writer.write(b"x" * 1234)
            writer.write_eof()
            assert await reader.read() == b"1234"
            await close(writer)

    asyncio.run(scenario())


def test_a_broken_transfer_does_not_look_complete() -> None:
    async def break_off(reader: Reader, writer: Writer) -> None:
        writer.write(b"half of it")
        await reader.readexactly(2)
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    async def scenario() -> None:
        async with far_side(break_off) as server, door_rig(_map(server.port)) as rig:
            reader, writer = await dial("web.example", 80, "page", rig.proxy)
            assert await reader.readexactly(10) == b"half of it"
            writer.write(b"go")
            with pytest.raises(ConnectionResetError):
                await reader.read()
            await close(writer)

    asyncio.run(scenario())


def test_a_reader_that_does_not_read_stops_the_sender() -> None:
    size = 64 << 20
    taken = 0
    stuck = asyncio.Event()

    async def pour(_: Reader, writer: Writer) -> None:
        nonlocal taken
        block = bytes(1 << 20)
        while taken < size:
            writer.write(block)
            try:
                async with asyncio.timeout(0.5):
                    await writer.drain()
            except TimeoutError:
                stuck.set()
                await writer.drain()
            taken += len(block)

    async def scenario() -> None:
        async with far_side(pour) as server, door_rig(_map(server.port)) as rig:
            reader, writer = await dial("web.example", 80, "page", rig.proxy)
            await stuck.wait()
            assert taken < size // 2  # kernel buffers and the door's high water, no more
            received = 0
            while piece := await reader.read(1 << 20):
                received += len(piece)
            assert received == size
            await close(writer)

    asyncio.run(scenario())


def test_three_hundred_connections_at_once() -> None:
    async def scenario() -> None:
        async with far_side() as web, door_rig(_map(web.port)) as rig:
            answers = await asyncio.gather(
                *(rig.fetch(f"h{number}.example", 80) for number in range(300))
            )
            assert all(answer.endswith(b"hello") for answer in answers)
            assert web.connections == 300

    asyncio.run(scenario())


def test_a_silent_client_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "HANDSHAKE_S", 0.05)

    async def scenario() -> None:
        async with door_rig() as rig:
            reader, writer = await asyncio.open_connection(*rig.proxy)
            writer.write(b"\x05")
            with pytest.raises(ConnectionResetError):
                await reader.read()
            await close(writer)

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "hostile", [b"GET / HTTP/1.1\r\n\r\n", b"\x04\x01\x00\x50\x7f\x00\x00\x01\x00", b"\x05" * 5000]
)
def test_hostile_clients_do_not_hurt_the_others(hostile: bytes) -> None:
    async def scenario() -> None:
        async with far_side() as web, door_rig(_map(web.port)) as rig:
            reader, writer = await asyncio.open_connection(*rig.proxy)
            writer.write(hostile)
            # The door may close with our bytes unread, which resets.
            with contextlib.suppress(ConnectionResetError):
                assert len(await reader.read()) < 100
            await close(writer)
            assert (await rig.fetch("web.example", 80)).endswith(b"hello")
            assert web.connections == 1

    asyncio.run(scenario())


def test_a_client_that_goes_while_dialling_leaves_nothing() -> None:
    async def scenario() -> None:
        asked = asyncio.Event()
        loop = asyncio.get_running_loop()

        def slow(_: str) -> Resolved:
            loop.call_soon_threadsafe(asked.set)
            return Resolved(())

        async with far_side() as web, door_rig(_map(web.port), lookup=slow) as rig:
            _, writer = await asyncio.open_connection(*rig.proxy)
            writer.write(_REQUEST.replace(b"\x0bweb.example", b"\x08slow.org"))
            await asked.wait()
            writer.transport.abort()
            assert (await rig.fetch("web.example", 80)).endswith(b"hello")
            rows = await asyncio.to_thread(rig.link.counters)
            assert [row.host for row in rows] == ["web.example"]

    asyncio.run(scenario())


def test_a_cancelled_dial_leaves_no_connection_behind() -> None:
    async def scenario() -> None:
        ended = asyncio.Event()

        async def silent_door(reader: Reader, writer: Writer) -> None:
            while await reader.read(1024):
                continue
            ended.set()
            writer.close()

        server = await asyncio.start_server(silent_door, "127.0.0.1", 0)
        proxy = server.sockets[0].getsockname()[:2]
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await dial("web.example", 80, "page", proxy)
        async with asyncio.timeout(10):
            await ended.wait()
        server.close()

    asyncio.run(scenario())
