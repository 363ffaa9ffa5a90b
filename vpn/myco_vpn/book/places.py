"""Where the book is, and who keeps its keys."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from myco_vpn.book.exits import Book
from myco_vpn.book.keepers import FileKeeper, KeyringKeeper, keyring_works


def usual_folder(environ: Mapping[str, str]) -> Path:
    """$XDG_DATA_HOME/myco-vpn."""
    home = environ.get("XDG_DATA_HOME", "")
    base = Path(home) if os.path.isabs(home) else Path(os.path.expanduser("~/.local/share"))
    return base / "myco-vpn"


def open_book(folder: Path, passphrase: str | None = None) -> Book:
    """The book in a folder. May block: the secret service is tried.

    Once keys are in a sealed file they stay there: a secret service that appears later has none.
    """
    sealed = folder / "keys.sealed"
    if not sealed.exists() and keyring_works():
        return Book(folder, KeyringKeeper())
    return Book(folder, FileKeeper(sealed, passphrase))
