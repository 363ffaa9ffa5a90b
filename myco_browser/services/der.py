"""Reads DER (ITU-T X.690), as far as NSS uses it for what it encrypts: sequences of known shape."""

from __future__ import annotations

from typing import NamedTuple

INTEGER, OCTETS, OBJECT, SEQUENCE = 0x02, 0x04, 0x06, 0x30
_MOST_LENGTH_BYTES = 4


class DerError(ValueError):
    """The bytes are not what was expected."""


class Item(NamedTuple):
    """One value: its tag, and its content as it stands there."""

    tag: int
    content: bytes

    def inside(self) -> tuple[Item, ...]:
        """The values of a sequence. Raises DerError."""
        return read_all(self.take(SEQUENCE))

    def take(self, tag: int) -> bytes:
        """The content, if the tag is this one. Raises DerError."""
        if self.tag != tag:
            raise DerError(f"tag {self.tag:#x} instead of {tag:#x}")
        return self.content

    def number(self) -> int:
        """An integer. Raises DerError."""
        return int.from_bytes(self.take(INTEGER), "big", signed=True)

    def identifier(self) -> str:
        """An object identifier in its dotted form. Raises DerError."""
        content = self.take(OBJECT)
        if not content or content[-1] & 0x80:
            raise DerError("an identifier is cut off")
        arcs, value = list[int](), 0
        for byte in content:
            value = value << 7 | byte & 0x7F
            if not byte & 0x80:
                arcs.append(value)
                value = 0
        first = min(arcs[0] // 40, 2)
        return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


def read_one(raw: bytes) -> Item:
    """The one value that the bytes are. Raises DerError."""
    item, end = _read(raw, 0)
    if end != len(raw):
        raise DerError("something stands behind the value")
    return item


def read_all(raw: bytes) -> tuple[Item, ...]:
    """The values that the bytes are, one after another. Raises DerError."""
    found, at = list[Item](), 0
    while at < len(raw):
        item, at = _read(raw, at)
        found.append(item)
    return tuple(found)


def _read(raw: bytes, at: int) -> tuple[Item, int]:
    try:
        tag, length, at = raw[at], raw[at + 1], at + 2
    except IndexError:
        raise DerError("cut off") from None
    if length & 0x80:
        count = length & 0x7F
        if not 0 < count <= _MOST_LENGTH_BYTES or at + count > len(raw):
            raise DerError("a length that cannot be")
        length, at = int.from_bytes(raw[at : at + count], "big"), at + count
    if at + length > len(raw):
        raise DerError("cut off")
    return Item(tag, raw[at : at + length]), at + length
