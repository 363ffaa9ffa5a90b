"""The settings file: load, change all or nothing, tell who wants to know."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from myco_browser.domain.controls import Cause, Problem
from myco_browser.domain.settings_file import MAX_FILE, read_settings, safest, write_settings
from myco_browser.domain.settings_snapshot import Change, Rejected, Settings, apply_changes
from myco_browser.services.atomic_files import remove_leftovers, write_atomically

Observer = Callable[[Settings, Settings], None]
"""Called with the snapshot before and after a change."""


class SettingsStore:
    """Holds the current snapshot of one profile. Used by one thread.

    With `path` None (a private session) nothing is read or written. `problems` are those of
    loading; a file with problems is copied to `<name>.broken` before it is first replaced.
    """

    def __init__(self, path: Path | None, initial: Settings | None = None) -> None:
        self._path = path
        self._observers: list[Observer] = []
        self.settings: Settings = initial or Settings()
        self.problems: tuple[Problem, ...] = ()
        if path is not None:
            self._load(path)

    def change(self, *changes: Change[Any]) -> Settings | Rejected:
        """Apply all changes or none, save, tell the observers. Raises OSError if saving fails.

        When saving fails nothing has changed: what is shown is what is stored.
        """
        before = self.settings
        after = apply_changes(before, changes, str(self._path or ""))
        if not isinstance(after, Rejected):
            self.replace(after)
        return after

    def replace(self, after: Settings) -> None:
        """Take another snapshot whole, as `change` does. Raises OSError if saving fails."""
        before = self.settings
        if after == before:
            return
        if self._path is not None:
            self._save(self._path, after)
        self.settings = after
        for observer in tuple(self._observers):
            observer(before, after)

    def observe(self, observer: Observer) -> Callable[[], None]:
        """Call `observer` on each change; the returned function ends that."""
        self._observers.append(observer)

        def stop() -> None:
            with contextlib.suppress(ValueError):
                self._observers.remove(observer)

        return stop

    def _load(self, path: Path) -> None:
        remove_leftovers(path)
        try:
            with path.open("rb") as file:
                content = file.read(MAX_FILE + 1)
        except FileNotFoundError:
            return
        except OSError:
            self.settings = safest()
            self.problems = (Problem(str(path), None, Cause.UNREADABLE),)
            return
        self.settings, self.problems = read_settings(content, str(path))

    def _save(self, path: Path, settings: Settings) -> None:
        if self.problems:
            with contextlib.suppress(OSError):
                write_atomically(path.with_name(f"{path.name}.broken"), path.read_bytes())
            self.problems = ()
        write_atomically(path, write_settings(settings))
