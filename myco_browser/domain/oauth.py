"""Signing in on a provider's page (OAuth 2.0, OpenID Connect): the words of it."""

from __future__ import annotations

from enum import Enum

from myco_browser.domain.messages import N_


class Token(str):
    """An access token, in the place of a password: shown as a bearer's (RFC 6750, RFC 7628)."""

    __slots__ = ()


class SignInCause(Enum):
    """Why there is no sign-in; the value is the sentence for people."""

    NO_PROVIDER = N_("This provider has no page to sign in on. Use a password.")
    UNREACHABLE = N_(
        "The provider cannot be reached. Type the address of its sign-in page below, or use a "
        "password."
    )
    REFUSED = N_("The provider did not agree. Try again, or use a password.")
    FORGED = N_("The answer does not belong to this sign-in, so it was not used.")
    BROKEN = N_("The provider's answer cannot be understood.")


class SignInError(Exception):
    """There is no sign-in. `detail` is for the log and names no secret."""

    def __init__(self, cause: SignInCause, detail: str = "") -> None:
        super().__init__(f"{cause.name.lower()}: {detail}")
        self.cause = cause
