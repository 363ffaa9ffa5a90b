"""The sites for which the user never wants to be asked whether to save a password."""

from __future__ import annotations

import json
from pathlib import Path

from myco_browser.services.atomic_files import write_atomically

_FILE = "never-saved.json"
_MAX_FILE = 1 << 20


class NeverSaved:
    """A list of origins. A file that cannot be read counts as empty: then one is asked again."""

    def __init__(self, profile: Path) -> None:
        self._path = profile / _FILE
        self._origins = self._read()

    def __contains__(self, origin: object) -> bool:
        return origin in self._origins

    @property
    def all(self) -> tuple[str, ...]:
        """All of them, sorted."""
        return tuple(sorted(self._origins))

    def add(self, origin: str) -> None:
        """Never ask for this one again; raises OSError."""
        self._replace(self._origins | {origin})

    def remove(self, origin: str) -> None:
        """Ask again; raises OSError."""
        self._replace(self._origins - {origin})

    def _replace(self, origins: frozenset[str]) -> None:
        write_atomically(self._path, (json.dumps(sorted(origins), indent=1) + "\n").encode())
        self._origins = origins

    def _read(self) -> frozenset[str]:
        try:
            raw = json.loads(self._path.read_bytes()[:_MAX_FILE])
        except (OSError, ValueError, RecursionError):
            return frozenset()
        return (
            frozenset(one for one in raw if isinstance(one, str))
            if isinstance(raw, list)
            else frozenset()
        )
