"""What the user does to messages: seen at once, kept at once, done on the server when it is there.

Lives on the Qt thread. What is kept survives the end of the browser, however it ends.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Sequence
from typing import Protocol

from PyQt6.QtCore import QObject, pyqtSignal

from myco_browser.bridge.outbox import OutTray
from myco_browser.domain.mail import Role
from myco_browser.mail.errors import MailError
from myco_browser.services import mail_jobs
from myco_browser.services.mail_acts import Act, ActKind, Performed
from myco_browser.services.mail_post import Desk

_log = logging.getLogger(__name__)


class Asking(Protocol):
    """The threads of the accounts."""

    def ask(
        self,
        account_id: str,
        work: Callable[[Desk], Performed],
        done: Callable[[Performed], None],
        failed: Callable[[MailError], None],
    ) -> None: ...


class MailActs(QObject):
    """One for a session."""

    refused = pyqtSignal(str, str, object)  # account, path, and the messages that stay
    performed = pyqtSignal(str, str)  # account and path in which something was done

    def __init__(self, out: OutTray, mail: Asking, parent: QObject) -> None:
        super().__init__(parent)
        self._out = out
        self._mail = mail
        self._held: set[str] = set()
        self._hidden: dict[tuple[str, str], set[int]] = {}

    def hidden(self, account_id: str, path: str) -> frozenset[int]:
        """Messages of a folder that are on their way to another one."""
        return frozenset(self._hidden.get((account_id, path), ()))

    def flag(
        self, account_id: str, view: tuple[str, int], uids: Sequence[int], flag: str, *, on: bool
    ) -> None:
        """Adds or takes a flag; `view` is the folder and how it was numbered."""
        path, uidvalidity = view
        act = Act(
            secrets.token_hex(8), account_id, path, uidvalidity, tuple(uids), ActKind.FLAG, flag,
            is_on=on,
        )  # fmt: skip
        self._keep(act, lambda: self.perform(account_id))

    def move(
        self, account_id: str, view: tuple[str, int], uids: Sequence[int], role: Role, name: str
    ) -> Act:
        """Moves messages once `commit` is called, or the browser begins anew; `name` is for a new
        folder.
        """
        path, uidvalidity = view
        act = Act(
            secrets.token_hex(8), account_id, path, uidvalidity, tuple(uids), ActKind.MOVE,
            role.name, name,
        )  # fmt: skip
        self._held.add(act.act_id)
        self._hide(act)
        self._keep(act, lambda: None)
        return act

    def commit(self, act: Act) -> None:
        """It is not to be undone any more."""
        self._held.discard(act.act_id)
        # After the file has it: both go through the same queue.
        self._out.work(lambda _outbox: None, lambda _none: self.perform(act.account_id))

    def undo(self, act: Act) -> None:
        """It is not to be done."""
        self._hidden.get((act.account_id, act.path), set()).difference_update(act.uids)
        self._out.work(
            lambda outbox: outbox.acts.forget(act.act_id),
            lambda _was_there: self._held.discard(act.act_id),
        )

    def resume(self, account_id: str, kept: Sequence[Act]) -> None:
        """What was kept when the browser ended."""
        for act in kept:
            if act.kind is ActKind.MOVE:
                self._hide(act)

    def perform(self, account_id: str) -> None:
        """Does what is kept and is not to be undone."""
        held = frozenset(self._held)
        self._mail.ask(
            account_id,
            lambda desk: mail_jobs.perform_acts(desk, held),
            lambda found: self._performed(found),
            # It stays kept, and is tried again when the account is connected.
            lambda error: _log.info("what was done to messages waits: %s", error),
        )

    def _keep(self, act: Act, then: Callable[[], None]) -> None:
        self._out.work(lambda outbox: outbox.acts.put(act), lambda _none: then())

    def _hide(self, act: Act) -> None:
        self._hidden.setdefault((act.account_id, act.path), set()).update(act.uids)

    def _performed(self, found: Performed) -> None:
        for act in found.refused:
            self._hidden.get((act.account_id, act.path), set()).difference_update(act.uids)
            self.refused.emit(act.account_id, act.path, act.uids)
        for act in found.done:
            self.performed.emit(act.account_id, act.path)
