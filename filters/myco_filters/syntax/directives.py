"""``!#if`` blocks: which lines of a list are meant for this browser.

Expressions know names, ``!``, ``&&``, ``||`` and parentheses. An expression that cannot be read
counts as false, and so does an unknown name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

FEATURES = frozenset({"ext_ublock", "env_chromium", "cap_user_stylesheet", "adguard_ext_chromium"})
"""What this engine claims to be: a blocker of uBlock Origin's syntax in a Chromium engine."""

_WORDS = re.compile(r"\s*(\|\||&&|!|\(|\)|[A-Za-z0-9_]+|true|false)")
_DEPTH = 32


@dataclass(slots=True)
class Conditions:
    """The open ``!#if`` blocks while a list is read."""

    features: frozenset[str] = FEATURES
    _open: list[bool] = field(default_factory=list)

    @property
    def is_active(self) -> bool:
        """Whether the current line counts."""
        return all(self._open)

    @property
    def is_closed(self) -> bool:
        """Whether every block was ended."""
        return not self._open

    def read(self, line: str) -> bool:
        """Take a ``!#`` line. False when it is unknown or out of place."""
        word, _, rest = line[2:].strip().partition(" ")
        if word == "if" and len(self._open) < _DEPTH:
            self._open.append(is_true(rest, self.features))
        elif word == "else" and self._open:
            self._open[-1] = not self._open[-1]
        elif word == "endif" and self._open:
            self._open.pop()
        else:
            return False
        return True


def is_true(expression: str, features: frozenset[str]) -> bool:
    """The value of an expression; False when it is malformed."""
    words = _WORDS.findall(expression)
    if "".join(words) != "".join(expression.split()) or len(words) > 64:
        return False
    try:
        value, rest = _either(words, features)
    except (IndexError, ValueError):
        return False
    return value and not rest


def _either(words: list[str], features: frozenset[str]) -> tuple[bool, list[str]]:
    value, words = _both(words, features)
    while words and words[0] == "||":
        other, words = _both(words[1:], features)
        value = value or other
    return value, words


def _both(words: list[str], features: frozenset[str]) -> tuple[bool, list[str]]:
    value, words = _one(words, features)
    while words and words[0] == "&&":
        other, words = _one(words[1:], features)
        value = value and other
    return value, words


def _one(words: list[str], features: frozenset[str]) -> tuple[bool, list[str]]:
    word, rest = words[0], words[1:]
    if word == "!":
        value, rest = _one(rest, features)
        return not value, rest
    if word == "(":
        value, rest = _either(rest, features)
        if rest[0] != ")":
            raise ValueError(word)
        return value, rest[1:]
    if word in (")", "&&", "||"):
        raise ValueError(word)
    return word == "true" or word in features, rest
