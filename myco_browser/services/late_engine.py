"""A filter engine that is still being loaded: whoever asks it waits until it is there.

The first window and the first page's process are made meanwhile. Nothing is decided without the
filters: a question blocks its thread, and when loading fails every request is refused.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future

from myco_filters.cosmetic import Cosmetics
from myco_filters.engine import FAILED, Engine
from myco_filters.request import Request
from myco_filters.tables import ListInfo, Tables
from myco_filters.verdict import Verdict

_log = logging.getLogger(__name__)


class LateEngine(Engine):
    """Stands for the engine that `load` gives. Loading starts with `start`, or when asked."""

    def __init__(self, load: Callable[[], Engine], loaded: Callable[[Engine], None]) -> None:
        super().__init__(Tables())
        self._load = load
        self._loaded = loaded
        self._future: Future[Engine] = Future()
        self._started = False

    def start(self) -> None:
        """Starts loading, once; `loaded` is called in the loading thread."""
        if not self._started:
            self._started = True
            threading.Thread(target=self._run, name="myco-filters", daemon=True).start()

    @property
    def lists(self) -> tuple[ListInfo, ...]:
        """The lists of the engine."""
        return self._engine().lists

    def match(self, request: Request) -> Verdict:
        """The verdict; a refusal when there is no engine."""
        try:
            return self._engine().match(request)
        except Exception:  # fail closed, whatever kept the engine from being loaded
            return FAILED

    def cosmetics(self, url: str, ancestors: Iterable[str] = ()) -> Cosmetics:
        """What concerns a page."""
        return self._engine().cosmetics(url, ancestors)

    def match_alias(self, request: Request, alias: str) -> Verdict:
        """The verdict on a canonical name; a refusal when there is no engine."""
        try:
            return self._engine().match_alias(request, alias)
        except Exception:  # fail closed
            return FAILED

    def match_addresses(self, request: Request, addresses: Iterable[str]) -> Verdict:
        """The verdict on addresses; a refusal when there is no engine."""
        try:
            return self._engine().match_addresses(request, addresses)
        except Exception:  # fail closed
            return FAILED

    def permissions(self, request: Request) -> tuple[str, ...]:
        """The permissions policies for a page or frame."""
        return self._engine().permissions(request)

    def policies(self, request: Request) -> tuple[str, ...]:
        """The content security policies for a page or frame."""
        return self._engine().policies(request)

    def generic(
        self, classes: Iterable[str], ids: Iterable[str], exceptions: frozenset[str]
    ) -> tuple[str, ...]:
        """Generic selectors that need one of a page's classes or ids."""
        return self._engine().generic(classes, ids, exceptions)

    def generic_always(self, exceptions: frozenset[str]) -> tuple[str, ...]:
        """Generic selectors for every page."""
        return self._engine().generic_always(exceptions)

    def _engine(self) -> Engine:
        self.start()
        return self._future.result()

    def _run(self) -> None:
        try:
            engine = self._load()
        except Exception as error:
            _log.exception("the filters could not be loaded; every request is refused")
            self._future.set_exception(error)
            return
        self._future.set_result(engine)
        self._loaded(engine)
