"""Another user agent for sites that refuse ours: that of Google Chrome, and no other.

The engine is Chromium of an older base version with newer security patches. Some sites refuse that
version, or whoever does not name the common brand. What they are told instead has to fit what the
engine does, or it would set its user apart: so never another engine, system or language, but the
brand that most people use, at the version of the engine's patches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from myco_browser.domain.messages import N_

CHROME_VERSION = "151.0.7922.71"
"""The engine's security patch level."""

_BRAND = "Google Chrome"
_ENGINE = "Chromium"
_NOISE_CHARACTERS = " (:-./);=?_"
_NOISE_VERSIONS = ("8", "99", "24")
_ORDERS = ((0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0))

Brands = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Agent:
    """A browser that a site is told; `brands` and `full_brands` are names with versions."""

    user_agent: str
    brands: Brands
    full_brands: Brands

    def headers(self, *, has_brands: bool) -> tuple[tuple[bytes, bytes], ...]:
        """The headers of a request (https://wicg.github.io/ua-client-hints/).

        `has_brands`: the engine tells its own there.
        """
        agent = (b"User-Agent", self.user_agent.encode())
        named = ", ".join(f'"{name}";v="{version}"' for name, version in self.brands)
        return (agent, (b"Sec-CH-UA", named.encode())) if has_brands else (agent,)

    def override(self) -> dict[str, object]:
        """As scripts and the engine's inspection protocol take it.

        System and processor are as everywhere here.
        """
        return {"userAgent": self.user_agent, "userAgentMetadata": self._metadata()}

    def _metadata(self) -> dict[str, object]:
        return {
            "brands": [{"brand": name, "version": version} for name, version in self.brands],
            "fullVersionList": [
                {"brand": name, "version": version} for name, version in self.full_brands
            ],
            "platform": "Linux",
            "platformVersion": "",
            "architecture": "x86",
            "bitness": "64",
            "model": "",
            "mobile": False,
            "wow64": False,
        }


@dataclass(frozen=True, slots=True)
class Quirk:
    """A site that is told another browser; `reason` is shown to the user."""

    site: str
    reason: str


QUIRKS: tuple[Quirk, ...] = (
    # help/articles/1500000026321: sign-in ends 12 to 18 months after a browser's release.
    Quirk("slack.com", N_("Slack refuses browsers whose version is more than a year old.")),
    # Its page for outdated browsers comes for engines that are some versions behind.
    Quirk("sciencedirect.com", N_("ScienceDirect refuses browsers of an older version.")),
)
_REASONS: Mapping[str, str] = MappingProxyType({quirk.site: quirk.reason for quirk in QUIRKS})


def reason_of(site: str | None) -> str:
    """Why a site is told another browser unless the user wants it otherwise; "" for most."""
    return _REASONS.get(site or "", "")


def is_told_chrome(site: str | None, choice: bool | None) -> bool:
    """Whether a site is told Google Chrome; `choice` is the user's, None without one."""
    return bool(reason_of(site)) if choice is None else choice


def chrome_agent(version: str = CHROME_VERSION) -> Agent:
    """Google Chrome of this full version."""
    major = int(version.partition(".")[0])
    user_agent = (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
        f"Chrome/{major}.0.0.0 Safari/537.36"
    )
    noise = _NOISE_VERSIONS[major % len(_NOISE_VERSIONS)]
    return Agent(
        user_agent,
        _brands(major, noise, str(major), str(major)),
        _brands(major, f"{noise}.0.0.0", version, version),
    )


def _brands(major: int, noise: str, engine: str, brand: str) -> Brands:
    """The list in the order that Chromium makes of its version, with its made-up brand."""
    count = len(_NOISE_CHARACTERS)
    first, second = (_NOISE_CHARACTERS[(major + step) % count] for step in (0, 1))
    rows = ((f"Not{first}A{second}Brand", noise), (_ENGINE, engine), (_BRAND, brand))
    ordered = sorted(zip(_ORDERS[major % len(_ORDERS)], rows, strict=True))
    return tuple(row for _place, row in ordered)
