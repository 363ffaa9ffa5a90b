"""Names of files that come from outside: only names, and what they look like.

A server proposes a name, and a page can propose another. Nothing in one may lead out of the
folder, hide the file, or show another ending than it has.
"""

from __future__ import annotations

from collections.abc import Callable

PART = ".part"
"""Ends the name of what is not whole, or not yet agreed to."""
ENGINE_PART = ".part.download"
"""Ends the name under which the engine writes; it puts its own word behind ours."""

_LONGEST = 200  # bytes; most disks take 255, and our endings come behind
_LONGEST_ENDING = 24
_FORBIDDEN = frozenset('<>:"|?*\0')
_USUAL = "download"


def safe_name(suggested: str) -> str:
    """A file name that is only a name: no folders, no hidden file, nothing that cannot be seen."""
    name = suggested.replace("\\", "/").rpartition("/")[2]
    # Not printable, for Python, are control characters, those that turn the direction of
    # writing, lone surrogates, and every space but the usual one.
    kept = "".join(c if c.isprintable() else " " if c.isspace() else "" for c in name)
    kept = "".join(c for c in kept if c not in _FORBIDDEN)
    # Many spaces push the true ending out of sight.
    kept = " ".join(kept.split())
    return _shortened(kept.lstrip(".- ").rstrip(". ")) or _USUAL


def free_name(name: str, is_taken: Callable[[str], bool]) -> str:
    """`name`, or the first of `name (1)`, `name (2)` … that is free, with what will lie beside."""
    stem, ending = split_ending(name)
    candidate, number = name, 1
    while any(is_taken(candidate + more) for more in ("", PART, ENGINE_PART)):
        candidate = f"{stem} ({number}){ending}"
        number += 1
    return candidate


def split_ending(name: str) -> tuple[str, str]:
    """What comes before the ending, and the ending with its dot; `.tar.gz` is one ending."""
    stem, dot, ending = name.rpartition(".")
    if not dot or not stem or len(ending) > _LONGEST_ENDING:
        return name, ""
    if stem.lower().endswith(".tar"):
        return stem[:-4], f"{stem[-4:]}.{ending}"
    return stem, f".{ending}"


def _shortened(name: str) -> str:
    stem, ending = split_ending(name)
    room = _LONGEST - len(ending.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(". ") + ending
