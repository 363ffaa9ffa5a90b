"""What the widgets of a session are given: one frozen value, built by the composition root."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from PyQt6.QtCore import QObject, pyqtBoundSignal
from PyQt6.QtWebEngineCore import QWebEngineDownloadRequest, QWebEngineProfile

from myco_browser.domain.certificate import Certificates
from myco_browser.domain.identity import SessionIdentity
from myco_browser.domain.search_engines import SearchEngine
from myco_browser.domain.settings import default_engine_of, engines_of
from myco_browser.domain.settings_snapshot import Settings
from myco_browser.domain.tunnel import TunnelView
from myco_browser.services.bookmarks import Bookmarks
from myco_browser.services.history import Page, Visit
from myco_browser.services.list_rows import ListRow, Progress
from myco_browser.services.own_filters import OwnFilters
from myco_browser.services.own_lists import AddProblem
from myco_browser.services.passwords import Passwords
from myco_browser.services.pins import Pins
from myco_browser.services.reading_list import ReadingList
from myco_browser.services.request_log import RequestLog
from myco_browser.services.settings_store import SettingsStore
from myco_browser.services.site_store import SiteStore
from myco_browser.ui.theme import Face
from myco_browser.web.block_log import BlockLog
from myco_browser.web.inspection import Inspections
from myco_browser.web.page_filters import PageFilters
from myco_browser.web.permission_desk import PermissionDesk
from myco_browser.web.policy import PolicyControl
from myco_vpn.link import CounterRow, DoorStatus, FailureCause

if TYPE_CHECKING:
    from pathlib import Path

    from myco_browser.services.foreign_files import ForeignVisit
    from myco_vpn.dnswire import Service

T = TypeVar("T")


class Door(Protocol):
    """The session's channel to the door."""

    def why(self, host: str, port: int) -> FailureCause: ...

    def grant_local(self, host: str, port: int | None) -> bool: ...

    def status(self) -> DoorStatus | None: ...

    def counters(self) -> tuple[CounterRow, ...]: ...

    def services(self, name: str) -> tuple[Service, ...]: ...


class Launcher(Protocol):
    """The session's channel to the launcher."""

    def open_private(self, urls: list[str]) -> None: ...

    def open_everyday(self, urls: list[str]) -> None: ...

    def renew(self, state: dict[str, object]) -> None: ...

    def quit_all(self) -> None: ...


class Visits(Protocol):
    """Where visits go; a private session has none."""

    def record(self, url: str, title: str, *, typed: bool) -> None: ...

    def rename(self, url: str, title: str) -> None: ...

    def complete(self, text: str) -> tuple[Page, ...]: ...

    def keep_picture(self, url: str, png: bytes) -> None: ...

    def picture(self, url: str) -> bytes | None: ...

    def search(self, text: str, limit: int, before: int | None) -> Sequence[Visit]: ...

    def forget_page(self, url: str) -> None: ...

    def take_in(self, visits: Sequence[ForeignVisit]) -> int: ...

    def keep_days(self, days: int) -> None: ...


class Forgotten(NamedTuple):
    """What is to be forgotten; `history_since` is in Unix seconds, None leaves the history."""

    history_since: int | None
    stored: bool
    """Cookies, and everything else that sites stored."""
    cache: bool
    sites: bool


class Forgetting(Protocol):
    """Takes back what was kept; both tell the cause why something stayed, else ""."""

    def forget_site(self, site: str) -> str: ...

    def forget(self, what: Forgotten) -> str: ...


class Lists(Protocol):
    """The filter lists, as their page shows and changes them. Qt thread only."""

    progress: Progress | None

    @property
    def writable(self) -> bool: ...

    def rows(self) -> tuple[ListRow, ...]: ...

    def observe(self, observer: Callable[[], None]) -> Callable[[], None]: ...

    def switch(self, identifier: str, on: bool) -> None: ...

    def update_now(self) -> None: ...

    def add(self, text: str, done: Callable[[AddProblem | str | None], None]) -> None: ...

    def remove(self, identifier: str) -> AddProblem | None: ...


class Tunnel(Protocol):
    """The VPN of this session, as the launcher runs it."""

    changed: pyqtBoundSignal
    said: pyqtBoundSignal
    view: TunnelView

    @property
    def awaits_passphrase(self) -> bool: ...

    def toggle(self) -> None: ...

    def turn_on(self, exit_id: str, through: str | None = None) -> None: ...

    def turn_off(self) -> None: ...

    def block(self) -> None: ...

    def look(self) -> None: ...

    def list_exits(self) -> None: ...

    def measure(self) -> None: ...

    def protect_computer(self, exit_id: str) -> None: ...

    def release_computer(self) -> None: ...

    def look_at_computer(self) -> None: ...

    def keep(self, items: Sequence[tuple[str, str]]) -> None: ...

    def remove(self, exit_id: str) -> None: ...

    def favour(self, exit_id: str, on: bool) -> None: ...

    def export(self, exit_id: str, path: str) -> None: ...

    def trust_network(self, on: bool) -> None: ...

    def follow_networks(self) -> None: ...

    def make_key(self) -> None: ...

    def unlock(self, passphrase: str) -> None: ...


class Beside(Protocol):
    """Work that takes too long for the Qt thread."""

    def compute(self, work: Callable[[], T], done: Callable[[T], None]) -> None: ...


class Cloud(Protocol):
    """The user's files on a server, as pages and downloads see them."""

    @property
    def is_there(self) -> bool: ...

    @property
    def makes_links(self) -> bool: ...

    def outgoing(self, name: str) -> Path: ...

    def send(self, path: Path, *, ours: bool = False, link: bool = False) -> None: ...

    def give_up(self, path: Path) -> None: ...

    def take(self, request: QWebEngineDownloadRequest) -> None: ...


class Context(NamedTuple):
    """The ports and facts of one session."""

    name: str
    private: bool
    number: int
    sealed: bool
    seal_reason: str
    identity: SessionIdentity
    language: str
    face: Face
    profile: QWebEngineProfile
    policy: PolicyControl
    page_filters: PageFilters
    fresh_identity: Callable[[QObject], tuple[QWebEngineProfile, PageFilters]]
    """A profile with this session's face and storage of its own, in memory."""
    inspections: Inspections
    permissions: PermissionDesk
    blocked: BlockLog
    requests: RequestLog
    door: Door
    launcher: Launcher
    visits: Visits
    sites: SiteStore
    settings: SettingsStore
    pins: Pins
    own_filters: OwnFilters
    lists: Lists
    beside: Beside
    certificates: Certificates
    tunnel: Tunnel
    forgetting: Forgetting
    bookmarks: Bookmarks | None
    reading: ReadingList | None
    passwords: Passwords
    cloud: Cloud | None

    @property
    def now(self) -> Settings:
        """The settings as they are now."""
        return self.settings.settings

    def engines(self) -> tuple[SearchEngine, ...]:
        """All search engines, built in and the user's."""
        return engines_of(self.now, self.language)

    def default_engine(self) -> SearchEngine:
        """The engine that words are searched with."""
        return default_engine_of(self.now, self.language)
