"""Where open windows and tabs are kept: a file; for a private session the launcher's memory."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from myco_browser.bridge.launcher_link import LauncherLink
from myco_browser.domain.session_json import state_from_json, state_to_json
from myco_browser.domain.session_state import SessionState
from myco_browser.services.session_store import SessionStore

if TYPE_CHECKING:
    from myco_browser.app.__main__ import Greeting


class StateKeeper:
    """Keeps what is open, and knows what is to be opened again."""

    def __init__(self, profile_dir: Path | None, launcher: LauncherLink) -> None:
        self._store = SessionStore(profile_dir) if profile_dir else None
        self._launcher = launcher

    def keep(self, state: SessionState) -> None:
        """Takes a new state; it is safe within a second."""
        if self._store is not None:
            self._store.submit(state)
        else:
            self._launcher.keep_state(state_to_json(state))

    def to_restore(self, greeting: Greeting, *, wanted: bool) -> SessionState | None:
        """What to open at the start; `wanted` says whether the user wants the last tabs again."""
        if greeting.private:
            return state_from_json(greeting.state)[0] if greeting.state else None
        if self._store is not None and (wanted or greeting.crashes):
            return self._store.loaded.state
        return None

    def close(self) -> None:
        """Writes what is still to be written."""
        if self._store is not None:
            self._store.close()
