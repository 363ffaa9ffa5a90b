"""Lists that are on the machine already, so that a first start without network is protected.

Debian's package webext-ublock-origin-chromium carries the lists of its release. Its files are used
where they are installed, or where somebody unpacked them.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from myco_filters.lists.store import ListStore, Metadata

if TYPE_CHECKING:
    from myco_filters.lists.check import Accepted

INSTALLED = (
    Path("/usr/share/chromium/extensions/ublock-origin/assets"),
    Path("/usr/share/webext/ublock-origin-chromium/assets"),
    Path("/usr/share/webext/ublock-origin/assets"),
)
"""Where packages put the directory ``assets``."""
UNPACKED = Path("usr/share/chromium/extensions/ublock-origin/assets")
"""The same below a directory into which the Debian package was unpacked."""

FILES: dict[str, tuple[str, ...]] = {
    "easylist": ("thirdparties/easylist/easylist.txt",),
    "easyprivacy": ("thirdparties/easylist/easyprivacy.txt",),
    "ublock-filters": ("ublock/filters.min.txt", "ublock/filters.txt"),
    "ublock-privacy": ("ublock/privacy.min.txt", "ublock/privacy.txt"),
    "ublock-badware": ("ublock/badware.min.txt", "ublock/badware.txt"),
    "ublock-unbreak": ("ublock/unbreak.min.txt", "ublock/unbreak.txt"),
    "ublock-quick-fixes": ("ublock/quick-fixes.min.txt", "ublock/quick-fixes.txt"),
    "peter-lowe": ("thirdparties/pgl.yoyo.org/as/serverlist.txt",),
    "urlhaus": ("thirdparties/urlhaus-filter/urlhaus-filter-online.txt",),
}
"""List id to the files that hold it, below ``assets``."""


def find(candidates: Iterable[Path]) -> dict[str, Path]:
    """The list files in the first candidate that has any.

    A candidate is an ``assets`` directory or one into which the package was unpacked.
    """
    for candidate in candidates:
        for directory in (candidate, candidate / UNPACKED):
            found = {
                identifier: path
                for identifier, names in FILES.items()
                if (path := _first(directory, names)) is not None
            }
            if found:
                return found
    return {}


def plant(store: ListStore, files: dict[str, Path], wanted: Iterable[str]) -> tuple[str, ...]:
    """Store the wanted lists that the store does not have; returns their ids.

    They count as stale, so that the first update replaces them. Raises OSError when the store
    cannot be written; files that cannot be read are left out.
    """
    planted = []
    for identifier in wanted:
        path = files.get(identifier)
        if path is None or store.path(identifier).is_file():
            continue
        accepted = _read(path)
        if accepted is not None:
            store.put(identifier, accepted, Metadata(url=path.as_uri()))
            known = store.metadata(identifier)
            store.note(identifier, _stale(known))
            planted.append(identifier)
    return tuple(planted)


def _stale(known: Metadata) -> Metadata:
    return Metadata(count=known.count, sha256=known.sha256, title=known.title, url=known.url)


def _read(path: Path) -> Accepted | None:
    from myco_filters.lists.check import SIZE_LIMIT, Accepted, check  # not at every start

    try:
        with path.open("rb") as file:
            found = check(file.read(SIZE_LIMIT + 1))
    except OSError:
        return None
    return found if isinstance(found, Accepted) else None


def _first(directory: Path, names: tuple[str, ...]) -> Path | None:
    return next((path for name in names if (path := directory / name).is_file()), None)
