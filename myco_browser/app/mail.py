"""Joins mail to the session: the sidebar of everyday windows, and what runs behind it.

Nothing of mail is imported before the first page is painted.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PyQt6.QtCore import QObject, QTimer
from PyQt6.QtWidgets import QWidget

from myco_browser.app.contacts import ContactsJoin
from myco_browser.app.files import FilesJoin
from myco_browser.app.kept_passwords import tells_what_is_kept
from myco_browser.bridge.worker import Worker
from myco_browser.domain.mail_settings import MAIL_CONVERSATIONS, SIDEBAR
from myco_browser.domain.settings_snapshot import Settings
from myco_browser.services.side_shape import SideShape, keep_shape, read_shape
from myco_browser.ui.context import Context
from myco_browser.ui.i18n import _
from myco_browser.ui.sidebar.rail import (
    CONTACTS,
    FILES,
    LEAST_WIDTH,
    MAIL,
    MOST_WIDTH,
    USUAL_WIDTH,
    Sidebar,
)
from myco_browser.ui.window import BrowserWindow

if TYPE_CHECKING:
    from myco_browser.bridge.mail import Mail
    from myco_browser.services.one_passphrase import OnePassphrase
    from myco_browser.ui.sidebar.mail_desk import MailDesk

_START_AFTER_MS = 2500
_CLOCK_MS = 20_000
_SLEPT_S = 45.0


class Windows(Protocol):
    """The windows of the session."""

    @property
    def windows(self) -> tuple[BrowserWindow, ...]: ...

    def active_window(self) -> BrowserWindow | None: ...

    def open_urls(self, urls: list[str], *, new_window: bool) -> None: ...


@dataclass(frozen=True, slots=True)
class MailFacts:
    """What mail is told of its session."""

    profile: Path
    door_port: int


def join_mail(
    profile: Path | None,
    door_port: int,
    context: Callable[[], Context],
    windows: Callable[[], Windows],
    worker: Worker,
) -> MailJoin | None:
    """Mail is for the everyday session, which has a profile."""
    if profile is None:
        return None
    return MailJoin(MailFacts(profile, door_port), context, windows, worker)


class MailJoin(QObject):
    """The sidebars of a session's windows. Made at the start, so it does nothing then."""

    def __init__(
        self,
        facts: MailFacts,
        context: Callable[[], Context],
        windows: Callable[[], Windows],
        worker: Worker,
    ) -> None:
        super().__init__()
        self._facts = facts
        self._context = context
        self._windows = windows
        self._worker = worker
        self.files = FilesJoin(
            facts.profile, facts.door_port, context, windows, worker, lambda: self._one
        )
        self._tell = tells_what_is_kept(windows)
        self._contacts = ContactsJoin(facts.profile, facts.door_port, context, worker, self._tell)
        self._mail: Mail | None = None
        self._desk: MailDesk | None = None
        self._looked = time.time()
        self._clock = QTimer(self)
        self._clock.setInterval(_CLOCK_MS)
        self._clock.timeout.connect(self._look_at_clock)
        self._shape_file = facts.profile / "sidebar.json"
        self._shape: SideShape | None = None

    def equip(self, window: BrowserWindow) -> None:
        """Gives a window its sidebar."""
        window.side_wanted.connect(lambda name: self._toggle(window, name))
        if window.context.now[SIDEBAR]:
            self._add(window)

    def settings_changed(self, before: Settings, after: Settings) -> None:
        """Shows or hides the sidebars, and conversations in them."""
        if self._desk is not None and before[MAIL_CONVERSATIONS] != after[MAIL_CONVERSATIONS]:
            self._desk.arrange_again()
        if before[SIDEBAR] == after[SIDEBAR]:
            return
        for window in self._windows().windows:
            if after[SIDEBAR]:
                self._add(window)
            else:
                window.body.set_side(None)

    def start(self) -> None:
        """After the first page: accounts that are there are watched."""
        QTimer.singleShot(_START_AFTER_MS, self._start)
        self.files.start()

    def _look_at_clock(self) -> None:
        """A computer that slept has connections that are dead without knowing it."""
        now = time.time()
        if now - self._looked > _SLEPT_S:
            self.network_changed()
        self._looked = now

    def network_changed(self) -> None:
        """Another way out, or the computer slept."""
        if self._mail is not None:
            self._mail.look_again()

    def end(self) -> None:
        """Ends what runs."""
        self.files.end()
        self._contacts.end()
        if self._desk is not None:
            self._desk.end()
        if self._mail is not None:
            self._mail.end()

    def mail(self) -> Mail:
        """What runs behind; made when it is wanted first."""
        if self._mail is None:
            # Loaded here: not everybody has mail, and nobody waits for it at the start.
            from myco_browser.app.mail_ports import mail_ports
            from myco_browser.bridge.mail import Mail

            ports = mail_ports(self._facts, self._worker, self._context(), self._one)
            self._mail = mail = Mail(ports, self)
            mail.more_people = lambda text: self._contacts.complete(mail, text)
            self._mail.unread_changed.connect(self._show_unread)
            self._mail.password_removed.connect(self._tell)
            self._mail.start()
            self._clock.start()
        return self._mail

    @functools.cached_property
    def _one(self) -> OnePassphrase:
        """The passphrase of mail, contacts and files, where there is no keyring."""
        from myco_browser.services.one_passphrase import OnePassphrase

        return OnePassphrase()

    def desk(self) -> MailDesk:
        """What all windows share of the mail that is shown."""
        if self._desk is None:
            from myco_browser.bridge.notices import DesktopNotices
            from myco_browser.ui.sidebar.mail_desk import MailDesk

            notices = DesktopNotices(self._worker, self)
            self._desk = MailDesk(
                self.mail(), notices, self._context, self._windows(), self.files.files, self
            )
            self._desk.side_wanted.connect(self._show)
            self._desk.files_wanted.connect(self._show_files)
        return self._desk

    def _start(self) -> None:
        if (self._facts.profile / "mail" / "accounts.json").exists():
            self.desk()

    def _add(self, window: BrowserWindow) -> Sidebar:
        if self._shape is None:
            self._shape = read_shape(self._shape_file, SideShape("", USUAL_WIDTH))
        width = max(LEAST_WIDTH, min(MOST_WIDTH, self._shape.width))
        side = Sidebar(window.context.face, width)

        def make(parent: QWidget) -> QWidget:
            from myco_browser.ui.sidebar.mail_panel import MailPanel

            return MailPanel(self.desk(), window, parent)

        button = side.add(MAIL, "mail", _("Mail"), make)
        button.show_count(self._mail.unread if self._mail is not None else 0)
        self.files.add(window, side)
        self._contacts.add(window, side, self.desk)
        window.body.set_side(side)
        if self._shape.part in (MAIL, FILES, CONTACTS):
            # Not before the page: the panel loads the mail's modules.
            delay = _START_AFTER_MS if self._desk is None else 0
            QTimer.singleShot(delay, lambda: self._reopen(window, side))
        side.shape_changed.connect(self._on_shape)
        return side

    def _reopen(self, window: BrowserWindow, side: Sidebar) -> None:
        if window.body.side is side and not side.open_name:
            side.show_part(self._shape.part if self._shape is not None else MAIL)

    def _toggle(self, window: BrowserWindow, name: str) -> None:
        side = window.body.side
        if not isinstance(side, Sidebar):
            side = self._add(window)
        side.toggle(name)

    def _show(self, window: BrowserWindow) -> None:
        side = window.body.side
        if not isinstance(side, Sidebar):
            side = self._add(window)
        if side.open_name != MAIL:
            side.show_part(MAIL)

    def _show_files(self) -> None:
        """Where the user sees how far it is."""
        window = self._windows().active_window()
        side = window.body.side if window is not None else None
        if isinstance(side, Sidebar):
            side.show_part(FILES)

    def _on_shape(self, part: str, width: int) -> None:
        shape = SideShape(part, width)
        if shape != self._shape:
            self._shape = shape
            self._worker.compute(lambda: keep_shape(self._shape_file, shape), lambda _none: None)

    def _show_unread(self, count: int) -> None:
        for window in self._windows().windows:
            side = window.body.side
            if isinstance(side, Sidebar):
                side.button(MAIL).show_count(count)
