"""The pages that a new profile shows once: at most three, each of which can be skipped.

Language and colours with two choices about blocking; moving in, where there is another browser to
move from; VPN and mail, or later. No account, nothing that comes again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from PyQt6.QtCore import QTimer

from myco_browser.domain.settings import COOKIE_BANNERS, LANGUAGE, START_PAGE, THEME
from myco_browser.domain.settings_snapshot import Change, Rejected
from myco_browser.services.atomic_files import write_atomically
from myco_browser.services.list_rows import ListRow
from myco_browser.services.settings_store import SettingsStore
from myco_browser.ui.context import Context, Lists

if TYPE_CHECKING:
    from myco_browser.ui.tab import Tab
    from myco_browser.ui.windows import WindowManager

WELCOME_PAGE = "myco://welcome/"
MOVE_PAGE = "myco://welcome-move/"
MORE_PAGE = "myco://welcome-more/"
SHOWN_FILE = "welcome-shown"
# What a profile has that was in use before this page existed.
_TRACES = ("settings.json", "session-a.json", "session-b.json", "sites.json")
_LOOKS_AFTER_MS = 300
_log = logging.getLogger(__name__)


class Welcome:
    """Whether the pages are due, their texts, and what their forms do.

    `speak` shows everything in another language at once.
    """

    def __init__(
        self,
        profile: Path | None,
        settings: SettingsStore,
        lists: Lists,
        context_of: Callable[[], Context],
        manager_of: Callable[[], WindowManager],
        speak: Callable[[str], None],
    ) -> None:
        self._profile = profile
        self._settings = settings
        self._lists = lists
        self._context_of = context_of
        self._manager_of = manager_of
        self._speak = speak
        self._is_new = profile is not None and not any(
            (profile / name).exists() for name in (SHOWN_FILE, *_TRACES)
        )
        self._waits_for_answer = False
        self._looks: dict[str, list[str]] = {}
        self.pages: dict[str, Callable[[], str]] = {
            "welcome": self._first,
            "welcome-move": self._move,
            "welcome-more": self._more,
        }
        self.forms: dict[str, Callable[[str], str | None]] = {
            "welcome": self.answer,
            "welcome-move": lambda query: self._open(query, MOVE_PAGE),
            "welcome-more": lambda query: self._open(query, MORE_PAGE),
        }

    def take(self) -> bool:
        """Whether the pages are to be shown now; True once in a profile's life."""
        if not self._is_new or self._profile is None:
            return False
        self._is_new = False
        try:
            write_atomically(self._profile / SHOWN_FILE, b"")
        except OSError as error:
            # Not shown at all is better than shown at each start.
            _log.warning("the first page is left out: %s", error.strerror)
            return False
        self._waits_for_answer = True
        return True

    def answer(self, query: str) -> str | None:
        """Take what the first form sent, and tell the page that follows; None when it is no form
        but a wish to see the page.

        Only the first answer counts: a page that is restored or reloaded must not choose again.
        """
        sent = parse_qs(query)
        if "answer" not in sent:
            return None
        if not self._waits_for_answer:
            return START_PAGE
        self._waits_for_answer = False
        self._keep(sent)
        self._looks = sent
        return MOVE_PAGE if self._browsers() else MORE_PAGE

    # Pages

    def _first(self) -> str:
        # Shown once in a profile's life: a start does not load them.
        from myco_browser.ui.welcome_page import first_page

        context = self._context_of()
        lists = [(row.subscription.id, row.title, row.on) for row in self._suggested()]
        return first_page(context.face, context.language, context.now, lists)

    def _move(self) -> str:
        from myco_browser.ui.welcome_page import move_page

        QTimer.singleShot(_LOOKS_AFTER_MS, self._take_looks)
        context = self._context_of()
        return move_page(context.face, context.language, self._browsers())

    def _more(self) -> str:
        from myco_browser.ui.welcome_page import more_page

        QTimer.singleShot(_LOOKS_AFTER_MS, self._take_looks)
        context = self._context_of()
        return more_page(context.face, context.language)

    # Acts

    def _keep(self, sent: dict[str, list[str]]) -> None:
        wanted = sent.get("list", [])
        try:
            self._settings.change(Change(COOKIE_BANNERS, "cookies" in sent))
            for row in self._suggested():
                if row.on is not (row.subscription.id in wanted):
                    self._lists.switch(row.subscription.id, not row.on)
        except OSError as error:
            _log.warning("the choices could not be saved: %s", error.strerror)

    def _take_looks(self) -> None:
        """Language and colours make every window anew, and its pages: not before the page that
        follows is there."""
        window = self._manager_of().active_window()
        if window is not None and _is_on_its_way(window.current()):
            QTimer.singleShot(_LOOKS_AFTER_MS, self._take_looks)
            return
        sent, self._looks = self._looks, {}
        if not sent:
            return
        language = sent.get("language", ["system"])[0]
        theme = sent.get("theme", ["system"])[0]
        try:
            answer = self._settings.change(Change(LANGUAGE, language), Change(THEME, theme))
        except OSError as error:
            _log.warning("the choices could not be saved: %s", error.strerror)
        else:
            if isinstance(answer, Rejected):
                _log.warning("the first page sent what is no choice")
                return
        self._speak(language)

    def _open(self, query: str, page: str) -> str | None:
        wish = parse_qs(query).get("open")
        if not wish:
            return None
        QTimer.singleShot(0, lambda: self._show(wish[0]))
        return page

    def _show(self, wish: str) -> None:
        manager = self._manager_of()
        window = manager.active_window()
        if window is None:
            return
        match wish:
            case "move":
                manager.show_move_in()
            case "vpn":
                from myco_browser.ui.tunnel_panel import show_tunnel_panel

                show_tunnel_panel(window)
            case "mail":
                window.side_wanted.emit("mail")
            case _:
                pass

    def _browsers(self) -> tuple[str, ...]:
        from myco_browser.services.foreign_profiles import find_profiles

        found = find_profiles(Path.home())
        return tuple(dict.fromkeys(profile.browser for profile in found))

    def _suggested(self) -> list[ListRow]:
        return [row for row in self._lists.rows() if row.suggested]


def _is_on_its_way(tab: Tab) -> bool:
    return tab.loading or tab.urlstr.partition("?")[0] == WELCOME_PAGE
