"""Paths on a server of files: from names to addresses, and back without being led astray.

A server may send any address in its answers. Only what lies below the root that was asked counts;
everything else is refused, so that no name leads out of a folder.
"""

from __future__ import annotations

import urllib.parse

_SAFE = "!$&'()*+,;=:@-._~"
_LONGEST = 8192


def encoded(root: str, path: str, *, folder: bool = False) -> str:
    """The path of an address: `root` as the server has it, and `path` below it, encoded."""
    parts = [urllib.parse.quote(part, safe=_SAFE) for part in path.split("/") if part]
    below = "/".join(parts)
    return f"{root.rstrip('/')}/{below}{'/' if folder and below else ''}"


def decoded(root: str, reference: str, authority: str) -> str | None:
    """The path below `root` that a server's reference names; None for any other place.

    A reference is an absolute path or a whole address (RFC 4918, 8.3). `authority` is the
    server's own, in lower case.
    """
    if len(reference) > _LONGEST:
        return None
    try:
        split = urllib.parse.urlsplit(reference)
    except ValueError:
        return None
    if split.netloc and split.netloc.lower().removesuffix(":443").removesuffix(":80") != authority:
        return None
    parts = _parts(split.path)
    beginning = _parts(root)
    if parts is None or beginning is None or parts[: len(beginning)] != beginning:
        return None
    return "/".join(parts[len(beginning) :])


def is_name(name: str) -> bool:
    """Whether something can be called that on a server: one part of a path, and no trick."""
    return (
        bool(name)
        and name not in (".", "..")
        and not any(c in "/\0" or ord(c) < 32 for c in name)
        and len(name.encode(errors="replace")) <= 255
    )


def joined(folder: str, name: str) -> str:
    """The path of `name` in a folder."""
    return f"{folder}/{name}" if folder else name


def _parts(path: str) -> list[str] | None:
    found = []
    for raw in path.split("/"):
        if not raw:
            continue
        try:
            part = urllib.parse.unquote_to_bytes(raw).decode("utf-8")
        except UnicodeDecodeError:
            return None
        if not is_name(part):
            return None
        found.append(part)
    return found
