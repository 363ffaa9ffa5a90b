"""The engine: which verdict the filter lists give on a request.

Order, as in uBlock Origin: a block is looked for first; only a block makes exceptions interesting,
and ``important`` filters do not listen to them. An engine never changes after it was made; new
lists make a new engine, and the caller swaps one for the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from myco_filters import cache
from myco_filters.candidates import Ready
from myco_filters.cosmetic import CosmeticIndex, Cosmetics
from myco_filters.hosts import registrable
from myco_filters.index import Index
from myco_filters.lines import Lines
from myco_filters.modifiers import clean_url, priority_and_name
from myco_filters.request import Kind, Request
from myco_filters.tables import ALLOW, BLOCK, ListInfo, Realm, Tables
from myco_filters.tokens import tokens_of
from myco_filters.verdict import PASS, Allow, Block, FilterRef, Redirect, Rewrite, Verdict

if TYPE_CHECKING:
    from myco_filters.syntax.lists import FilterList

_MAIN_FRAME = Kind.MAIN_FRAME
_NO_TOKENS: list[bytes] = []
_SCHEMES = ("https:", "http:", "ws:", "wss:", "ftp:")
FAILED = Block(FilterRef("", "the filter engine failed on this address", "engine"))
_REALMS = (
    *(BLOCK, ALLOW, "redirect", "redirect!", "removeparam", "removeparam!", "page!"),
    *("csp", "csp!", "permissions", "permissions!", "urlskip", "urlskip!"),
    *("uritransform", "uritransform!", "ipaddress", "ipaddress!", "cname!"),
)


class Engine:
    """Filters ready to be asked. Use from one thread at a time."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self.mark = object()
        """By which others know this engine again without keeping it."""
        self._lines = lines = Lines(tables)
        self._realms = {n: Index(tables.realms.get(n, Realm()), lines) for n in _REALMS}
        self._block = self._realms[BLOCK]
        self._allow = self._realms[ALLOW]
        self._redirect, self._redirect_off = self._realms["redirect"], self._realms["redirect!"]
        self._param, self._param_off = self._realms["removeparam"], self._realms["removeparam!"]
        self._page_off = self._realms["page!"]
        self._after_block = self._allow.token_keys | self._redirect.token_keys
        self._cosmetic = CosmeticIndex(tables.cosmetic, [one.id for one in tables.lists])
        registrable("example.com")  # reads the public suffix list now, not at the first request

    @classmethod
    def compile(cls, lists: Iterable[FilterList], features: frozenset[str] | None = None) -> Engine:
        """Read lists into an engine. Holds the GIL for about a second per 100,000 filters.

        ``features`` are the names that are true in ``!#if``; by default those of this engine.
        """
        from myco_filters.build import compile_tables  # a start of the program needs it rarely

        return cls(compile_tables(lists, features)[0])

    @classmethod
    def load(cls, path: Path, pause: cache.Pause = lambda: None) -> Engine:
        """Read an engine that :meth:`save` wrote. Raises cache.CacheError or OSError.

        In a thread beside others pass e.g. ``lambda: time.sleep(0)``: it is called every few
        milliseconds, and lets them run.
        """
        tables = cache.read(path, pause)
        registrable("example.com")  # reads the public suffix list now, not at the first request
        pause()
        return cls(tables)

    def warm(self) -> Iterator[None]:
        """Prepare, in steps of a few milliseconds, what first requests would have to wait for.

        Optional: run it in idle moments, e.g. ``for _ in engine.warm(): …``.
        """
        for kind in (Kind.SCRIPT, Kind.IMAGE, Kind.STYLESHEET, Kind.XMLHTTPREQUEST, *Kind):
            for third_party in (1, 0):
                for index in (self._block, self._allow):
                    yield from index.warm(2 * kind + third_party)
        for index in (self._block, self._allow, self._redirect):
            yield from index.warm_hosts()
        import myco_filters.rewriting  # noqa: F401 - the first page would have to wait for it

        for name in ("urlskip", "uritransform", "removeparam", "redirect"):
            yield from self._realms[name].warm(2 * _MAIN_FRAME + 1)

    def cool(self) -> Iterator[None]:
        """Forget, in steps of about a millisecond, what requests and :meth:`warm` made ready.

        For an engine that is about to be let go: to free all of it at once takes many. It can still
        be asked; what that needs is made again.
        """
        for index in self._realms.values():
            yield from index.cool()
        yield from self._lines.cool()

    def take_over(self, before: Engine) -> Iterator[None]:
        """Steps in which the engine that was used before is cooled, then this one warmed."""
        yield from before.cool()
        yield from self.warm()

    def save(self, path: Path) -> None:
        """Write the engine's tables, atomically. Raises OSError."""
        cache.write(path, self._tables)

    @property
    def lists(self) -> tuple[ListInfo, ...]:
        """The lists that this engine was made of."""
        return tuple(self._tables.lists)

    def match(self, request: Request) -> Verdict:
        """The verdict on a request. Never raises: what cannot be decided is blocked."""
        try:
            if not request.is_usual and _is_silent(request):
                return PASS
            tokens = tokens_of(request.low, request.host_end if request.is_usual else 0)
            found = self._block.find(request, tokens)
            if found is None:
                return self._rewritten(request, tokens)
            known = _NO_TOKENS if self._after_block.isdisjoint(tokens) else tokens
            if not found.important:
                exception = self._allow.find(request, known)
                if exception is not None:
                    strong = self._important(request, tokens)
                    if strong is None:
                        return Allow(exception.ref)
                    found = strong
            if request.kind == _MAIN_FRAME:
                elsewhere = self._elsewhere(request, tokens, is_blocked=True)
                if elsewhere is not None:
                    return elsewhere
            offered = self._redirect.every(request, known)
            chosen = self._resource(request, offered, tokens) if offered else None
            return found.verdict if chosen is None else Redirect(found.ref, chosen)
        except Exception:  # fail closed, whatever it was
            return FAILED

    def cosmetics(self, url: str, ancestors: Iterable[str] = ()) -> Cosmetics:
        """What to hide, style, remove and run on a page. Never raises: nothing, at worst.

        ``ancestors`` are the hosts of the pages that frame this one.
        """
        try:
            request = Request.make(url, url, Kind.MAIN_FRAME)
            flags = self._page_flags(request)
            hides = "elemhide" not in flags
            return self._cosmetic.for_page(
                request.host,
                ancestors,
                hides and "generichide" not in flags,
                hides and "specifichide" not in flags,
            )
        except Exception:  # a page without cosmetic filters is still a page
            return Cosmetics()

    def generic(
        self, classes: Iterable[str], ids: Iterable[str], exceptions: frozenset[str]
    ) -> tuple[str, ...]:
        """Generic selectors that need one of a page's classes or ids (see Cosmetics). Never
        raises: nothing, at worst."""
        try:
            return self._cosmetic.generic(classes, ids, exceptions)
        except Exception:  # of a cache file that somebody changed
            return ()

    def generic_always(self, exceptions: frozenset[str]) -> tuple[str, ...]:
        """Generic selectors for every page; ``exceptions`` are those of the page's Cosmetics.
        Never raises: nothing, at worst."""
        try:
            return self._cosmetic.generic_always(exceptions)
        except Exception:  # of a cache file that somebody changed
            return ()

    def _page_flags(self, request: Request) -> frozenset[str]:
        tokens = _tokens_of(request)
        found = self._page_off.every(request, tokens)
        return frozenset(flag for ready in found for flag in ready.filter.page_flags)

    def policies(self, request: Request) -> tuple[str, ...]:
        """The content security policies that ``csp=`` filters add to a page or frame."""
        return self._values("csp", request)

    def permissions(self, request: Request) -> tuple[str, ...]:
        """The permissions policies that ``permissions=`` filters add to a page or frame."""
        return self._values("permissions", request)

    def _values(self, realm: str, request: Request) -> tuple[str, ...]:
        found = self._without_exceptions(realm, request, _tokens_of(request))
        return tuple(dict.fromkeys(ready.filter.value for ready in found))

    def match_addresses(self, request: Request, addresses: Iterable[str]) -> Verdict:
        """The verdict once the door knows the addresses; only ``ipaddress=`` filters are asked.

        Never raises: what cannot be decided is blocked.
        """
        try:
            found = self._without_exceptions("ipaddress", request, _tokens_of(request))
            if not found:
                return PASS
            from myco_filters.addresses import fits_address  # few requests need it

            for ready in found:
                if any(fits_address(ready.filter.value, address) for address in addresses):
                    exception = self._allow.find(request, _tokens_of(request))
                    if exception is None or ready.important:
                        return ready.verdict
                    return Allow(exception.ref)
        except Exception:  # fail closed, whatever it was
            return FAILED
        return PASS

    def match_alias(self, request: Request, alias: str) -> Verdict:
        """The verdict once the door knows the host's canonical name: that of the same request to
        this name, unless a ``cname`` exception says that the host may have one. Never raises.

        Only the name is matched, not path and query, as lists are written for that.
        """
        try:
            exceptions = self._realms["cname!"].every(request, _tokens_of(request))
            if exceptions:
                return Allow(exceptions[0].ref)
            url = f"{request.low.partition(':')[0]}://{alias}/"
            source, kind, method = request.source, request.kind, request.method
            return self.match(Request.make(url, source, kind, method, request.top))
        except Exception:  # fail closed, whatever it was
            return FAILED

    def _important(self, request: Request, tokens: list[bytes]) -> Ready | None:
        every = self._block.every(request, tokens)
        return next((ready for ready in every if ready.important), None)

    def _resource(self, request: Request, offered: list[Ready], tokens: list[bytes]) -> str | None:
        """The resource that answers instead: that of the highest priority, if not excepted."""
        refused = {ready.filter.value for ready in self._redirect_off.every(request, tokens)}
        if "" in refused:
            return None
        allowed = [
            (priority, name)
            for priority, name in (priority_and_name(ready.filter.value) for ready in offered)
            if name not in refused and name != "none"
        ]
        return max(allowed, key=lambda pair: pair[0])[1] if allowed else None

    def _rewritten(self, request: Request, tokens: list[bytes]) -> Verdict:
        if request.kind == _MAIN_FRAME:
            elsewhere = self._elsewhere(request, tokens, is_blocked=False)
            if elsewhere is not None:
                return elsewhere
        if "?" not in request.low or self._param.is_empty:
            return PASS
        taken = self._param.every(request, tokens)
        if not taken:
            return PASS
        kept = [ready.filter.value for ready in self._param_off.every(request, tokens)]
        url, used = clean_url(request.url, taken, kept)
        return Rewrite(used.ref, url) if used is not None else PASS

    def _elsewhere(self, request: Request, tokens: list[bytes], is_blocked: bool) -> Rewrite | None:
        """Where a page is to be found in truth: behind a redirect link, or at another path."""
        from myco_filters.rewriting import is_for_blocked, skip, transform  # pages only need it

        for ready in self._without_exceptions("urlskip", request, tokens):
            value = ready.filter.value
            url = skip(request.url, value) if is_for_blocked(value) is is_blocked else None
            if url is not None:
                return Rewrite(ready.ref, url)
        for ready in self._without_exceptions("uritransform", request, tokens):
            url = None if is_blocked else transform(request.url, ready.filter.value)
            if url is not None:
                return Rewrite(ready.ref, url)
        return None

    def _without_exceptions(self, realm: str, request: Request, tokens: list[bytes]) -> list[Ready]:
        found = self._realms[realm].every(request, tokens)
        if not found:
            return []
        off = {ready.filter.value for ready in self._realms[realm + "!"].every(request, tokens)}
        return [] if "" in off else [ready for ready in found if ready.filter.value not in off]


def _is_silent(request: Request) -> bool:
    """Whether it carries no request to anyone: data:, blob: and the like."""
    return not request.low.startswith(_SCHEMES) and request.kind < Kind.MAIN_FRAME


def _tokens_of(request: Request) -> list[bytes]:
    return tokens_of(request.low, request.host_end if request.is_usual else 0)
