"""Filters that send a page elsewhere: ``urlskip=`` unwraps redirect links, ``uritransform=``
rewrites what follows the host.

Both are told in the list's words, so what they may lead to is limited: only http and https
addresses, and nothing but the same host for a transformation.
"""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import unquote, unquote_plus

from myco_filters.lazy import lazy_pattern
from myco_filters.regex import Expression, RegexRefusedError, translate
from myco_filters.request import URL_LIMIT

_WEB = lazy_pattern(r"https?://[^\s/?#\\@]+(?:[/?#]\S*)?", re.IGNORECASE)
_ORIGIN = lazy_pattern(r"[a-z][a-z0-9+.-]*://[^/?#]*", re.IGNORECASE)
_STEP = lazy_pattern(r"/(?:\\.|[^/\\]|(?<=\[)/)+/(?=\s|$)|\S+")
_TRANSFORM = lazy_pattern(r"/((?:\\.|[^/\\])+)/((?:\\.|[^/\\])*)/([gi]*)")
_BLOCKED = "-blocked"


def is_for_blocked(value: str) -> bool:
    """Whether the steps of ``urlskip=`` are meant for pages that a filter blocks."""
    return _BLOCKED in value.split()


def skip(url: str, value: str) -> str | None:
    """The address that ``urlskip=value`` finds in a URL; None when a step fails.

    Steps: ``?name`` value of a parameter, ``&n`` name of the n-th parameter, ``#`` the fragment,
    ``/expression/`` its first group, ``-base64``, ``-safebase64``, ``-uricomponent``, ``+https``.
    """
    found = url
    for step in _STEP.findall(value):
        if step == _BLOCKED:
            continue
        after = _step(found, step)
        if not after or len(after) > URL_LIMIT:
            return None
        found = after
    return found if found != url and _WEB.fullmatch(found) else None


def _step(url: str, step: str) -> str | None:
    found: str | None = None
    match step[0]:
        case "?":
            found = _parameter(url, step[1:])
        case "&" if step[1:].isdecimal() and len(step) < 5:
            found = _parameter_name(url, int(step[1:]))
        case "#":
            found = url.partition("#")[2]
        case "/":
            found = _first_group(url, step[1:-1])
        case "+" if step == "+https":
            found = re.sub(r"^(?:[a-z]+:)?(?://)?", "https://", url, count=1, flags=re.IGNORECASE)
        case "-":
            found = _decoded(url, step[1:])
        case _:
            found = None
    return found


def _query(url: str) -> list[str]:
    return url.partition("#")[0].partition("?")[2].split("&")[:200]


def _parameter(url: str, name: str) -> str | None:
    for part in _query(url):
        key, _, value = part.partition("=")
        if unquote_plus(key) == name:
            return unquote_plus(value)
    return None


def _parameter_name(url: str, number: int) -> str | None:
    parts = _query(url)
    return unquote_plus(parts[number - 1].partition("=")[0]) if 0 < number <= len(parts) else None


def _expression(body: str) -> Expression | None:
    try:
        return translate(body)
    except RegexRefusedError:
        return None


def _first_group(url: str, body: str) -> str | None:
    expression = _expression(body)
    if expression is None:
        return None
    found = re.search(expression.source, url[: expression.reach])
    return found[1] if found and found.re.groups else None


def _decoded(text: str, how: str) -> str | None:
    if how == "uricomponent":
        return unquote(text)
    if how not in ("base64", "safebase64"):
        return None
    alphabet = text.replace("-", "+").replace("_", "/") if how == "safebase64" else text
    padded = alphabet.rstrip("=") + "=" * (-len(alphabet.rstrip("=")) % 4)
    try:
        return base64.b64decode(padded, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeError, ValueError):
        return None


def transform(url: str, value: str) -> str | None:
    """The URL with ``/expression/replacement/`` applied to what follows the host, or None."""
    rule = _TRANSFORM.fullmatch(value)
    origin = _ORIGIN.match(url)
    if rule is None or origin is None:
        return None
    expression = _expression(rule[1])
    rest = url[origin.end() :]
    if expression is None or len(rest) > expression.reach:
        return None
    template = re.sub(r"\\(?![0-9])|\$(?=[0-9])", _as_template, rule[2])
    count = 0 if "g" in rule[3] else 1
    flags = re.IGNORECASE if "i" in rule[3] else 0
    try:
        changed = re.sub(expression.source, template, rest, count=count, flags=flags)
    except (re.error, IndexError):
        return None
    if changed == rest or len(changed) > URL_LIMIT or not re.match(r"[/?#]\S*\Z|\Z", changed):
        return None
    return url[: origin.end()] + changed


def _as_template(found: re.Match[str]) -> str:
    # "$1" is a group; a backslash before anything but a digit only escapes that character.
    return "\\" if found[0] == "$" else ""
