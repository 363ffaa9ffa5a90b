"""Looks for names below a folder, folder by folder: WebDAV servers rarely search themselves."""

from __future__ import annotations

import time
from collections import deque

from myco_browser.domain.files import Entry, FilesCause
from myco_browser.files.errors import FilesError
from myco_browser.files.webdav import WebDav

_MOST_FOUND = 500
_MOST_FOLDERS = 2000
_LONGEST_S = 20.0


def search(dav: WebDav, folder: str, words: str) -> list[Entry]:
    """Files and folders whose names have all the words, those nearest first. Raises FilesError.

    Ends after 20 seconds, 2,000 folders or 500 finds, with what was found by then.
    """
    wanted = [word.casefold() for word in words.split()]
    found: list[Entry] = []
    waiting, seen = deque([folder]), 0
    ends = time.monotonic() + _LONGEST_S
    while waiting and seen < _MOST_FOLDERS and time.monotonic() < ends:
        seen += 1
        for entry in _entries(dav, waiting.popleft()):
            name = entry.name.casefold()
            if all(word in name for word in wanted):
                found.append(entry)
                if len(found) >= _MOST_FOUND:
                    return found
            if entry.is_folder:
                waiting.append(entry.path)
    return found


def _entries(dav: WebDav, folder: str) -> list[Entry]:
    try:
        return list(dav.list(folder))
    except FilesError as error:
        # One that may not be looked into, or is gone by now, does not end the search.
        if error.cause in (FilesCause.FORBIDDEN, FilesCause.GONE):
            return []
        raise
