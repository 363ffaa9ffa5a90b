"""Tells the user of new mail: by the desktop, else in the window in front."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from PyQt6.QtCore import QObject, QTime, pyqtSignal

from myco_browser.bridge.mail import Mail
from myco_browser.bridge.notices import DesktopNotices
from myco_browser.domain.mail import INBOX, Account, Summary
from myco_browser.domain.mail_notices import News, Nothing, OneLetter, SomeLetters, news_of
from myco_browser.domain.settings_snapshot import Settings
from myco_browser.ui.i18n import _, ngettext


class Screen(Protocol):
    """What the user sees."""

    def shows_folder(self, account_id: str, path: str) -> bool: ...

    def tell(self, text: str, act: Callable[[], None], gone: Callable[[], None]) -> None: ...


class MailNotifier(QObject):
    """One for a session. `wanted` carries what a click asks for: account, folder, message or 0."""

    wanted = pyqtSignal(str, str, int)

    def __init__(
        self,
        mail: Mail,
        notices: DesktopNotices,
        settings: Callable[[], Settings],
        screen: Screen,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._mail = mail
        self._notices = notices
        self._settings = settings
        self._screen = screen
        self._untold: dict[str, list[Summary]] = {}
        self._news: dict[str, News] = {}
        self.told = 0
        """How many messages were told of, alone or in a count."""
        mail.arrived.connect(self._on_arrived)
        notices.clicked.connect(self._on_clicked)
        notices.gone.connect(self._looked)

    def _on_arrived(self, account_id: str, path: str, new: Sequence[Summary]) -> None:
        account = next((a for a in self._mail.accounts if a.account_id == account_id), None)
        if account is None or path not in account.told_folders:
            return
        key = f"{account_id}\n{path}"
        untold = self._untold.setdefault(key, [])
        untold += new
        news = news_of(
            account,
            untold,
            self._settings(),
            QTime.currentTime().hour(),
            is_on_screen=self._screen.shows_folder(account_id, path),
        )
        if isinstance(news, Nothing):
            untold.clear()
            return
        self.told += sum(one.unread for one in new)
        self._news[key] = news
        title, body = _words(news, account, several=len(self._mail.accounts) > 1)
        if path != INBOX:
            body = f"{path} – {body}" if body else path
        self._notices.show(key, title, body, _("Open"), lambda: self._in_window(key, title, body))

    def _in_window(self, key: str, title: str, body: str) -> None:
        text = f"{title} – {body}" if body else title
        self._screen.tell(text, lambda: self._on_clicked(key), lambda: self._looked(key))

    def _on_clicked(self, key: str) -> None:
        account_id, _end, path = key.partition("\n")
        news = self._news.get(key, Nothing())
        uid = news.uid if isinstance(news, OneLetter) else 0
        self.wanted.emit(account_id, path or INBOX, uid)
        self._looked(key)

    def _looked(self, key: str) -> None:
        """The notification is gone: what comes now is told as new."""
        self._untold.pop(key, None)
        self._news.pop(key, None)


def _words(news: News, account: Account, *, several: bool) -> tuple[str, str]:
    match news:
        case OneLetter(sender="", subject=""):
            return _("New message"), account.address if several else ""
        case OneLetter(sender=sender, subject=subject):
            return sender, subject or _("No subject")
        case SomeLetters(count=count, senders=senders):
            title = ngettext("{count} new message", "{count} new messages", count)
            return title.format(count=count), ", ".join(senders) or account.address
        case Nothing():
            return "", ""
