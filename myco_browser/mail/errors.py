"""What can go wrong between us and a mail server.

MailError
 ├─ UnreachableError   no connection, or it broke: worth another try
 ├─ RefusedError       the server does not want us: only the user can change that
 ├─ ProtocolError      the server talks nonsense
 └─ ActionError        the server said no to one command
"""

from __future__ import annotations

from myco_browser.domain.mail import RefusalCause


class MailError(Exception):
    """The base; the message is for the log."""


class UnreachableError(MailError):
    """There is no connection, or it broke."""


class RefusedError(MailError):
    """The server does not want us; `cause` says why."""

    def __init__(self, cause: RefusalCause, detail: str = "") -> None:
        super().__init__(detail or cause.name)
        self.cause = cause


class ProtocolError(MailError):
    """The server's answer makes no sense, or has no end."""


class ActionError(MailError):
    """The server said no to one command."""
