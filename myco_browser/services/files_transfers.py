"""What is on its way to and from servers of files; kept, so that a restart goes on with it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from myco_browser.domain.dangerous_files import Danger
from myco_browser.domain.files import FilesCause, Missing
from myco_browser.services.atomic_files import remove_leftovers, set_aside, write_atomically

_MAX_FILE = 8 << 20


class Way(Enum):
    """Where the content goes."""

    UP = "up"
    DOWN = "down"


class Phase(Enum):
    """What a transfer is doing."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    HELD = "held"
    """All but the last step is done; the user is asked for that."""
    DONE = "done"
    FAILED = "failed"


class Transfer(NamedTuple):
    """One file or folder on its way. `path` is the server's; `local` is what is sent, or the
    folder of this machine into which is saved."""

    number: str
    account_id: str
    way: Way
    path: str
    local: str
    mark: str = ""
    """What its beginnings are called by, there or here."""
    named: str = ""
    """The name that it was about to get."""
    phase: Phase = Phase.WAITING
    done: int = 0
    size: int | None = None
    cause: FilesCause | None = None
    is_folder: bool = False
    is_ours: bool = False
    """Of an upload: what is sent was made for it, and goes when it is sent."""
    agreed: bool = False
    """The user wants it as it is: though it can do harm, or without what is missing."""
    danger: Danger | None = None
    found: str = ""
    """Of a folder or an archive: what in it can do harm."""
    missing: tuple[Missing, ...] = ()
    """Of a folder: what did not get through."""
    files: tuple[int, int] = (0, 0)
    """Of a folder: how many of how many files are through."""


class TransferBook:
    """The transfers of a profile. What is done is not kept. One thread only."""

    def __init__(self, path: Path) -> None:
        self._path = path
        remove_leftovers(path)
        self._rows: dict[str, Transfer] = {one.number: one for one in _read(path)}

    @property
    def all(self) -> tuple[Transfer, ...]:
        """All of them, in the order in which they came."""
        return tuple(self._rows.values())

    def find(self, number: str) -> Transfer | None:
        """The one of that number."""
        return self._rows.get(number)

    def put(self, *transfers: Transfer) -> None:
        """Adds or replaces some. Raises OSError."""
        is_news = False
        for one in transfers:
            before = self._rows.get(one.number)
            self._rows[one.number] = one
            # How far it came is known from the files themselves.
            is_news = is_news or before is None or _kept(before) != _kept(one)
        if is_news:
            self._save()

    def remove(self, number: str) -> None:
        """Forgets one. Raises OSError."""
        if self._rows.pop(number, None) is not None:
            self._save()

    def _save(self) -> None:
        rows = [kept for one in self._rows.values() if (kept := _kept(one)) is not None]
        body = json.dumps({"version": 1, "transfers": rows}, indent=1)
        write_atomically(self._path, body.encode("utf-8"))


def _kept(one: Transfer) -> dict[str, object] | None:
    """What a restart needs to know; nothing of what is done."""
    if one.phase is Phase.DONE:
        return None
    phase = one.phase if one.phase is Phase.PAUSED or _is_held_for_good(one) else Phase.WAITING
    return {
        "number": one.number, "account": one.account_id, "way": one.way.value, "path": one.path,
        "local": one.local, "mark": one.mark, "named": one.named, "phase": phase.value,
        "folder": one.is_folder, "ours": one.is_ours, "agreed": one.agreed,
        "danger": one.danger.name if one.danger is not None else "", "found": one.found,
    }  # fmt: skip


def _is_held_for_good(one: Transfer) -> bool:
    # What is missing of a folder may get through the next time.
    return one.phase is Phase.HELD and not one.missing


def _read(path: Path) -> Sequence[Transfer]:
    try:
        rows = json.loads(path.read_bytes()[:_MAX_FILE])["transfers"]
        return [_transfer(row) for row in rows]
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        set_aside(path)
        return ()


def _transfer(row: dict[str, object]) -> Transfer:
    local, mark, danger = str(row["local"]), str(row.get("mark", "")), row.get("danger")
    if not Path(local).is_absolute() or (mark and not mark.isalnum()):
        raise ValueError("no file of this machine")
    return Transfer(
        str(row["number"]), str(row["account"]), Way(row["way"]), str(row["path"]), local,
        mark, str(row.get("named", "")), Phase(row["phase"]),
        is_folder=row.get("folder") is True, is_ours=row.get("ours") is True,
        agreed=row.get("agreed") is True, found=str(row.get("found", "")),
        danger=Danger[str(danger)] if danger else None,
    )  # fmt: skip
