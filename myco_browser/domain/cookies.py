"""Which cookies belong to a request that the browser makes by itself (RFC 6265, 5.4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from myco_browser.domain.addresses import WebAddress


@dataclass(frozen=True, slots=True)
class Cookie:
    """One cookie of the engine's store. A domain that begins with a dot covers what is below."""

    name: str
    value: str
    domain: str
    path: str
    secure: bool
    strict: bool
    """SameSite=Strict: only for requests that come from the site itself."""


def cookie_header(cookies: Iterable[Cookie], address: WebAddress, *, from_itself: bool) -> str:
    """The value of Cookie for `address`, longer paths first; "" when there is none."""
    wanted = [
        cookie
        for cookie in cookies
        if _covers_host(cookie.domain, address.host)
        and _covers_path(cookie.path, address.rest)
        and (address.scheme == "https" or not cookie.secure)
        and (from_itself or not cookie.strict)
    ]
    wanted.sort(key=lambda cookie: -len(cookie.path))
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in wanted)


def _covers_host(domain: str, host: str) -> bool:
    bare = domain.removeprefix(".").lower()
    return host == bare or (domain.startswith(".") and host.endswith(f".{bare}"))


def _covers_path(path: str, rest: str) -> bool:
    asked = rest.partition("?")[0].partition("#")[0]
    if asked == path or path in ("", "/"):
        return True
    return asked.startswith(path if path.endswith("/") else f"{path}/")
