"""Messages between processes: order, descriptors, size, hostile packets."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myco_vpn import framing
from myco_vpn.framing import (
    MAX_PACKET,
    Assembler,
    FramingError,
    JsonObject,
    Message,
    MessageSocket,
    encode,
    message_pair,
    send_message,
)


@pytest.fixture
def pair() -> Iterator[tuple[MessageSocket, socket.socket]]:
    ours, theirs = message_pair()
    messages = MessageSocket(ours, 5.0)
    with theirs:
        yield messages, theirs
    messages.close()


def test_a_message_arrives_with_its_descriptors(
    pair: tuple[MessageSocket, socket.socket],
) -> None:
    messages, theirs = pair
    reading, writing = os.pipe()
    send_message(theirs, {"type": "listening", "sealed": True}, [writing])
    os.close(writing)
    message = messages.receive()
    assert message is not None
    assert (message.type, message.flag("sealed"), len(message.fds)) == ("listening", True, 1)
    assert not os.get_inheritable(message.fds[0])
    os.write(message.fds[0], b"x")
    assert os.read(reading, 1) == b"x"
    message.close_fds()
    os.close(reading)


def test_a_large_message_travels_in_parts() -> None:
    state = {"type": "state", "state": ['é"\\\n' * 100] * 2000}
    packets = encode(state)
    assert len(packets) > 1
    assert max(map(len, packets)) < MAX_PACKET
    assembler = Assembler()
    done = [message for packet in packets if (message := assembler.feed(packet)) is not None]
    assert [message.body for message in done] == [state]


def test_a_large_message_goes_through_a_real_socket(
    pair: tuple[MessageSocket, socket.socket],
) -> None:
    messages, theirs = pair
    body: JsonObject = {"type": "state", "state": "\\" * 60_000}
    sending = threading.Thread(target=send_message, args=(theirs, body))
    sending.start()
    assert messages.receive() == Message(body)
    sending.join()


def test_draining_takes_all_and_notices_the_end(
    pair: tuple[MessageSocket, socket.socket],
) -> None:
    messages, theirs = pair
    for number in range(3):
        send_message(theirs, {"type": "n", "n": number})
    assert [message.number("n") for message in messages.drain()] == [0, 1, 2]
    assert not messages.closed
    assert messages.drain() == []
    theirs.close()
    assert messages.drain() == []
    assert messages.closed


def test_last_words_are_heard_although_the_speaker_did_not_listen(
    pair: tuple[MessageSocket, socket.socket],
) -> None:
    messages, theirs = pair
    messages.send({"type": "unread"})
    send_message(theirs, {"type": "closing"})
    theirs.close()
    assert [message.type for message in messages.drain()] == ["closing"]
    assert messages.closed


def test_sending_to_nobody_is_a_value(pair: tuple[MessageSocket, socket.socket]) -> None:
    messages, theirs = pair
    theirs.close()
    assert not messages.send({"type": "ready"})
    assert messages.receive() is None


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"[]",
        b"{}",
        b'{"type":1}',
        b"{",
        b"\xff\xfe",
        b'{"type":"part"}',
        b"[" * 100_000,
        b'{"type":"last","text":"nonsense"}',
    ],
)
def test_what_is_no_message_is_an_error(packet: bytes) -> None:
    with pytest.raises(FramingError):
        Assembler().feed(packet)


def test_a_message_inside_another_is_an_error() -> None:
    assembler = Assembler()
    assembler.feed(b'{"type":"part","text":"{"}')
    with pytest.raises(FramingError):
        assembler.feed(b'{"type":"ready"}')


def test_endless_parts_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(framing, "MAX_MESSAGE", 100)
    assembler = Assembler()
    part = json.dumps({"type": "part", "text": "x" * 60}).encode()
    assembler.feed(part)
    with pytest.raises(FramingError):
        assembler.feed(part)


def test_values_of_the_wrong_kind_count_as_absent() -> None:
    message = Message({"type": "x", "a": 1, "b": ["u", 2], "c": "yes", "d": True})
    assert message.text("a", "none") == "none"
    assert message.texts("b") == ["u"]
    assert not message.flag("c")
    assert message.number("d") is None
    assert message.texts("missing") == []


@settings(max_examples=2000, deadline=None)
@given(packets=st.lists(st.binary(max_size=80), max_size=4))
def test_random_packets_are_errors_or_messages(packets: list[bytes]) -> None:
    assembler = Assembler()
    for packet in packets:
        try:
            message = assembler.feed(packet)
        except FramingError:
            return
        assert message is None or isinstance(message.type, str)
