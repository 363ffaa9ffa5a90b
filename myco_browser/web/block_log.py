"""What was refused on each page: written by the interceptor, read by the shield.

Keyed by the page's URL without its fragment, so that no tab has to be known here; a new request
for the page itself starts its list anew.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from dataclasses import dataclass, field

from myco_browser.services.block_kinds import BlockKind, block_kind

_PAGES_KEPT = 200
_ENTRIES_KEPT = 500


@dataclass(frozen=True, slots=True)
class Refused:
    """One request that did not leave."""

    host: str
    url: str
    kind: str
    filter_text: str
    list_title: str
    list_id: str
    alias: str = ""
    """The host's canonical name, where the door found one."""


@dataclass(slots=True)
class PageLog:
    """The refusals of one page: the first entries, and the counts of all."""

    count: int = 0
    kinds: Counter[BlockKind] = field(default_factory=Counter)
    entries: list[Refused] = field(default_factory=list)
    banners: int = 0
    """Cookie banners that were answered with “no”."""


class BlockLog:
    """Bounded; one per session process, used on the Qt thread only."""

    def __init__(self) -> None:
        self._pages: OrderedDict[str, PageLog] = OrderedDict()
        self._changed: set[str] = set()
        self.total = 0

    def start_page(self, urlstr: str) -> None:
        """A request for the page itself: what an earlier load refused is no longer of interest."""
        key = page_key(urlstr)
        if key in self._pages:
            del self._pages[key]
            self._changed.add(key)

    def add(self, top: str, refused: Refused) -> None:
        """Counts one refusal on the page `top`."""
        log = self._log(top)
        log.count += 1
        log.kinds[block_kind(refused.list_id)] += 1
        self.total += 1
        if len(log.entries) < _ENTRIES_KEPT:
            log.entries.append(refused)

    def note_banner(self, top: str) -> None:
        """A cookie banner on the page `top` was answered with “no”."""
        self._log(top).banners += 1

    def page(self, urlstr: str) -> PageLog:
        """The log of a page; empty when nothing was refused."""
        return self._pages.get(page_key(urlstr), PageLog())

    def _log(self, top: str) -> PageLog:
        """The log of a page, which is about to change."""
        key = page_key(top)
        log = self._pages.get(key)
        if log is None:
            log = self._pages[key] = PageLog()
            if len(self._pages) > _PAGES_KEPT:
                self._pages.popitem(last=False)
        self._changed.add(key)
        return log

    def take_changed(self) -> set[str]:
        """The keys of pages whose log changed since the last call."""
        changed, self._changed = self._changed, set()
        return changed


def page_key(urlstr: str) -> str:
    """The URL without its fragment."""
    return urlstr.partition("#")[0]
