"""Where the wish is kept: a small file, replaced in one piece.

Whatever cannot be read means SECURED: a damaged disk must not open the direct way out. Only a file
that is not there at all means that the user has never asked for a tunnel.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from myco_vpn.files import replace_file
from myco_vpn.tunnel.states import Wish


@dataclass(frozen=True, slots=True)
class SavedWish:
    """What the user wants, and by which exit."""

    wish: Wish
    exit_id: str | None


def load(path: Path) -> SavedWish:
    """The wish that was saved last."""
    try:
        body = json.loads(path.read_bytes())
        chosen = body["exit"]
        return SavedWish(Wish(body["wish"]), chosen if isinstance(chosen, str) else None)
    except FileNotFoundError:
        if os.path.lexists(path):  # a link that leads nowhere
            return SavedWish(Wish.SECURED, None)
        return SavedWish(Wish.OPEN, None)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return SavedWish(Wish.SECURED, None)


def save(path: Path, saved: SavedWish) -> None:
    """Keep a wish; it is on disk when this returns. Raises OSError."""
    body = {"wish": saved.wish.value, "exit": saved.exit_id}
    replace_file(path, json.dumps(body).encode("utf-8"))
