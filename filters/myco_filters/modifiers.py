"""Filters that change a request instead of stopping it: resource names and query parameters."""

from __future__ import annotations

import re
from collections.abc import Iterable

from myco_filters.candidates import Ready
from myco_filters.pattern import expression_of
from myco_filters.regex import RegexRefusedError

_PARAMETERS = 200


def priority_and_name(value: str) -> tuple[int, str]:
    """Split ``noop.js:10``; without a number the priority is 0."""
    name, colon, number = value.rpartition(":")
    if colon and re.fullmatch(r"-?[0-9]{1,6}", number):
        return int(number), name
    return 0, value


def clean_url(url: str, filters: Iterable[Ready], kept: list[str]) -> tuple[str, Ready | None]:
    """The URL without the parameters that the filters name, and the first filter that took one.

    ``kept`` are the values of exceptions: an empty one keeps everything. A URL with more than 200
    parameters is left alone. The other parameters keep their spelling and order.
    """
    if "" in kept or "?" not in url:
        return url, None
    head, hash_mark, fragment = url.partition("#")
    path, _, query = head.partition("?")
    parts = query.split("&")
    if len(parts) > _PARAMETERS:
        return url, None
    used = None
    for ready in filters:
        if ready.filter.value in kept:
            continue
        left = [] if not ready.filter.value else _without(parts, ready.filter.value)
        if len(left) < len(parts):
            used = used or ready
            parts = left
    if used is None:
        return url, None
    return path + ("?" + "&".join(parts) if parts else "") + hash_mark + fragment, used


def _without(parts: list[str], value: str) -> list[str]:
    negated = value.startswith("~")
    wanted = value[1:] if negated else value
    if wanted[:1] == "/" and wanted.rfind("/") > 0:
        return [part for part in parts if _fits(part, wanted) is negated]
    return [part for part in parts if (part.partition("=")[0] == wanted) is negated]


def _fits(part: str, wanted: str) -> bool:
    body, _, flags = wanted[1:].rpartition("/")
    try:
        expression = expression_of(f"/{body}/")
        found = re.compile(expression.source, re.IGNORECASE if "i" in flags else 0)
    except (RegexRefusedError, re.error):
        return False
    return found.search(part[: expression.reach]) is not None
