"""When an international name may be shown in its own letters, and when only as punycode.

The policy is Unicode's "highly restrictive" level (UTS 39, 5.2) with four more rules: only
letters of living languages; no label whose every letter could be taken for a Latin one; no
marks stacked on Latin letters; no right-to-left name under a left-to-right suffix, because the
line would then be read in another order than it is written.
"""

from __future__ import annotations

import functools
import unicodedata

import idna

from myco_browser.domain.hosts import has_known_suffix, parse_host

_LATIN_HAN = frozenset({"LATIN", "HAN"})
_COMBINATIONS = (
    _LATIN_HAN | {"HIRAGANA", "KATAKANA"},
    _LATIN_HAN | {"BOPOMOFO"},
    _LATIN_HAN | {"HANGUL"},
)
# fmt: off
_LIVING = frozenset((
    "ARABIC", "ARMENIAN", "BENGALI", "BOPOMOFO", "CYRILLIC", "DEVANAGARI", "ETHIOPIC", "GEORGIAN",
    "GREEK", "GUJARATI", "GURMUKHI", "HAN", "HANGUL", "HEBREW", "HIRAGANA", "KANNADA", "KATAKANA",
    "KHMER", "LAO", "LATIN", "MALAYALAM", "MYANMAR", "ORIYA", "SINHALA", "TAMIL", "TELUGU",
    "THAANA", "THAI", "TIBETAN",
))
# fmt: on
_COMMON_MARKS = frozenset("·・ー")  # Catalan and Japanese; IDNA itself checks their neighbours
_STACKABLE = frozenset({"LATIN", "GREEK", "CYRILLIC"})
# Latin letters that look like another Latin letter without a visible mark.
_LATIN_TWINS = frozenset("ıĸŀŉſ")
_LATIN_EXTRA = frozenset("əơưǎǐǒǔșț")
# East Asian signs that pass for a slash, a dash or a blank between Latin letters.
_STROKES = frozenset("ノソゾンー丶丿一〆へヘ〇口工二")


def shown_host(host: str) -> str:
    """A `host`, canonical or decoded, as a person should see it: its own letters, or punycode."""
    if not host.isascii():
        # Qt decodes by itself, and is less careful about what a name looks like.
        host = parse_host(host) or host.encode("ascii", "backslashreplace").decode()
    if "xn--" not in host:
        return host
    labels = host.split(".")
    decoded = [_decoded(label) for label in labels]
    # Letters that the suffix is written in as well are at home there, if there is such a suffix.
    suffix = next((label for label in reversed(decoded) if label), "")
    suffix_scripts = _scripts(suffix) if has_known_suffix(host) else frozenset()
    honest = all(
        label is not None and (label.isascii() or _is_honest(label, suffix_scripts))
        for label in decoded
    )
    names = [label or "" for label in decoded]
    return ".".join(names) if honest and _reads_one_way(names) else host


def _decoded(label: str) -> str | None:
    if not label.startswith("xn--"):
        return label
    try:
        return idna.decode(label)
    except UnicodeError:
        return None


def _is_honest(label: str, suffix_scripts: frozenset[str]) -> bool:
    scripts = _scripts(label)
    if not scripts or not scripts <= _LIVING:
        return False
    if len(scripts) > 1 and not any(scripts <= allowed for allowed in _COMBINATIONS):
        return False
    if not all(_is_plain(char, scripts) for char in label if not char.isascii()):
        return False
    if len({_digit_zero(char) for char in label if char.isdecimal()}) > 1:
        return False
    if "LATIN" in scripts:
        return len(scripts) == 1 or not all(_is_stroke(char) for char in label)
    return bool(scripts & suffix_scripts) or not _passes_for_latin(label)


def _is_plain(char: str, scripts: frozenset[str]) -> bool:
    script = _script(char)
    if script == "COMMON":
        return char in _COMMON_MARKS
    if script == "INHERITED":
        return not scripts & _STACKABLE
    if script != "LATIN":
        return True
    code = ord(char)
    usual = 0xDF <= code <= 0x17F or 0x1E00 <= code <= 0x1EFF or char in _LATIN_EXTRA
    return usual and char not in _LATIN_TWINS


def _is_stroke(char: str) -> bool:
    return char.isascii() or char in _STROKES


def _passes_for_latin(label: str) -> bool:
    return all(char.isascii() or _has_latin_twin(char) for char in label)


def _reads_one_way(labels: list[str]) -> bool:
    rightward = [
        any(unicodedata.bidirectional(char) in {"R", "AL", "AN"} for char in label)
        for label in labels
        if label
    ]
    return not any(rightward) or all(rightward)


def _digit_zero(char: str) -> int:
    return ord(char) - unicodedata.decimal(char)


def _scripts(label: str) -> frozenset[str]:
    return frozenset(map(_script, label)) - {"COMMON", "INHERITED"}


@functools.lru_cache(maxsize=4096)
def _script(char: str) -> str:
    # Imported here: the tables are large, and most sessions meet no such name at start.
    from confusable_homoglyphs.categories import alias

    return str(alias(char))


@functools.lru_cache(maxsize=4096)
def _has_latin_twin(char: str) -> bool:
    from confusable_homoglyphs.confusables import confusables_data

    twins = confusables_data.get(char, ())
    return any(twin["c"].isascii() and twin["c"].isalnum() for twin in twins)
