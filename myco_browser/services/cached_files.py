"""Deletes single sites' files from the engine's cache, which it offers to empty as a whole only.

The engine keeps each answer in a file of its own (Chromium's "simple" cache) that begins with a
header and its key: the site on top and that of the frame, then the address. Whatever names a site
that is to be forgotten goes: its pages' files, and its files in pages of others. The engine
takes a file that has gone for one that was never there, also while it runs, and asks again.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import struct
from collections.abc import Collection, Iterator
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, NamedTuple

from myco_browser.domain.urls import host_of, site_key

_log = logging.getLogger(__name__)

# Magic number, version, the key's length and checksum, padding; little endian.
_HEADER = struct.Struct("<QIII4x")
_MAGIC = 0xFCFB6D1BA7725C30
# Longer addresses than this are never kept.
_LONGEST_KEY = 2 * 1024 * 1024
# Words of the engine stand before some of them ("1/0/_dk_s_https://…").
_ADDRESS = re.compile(rb"(?:https?|wss?)://[^/?# \n]+")


class Purge(NamedTuple):
    """What came of deleting."""

    gone: int
    """Files that were deleted."""
    left: int
    """Files that name a site, or could not be read, and are still there."""


def purge(folder: Path, sites: Collection[str]) -> Purge:
    """Deletes every cached file below `folder` that names one of `sites` (see `urls.site_key`).

    Never raises OSError: what cannot be deleted is counted.
    """
    # The parts for the partition have no port: there a local host stands for itself on every port.
    wanted = {*sites, *(site.rpartition(":")[0] for site in sites if ":" in site)}
    gone = left = 0
    for path in _files(folder):
        try:
            if wanted.isdisjoint(_sites_in(path)):
                continue
            path.unlink()
            gone += 1
        except FileNotFoundError:
            continue
        except OSError as error:
            _log.warning("a cached file could not be deleted: %s", error)
            left += 1
    return Purge(gone, left)


def sites_of_key(key: bytes) -> frozenset[str]:
    """The sites and hosts that a cache key names, in any of its parts."""
    return frozenset[str]().union(*map(_names, _ADDRESS.findall(key)))


@lru_cache(4096)
def _names(address: bytes) -> frozenset[str]:
    urlstr = address.decode("ascii", "replace")
    return frozenset(one for one in (site_key(urlstr), host_of(urlstr)) if one is not None)


def _sites_in(path: Path) -> frozenset[str]:
    with path.open("rb") as file:
        key = _read_key(file)
    return frozenset() if key is None else sites_of_key(key)


def _read_key(file: BinaryIO) -> bytes | None:
    """The key at the beginning of a cache file; None for any other file."""
    header = file.read(_HEADER.size)
    if len(header) < _HEADER.size:
        return None
    magic, _version, length, _checksum = _HEADER.unpack(header)
    if magic != _MAGIC or not 0 < length <= _LONGEST_KEY:
        return None
    return file.read(length)


def _files(folder: Path) -> Iterator[Path]:
    """Ordinary files below `folder`, in no order; links are not followed."""
    for place, _folders, names in os.walk(folder):
        for name in names:
            path = Path(place, name)
            with contextlib.suppress(OSError):
                if path.is_file() and not path.is_symlink():
                    yield path
