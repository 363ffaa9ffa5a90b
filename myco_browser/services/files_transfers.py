"""What is on its way to and from servers of files; kept, so that a restart goes on with it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from myco_browser.domain.files import FilesCause
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
    DONE = "done"
    FAILED = "failed"


class Transfer(NamedTuple):
    """One file on its way. `path` is the server's, `local` the file or folder on this machine."""

    number: str
    account_id: str
    way: Way
    path: str
    local: str
    mark: str = ""
    """Of an upload: what its beginnings on the server are called by."""
    named: str = ""
    """Of an upload: the name that it was about to get."""
    phase: Phase = Phase.WAITING
    done: int = 0
    size: int | None = None
    cause: FilesCause | None = None


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

    def put(self, transfer: Transfer) -> None:
        """Adds or replaces one. Raises OSError."""
        before = self._rows.get(transfer.number)
        self._rows[transfer.number] = transfer
        # How far it came is known from the files themselves.
        if before is None or _kept(before) != _kept(transfer):
            self._save()

    def remove(self, number: str) -> None:
        """Forgets one. Raises OSError."""
        if self._rows.pop(number, None) is not None:
            self._save()

    def _save(self) -> None:
        rows = [_kept(one) for one in self._rows.values() if one.phase is not Phase.DONE]
        body = json.dumps({"version": 1, "transfers": rows}, indent=1)
        write_atomically(self._path, body.encode("utf-8"))


def _kept(one: Transfer) -> dict[str, object]:
    return {
        "number": one.number, "account": one.account_id, "way": one.way.value, "path": one.path,
        "local": one.local, "mark": one.mark, "named": one.named,
        "phase": Phase.PAUSED.value if one.phase is Phase.PAUSED else Phase.WAITING.value,
    }  # fmt: skip


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
    local = str(row["local"])
    if not Path(local).is_absolute():
        raise ValueError("no file of this machine")
    return Transfer(
        str(row["number"]), str(row["account"]), Way(row["way"]), str(row["path"]), local,
        str(row.get("mark", "")), str(row.get("named", "")), Phase(row["phase"]),
    )  # fmt: skip
