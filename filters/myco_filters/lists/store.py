"""The lists on disk: ``ID.txt`` with the text and ``ID.json`` with what is known about it.

Each file is replaced atomically. Metadata that cannot be read makes a list stale, never lost:
its text is still used.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from myco_filters.lists.check import Accepted

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_METADATA_LIMIT = 16_384


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about a list. Times are seconds since the epoch; 0 means never."""

    etag: str = ""
    last_modified: str = ""
    url: str = ""
    fetched_at: float = 0.0
    expires: int = 0
    """Seconds after ``fetched_at``."""
    count: int = 0
    sha256: str = ""
    title: str = ""
    failures: int = 0
    """Attempts that failed since the last success."""
    failed_at: float = 0.0
    failure: str = ""


class ListStore:
    """A directory of lists. Writing may raise OSError; reading never does."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def ids(self) -> tuple[str, ...]:
        """The lists whose text is here."""
        try:
            found = [path.stem for path in self.directory.glob("*.txt")]
        except OSError:
            return ()
        return tuple(sorted(name for name in found if _ID.fullmatch(name)))

    def path(self, identifier: str) -> Path:
        """Where the text of a list is. Raises ValueError for an id that is no plain name."""
        return self._path(identifier, ".txt")

    def text(self, identifier: str) -> str | None:
        """The text, or None when there is none."""
        try:
            return self.path(identifier).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None

    def metadata(self, identifier: str) -> Metadata:
        """What is known; the defaults (stale) when the file is missing or damaged."""
        try:
            with self._path(identifier, ".json").open("rb") as file:
                found = json.loads(file.read(_METADATA_LIMIT))
        except (OSError, ValueError, RecursionError):
            return Metadata()
        return _metadata(found)

    def put(self, identifier: str, accepted: Accepted, known: Metadata) -> Metadata:
        """Store a checked list; count, title, expiry and hash are filled in."""
        raw = accepted.text.encode("utf-8", "surrogatepass")
        known = replace(
            known,
            count=accepted.count,
            title=accepted.title,
            expires=accepted.expires,
            sha256=hashlib.sha256(raw).hexdigest(),
            failures=0,
            failed_at=0.0,
            failure="",
        )
        # The text first: metadata of an older text only makes the list look stale.
        _replace(self.path(identifier), raw)
        self.note(identifier, known)
        return known

    def note(self, identifier: str, known: Metadata) -> None:
        """Replace the metadata alone."""
        raw = json.dumps(asdict(known), indent=1).encode()
        _replace(self._path(identifier, ".json"), raw)

    def remove(self, identifier: str) -> None:
        """Forget a list."""
        for ending in (".txt", ".json"):
            self._path(identifier, ending).unlink(missing_ok=True)

    def _path(self, identifier: str, ending: str) -> Path:
        if not _ID.fullmatch(identifier):
            raise ValueError(f"not a list id: {identifier[:80]!r}")
        return self.directory / (identifier + ending)


def _metadata(found: object) -> Metadata:
    if not isinstance(found, dict):
        return Metadata()
    default = Metadata()
    kept: dict[str, str | int | float] = {}
    for field in fields(Metadata):
        value: object = found.get(field.name)
        expected: object = getattr(default, field.name)
        if isinstance(expected, str):
            if isinstance(value, str):
                kept[field.name] = value
        elif isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e15:
            kept[field.name] = float(value) if isinstance(expected, float) else int(value)
    return replace(default, **kept)  # type: ignore[arg-type]


def _replace(path: Path, raw: bytes) -> None:
    import tempfile  # what only reads needs none

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
