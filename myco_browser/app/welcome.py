"""The page that a new profile shows once, in its first window: two questions, no nagging."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs

from myco_browser.domain.settings import COOKIE_BANNERS
from myco_browser.domain.settings_snapshot import Change
from myco_browser.services.atomic_files import write_atomically
from myco_browser.services.list_rows import ListRow
from myco_browser.services.settings_store import SettingsStore
from myco_browser.ui.context import Context, Lists
from myco_browser.ui.welcome_page import welcome_page
from myco_browser.web.schemes import START_PAGE

WELCOME_PAGE = "myco://welcome/"
SHOWN_FILE = "welcome-shown"
# What a profile has that was in use before this page existed.
_TRACES = ("settings.json", "session-a.json", "session-b.json", "sites.json")
_log = logging.getLogger(__name__)


class Welcome:
    """Whether the page is due, its text, and what its form does."""

    def __init__(
        self,
        profile: Path | None,
        settings: SettingsStore,
        lists: Lists,
        context_of: Callable[[], Context],
    ) -> None:
        self._profile = profile
        self._settings = settings
        self._lists = lists
        self._context_of = context_of
        self._is_new = profile is not None and not any(
            (profile / name).exists() for name in (SHOWN_FILE, *_TRACES)
        )
        self._waits_for_answer = False

    def take(self) -> bool:
        """Whether the page is to be shown now; True once in a profile's life."""
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

    def page(self) -> str:
        """The page."""
        context = self._context_of()
        lists = [(row.subscription.id, row.title, row.on) for row in self._suggested()]
        return welcome_page(context.face, context.language, context.now[COOKIE_BANNERS], lists)

    def answer(self, query: str) -> str | None:
        """Take what the form sent; None when it is no form but a wish to see the page.

        Only the first answer counts: a page that is restored or reloaded must not choose again.
        """
        sent = parse_qs(query)
        if "answer" not in sent:
            return None
        if self._waits_for_answer:
            self._waits_for_answer = False
            wanted = sent.get("list", [])
            try:
                self._settings.change(Change(COOKIE_BANNERS, "cookies" in sent))
                for row in self._suggested():
                    if row.on is not (row.subscription.id in wanted):
                        self._lists.switch(row.subscription.id, not row.on)
            except OSError as error:
                _log.warning("the choices could not be saved: %s", error.strerror)
        return START_PAGE

    def _suggested(self) -> list[ListRow]:
        return [row for row in self._lists.rows() if row.suggested]
