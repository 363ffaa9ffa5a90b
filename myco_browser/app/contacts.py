"""Joins contacts to the sidebar. Nothing of them is imported before somebody wants them."""

from __future__ import annotations

import functools
import logging
import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QWidget

from myco_browser.bridge.worker import Worker
from myco_browser.ui.context import Context
from myco_browser.ui.i18n import _
from myco_browser.ui.sidebar.rail import CONTACTS, Sidebar
from myco_browser.ui.window import BrowserWindow

if TYPE_CHECKING:
    from myco_browser.bridge.contacts import Contacts
    from myco_browser.bridge.mail import Mail
    from myco_browser.ui.sidebar.mail_desk import MailDesk

CLIENT = "contacts"
"""The word under which the door counts it."""

_log = logging.getLogger(__name__)


class ContactsJoin(QObject):
    """The contacts of a session. Made at the start, so it does nothing then."""

    def __init__(
        self,
        profile: Path,
        door_port: int,
        context: Callable[[], Context],
        worker: Worker,
        tell: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._folder = profile / "contacts"
        self._door_port = door_port
        self._context = context
        self._worker = worker
        self._tell = tell
        self._contacts: Contacts | None = None

    def add(self, window: BrowserWindow, side: Sidebar, desk: Callable[[], MailDesk]) -> None:
        """Gives a sidebar the button of contacts."""

        def make(parent: QWidget) -> QWidget:
            from myco_browser.ui.sidebar.contacts_panel import ContactsPanel

            mail_desk = desk()
            contacts = self.contacts(mail_desk.mail)
            return ContactsPanel(contacts, mail_desk.mail, mail_desk.write_to, window, parent)

        side.add(CONTACTS, "people", _("Contacts"), make)

    def complete(self, mail: Mail, text: str) -> list[tuple[str, str]]:
        """Who fits what is typed as an address; nobody, where there are no contacts."""
        if self._contacts is None and not (self._folder / "accounts.json").exists():
            return []
        return self.contacts(mail).complete(text)

    def contacts(self, mail: Mail) -> Contacts:
        """What runs behind; made when it is wanted first."""
        if self._contacts is None:
            # Loaded here: not everybody has contacts on a server, and nobody waits for it.
            from myco_browser.bridge.contacts import Contacts, ContactsPorts
            from myco_browser.services.database import SetAside
            from myco_browser.system.dialled import Way, usual_tls
            from myco_vpn.link import dial_blocking

            proxy = ("127.0.0.1", self._door_port)
            door = self._context().door

            def dial(host: str, port: int) -> socket.socket:
                return dial_blocking(host, port, CLIENT, proxy)

            def locate(name: str) -> tuple[tuple[str, int], ...]:
                return tuple((one.target, one.port) for one in door.services(name))

            def report(what: SetAside) -> None:
                _log.warning("%s could not be read; it was moved to %s", what.path, what.moved_to)

            way = Way(dial, functools.cache(usual_tls))
            ports = ContactsPorts(
                self._folder, way, self._worker, door, mail.passwords, locate, report
            )
            self._contacts = Contacts(ports, self)
            self._contacts.password_removed.connect(self._tell)
        return self._contacts

    def end(self) -> None:
        """Ends what runs."""
        if self._contacts is not None:
            self._contacts.end()
