"""A base for small values, compared and shown by their slots, like frozen data classes.

Making a data class generates and compiles code: about a millisecond each, at every start of the
program. So the values that a start needs are written out; ``Final`` keeps them from being changed.
"""

from __future__ import annotations


class Value:
    """A value is its slots: equal when class and slots are, hashable when they are."""

    __slots__: tuple[str, ...] = ()

    def _key(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Value) and type(other) is type(self) and other._key() == self._key()
        )

    def __hash__(self) -> int:
        return hash((type(self).__name__, self._key()))

    def __repr__(self) -> str:
        told = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__)
        return f"{type(self).__name__}({told})"
