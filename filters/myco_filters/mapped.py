"""Tables that are read where they lie, in the bytes of a cache file.

Nothing is made of them when an engine is loaded: an item becomes text when it is asked for. A
table of texts by key is a hash table: the CRC-32 of the key chooses a slot, and a slot is the few
items that share it, each a line end, the key, a tab and the text. Offsets that somebody changed
give other items or none; they cannot lead out of the bytes.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from mmap import mmap
from typing import overload
from zlib import crc32

from myco_filters.tables import Lookup

Data = mmap | bytes
_ENCODING = ("utf-8", "surrogatepass")


class Texts(Sequence[str]):
    """Texts by number. ``offsets`` are those of their ends, from ``start`` on."""

    __slots__ = ("_data", "_ends", "_start")

    def __init__(self, data: Data, start: int, ends: Sequence[int]) -> None:
        self._data = data
        self._start = start
        self._ends = ends

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...

    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        end = self._ends[index]
        begin = self._ends[index - 1] if index else 0
        return self._data[self._start + begin : self._start + end].decode(*_ENCODING)


class TextTable:
    """Texts by key."""

    __slots__ = ("_count", "_data", "_mask", "_slots", "_start")

    def __init__(self, data: Data, start: int, slots: Sequence[int], count: int) -> None:
        self._data = data
        self._start = start
        self._slots = slots
        self._mask = len(slots) - 2
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.get(key) is not None

    def __getitem__(self, key: str) -> str:
        found = self.get(key)
        if found is None:
            raise KeyError(key)
        return found

    def get(self, key: str) -> str | None:
        """The text of a key, None when there is none."""
        name = key.encode(*_ENCODING)
        slot = crc32(name) & self._mask
        start, slots = self._start, self._slots
        chunk = self._data[start + slots[slot] : start + slots[slot + 1]]
        wanted = b"\n%b\t" % name
        at = chunk.find(wanted)
        if at < 0:
            return None
        at += len(wanted)
        end = chunk.find(b"\n", at)
        return chunk[at : end if end >= 0 else len(chunk)].decode(*_ENCODING)

    def items(self) -> Iterator[tuple[str, str]]:
        """All keys and texts."""
        for slot in range(len(self._slots) - 1):
            begin, end = self._slots[slot], self._slots[slot + 1]
            chunk = self._data[self._start + begin : self._start + end].decode(*_ENCODING)
            for item in chunk.split("\n")[1:]:
                key, _, text = item.partition("\t")
                yield key, text


class NumberTable:
    """Numbers by key."""

    __slots__ = ("_texts",)

    def __init__(self, texts: TextTable) -> None:
        self._texts = texts

    def __len__(self) -> int:
        return len(self._texts)

    def __contains__(self, key: object) -> bool:
        return key in self._texts

    def __getitem__(self, key: str) -> int:
        return int(self._texts[key])

    def get(self, key: str) -> int | None:
        """The number of a key, None when there is none."""
        found = self._texts.get(key)
        return None if found is None else int(found)

    def items(self) -> Iterator[tuple[str, int]]:
        """All keys and numbers."""
        return ((key, int(text)) for key, text in self._texts.items())


def packed_texts(texts: Iterable[str]) -> tuple[bytes, bytes]:
    """What :class:`Texts` reads: the ends, and the texts."""
    encoded = [text.encode(*_ENCODING) for text in texts]
    ends = array("I")
    at = 0
    for text in encoded:
        at += len(text)
        ends.append(at)
    return ends.tobytes(), b"".join(encoded)


def packed_table(table: Lookup[str] | Lookup[int]) -> tuple[bytes, bytes]:
    """What :class:`TextTable` reads: the slots, and the items. Raises ValueError for keys or
    texts that hold the characters between items."""
    size = 1
    while size < len(table):
        size *= 2
    slots: list[list[bytes]] = [[] for _ in range(size)]
    for key, value in table.items():
        text = str(value)
        if "\n" in key or "\t" in key or "\n" in text:
            raise ValueError(f"cannot be kept: {key!r}")
        name = key.encode(*_ENCODING)
        slots[crc32(name) & (size - 1)].append(b"\n%b\t%b" % (name, text.encode(*_ENCODING)))
    offsets = array("I", [0])
    items = []
    at = 0
    for slot in slots:
        item = b"".join(slot)
        at += len(item)
        offsets.append(at)
        items.append(item)
    return offsets.tobytes(), b"".join(items)
