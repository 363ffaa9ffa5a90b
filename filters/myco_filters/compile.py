"""Compile lists into a cache file: ``python -m myco_filters.compile OUT LIST…``.

Parsing holds the interpreter for about a second, so a browser does it in another process and then
loads the result. Each LIST is ``ID=PATH``, with a ``!`` before the id for lists of malicious hosts;
the title is the list's own.
"""

from __future__ import annotations

import gc
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from myco_filters.engine import Engine
from myco_filters.reading import text_of
from myco_filters.syntax.lists import FilterList

_TITLE = re.compile(r"^!\s*Title:\s*(.{1,200}?)\s*$", re.MULTILINE | re.IGNORECASE)


def compile_to_cache(lists: Iterable[FilterList], path: Path) -> Engine:
    """Compile, write the cache file atomically, and return the engine. Raises OSError."""
    engine = Engine.compile(lists)
    engine.save(path)
    return engine


def title_of(text: str, otherwise: str) -> str:
    """The title that a list gives itself in its first lines."""
    found = _TITLE.search(text[:4096])
    return found[1] if found else otherwise


def command(out: Path, lists: Iterable[tuple[str, Path, bool]]) -> list[str]:
    """The command line that compiles (id, path, strict) lists in a child process."""
    named = [f"{'!' if strict else ''}{name}={path}" for name, path, strict in lists]
    return [sys.executable, "-m", "myco_filters.compile", str(out), *named]


def main(arguments: Sequence[str]) -> int:
    """Exit status 0, or 2 when a file could not be read or written."""
    if not arguments or any("=" not in one for one in arguments[1:]):
        print("usage: python -m myco_filters.compile OUT [!]ID=PATH…", file=sys.stderr)
        return 2
    collects = gc.isenabled()
    gc.disable()  # there is nothing to collect, and much to look through
    try:
        compile_to_cache([_list(one) for one in arguments[1:]], Path(arguments[0]))
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    finally:
        if collects:
            gc.enable()
    return 0


def _list(argument: str) -> FilterList:
    name, _, path = argument.partition("=")
    text = text_of(Path(path))
    identifier = name.removeprefix("!")
    return FilterList(identifier, title_of(text, identifier), text, strict=name[:1] == "!")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
