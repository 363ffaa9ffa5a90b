"""Takes the pictures of the guide: a real browser, and servers on this machine.

    python guide_pictures.py LANGUAGE FOLDER [NAME…]

Run by scripts/guide-pictures, which gives it a display that nothing else is on.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from support.browser_rig import BrowserRig, LedSession, browser_rig
from support.dav_servers import PASSWORD, USER, cloud_server
from support.site import PIXEL, Answer, Site
from support.trusted_site import serve_trusted

SIZE = (1180, 780)
_SETTLE_S = 0.6
_TRACKERS = (
    "securepubads.g.doubleclick.net",
    "www.google-analytics.com",
    "static.criteo.net",
    "cdn.taboola.com",
    "static.hotjar.com",
)
_NEWS = {
    "en": ("A repair café in every quarter", "The cooperative opens twelve workshops this year. "
           "What is broken is mended together, and what is learned is passed on. "),
    "fr": ("Un café-réparation dans chaque quartier", "La coopérative ouvre douze ateliers cette "
           "année. On répare ensemble ce qui est cassé, et on transmet ce que l’on a appris. "),
}  # fmt: skip


class Photographer:
    """One browser in one language, and what it looks at."""

    def __init__(self, rig: BrowserRig, site: Site, language: str, folder: Path) -> None:
        self._folder = folder
        self._language = language
        self.site = site
        self.session: LedSession = rig.start(
            "--lang", language, "about:start", hosts=site.host_map("*.example", "*.test")
        )
        self.session.wait_for("tab is not None and tab.awake and not tab.loading")
        self.session.do(f"window.move(0, 0); window.resize({SIZE[0]}, {SIZE[1]})")
        self._serve()

    def take(self, name: str) -> None:
        """A picture of all that is on the display."""
        # What moves comes to rest; nothing is tested here.
        time.sleep(_SETTLE_S)
        path = self._folder / f"{name}.png"
        self.session.do(
            "from PyQt6.QtGui import QGuiApplication\n"
            "screen = QGuiApplication.primaryScreen()\n"
            f"screen.grabWindow(0).save({str(path)!r})"
        )

    def close_popups(self) -> None:
        """Closes what a click opened."""
        self.session.do(
            "from PyQt6.QtWidgets import QApplication\n"
            "for one in QApplication.topLevelWidgets():\n"
            "    if one is not window and one.isVisible(): one.close()"
        )

    def _serve(self) -> None:
        title, words = _NEWS[self._language]
        # Names of the own base list: they are refused, so nobody is asked.
        ads = "".join(f'<script src="https://{name}/x.js"></script>' for name in _TRACKERS)
        body = f"<h1>{title}</h1><p>{words * 6}</p><p>{words * 5}</p><p>{words * 7}</p>"
        self.site.page(
            "news.example/",
            f'<!doctype html><html lang="{self._language}"><title>{title}</title>'
            "<style>body{font:18px/1.6 Liberation Serif,serif;max-width:44rem;margin:3rem auto;"
            f"padding:0 1rem}}</style><article>{body}</article>{ads}",
        )
        self.site.pages["news.example/favicon.ico"] = Answer(PIXEL % b"#0d6b5e", "image/svg+xml")


def start_page(one: Photographer) -> None:
    one.take("start")


def news(one: Photographer) -> None:
    one.session.open("https://news.example/")


def level(one: Photographer) -> None:
    news(one)
    one.session.do(
        "from PyQt6.QtCore import QTimer; QTimer.singleShot(0, window.address.level.click)"
    )
    one.take("levels")


def shield(one: Photographer) -> None:
    news(one)
    one.session.do(
        "from PyQt6.QtCore import QTimer; QTimer.singleShot(0, window.address.shield.click)"
    )
    one.take("shield")


def vpn(one: Photographer) -> None:
    one.session.do(
        "from PyQt6.QtCore import QTimer; QTimer.singleShot(0, window.tunnel.arrow.click)"
    )
    one.take("vpn")


def files(one: Photographer) -> None:
    with tempfile.TemporaryDirectory(prefix="myco-") as folder, cloud_server(Path(folder)) as cloud:
        for name in ("Photos", "Statutes"):
            (cloud.folder / name).mkdir()
        for name, size in (("budget 2027.ods", 88_000), ("minutes.pdf", 182_000)):
            (cloud.folder / name).write_bytes(b"x" * size)
        session = one.session
        session.do('window.body.side.show_part("files")')
        panel = 'window.body.side.part("files")'
        session.do(
            f"page = {panel}.pages.currentWidget()\n"
            f"page.address.setText({cloud.address.url!r})\n"
            f"page.user.setText({USER!r}); page.password.setText({PASSWORD!r})\n"
            "page.passphrase.setText('correct horse'); page.button.click()"
        )
        session.wait_for(f"{panel}.browser is not None and len({panel}.browser.model.entries) == 4")
        one.take("files")
        session.do('window.body.side.show_part("")')


def mail(one: Photographer) -> None:
    one.session.do('window.body.side.show_part("mail")')
    one.take("mail")
    one.session.do('window.body.side.show_part("")')


def page_of(name: str, address: str) -> Callable[[Photographer], None]:
    """A page of the browser."""

    def take(one: Photographer) -> None:
        one.session.open(address)
        one.take(name)

    return take


def settings(one: Photographer) -> None:
    one.session.do("session._preferences.open()")
    one.session.do("session._preferences._window.move(60, 30)")
    one.take("settings")


SCENES: dict[str, Callable[[Photographer], None]] = {
    "start": start_page,
    "levels": level,
    "shield": shield,
    "vpn": vpn,
    "mail": mail,
    "files": files,
    "shortcuts": page_of("shortcuts", "about:shortcuts"),
    "settings": settings,
}


def main() -> int:
    """Takes the pictures that are wanted."""
    language, target, *wanted = sys.argv[1:]
    folder = Path(target)
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="myco-") as place,
        browser_rig(Path(place)) as rig,
        serve_trusted(rig.folder / "home", "news.example") as site,
    ):
        one = Photographer(rig, site, language, folder)
        for name, take in SCENES.items():
            if not wanted or name in wanted:
                take(one)
                one.close_popups()
    return 0


if __name__ == "__main__":
    sys.exit(main())
