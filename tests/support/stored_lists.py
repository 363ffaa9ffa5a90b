"""Fresh filter lists in a profile: the real ones where they are at hand."""

from __future__ import annotations

import os
import time
from pathlib import Path

from myco_filters.lists.catalogue import CATALOGUE, Subscription
from myco_filters.lists.check import Accepted, check
from myco_filters.lists.store import ListStore, Metadata


def store_lists(profile: Path) -> int:
    """Stores every list of the catalogue, small ones for those that are not here.

    The real ones are looked for in $MYCO_SHARED_DATA, or in ../shared/data beside the checkout;
    returns how many there were.
    """
    store = ListStore(profile / "lists")
    real = 0
    for one in CATALOGUE:
        found = _real_list(one)
        body = found.read_bytes() if found else f"! Title: {one.title}\n||{one.id}.test^\n".encode()
        accepted = check(body, 0)
        if not isinstance(accepted, Accepted):
            raise ValueError(f"{one.id}: {accepted.cause.value}")
        store.put(one.id, accepted, Metadata(url=one.urls[0], fetched_at=time.time()))
        real += found is not None
    return real


def stored_paths() -> list[Path]:
    """The real lists that are at hand, as files; none where there are none."""
    return sorted((_folder() / "lists").glob("*.txt"))


def _folder() -> Path:
    named = os.environ.get("MYCO_SHARED_DATA")
    return Path(named) if named else Path(__file__).parents[3] / "shared" / "data"


def _real_list(one: Subscription) -> Path | None:
    names = (one.id, f"{one.id.replace('ublock', 'ubo')}.min", one.id.replace("-", "_"))
    paths = [_folder() / "lists" / f"{name}.txt" for name in names]
    return next((path for path in paths if path.is_file()), None)
