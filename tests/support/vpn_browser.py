"""The whole browser in a lab, its tunnel used as people use it; the answer is JSON.

python vpn_browser.py [--pictures FOLDER] [--language CODE] [--theme light|dark]
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from support.browser_rig import browser_rig
from support.vpn_browser_exits import imported, managed, networks
from support.vpn_browser_walk import PASSPHRASE, VIEW, Walk, badge_of, body_of
from support.vpn_lab import INSIDE_NAME, SERVER_V4, drop_ambient, lab, raise_ambient
from support.vpn_second import SECOND_V4, SecondGateway
from support.vpn_tap import GATEWAY_V4

from myco_vpn.door import PROCESS_NAME


def off(walk: Walk) -> None:
    """Without a tunnel the server sees the client, and the tap sees it all."""
    walk.picture("off")
    walk.panel_picture("panel-empty")
    walk.note("off", body=walk.body(f"http://{SERVER_V4}/"))


def connected(walk: Walk) -> None:
    """One click; what was open is cut, what follows goes through the tunnel."""
    walk.session.open(f"http://{SERVER_V4}/page")
    walk.session.wait_for_script("events.includes('open') && events.includes('part')", True)
    walk.leaks()
    near = f"next(e.exit_id for e in {VIEW}.exits if e.name == {GATEWAY_V4!r})"
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
    """Another exit, while a page streams, a file is downloaded and lists are fetched."""
    _download(walk)
    walk.session.do("session._lists.update_now()")
    before = walk.session.value(f"{VIEW}.exit_id")
    wanted = f"e.exit_id != {before!r} and e.name != 'Far away'"
    other = walk.session.value(f"[e.exit_id for e in {VIEW}.exits if {wanted}][0]")
    walk.session.do(f"session._tunnel.turn_on({other!r})")
    walk.session.wait_for(f"{VIEW}.exit_id == {other!r} and {VIEW}.phase.value == 'protected'")
    walk.session.wait_for(f"{_DOWNLOAD}.phase.name == 'STOPPED'")
    cause = walk.session.value(f"{_DOWNLOAD}.cause.name")
    walk.note("switched", body=walk.body(f"http://{SERVER_V4}/"), download=cause)


def _download(walk: Walk) -> None:
    """Until a file is on its way that is long in coming."""
    walk.session.script(
        "var a = document.createElement('a'); a.href = '/slow/1000000000'; a.download = '';"
        "document.body.append(a); a.click()"
    )
    walk.session.wait_for(f"{_DOWNLOAD} and {_DOWNLOAD}.received > 0")


def private_windows(walk: Walk) -> None:
    """Two private windows: one goes by an exit of its own, then by two hops; one as everyday's."""
    opened = []
    for _ in range(2):
        walk.session.do("session._context.launcher.open_private([])")
        private = walk.rig.session()
        private.wait_for("tab is not None and tab.awake and not tab.loading")
        private.wait_for(f"{VIEW}.phase.value == 'protected' and len({VIEW}.exits)")
        opened.append(private)
    first, second = opened
    began = [badge_of(one) for one in (walk.session, first, second)]
    walk.leaks()
    walk.lab.tap.gateways = (GATEWAY_V4, SECOND_V4)
    far = first.value(f"next(e.exit_id for e in {VIEW}.exits if e.name == 'Far away')")
    first.do(f"session._tunnel.turn_on({far!r})")
    first.wait_for(f"{VIEW}.exit_id == {far!r} and {VIEW}.phase.value == 'protected'")
    bodies = [body_of(one) for one in (walk.session, first, second)]
    badges = [badge_of(one) for one in (walk.session, first, second)]
    walk.picture("private-protected", first)
    walk.panel_picture("panel-private", first)
    before_hops = walk.leaks()
    used = walk.session.value(f"{VIEW}.exit_id")
    first.do(f"session._tunnel.turn_on({far!r}, {used!r})")
    first.wait_for(f"{VIEW}.through == {used!r} and {VIEW}.phase.value == 'protected'")
    walk.leaks()
    walk.lab.tap.gateways = (GATEWAY_V4,)
    hops = body_of(first)
    walk.panel_picture("panel-hops", first)
    walk.session.do("session._tunnel.block()")
    walk.phase("blocked")
    alone = [body_of(first), body_of(second)]
    os.kill(first.pid, signal.SIGKILL)
    again = walk.rig.session()
    again.wait_for("tab is not None and tab.awake and not tab.loading")
    again.wait_for(f"{VIEW}.through == {used!r} and {VIEW}.phase.value == 'protected'")
    crashed = body_of(again)
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
    """With the tunnel wanted, the launcher is killed while a page streams; a new start leaves
    nothing out before the tunnel stands."""
    walk.session.do("window.tunnel.badge.click()")
    walk.phase("protected")
    walk.session.open(f"http://{SERVER_V4}/page")
    walk.session.wait_for_script("events.includes('open') && events.includes('part')", True)
    walk.leaks()
    for process in walk.rig.started:
        process.send_signal(signal.SIGKILL)
        process.wait()
    killed = walk.leaks()
    walk.session = walk.rig.start(*walk.arguments, f"http://{SERVER_V4}/")
    walk.session.wait_for("tab is not None")
    walk.phase("blocked")  # the keys are sealed, and nobody gave the passphrase yet
    cause = walk.session.value(f"{VIEW}.cause")
    walk.session.do(f"session._tunnel.unlock({PASSPHRASE!r})")
    walk.phase("protected")
    walk.note("restarted", cause=cause, killed=killed, body=walk.body(f"http://{SERVER_V4}/"))


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


_DOWNLOAD = "session._downloads.list.get(1)"
STEPS: tuple[Callable[[Walk], None], ...] = (
    off, imported, managed, connected, switched, private_windows, killed, blocked, turned_off,
    networks, restarted,
)  # fmt: skip
_PARSER = argparse.ArgumentParser()
_PARSER.add_argument("--pictures", type=Path)
_PARSER.add_argument("--language")
_PARSER.add_argument("--theme")


def main() -> None:
    """All steps, in one lab."""
    options = _PARSER.parse_args()
    arguments = ("--lang", options.language) if options.language else ()
    with lab() as lab_:
        second = SecondGateway(lab_)
        drop_ambient()
        (lab_.folder / "rig").mkdir()
        with browser_rig(lab_.folder / "rig") as rig:
            rig.settings["downloads.folder"] = str(lab_.folder)
            if options.theme:
                rig.settings["general.theme"] = options.theme
            walk = Walk(lab_, second, rig, options.pictures, arguments)
            for step in STEPS:
                step(walk)
            print(json.dumps(walk.found))
            log = rig.log()
        print(log, file=sys.stderr)
        raise_ambient()
        second.close()


if __name__ == "__main__":
    main()
