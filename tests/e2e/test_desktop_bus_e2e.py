"""The desktop's buses: media keys, but never of private windows; and assistive technology."""

from __future__ import annotations

import math
import shutil
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jeepney import DBusAddress, HeaderFields, MessageType, Properties, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from support.browser_rig import BrowserRig, LedSession
from support.launcher_rig import wait_until
from support.site import Answer, Site

_ACCESSIBLE = "org.a11y.atspi.Accessible"
_ROOT = "/org/a11y/atspi/accessible/root"
_LAUNCHER = Path("/usr/libexec/at-spi-bus-launcher")
_FOCUSABLE, _SHOWING = 11, 25
_NO_ROLE = (0, 67)
# What only holds other things: a filler may get the focus, to be scrolled.
_HOLDER = 20
_WEB = 95
_PLAYER = "org.mpris.MediaPlayer2.Player"
_MAY_PLAY = (
    "from PyQt6.QtWebEngineCore import QWebEngineSettings as S\n"
    "tab.page.settings().setAttribute(S.WebAttribute.PlaybackRequiresUserGesture, False)"
)


@pytest.fixture
def bus(rig: BrowserRig) -> Iterator[str]:
    """A session bus of the test's own."""
    if shutil.which("dbus-daemon") is None:
        pytest.skip("there is no dbus-daemon")
    address = f"unix:path={rig.folder}/bus"
    command = ["dbus-daemon", "--session", "--nofork", "--print-address", f"--address={address}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=rig.environ) as daemon:
        assert daemon.stdout is not None
        assert daemon.stdout.readline()
        rig.environ["DBUS_SESSION_BUS_ADDRESS"] = address
        yield address
        daemon.terminate()


def _call(connection: DBusConnection, address: DBusAddress, method: str, *more: Any) -> Any:
    reply = connection.send_and_get_reply(new_method_call(address, method, *more), timeout=20)
    if reply.header.message_type is MessageType.error:
        raise AssertionError(reply.header.fields.get(HeaderFields.error_name), reply.body)
    return reply.body[0] if reply.body else None


def _property(connection: DBusConnection, address: DBusAddress, name: str) -> Any:
    reply = connection.send_and_get_reply(Properties(address).get(name), timeout=20)
    return reply.body[0][1] if reply.header.message_type is MessageType.method_return else None


# Media keys


def _players(connection: DBusConnection) -> list[str]:
    daemon = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
    names: list[str] = _call(connection, daemon, "ListNames")
    return [name for name in names if name.startswith("org.mpris.")]


def _play(session: LedSession) -> None:
    session.open("http://play.example/")
    session.do(_MAY_PLAY)
    session.open("http://play.example/?")
    session.script("a.play(); 1")
    session.wait_for_script("a.currentTime > 0.3", value=True)


def test_media_keys_reach_the_page_but_no_private_one(
    rig: BrowserRig, site: Site, bus: str
) -> None:
    tone = b"".join(struct.pack("<h", int(3000 * math.sin(at / 5))) for at in range(8000 * 20))
    form = struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16)
    data = b"WAVEfmt " + form + b"data" + struct.pack("<I", len(tone)) + tone
    site.pages["play.example/a.wav"] = Answer(
        b"RIFF" + struct.pack("<I", len(data)) + data, "audio/wav"
    )
    page = "<title>on the bus</title><audio id=a src=/a.wav loop></audio>"
    site.page("play.example/", page)
    site.page("play.example/?", page)
    gtk = rig.folder / "home/.config/gtk-3.0"
    gtk.mkdir(parents=True)
    (gtk / "settings.ini").write_text("[Settings]\ngtk-enable-animations=0\n")
    session = rig.start(hosts=site.host_map())
    session.do("session._launcher.open_private([])")
    private = rig.session()
    less = "matchMedia('(prefers-reduced-motion: reduce)').matches"
    with open_dbus_connection(bus) as connection:
        _play(private)
        _play(session)
        assert wait_until(lambda: bool(_players(connection)))
        (name,) = _players(connection)
        assert name.endswith(str(session.pid)), "nothing of the private window is told"
        player = DBusAddress("/org/mpris/MediaPlayer2", name, _PLAYER)
        assert wait_until(lambda: _property(connection, player, "PlaybackStatus") == "Playing")
        told = _property(connection, player, "Metadata")
        assert told["xesam:title"] == ("s", "on the bus")
        _call(connection, player, "PlayPause")
        session.wait_for_script("a.paused", value=True)
        assert private.script("a.paused") is False
    # Both are about the desktop: what it says of movement reaches everyday pages only.
    assert [session.script(less), private.script(less)] == [True, False]


# Assistive technology


class _Tree:
    """What assistive technology finds, walked over its own bus."""

    def __init__(self, bus: str) -> None:
        with open_dbus_connection(bus) as connection:
            place = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus")
            self._connection = open_dbus_connection(_call(connection, place, "GetAddress"))

    def close(self) -> None:
        """Leaves the bus."""
        self._connection.close()

    def nameless(self) -> list[str]:
        """Roles and places of what can have the focus and does not say what it is."""
        found: list[str] = []
        for app in self._children(("org.a11y.atspi.Registry", _ROOT)):
            self._walk(app, "", found)
        return found

    def named(self) -> int:
        """How many things with a name were found by the last walk."""
        return self._named

    def _walk(self, node: tuple[str, str], where: str, found: list[str], depth: int = 0) -> None:
        if depth == 0:
            self._named = 0
        address = DBusAddress(node[1], node[0], _ACCESSIBLE)
        role = int(_call(self._connection, address, "GetRole"))
        low: int = _call(self._connection, address, "GetState")[0]
        name = str(_property(self._connection, address, "Name") or "")
        is_shown = depth == 0 or bool(low >> _SHOWING & 1)
        if role == _WEB or not is_shown:
            return
        self._named += bool(name)
        place = f"{where}/{role}:{name[:30]}"
        takes_focus = bool(low >> _FOCUSABLE & 1) and role != _HOLDER
        if takes_focus and (not name.strip() or role in _NO_ROLE):
            found.append(place)
        for child in self._children(node):
            self._walk(child, place, found, depth + 1)

    def _children(self, node: tuple[str, str]) -> list[tuple[str, str]]:
        address = DBusAddress(node[1], node[0], _ACCESSIBLE)
        return list(_call(self._connection, address, "GetChildren"))


_WALK = """
window = session._manager.active_window()
from PyQt6.QtWidgets import QApplication, QWidget
from PyQt6.QtCore import Qt
top = QApplication.activePopupWidget() or QApplication.activeWindow() or window
order = []
start = top.focusWidget() or top
widget = start
for _ in range(400):
    widget = widget.nextInFocusChain()
    if widget is start or widget is None:
        break
    if widget.isVisibleTo(top) and widget.isEnabled() and widget.focusPolicy().value & 1:
        order.append(widget)
from PyQt6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QTabBar
names = {a.text() for w in (top,) for a in w.actions() if not a.shortcut().isEmpty()}
missed = []
for button in top.findChildren(QAbstractButton):
    told = button.accessibleName() or button.text()
    holders = (button.parentWidget(), button.parentWidget().parentWidget())
    # A part of the control (its arrows, an eye with a key of its own).
    inside = any(isinstance(one, (QTabBar, QComboBox, QLineEdit)) for one in holders)
    here = button.isVisible() and button.isEnabled() and button.window() is top
    if here and button not in order and not inside and button is not start:
        if told not in names:
            missed.append(told)
return missed
"""


def test_assistive_technology_is_told_what_everything_is(
    rig: BrowserRig, site: Site, bus: str
) -> None:
    if not _LAUNCHER.exists():
        pytest.skip("at-spi2-core is not installed")
    site.page("page.example/", "<title>page</title><p>text")
    rig.environ["QT_LINUX_ACCESSIBILITY_ALWAYS_ON"] = "1"
    with subprocess.Popen([_LAUNCHER, "--launch-immediately"], env=rig.environ) as launcher:
        session = rig.start(hosts=site.host_map())
        session.open("http://page.example/")
        tree = _Tree(bus)
        try:
            _look_everywhere(session, tree)
        finally:
            tree.close()
            launcher.terminate()


def _look_everywhere(session: LedSession, tree: _Tree) -> None:
    popup = "__import__('PyQt6.QtWidgets').QtWidgets.QApplication.activePopupWidget()"
    single = "session._manager._single[{!r}]"
    missing: list[tuple[str, str]] = []
    for opened, closed in (
        ("pass", "pass"),
        ("window.address.chip_clicked.emit()", f"{popup}.close()"),
        ("window.address.shield_clicked.emit()", f"{popup}.close()"),
        ("window.address.level_clicked.emit()", f"{popup}.close()"),
        ("window.show_all_tabs()", f"{popup}.close()"),
        ("window.find_bar.open()", "window.find_bar.finish()"),
        ("session._preferences.open()", "session._preferences._window.close()"),
        ("session._manager.show_history()", single.format("history") + ".close()"),
        ("session._manager.show_bookmarks()", single.format("bookmarks") + ".close()"),
        ("session._manager.show_passwords()", single.format("passwords") + ".close()"),
        ("session._manager.show_permissions()", single.format("permissions") + ".close()"),
        ("session._manager.show_move_in()", single.format("move-in") + ".close()"),
        ("window.side_wanted.emit('mail')", "pass"),
        ("window.side_wanted.emit('files')", "pass"),
    ):
        session.do(opened)
        missing += [(opened, one) for one in tree.nameless()]
        assert tree.named() > 5, f"the walk found something: {opened}"
        missing += [(opened, f"no key leads to it: {one}") for one in session.run(_WALK)]
        session.do(closed)
    assert not missing, "\n".join(map(str, missing))
