"""A browser in a lab, led through its tunnel's states, with pictures if they are wanted."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from support.browser_rig import BrowserRig, LedSession
from support.vpn_lab import SERVER_V4, Lab
from support.vpn_second import SecondGateway

VIEW = "session._tunnel.view"
PASSPHRASE = "correct horse"


class Walk:
    """One browser's way through the states."""

    def __init__(
        self,
        lab_: Lab,
        second: SecondGateway,
        rig: BrowserRig,
        pictures: Path | None,
        arguments: tuple[str, ...] = (),
    ) -> None:
        self.lab = lab_
        self.second = second
        self.rig = rig
        self.pictures = pictures
        self.found: dict[str, object] = {}
        self.arguments = arguments
        self.session: LedSession = rig.start(*arguments)
        self.session.wait_for("tab is not None and tab.awake and not tab.loading")

    def phase(self, phase: str) -> None:
        self.session.wait_for(f"{VIEW}.phase.value == {phase!r}")

    def click(self) -> None:
        self.session.do("window.tunnel.badge.click()")

    def body(self, address: str) -> str:
        self.session.open(address)
        text = self.session.script("document.body.innerText")
        return str(text)

    def picture(self, name: str, session: LedSession | None = None) -> None:
        if self.pictures is None:
            return
        shown = session or self.session
        shown.picture(self.pictures / f"{name}.png")
        shown.do("session.usual = window.size(); window.resize(800, 500)")
        shown.picture(self.pictures / f"{name}-small.png")
        shown.do("window.resize(session.usual)")

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

    def panel_fits(self) -> object:
        """Whether the panel stays on the screen when there is little room below the window."""
        self.session.do(
            "from myco_browser.ui.tunnel_panel import TunnelPanel\n"
            "place, screen = window.pos(), window.screen().availableGeometry()\n"
            "window.move(place.x(), screen.bottom() - 400)\n"
            "panel = TunnelPanel(window)\n"
            "panel.show_below(window.tunnel.badge)\n"
            "bottom = panel.frameGeometry().bottom()\n"
            "session.fits = panel.height() >= 240 and bottom <= screen.bottom()\n"
            "panel.close()\n"
            "window.move(place)"
        )
        return self.session.value("session.fits")

    def leaks(self) -> list[str]:
        self.lab.tap.settle()
        return self.lab.tap.take().others

    def note(self, name: str, **values: object) -> None:
        print(name, values, file=sys.stderr)
        self.found[name] = {**values, "others": self.leaks()}


def body_of(session: LedSession) -> str:
    """The address that the server saw a session's page asked from."""
    session.open(f"http://{SERVER_V4}/")
    return str(session.script("document.body.innerText"))


def badge_of(session: LedSession) -> object:
    """What the toolbar says of the tunnel."""
    return session.value("window.tunnel.badge.accessibleName()")
