"""What is fetched or made when Myco is set up, and is no part of its sources.

    reader/         code that finds the article in a page, and cleans it
    dictionaries/   spelling dictionaries in the engine's format (*.bdic)

Both lie beside the profile ($XDG_DATA_HOME/myco-browser), or where a package puts them
(/usr/share/myco-browser). Nothing breaks without them: what needs them says so.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from myco_browser.system.paths import data_directory

_SYSTEM = "/usr/share/myco-browser"
READER_FILES = ("Readability-readerable.js", "Readability.js", "purify.min.js")
"""In the order in which they are run; the first one alone tells whether a page is an article."""

_MOST = 2_000_000


def addition_folders(name: str, environ: Mapping[str, str]) -> tuple[str, ...]:
    """Where an addition may lie, the user's own place first."""
    own = os.path.dirname(data_directory(environ))
    return (os.path.join(own, name), os.path.join(_SYSTEM, name))


def reader_code(environ: Mapping[str, str]) -> tuple[str, ...] | None:
    """The texts of the reader's files; None when they are not all there."""
    for folder in addition_folders("reader", environ):
        texts = [_read(os.path.join(folder, name)) for name in READER_FILES]
        if all(texts):
            return tuple(texts)
    return None


def dictionary_folder(environ: Mapping[str, str]) -> str | None:
    """The folder with spelling dictionaries; None when there is none."""
    folders = addition_folders("dictionaries", environ)
    return next((folder for folder in folders if dictionaries_in(folder)), None)


def dictionaries_in(folder: str) -> tuple[str, ...]:
    """The names of the dictionaries in a folder, such as "fr-FR"."""
    try:
        names = os.listdir(folder)
    except OSError:
        return ()
    return tuple(sorted(name.removesuffix(".bdic") for name in names if name.endswith(".bdic")))


def _read(path: str) -> str:
    """The text of a file; empty when it is not there, not readable or far too long."""
    try:
        if os.path.getsize(path) > _MOST:
            return ""
        with open(path, encoding="utf-8") as file:
            return file.read()
    except (OSError, UnicodeError):
        return ""
