"""The desktop's notifications over a real message bus, with a service that notes what it shows."""

from __future__ import annotations

import asyncio
import queue
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from jeepney import (
    DBusAddress,
    HeaderFields,
    MessageType,
    message_bus,
    new_method_return,
    new_signal,
)
from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection

from myco_browser.system.notifications import Notifications

_PLACE = DBusAddress(
    "/org/freedesktop/Notifications", bus_name="org.freedesktop.Notifications",
    interface="org.freedesktop.Notifications",
)  # fmt: skip


class Desktop:
    """Shows nothing, and clicks or closes what a test says."""

    def __init__(self, address: str) -> None:
        self.shown: list[tuple[object, ...]] = []
        self.acts: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._bus: DBusConnection = open_dbus_connection(address)
        Proxy(message_bus, self._bus).RequestName(_PLACE.bus_name)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        try:
            while True:
                message = self._bus.receive()
                fields = message.header.fields
                is_call = message.header.message_type is MessageType.method_call
                if is_call and fields.get(HeaderFields.member) == "Notify":
                    self.shown.append(message.body)
                    number = message.body[1] or 40 + len(self.shown)
                    self._bus.send(new_method_return(message, "u", (number,)))
                    act = self.acts.get()
                    if act == "click":
                        body: tuple[object, ...] = (number, "default")
                        self._bus.send(new_signal(_PLACE, "ActionInvoked", "us", body))
                    if act in ("click", "close"):
                        self._bus.send(new_signal(_PLACE, "NotificationClosed", "uu", (number, 2)))
        except (OSError, ConnectionError):
            return

    def close(self) -> None:
        """Leaves the bus."""
        # The thread waits on the connection: it ends by what it reads, not by a closed selector.
        self._bus.sock.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._bus.close()


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A session bus of its own."""
    if shutil.which("dbus-daemon") is None:
        pytest.skip("there is no dbus-daemon")
    address = f"unix:path={tmp_path / 'bus'}"
    command = ["dbus-daemon", "--session", "--nofork", "--print-address", f"--address={address}"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()  # it is ready
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    yield address
    process.terminate()
    process.stdout.close()
    process.wait(10)


def test_a_notification_is_shown_replaced_and_clicked(bus: str) -> None:
    desktop = Desktop(bus)

    async def run() -> list[tuple[int, bool]]:
        heard: asyncio.Queue[tuple[int, bool]] = asyncio.Queue()
        service = Notifications(lambda number, clicked: heard.put_nowait((number, clicked)))
        desktop.acts.put("nothing")
        first = await service.show("Ada", "<b>Hi</b> & more", "Open", 0)
        assert first == 41
        desktop.acts.put("click")
        assert await service.show("2 new messages", "", "Open", first) == first
        events = [await asyncio.wait_for(heard.get(), 10) for _number in range(2)]
        await service.close()
        return events

    assert asyncio.run(run()) == [(41, True), (41, False)]
    desktop.close()
    name, replaces, _icon, title, body, actions, hints, _expires = desktop.shown[0]
    assert (name, replaces, title, actions) == ("Myco Browser", 0, "Ada", ["default", "Open"])
    # A sender's text is no markup.
    assert body == "&lt;b&gt;Hi&lt;/b&gt; &amp; more"
    assert isinstance(hints, dict)
    assert hints["category"] == ("s", "email.arrived")
    assert desktop.shown[1][1] == 41


def test_without_a_service_nobody_waits(bus: str) -> None:
    assert bus
    assert asyncio.run(_show_one()) is None


def test_without_a_bus_nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")

    assert asyncio.run(_show_one()) is None


async def _show_one() -> int | None:
    service = Notifications(lambda _number, _clicked: None)
    try:
        return await service.show("x", "y", "z", 0)
    finally:
        await service.close()
