"""Splitting a network filter into its pattern and its options.

The difficulty is the ``$``: patterns, regular expressions and option values may contain one. The
options start at the right-most ``$`` that is followed by something that reads as an option list.
"""

from __future__ import annotations

from myco_filters.lazy import lazy_pattern

# A value may hold escaped commas; a value that is a regular expression may hold plain ones.
_VALUE = r"(?:=(?:/(?:\\.|[^/\\\n])+/[a-z]*(?=,|$|\|)|\\.|[^,\\])*)?"
_OPTION = rf"~?[A-Za-z0-9_][A-Za-z0-9_-]*{_VALUE}"
_LIST = lazy_pattern(rf"{_OPTION}(?:,\s*{_OPTION})*,?")
_EACH = lazy_pattern(_OPTION)
_PLAIN_LIST = lazy_pattern(
    r"~?[A-Za-z0-9_][A-Za-z0-9_-]*(?:=[^,\\/$]*)?(?:,~?[A-Za-z0-9_][A-Za-z0-9_-]*(?:=[^,\\/$]*)?)*"
)
_ATTEMPTS = 12


def split_options(line: str) -> tuple[str, list[tuple[bool, str, str | None]]]:
    """The pattern and the options as (negated, lower-case name, value or None)."""
    end = len(line)
    for _ in range(_ATTEMPTS):
        at = line.rfind("$", 0, end)
        if at < 0:
            break
        rest = line[at + 1 :]
        if _PLAIN_LIST.fullmatch(rest):
            return line[:at], plain_options(rest.split(","))
        if rest and _reads_as_options(line, at, rest):
            return line[:at], [_parts(found) for found in _EACH.findall(rest)]
        end = at
    return line, []


def is_plain_list(rest: str) -> bool:
    """Whether text behind a ``$`` reads as options whatever stands before it."""
    return _PLAIN_LIST.fullmatch(rest) is not None


def plain_options(words: list[str]) -> list[tuple[bool, str, str | None]]:
    """What the words of such a list say."""
    return [_parts(word) for word in words]


def _reads_as_options(line: str, at: int, rest: str) -> bool:
    if line[:1] == "/" and at > 1 and line[at - 1] != "/" and line[-1:] == "/":
        # The "$" of /…$…/ belongs to the expression, unless that expression ended before it.
        return "=" in rest and _LIST.fullmatch(rest) is not None
    return _LIST.fullmatch(rest) is not None


def _parts(option: str) -> tuple[bool, str, str | None]:
    name, equals, value = option.partition("=")
    negated = name[:1] == "~"
    return negated, (name[1:] if negated else name).lower(), value if equals else None


def split_names(value: str) -> list[str]:
    """The members of a ``a|~b|/re|x/`` list; a regular expression keeps its bars."""
    if "/" not in value:
        return [part.strip().lower() for part in value.split("|")]
    found: list[str] = []
    part = ""
    for piece in value.split("|"):
        part = f"{part}|{piece}" if part else piece
        body = part.removeprefix("~")
        if body[:1] == "/" and not (len(body) > 1 and body[-1] == "/"):
            continue
        found.append(part if body[:1] == "/" else part.strip().lower())
        part = ""
    if part:
        found.append(part)
    return found
