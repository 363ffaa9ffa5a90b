"""What sites can know of a session: one value from which everything outward is made.

Headers, the engine's switches, its environment and the values of the page script all come from the
same `SessionIdentity`, so that they cannot contradict each other. A new identity is a new process.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import NamedTuple

# The engine's own base version: the user agent of a common browser of that version.
# "QtWebEngine/x" would name one of very few users.
CHROMIUM_MAJOR = 140

PRIVATE_TIME_ZONE = "UTC"
# The page area of a private window is a multiple of these, in CSS pixels, up to a usual size.
LETTERBOX_STEP = (200, 100)
LETTERBOX_LIMIT = (1400, 900)

SCRIPT_COOKIE_DAYS = 7
"""How long a cookie lasts that a page's script wrote. A private session forgets them all anyway."""

_UNIFORM_MEDIA = (
    ("prefers-color-scheme", "light"),
    ("prefers-contrast", "no-preference"),
    ("prefers-reduced-motion", "no-preference"),
    ("prefers-reduced-transparency", "no-preference"),
    ("prefers-reduced-data", "no-preference"),
    ("forced-colors", "none"),
    ("color-gamut", "srgb"),
)


class Fonts(Enum):
    """Which fonts pages are drawn with."""

    UNIFORM = "uniform"
    """The same few for everybody; other scripts are not drawn."""
    UNIFORM_FIRST = "uniform-first"
    """The same few, and this machine's Noto fonts for scripts that these do not have."""
    MACHINE = "machine"
    """All that are installed here."""


class SessionIdentity(NamedTuple):
    """The outward face of a session.

    `time_zone` and None: this machine's. `letterbox`: the page area comes in few sizes.
    `fixed_scale`: one device pixel per CSS pixel. `service_workers`: pages may register them.
    """

    user_agent: str
    accept_language: str
    language: str
    uniform: bool
    time_zone: str | None
    fonts: Fonts
    letterbox: bool
    fixed_scale: bool
    webgl: bool
    devices: bool
    service_workers: bool
    storage_quota: int = 10 * 1024**3
    """Bytes that pages are told they may store; the engine's own limit holds anyway."""
    sample_rate: int = 44_100
    """Of audio contexts, in Hz."""

    def media(self) -> tuple[tuple[str, str], ...]:
        """The media features that pages are told, by name; empty for the machine's own."""
        return _UNIFORM_MEDIA if self.uniform else ()

    def script_values(self) -> Mapping[str, object]:
        """What the page script replaces true values by."""
        return MappingProxyType(
            {
                "quota": self.storage_quota,
                "sampleRate": self.sample_rate,
                "webgl": self.webgl,
                "devices": self.devices,
                "screen": self.uniform,
                "cookieDays": 0 if self.uniform else SCRIPT_COOKIE_DAYS,
            }
        )


def everyday_identity(language: str, fonts: Fonts = Fonts.UNIFORM_FIRST) -> SessionIdentity:
    """The everyday session's face; `language` is "fr" or "en".

    Language, time zone and the screen's scale show, WebGL works, and sites may be given devices.
    """
    accept, tag = (
        ("fr-FR,fr;q=0.9,en;q=0.8", "fr-FR") if language == "fr" else ("en-US,en;q=0.9", "en-US")
    )
    return SessionIdentity(
        _user_agent(), accept, tag, uniform=False, time_zone=None, fonts=fonts, letterbox=False,
        fixed_scale=False, webgl=True, devices=True, service_workers=True,
    )  # fmt: skip


def private_identity(*, fixed_scale: bool = True) -> SessionIdentity:
    """A private session's face: the same for every user, whatever the language of the window."""
    return SessionIdentity(
        _user_agent(), "en-US,en;q=0.9", "en-US", uniform=True, time_zone=PRIVATE_TIME_ZONE,
        fonts=Fonts.UNIFORM, letterbox=True, fixed_scale=fixed_scale, webgl=False, devices=False,
        service_workers=False,
    )  # fmt: skip


def letterboxed(width: int, height: int) -> tuple[int, int]:
    """The page area for a room of this size: the largest step that fits, at least one step."""
    return (
        _stepped(width, LETTERBOX_STEP[0], LETTERBOX_LIMIT[0]),
        _stepped(height, LETTERBOX_STEP[1], LETTERBOX_LIMIT[1]),
    )


def _stepped(length: int, step: int, limit: int) -> int:
    return max(step, min(length, limit) // step * step)


def _user_agent() -> str:
    return (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
        f"Chrome/{CHROMIUM_MAJOR}.0.0.0 Safari/537.36"
    )
