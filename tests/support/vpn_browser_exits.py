"""What a browser in a lab does with exits and networks: importing, keeping, choosing by itself."""

from __future__ import annotations

import base64
import io
import time
from dataclasses import replace

import segno
from support.vpn_browser_walk import PASSPHRASE, VIEW, Walk
from support.vpn_lab import SERVER_V4, drop_ambient, ip, raise_ambient
from support.vpn_tap import GATEWAY_V4

from myco_vpn.wireguard.config import write
from myco_vpn.wireguard.keys import SecretKey


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
    walk.session.do(f"session._tunnel.unlock({PASSPHRASE!r})")
    walk.session.wait_for("any(one.get('kept') for one in session.answers)")
    notices = walk.session.value("[bar.accessibleName() for bar in tab.notices]")
    again = _paste_picture(walk, text)
    more = [items[1], ("Far away", write(walk.second.config()))]
    walk.session.do(f"session._tunnel.keep({more!r})")
    walk.session.wait_for(f"len({VIEW}.exits) == 3")
    walk.panel_picture("panel-off")
    names = walk.session.value(f"sorted(one.name for one in {VIEW}.exits)")
    walk.note("imported", names=names, notices=notices, again=again)


def _paste_picture(walk: Walk, text: str) -> object:
    """A QR code is copied as a picture and pasted; what is said of it."""
    drawn = io.BytesIO()
    segno.make_qr(text).save(drawn, kind="png", scale=4)
    walk.session.do(
        "import base64\n"
        "from PyQt6.QtGui import QGuiApplication, QImage\n"
        "from myco_browser.ui.tunnel_import import import_clipboard\n"
        f"picture = QImage.fromData(base64.b64decode({base64.b64encode(drawn.getvalue())!r}))\n"
        "session.answers.clear()\n"
        "QGuiApplication.clipboard().setImage(picture)\n"
        "import_clipboard(window)"
    )
    walk.session.wait_for("session.answers")
    return walk.session.value("session.answers[-1].get('known')")


def managed(walk: Walk) -> None:
    """A favourite, an export, a key pair for a gateway that gets only its public half."""
    exit_id = walk.session.value(f"{VIEW}.exits[-1].exit_id")
    name = walk.session.value(f"{VIEW}.exits[-1].name")
    walk.session.do(f"session._tunnel.favour({exit_id!r}, True)")
    walk.session.wait_for(f"{VIEW}.exits[0].favourite")
    first = walk.session.value(f"{VIEW}.exits[0].name")
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
    walk.session.wait_for(f"any(one.name == 'se-own-1' for one in {VIEW}.exits)")
    own = walk.session.value(f"next(e.exit_id for e in {VIEW}.exits if e.name == 'se-own-1')")
    saved = walk.lab.folder / "own.conf"
    walk.session.do(f"session.answers.clear()\nsession._tunnel.export({own!r}, {str(saved)!r})")
    walk.session.wait_for("session.answers")
    private = next(one for one in saved.read_text().splitlines() if one.startswith("PrivateKey"))
    walk.panel_picture("panel-exits")
    walk.session.do(f"session._tunnel.remove({own!r})")
    walk.session.wait_for(f"len({VIEW}.exits) == 3")
    tray = _tray(walk)
    walk.note(
        "managed",
        favourite_first=first == name,
        mode=oct(path.stat().st_mode & 0o777),
        exported="PrivateKey" in path.read_text(),
        refused=refused,
        pair=SecretKey.parse(private.partition(" = ")[2]).public().text == key,
        tray=tray,
        panel_fits=walk.panel_fits(),
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
    walk.session.wait_for(f"{VIEW}.network.trusted")
    walk.panel_picture("panel-network")
    walk.session.do("session.tray.toggle.trigger()")
    walk.phase("off")
    _change_route()
    walk.session.wait_for(f"{VIEW}.network is not None and {VIEW}.network.trusted")
    trusted = [walk.body(f"http://{SERVER_V4}/"), walk.session.value(f"{VIEW}.phase.value")]
    walk.session.do("session._tunnel.trust_network(False)")
    walk.session.wait_for(f"not {VIEW}.network.trusted")
    still = walk.session.value(f"{VIEW}.phase.value")
    _change_route()
    walk.phase("protected")
    again = walk.body(f"http://{SERVER_V4}/")
    _follow(walk, on=False)
    walk.session.wait_for(f"{VIEW}.network is None")
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
