"""Passwords, and what users agreed to on providers' pages: tokens are renewed when they run out."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

from myco_browser.domain.oauth import SignInCause, SignInError, Token
from myco_browser.mail.errors import UnreachableError
from myco_browser.services.mail_passwords import MailPasswords, MissingError
from myco_browser.services.oauth import Grant, read_grant, renewed
from myco_browser.services.one_passphrase import OnePassphrase
from myco_browser.system.dialled import Way

_log = logging.getLogger(__name__)
_AHEAD_S = 60.0


class Secrets(MailPasswords):
    """Gives a password, or a `Token` that is good now. Grants are sealed as passwords are."""

    def __init__(self, folder: Path, way: Way, one: OnePassphrase | None = None) -> None:
        super().__init__(folder, one=one)
        self._way = way
        self._renewing = threading.Lock()
        self._spent: set[str] = set()

    def get(self, account_id: str) -> str:
        """Raises KeeperError; UnreachableError when a token cannot be renewed now."""
        text = super().get(account_id)
        if read_grant(text) is None:
            return text
        with self._renewing:
            # Another thread may have renewed it meanwhile.
            grant = read_grant(super().get(account_id))
            if grant is None:
                raise MissingError("the sign-in cannot be read")
            if not self._is_good(grant):
                grant = self._renew(account_id, grant)
            return Token(grant.access)

    def refuse(self, token: str) -> bool:
        """A server does not take it any more: the next one is new. False for a password."""
        if isinstance(token, Token):
            self._spent.add(str(token))
        return isinstance(token, Token)

    def _is_good(self, grant: Grant) -> bool:
        return grant.expires - _AHEAD_S > time.time() and grant.access not in self._spent

    def _renew(self, account_id: str, grant: Grant) -> Grant:
        try:
            new = renewed(self._way, grant)
        except SignInError as error:
            _log.info("a sign-in cannot be renewed: %s", error)
            if error.cause is SignInCause.REFUSED:
                raise MissingError("the provider wants a new sign-in") from error
            raise UnreachableError(str(error)) from error
        self.put(account_id, new.text())
        self._spent.discard(grant.access)
        return new
