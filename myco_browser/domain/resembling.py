"""Which known site an address could be mistaken for: look-alike letters, a slip, another suffix.

Judged is only what is on this machine already: the hosts that there are passwords for.
"""

from __future__ import annotations

from collections.abc import Iterable

import idna

from myco_browser.domain.hosts import registrable_domain

_SHORTEST = 5
"""Names with fewer letters are too often a slip away from each other by chance."""
_SIGNS = str.maketrans({"0": "o", "1": "l", "i": "l", "|": "l", "5": "s", "3": "e", "-": None})
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))


def resembled(host: str, known: Iterable[str]) -> str | None:
    """The host among `known` that `host` could be taken for, though another owns it; or None."""
    mine = registrable_domain(host) or host
    label = _label(mine)
    for other in known:
        theirs = registrable_domain(other) or other
        if theirs == mine:
            continue
        if f".{theirs}." in f".{host}." and theirs != host:
            return other  # their whole name stands before somebody else's
        their_label = _label(theirs)
        if len(their_label) < _SHORTEST:
            continue
        if skeleton(label) == skeleton(their_label) or _is_a_slip(label, their_label):
            return other
    return None


def skeleton(label: str) -> str:
    """A label with everything alike made the same."""
    text = "".join(_twin(char) for char in label.casefold()).translate(_SIGNS)
    for pair, letter in _PAIRS:
        text = text.replace(pair, letter)
    return text


def _label(domain: str) -> str:
    first = domain.partition(".")[0]
    if not first.startswith("xn--"):
        return first
    try:
        return idna.decode(first)
    except UnicodeError:
        return first


def _twin(char: str) -> str:
    if char.isascii():
        return char
    # Imported here: the tables are large, and few names have other letters.
    from confusable_homoglyphs.confusables import confusables_data

    for twin in confusables_data.get(char, ()):
        letter = str(twin["c"])
        if len(letter) == 1 and letter.isascii() and letter.isalnum():
            return letter.casefold()
    return char


def _is_a_slip(one: str, other: str) -> bool:
    """Whether one letter is missing, too many, wrong, or swapped with its neighbour."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if at is None:
        return True
    swapped = one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
    return (
        swapped
        or one[at + 1 :] == other[at + 1 :]
        or one[at:] == other[at + 1 :]
        or one[at + 1 :] == other[at:]
    )
