"""Lists made of several files: ``!#include NAME`` stands for the text of a file beside the list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

MOST = 40
"""Files that one list may include."""
_INCLUDE = re.compile(r"^!#include[ \t]+(\S{1,200})[ \t]*$", re.MULTILINE)
_NAME = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*")


def included(text: str) -> tuple[str, ...]:
    """The names that a list includes, at most MOST; only plain relative ones count."""
    names = dict.fromkeys(name for name in _INCLUDE.findall(text) if _NAME.fullmatch(name))
    return tuple(names)[:MOST]


def address_of(url: str, name: str) -> str | None:
    """The address of an included file: beside the list, on the same server, else None."""
    found = urljoin(url, name)
    here, there = urlsplit(url), urlsplit(found)
    same = (here.scheme, here.netloc) == (there.scheme, there.netloc)
    return found if same and _NAME.fullmatch(name) else None


def with_included(text: str, files: Mapping[str, str]) -> str:
    """The list with the texts in place. Includes inside them are left, and so have no effect."""

    def put(found: re.Match[str]) -> str:
        body = files.get(found[1])
        return found[0] if body is None else body.rstrip("\n")

    return _INCLUDE.sub(put, text)
