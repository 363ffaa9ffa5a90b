"""What can be brought over, part by part: its title, how much there is, and how it is kept.

A part more is one more function like these; the window knows nothing of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from myco_browser.domain.logins import Logins
from myco_browser.domain.settings import USER_ENGINES
from myco_browser.domain.settings_snapshot import Change
from myco_browser.services.foreign_files import Findings
from myco_browser.services.moving_in import Taken, new_engines, take_bookmarks, take_visits
from myco_browser.services.passwords import Kept
from myco_browser.ui.context import Context
from myco_browser.ui.i18n import _, ngettext

_NAMED = 3


@dataclass(frozen=True, slots=True)
class MovedPart:
    """`count` is how many there are in the other browser; `take` keeps them, step by step."""

    title: str
    count: int
    preview: str
    detail: str
    take: Callable[[], Iterator[Taken | None]]
    """Each step tells the sum so far; None: not done yet, ask again a little later."""

    def words(self, taken: Taken) -> str:
        """What came of it."""
        text = _("{part}: {came} came, {left} were here already or cannot be kept.")
        return text.format(part=self.title, came=taken.came, left=taken.left)


def bookmark_part(context: Context, found: Findings) -> MovedPart:
    """Bookmarks with their folders and tags."""

    def take() -> Iterator[Taken | None]:
        if context.bookmarks is not None:
            yield take_bookmarks(context.bookmarks, found)

    count = found.bookmarks
    preview = ngettext("{count} page", "{count} pages", count).format(count=count)
    names = [tree.item.title for tree in (*found.bar, *found.other) if tree.item.title]
    return MovedPart(_("Bookmarks"), count, preview, _some(names), take)


def history_part(context: Context, found: Findings) -> MovedPart:
    """Visits, which the address bar completes from."""

    def take() -> Iterator[Taken | None]:
        return take_visits(context.visits.take_in, found.visits)

    count = len(found.visits)
    preview = ngettext("{count} visit", "{count} visits", count).format(count=count)
    return MovedPart(_("History"), count, preview, "", take)


def engine_part(context: Context, found: Findings) -> MovedPart:
    """Search engines that the user added there."""

    def take() -> Iterator[Taken | None]:
        fresh = new_engines(found.engines, context.engines())
        table = (*context.now[USER_ENGINES], *fresh)
        context.settings.change(Change(USER_ENGINES, table))
        yield Taken(len(fresh), len(found.engines) - len(fresh))

    count = len(found.engines)
    preview = ngettext("{count} engine", "{count} engines", count).format(count=count)
    names = [engine.name for engine in found.engines]
    return MovedPart(_("Search engines"), count, preview, _some(names), take)


def password_part(context: Context, found: Findings) -> MovedPart:
    """Passwords, with the names they belong to."""

    def take() -> Iterator[Taken | None]:
        # Loaded when passwords are brought: few who look do.
        from myco_browser.services.password_csv import TakenIn, merge
        from myco_browser.services.password_store import Opening, StoreError

        came: list[TakenIn] = []
        answers: list[Kept] = []

        def work(before: Logins) -> Logins:
            came.append(merge(before, found.logins, 0, int(time.time())))
            return came[0].logins

        context.passwords.change(work, answers.append)
        while not answers:
            yield None
        kept = answers[0]
        if kept.problem:
            raise StoreError(kept.problem)
        if kept.opening is not Opening.NOTHING or not came:
            raise StoreError(_("open your passwords here first (Ctrl+Alt+Shift+K), then do it "
                               "once more."))  # fmt: skip
        fresh = came[0].added + came[0].updated
        yield Taken(fresh, len(found.logins) - fresh)

    count = len(found.logins)
    preview = ngettext("{count} password", "{count} passwords", count).format(count=count)
    left = found.other_logins
    detail = ngettext(
        "{count} for no web address stays there.", "{count} for no web address stay there.", left
    )
    return MovedPart(
        _("Passwords"), count, preview, detail.format(count=left) if left else "", take
    )


def _some(names: list[str]) -> str:
    shown = ", ".join(name[:40] for name in names[:_NAMED])
    return f"{shown} …" if len(names) > _NAMED else shown
