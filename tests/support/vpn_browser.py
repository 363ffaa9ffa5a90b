"""The whole browser in a lab, its tunnel used as people use it; the answer is JSON.

python vpn_browser.py [--pictures FOLDER] [--language CODE] [--theme light|dark]
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from support.browser_rig import BrowserRig, LedSession, browser_rig
from support.vpn_lab import INSIDE_NAME, SERVER_V4, Lab, drop_ambient, ip, lab, raise_ambient
from support.vpn_second import SECOND_V4, SecondGateway
from support.vpn_tap import GATEWAY_V4

from myco_vpn.door import PROCESS_NAME
from myco_vpn.wireguard.config import write
from myco_vpn.wireguard.keys import SecretKey

_VIEW = "session._tunnel.view"
_PASSPHRASE = "correct horse"


class Walk:
    """One browser's way through the states."""

    def __init__(
        self, lab_: Lab, second: SecondGateway, rig: BrowserRig, pictures: Path | None
    ) -> None:
        self.lab = lab_
        self.second = second
        self.rig = rig
        self.pictures = pictures
        self.found: dict[str, object] = {}
        self.session: LedSession = rig.start(*_ARGUMENTS)
        self.session.wait_for("tab is not None and tab.awake and not tab.loading")

    def phase(self, phase: str) -> None:
        self.session.wait_for(f"{_VIEW}.phase.value == {phase!r}")

    def click(self) -> None:
        self.session.do("window.tunnel.badge.click()")

    def body(self, address: str) -> str:
        self.session.open(address)
        text = self.session.script("document.body.innerText")
        return str(text)

    def picture(self, name: str, session: LedSession | None = None) -> None:
        if self.pictures is not None:
            (session or self.session).picture(self.pictures / f"{name}.png")

    def panel_picture(self, name: str, session: LedSession | None = None) -> None:
        if self.pictures is None:
            return
        path = str(self.pictures / f"{name}.png")
        shown = session or self.session
        shown.do(
            "from myco_browser.ui.tunnel_panel import TunnelPanel\n"
            "for one in session._application.topLevelWidgets():\n"
            "    if isinstance(one, TunnelPanel): one.close()\n"
            "TunnelPanel(window).show_below(window.tunnel.badge)"
        )
        time.sleep(1.5)  # the figures come
        shown.do(
            "from myco_browser.ui.tunnel_panel import TunnelPanel\n"
            "for one in session._application.topLevelWidgets():\n"
            "    if isinstance(one, TunnelPanel) and one.isVisible():\n"
            f"        one.grab().save({path!r}); one.close()"
        )

    def leaks(self) -> list[str]:
        self.lab.tap.settle()
        return self.lab.tap.take().others

    def note(self, name: str, **values: object) -> None:
        print(name, values, file=sys.stderr)
        self.found[name] = {**values, "others": self.leaks()}


def off(walk: Walk) -> None:
    """Without a tunnel the server sees the client, and the tap sees it all."""
    walk.picture("off")
    walk.panel_picture("panel-empty")
    walk.note("off", body=walk.body(f"http://{SERVER_V4}/"))


def imported(walk: Walk) -> None:
    """Two exits are imported; the keys are sealed first, as no keyring is here."""
    items = [(f"Coop {n}", write(walk.lab.config(n)).replace("[Peer]", "PostUp = touch /x\n[Peer]"))
             for n in (0, 1)]  # fmt: skip
    text = items[0][1]
    walk.session.do("session.answers = []\nsession._tunnel.said.connect(session.answers.append)")
    walk.session.do(
        "from PyQt6.QtCore import QMimeData\nfound = QMimeData()\n"
        f"found.setText({text!r})\nwindow.tunnel.dropped.emit(found)"
    )
    walk.session.wait_for("session.answers and session.answers[-1].get('locked') is True")
    walk.panel_picture("panel-passphrase")
    walk.session.do(f"session._tunnel.unlock({_PASSPHRASE!r})")
    walk.session.wait_for("any(one.get('kept') for one in session.answers)")
    more = [items[1], ("Far away", write(walk.second.config()))]
    walk.session.do(f"session._tunnel.keep({more!r})")
    walk.session.wait_for(f"len({_VIEW}.exits) == 3")
    walk.panel_picture("panel-off")
    names = walk.session.value(f"sorted(one.name for one in {_VIEW}.exits)")
    walk.note("imported", names=names)


def managed(walk: Walk) -> None:
    """A favourite, an export, a key pair for a gateway that gets only its public half."""
    exit_id = walk.session.value(f"{_VIEW}.exits[-1].exit_id")
    name = walk.session.value(f"{_VIEW}.exits[-1].name")
    walk.session.do(f"session._tunnel.favour({exit_id!r}, True)")
    walk.session.wait_for(f"{_VIEW}.exits[0].favourite")
    first = walk.session.value(f"{_VIEW}.exits[0].name")
    path = walk.lab.folder / "exported.conf"
    for _ in range(2):  # the second time the file is there already
        walk.session.do(
            f"session.answers.clear()\nsession._tunnel.export({exit_id!r}, {str(path)!r})"
        )
        walk.session.wait_for("session.answers")
    refused = walk.session.value("bool(session.answers[-1].get('problems'))")
    walk.session.do("session.answers.clear()\nsession._tunnel.make_key()")
    key = walk.session.wait_for("session.answers and session.answers[-1].get('public_key')")
    if walk.pictures is not None:
        walk.session.do(
            "from myco_browser.ui.tunnel_key import TunnelKeyWindow\n"
            "for one in session._application.topLevelWidgets():\n"
            "    if isinstance(one, TunnelKeyWindow):\n"
            f"        one.grab().save({str(walk.pictures / 'key.png')!r}); one.close()"
        )
    config = walk.lab.config(1)
    text = write(replace(config, private_key=None))
    walk.session.do(f"session.answers.clear()\nsession._tunnel.keep([('se-own-1', {text!r})])")
    walk.session.wait_for("session.answers and session.answers[-1].get('kept')")
    walk.session.do(f"session.answers.clear()\nsession._tunnel.keep([('again', {text!r})])")
    walk.session.wait_for("session.answers and session.answers[-1].get('no_key')")
    walk.session.wait_for(f"any(one.name == 'se-own-1' for one in {_VIEW}.exits)")
    own = walk.session.value(f"next(e.exit_id for e in {_VIEW}.exits if e.name == 'se-own-1')")
    saved = walk.lab.folder / "own.conf"
    walk.session.do(f"session.answers.clear()\nsession._tunnel.export({own!r}, {str(saved)!r})")
    walk.session.wait_for("session.answers")
    private = next(one for one in saved.read_text().splitlines() if one.startswith("PrivateKey"))
    walk.panel_picture("panel-exits")
    walk.session.do(f"session._tunnel.remove({own!r})")
    walk.session.wait_for(f"len({_VIEW}.exits) == 3")
    tray = _tray(walk)
    walk.note(
        "managed",
        favourite_first=first == name,
        mode=oct(path.stat().st_mode & 0o777),
        exported="PrivateKey" in path.read_text(),
        refused=refused,
        pair=SecretKey.parse(private.partition(" = ")[2]).public().text == key,
        tray=tray,
    )


def _tray(walk: Walk) -> object:
    """The icon's menu; this display has no place for the icon itself."""
    return walk.session.run(
        "from myco_browser.ui.tunnel_tray import TunnelTray, wants_tray\n"
        "tray = session.tray = TunnelTray(session._tunnel, session._face, lambda: None, session)\n"
        "return [wants_tray(session._tunnel.view), tray.state.text(), tray.toggle.text()]"
    )


def networks(walk: Walk) -> None:
    """On a network that is not trusted the tunnel turns on by itself; on a trusted one not."""
    walk.leaks()
    _follow(walk, on=True)
    walk.phase("protected")
    tray = walk.session.run("return [session.tray.state.text()[:9], session.tray.toggle.text()]")
    others = walk.leaks()
    untrusted = walk.body(f"http://{SERVER_V4}/")
    walk.session.do("session._tunnel.trust_network(True)")
    walk.session.wait_for(f"{_VIEW}.network.trusted")
    walk.panel_picture("panel-network")
    walk.session.do("session.tray.toggle.trigger()")
    walk.phase("off")
    _change_route()
    walk.session.wait_for(f"{_VIEW}.network is not None and {_VIEW}.network.trusted")
    trusted = [walk.body(f"http://{SERVER_V4}/"), walk.session.value(f"{_VIEW}.phase.value")]
    walk.session.do("session._tunnel.trust_network(False)")
    walk.session.wait_for(f"not {_VIEW}.network.trusted")
    still = walk.session.value(f"{_VIEW}.phase.value")
    _change_route()
    walk.phase("protected")
    again = walk.body(f"http://{SERVER_V4}/")
    _follow(walk, on=False)
    walk.session.wait_for(f"{_VIEW}.network is None")
    walk.session.do("session._tunnel.turn_off()")
    walk.phase("off")
    walk.note(
        "networks", untrusted=untrusted, before=others, trusted=trusted, still=still, again=again,
        tray=tray,
    )  # fmt: skip


def _follow(walk: Walk, *, on: bool) -> None:
    walk.session.do(
        "from myco_browser.domain.settings import VPN_UNTRUSTED\n"
        "from myco_browser.domain.settings_snapshot import Change\n"
        f"session._settings.change(Change(VPN_UNTRUSTED, {on}))\n"
        "session._tunnel.follow_networks()"
    )


def _change_route() -> None:
    """Out of the network and into it again, as with another cable."""
    raise_ambient()
    ip("route del default")
    ip(f"route add default via {GATEWAY_V4} dev c0 metric {time.monotonic_ns() % 1000 + 1}")
    drop_ambient()


def connected(walk: Walk) -> None:
    """One click; what was open is cut, what follows goes through the tunnel."""
    walk.session.open(f"http://{SERVER_V4}/page")
    walk.session.wait_for_script("events.includes('open') && events.includes('part')", True)
    walk.leaks()
    near = f"next(e.exit_id for e in {_VIEW}.exits if e.name == {GATEWAY_V4!r})"
    exit_id = walk.session.value(near)
    walk.session.do(f"session._tunnel.turn_on({exit_id!r})")
    walk.phase("protected")
    walk.session.wait_for_script(
        "events.includes('closed') && events.includes('stream ended')", True
    )
    walk.note("connected", answered=True)
    walk.picture("protected")
    walk.note(
        "through",
        bodies=[
            walk.body(f"http://{host}/") for host in (INSIDE_NAME, SERVER_V4, "[2001:db8:2::10]")
        ],
        exit=walk.session.value("session._context.door.status().exit"),
        sealed=walk.session.value("session._context.sealed"),
    )
    walk.panel_picture("panel-protected")
    walk.session.open(f"http://{INSIDE_NAME}/page")
    walk.session.wait_for_script("events.includes('open') && events.includes('part')", True)
    walk.note("page")


def switched(walk: Walk) -> None:
    """Another exit, while a page streams and lists are fetched."""
    walk.session.do("session._lists.update_now()")
    before = walk.session.value(f"{_VIEW}.exit_id")
    wanted = f"e.exit_id != {before!r} and e.name != 'Far away'"
    other = walk.session.value(f"[e.exit_id for e in {_VIEW}.exits if {wanted}][0]")
    walk.session.do(f"session._tunnel.turn_on({other!r})")
    walk.session.wait_for(f"{_VIEW}.exit_id == {other!r} and {_VIEW}.phase.value == 'protected'")
    walk.note("switched", body=walk.body(f"http://{SERVER_V4}/"))


def private_windows(walk: Walk) -> None:
    """Two private windows: one goes by an exit of its own, then by two hops; one as everyday's."""
    opened = []
    for _ in range(2):
        walk.session.do("session._context.launcher.open_private([])")
        private = walk.rig.session()
        private.wait_for("tab is not None and tab.awake and not tab.loading")
        private.wait_for(f"{_VIEW}.phase.value == 'protected' and len({_VIEW}.exits)")
        opened.append(private)
    first, second = opened
    began = [_badge(one) for one in (walk.session, first, second)]
    walk.leaks()
    walk.lab.tap.gateways = (GATEWAY_V4, SECOND_V4)
    far = first.value(f"next(e.exit_id for e in {_VIEW}.exits if e.name == 'Far away')")
    first.do(f"session._tunnel.turn_on({far!r})")
    first.wait_for(f"{_VIEW}.exit_id == {far!r} and {_VIEW}.phase.value == 'protected'")
    bodies = [_body(one) for one in (walk.session, first, second)]
    badges = [_badge(one) for one in (walk.session, first, second)]
    walk.picture("private-protected", first)
    walk.panel_picture("panel-private", first)
    before_hops = walk.leaks()
    used = walk.session.value(f"{_VIEW}.exit_id")
    first.do(f"session._tunnel.turn_on({far!r}, {used!r})")
    first.wait_for(f"{_VIEW}.through == {used!r} and {_VIEW}.phase.value == 'protected'")
    walk.leaks()
    walk.lab.tap.gateways = (GATEWAY_V4,)
    hops = _body(first)
    walk.panel_picture("panel-hops", first)
    walk.session.do("session._tunnel.block()")
    walk.phase("blocked")
    alone = [_body(first), _body(second)]
    os.kill(first.pid, signal.SIGKILL)
    again = walk.rig.session()
    again.wait_for("tab is not None and tab.awake and not tab.loading")
    again.wait_for(f"{_VIEW}.through == {used!r} and {_VIEW}.phase.value == 'protected'")
    crashed = _body(again)
    for one in (again, second):
        one.do("session._manager.close_all()")
    walk.session.do(f"session._tunnel.turn_on({used!r})")
    walk.phase("protected")
    walk.note(
        "private_windows",
        began=began,
        bodies=bodies,
        badges=badges,
        hops=hops,
        alone=alone,
        crashed=crashed,
        before_hops=before_hops,
    )


def _badge(session: LedSession) -> object:
    return session.value("window.tunnel.badge.accessibleName()")


def _body(session: LedSession) -> str:
    session.open(f"http://{SERVER_V4}/")
    return str(session.script("document.body.innerText"))


def killed(walk: Walk) -> None:
    """wireguard-go and the door are killed; blocked, then protected again, never direct."""
    os.kill(_process(b"wireguard-go", b"myco0"), signal.SIGKILL)
    walk.phase("blocked")
    walk.phase("protected")
    first = walk.body(f"http://{SERVER_V4}/")
    os.kill(_door(), signal.SIGKILL)
    walk.session.wait_for("session._context.door.status() is not None")
    walk.session.wait_for("session._context.door.status().exit == 'tunnel'")
    walk.note("killed", bodies=[first, walk.body(f"http://{SERVER_V4}/")])


def blocked(walk: Walk) -> None:
    """The user blocks: a page says that nothing leaves."""
    walk.session.do("session._tunnel.block()")
    walk.phase("blocked")
    walk.session.open(f"http://{SERVER_V4}/")
    message = walk.session.value("tab.title")
    walk.picture("blocked")
    walk.panel_picture("panel-blocked")
    walk.note("blocked", message=message)


def turned_off(walk: Walk) -> None:
    """Only the user opens the direct way again."""
    walk.leaks()
    walk.session.do("window.tunnel.badge.click()")
    walk.phase("off")
    walk.note("turned_off", body=walk.body(f"http://{SERVER_V4}/"))


def restarted(walk: Walk) -> None:
    """With the tunnel wanted, a new start leaves nothing out before it stands."""
    walk.session.do("window.tunnel.badge.click()")
    walk.phase("protected")
    for process in walk.rig.started:
        process.send_signal(signal.SIGKILL)
        process.wait()
    walk.leaks()
    walk.session = walk.rig.start(*_ARGUMENTS, f"http://{SERVER_V4}/")
    walk.session.wait_for("tab is not None")
    walk.phase("blocked")  # the keys are sealed, and nobody gave the passphrase yet
    cause = walk.session.value(f"{_VIEW}.cause")
    walk.session.do(f"session._tunnel.unlock({_PASSPHRASE!r})")
    walk.phase("protected")
    walk.note("restarted", cause=cause, body=walk.body(f"http://{SERVER_V4}/"))


def _process(*words: bytes) -> int:
    """The first process with these words; what was forked off it comes later."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or not _is_below(int(entry.name), os.getpid()):
            continue
        try:
            line = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if all(word in line for word in words):
            found.append(int(entry.name))
    return min(found)


def _door() -> int:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and _is_below(int(entry.name), os.getpid()):
            with suppress(OSError):
                if (entry / "comm").read_text() == f"{PROCESS_NAME}\n":
                    found.append(int(entry.name))
    return min(found)


def _is_below(pid: int, above: int) -> bool:
    while pid > 1:
        if pid == above:
            return True
        try:
            pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            return False
    return False


STEPS: tuple[Callable[[Walk], None], ...] = (
    off, imported, managed, connected, switched, private_windows, killed, blocked, turned_off,
    networks, restarted,
)  # fmt: skip
_PARSER = argparse.ArgumentParser()
_PARSER.add_argument("--pictures", type=Path)
_PARSER.add_argument("--language")
_PARSER.add_argument("--theme")
_ARGUMENTS: list[str] = []


def main() -> None:
    """All steps, in one lab."""
    options = _PARSER.parse_args()
    if options.language:
        _ARGUMENTS.extend(["--lang", options.language])
    with lab() as lab_:
        second = SecondGateway(lab_)
        drop_ambient()
        (lab_.folder / "rig").mkdir()
        with browser_rig(lab_.folder / "rig") as rig:
            if options.theme:
                rig.settings["general.theme"] = options.theme
            walk = Walk(lab_, second, rig, options.pictures)
            for step in STEPS:
                step(walk)
            print(json.dumps(walk.found))
            log = rig.log()
        print(log, file=sys.stderr)
        raise_ambient()
        second.close()


if __name__ == "__main__":
    main()
