"""Words that a page puts in ten places, and the search for them afterwards."""

from __future__ import annotations

import secrets
from array import array
from collections.abc import Iterator
from io import RawIOBase
from pathlib import Path

from support.launcher_rig import is_alive, wait_until
from support.site import Answer, Site

KINDS = (
    "cookie", "local", "session", "database", "cache", "file", "title", "address", "body", "name",
)  # fmt: skip

_MARK = "trace0of0"
_LENGTH = len(_MARK) + 32
_PAGE_SIZE = 4096
_PAGE = """<!doctype html><title>TITLE</title><p>BODY</p><script>
(async () => {
  document.cookie = 'word=COOKIE; max-age=99999';
  localStorage.setItem('word', 'LOCAL');
  sessionStorage.setItem('word', 'SESSION');
  window.name = 'NAME';
  await new Promise(done => {
    const asked = indexedDB.open('words');
    asked.onupgradeneeded = () => asked.result.createObjectStore('words').put('DATABASE', 1);
    asked.onsuccess = done;
  });
  await (await caches.open('words')).put('/kept', new Response('CACHE'));
  const root = await navigator.storage.getDirectory();
  const file = await (await root.getFileHandle('word', {create: true})).createWritable();
  await file.write('FILE');
  await file.close();
  await fetch('/cached');
  window.isDone = true;
})();
</script>"""


def new_words() -> dict[str, str]:
    """A word for each place."""
    return {kind: _MARK + secrets.token_hex(16) for kind in KINDS}


def serve_words(site: Site, host: str, words: dict[str, str]) -> str:
    """Serves a page that puts each word in its place; its path."""
    page = _PAGE
    for kind, word in words.items():
        page = page.replace(f"'{kind.upper()}'", f"'{word}'").replace(
            f">{kind.upper()}<", f">{word}<"
        )
    path = f"/{words['address']}"
    site.page(f"{host}{path}", page)
    body = words["body"].encode() * 100
    keep = (("Cache-Control", "max-age=99999"),)
    site.pages[f"{host}/cached"] = Answer(body, "text/plain", headers=keep)
    return path


def files_with(words: dict[str, str], *folders: Path) -> list[str]:
    """Which words are in which files below `folders`; what may not be read is left out."""
    found = []
    for folder in folders:
        for path in folder.rglob("*"):
            try:
                content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
            except OSError:
                continue
            found += [f"{kind} in {path}" for kind in _kinds_in(content, words)]
            found += [f"{kind} names {path}" for kind, word in words.items() if word in path.name]
    return found


def memory_with(words: dict[str, str], pid: int) -> list[str]:
    """Which words are in the memory of a process; none if it has ended.

    Raises PermissionError if it may not be read.
    """
    try:
        return [f"{kind} in process {pid}" for kind in sorted(_kinds_in_memory(words, pid))]
    except (FileNotFoundError, ProcessLookupError):
        return []
    except PermissionError as error:
        # One that is about to end has no memory of its own any more.
        if wait_until(lambda: not is_alive(pid), 2.0):
            return []
        command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()[:300]
        raise PermissionError(f"{error}: {command!r}") from error


def _kinds_in_memory(words: dict[str, str], pid: int) -> set[str]:
    found: set[str] = set()
    with (
        open(f"/proc/{pid}/mem", "rb", buffering=0) as memory,
        open(f"/proc/{pid}/pagemap", "rb", buffering=0) as pages,
    ):
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            span, rights, *_rest = line.split()
            if not rights.startswith("rw"):
                continue
            start, end = (int(edge, 16) // _PAGE_SIZE for edge in span.split("-"))
            for first, last in _present(pages, start, end):
                try:
                    memory.seek(first * _PAGE_SIZE)
                    found |= _kinds_in(memory.read((last - first) * _PAGE_SIZE), words)
                except (OSError, ValueError, OverflowError):
                    continue
    return found


def _present(pages: RawIOBase, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Runs of pages that are there: engines reserve far more than they use."""
    pages.seek(start * 8)
    entries = array("Q", pages.read((end - start) * 8) or b"")
    first = None
    for number, entry in enumerate(entries):
        if entry >> 62:  # present, or swapped out
            first = number if first is None else first
        elif first is not None:
            yield start + first, start + number
            first = None
    if first is not None:
        yield start + first, start + len(entries)


def _kinds_in(content: bytes, words: dict[str, str]) -> set[str]:
    found = set()
    for form in ("ascii", "utf-16-le"):
        mark = _MARK.encode(form)
        at = content.find(mark)
        while at >= 0:
            word = content[at : at + len(mark) * _LENGTH // len(_MARK)].decode(form, "replace")
            found |= {kind for kind, one in words.items() if one == word}
            at = content.find(mark, at + 1)
    return found
