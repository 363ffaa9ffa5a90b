"""What sites can know of a session: one value from which headers, flags and scripts are made."""

from __future__ import annotations

from dataclasses import dataclass

# The engine's own base version: an honest user agent of a common browser of that version.
# "QtWebEngine/x" would name one of very few users.
CHROMIUM_MAJOR = 140


@dataclass(frozen=True, slots=True)
class SessionIdentity:
    """The outward face of a session; a new identity is a new process."""

    user_agent: str
    accept_language: str
    language: str
    uniform: bool


def everyday_identity(language: str) -> SessionIdentity:
    """The everyday session's face; `language` is "fr" or "en"."""
    if language == "fr":
        return SessionIdentity(_user_agent(), "fr-FR,fr;q=0.9,en;q=0.8", "fr-FR", uniform=False)
    return SessionIdentity(_user_agent(), "en-US,en;q=0.9", "en-US", uniform=False)


def private_identity() -> SessionIdentity:
    """A private session's face: the same for every user, whatever the language of the window."""
    return SessionIdentity(_user_agent(), "en-US,en;q=0.9", "en-US", uniform=True)


def _user_agent() -> str:
    return (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
        f"Chrome/{CHROMIUM_MAJOR}.0.0.0 Safari/537.36"
    )
