"""Cards of people as text: vCard 3 and 4 (RFC 2426, RFC 6350), and what old phones write.

A card is kept line by line as it came. A change touches the lines that it is about; properties,
parameters and groups that nothing is known of here come out as they went in.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from myco_browser.domain.contacts import HOME, MOBILE, OTHER, WORK, Fields, Reach, tidied

_LINE_END = re.compile(r"\r\n?|\n")
MAX_CARD = 1 << 20
"""Longest card that is read, in characters."""
_MOST_LINES = 5000
_MOST_VALUES = 200
_FOLD = 75
_LINE = re.compile(
    r'(?:(?P<group>[A-Za-z0-9-]+)\.)?(?P<name>[A-Za-z0-9-]+)(?P<params>(?:;(?:"[^"]*"|[^":;])*)*):'
    r"(?P<value>.*)",
    re.DOTALL,
)
_PARAM = re.compile(r';((?:"[^"]*"|[^":;])*)')
_DATE = re.compile(r"(\d{4}|--)-?(\d{2})-?(\d{2})")
_KINDS = {"home": HOME, "work": WORK, "cell": MOBILE, "mobile": MOBILE}
_WORDS = {HOME: "HOME", WORK: "WORK", MOBILE: "CELL"}
_GROUPS = ("KIND", "X-ADDRESSBOOKSERVER-KIND")


class CardError(ValueError):
    """This is no card."""


class Line(NamedTuple):
    """One property; `params` with their leading ";" and `value` as they stand in the text."""

    group: str
    name: str
    """In upper case."""
    params: str
    value: str

    @property
    def types(self) -> frozenset[str]:
        """The words of TYPE in lower case; in cards of version 2.1 they stand alone."""
        words: list[str] = []
        for param in _PARAM.findall(self.params):
            name, equals, value = param.partition("=")
            if not equals:
                words.append(name)
            elif name.upper() == "TYPE":
                words += value.replace('"', "").split(",")
        return frozenset(word.strip().lower() for word in words)

    @property
    def parts(self) -> tuple[str, ...]:
        """The value's components, each as text."""
        return tuple(_unescaped(one) for one in _components(self.value)[:20])

    @property
    def text(self) -> str:
        """The value as text."""
        return _unescaped(self.value)


class Card(NamedTuple):
    """The lines between BEGIN and END."""

    lines: tuple[Line, ...]

    def first(self, name: str) -> Line | None:
        """The first property of that name."""
        return next((one for one in self.lines if one.name == name), None)

    def all(self, name: str) -> list[Line]:
        """Those of that name."""
        return [one for one in self.lines if one.name == name][:_MOST_VALUES]

    @property
    def version(self) -> str:
        """ "3.0" or "4.0"; others count as 3."""
        line = self.first("VERSION")
        return "4.0" if line is not None and line.value.strip() == "4.0" else "3.0"

    @property
    def uid(self) -> str:
        """What the card calls itself; "" for nothing."""
        line = self.first("UID")
        return line.text.strip() if line is not None else ""

    @property
    def is_group(self) -> bool:
        """Whether it stands for several people."""
        return any(
            one.value.strip().lower() == "group" for name in _GROUPS for one in self.all(name)
        )

    def text(self) -> str:
        """As text, with folded lines (RFC 6350, 3.2)."""
        rows = ["BEGIN:VCARD"]
        for line in self.lines:
            group = f"{line.group}." if line.group else ""
            rows.append(_folded(f"{group}{line.name}{line.params}:{line.value}"))
        return "\r\n".join([*rows, "END:VCARD", ""])


def parse_card(text: str) -> Card:
    """The first card of a text. Raises CardError."""
    for card in parse_cards(text):
        return card
    raise CardError("there is no card")


def parse_cards(text: str) -> Iterator[Card]:
    """The cards of a text, one after another; lines that make no sense are left out.

    Raises CardError for a card without an end, or one that is too long.
    """
    lines: list[Line] | None = None
    length = 0
    for row in _unfolded(text):
        length += len(row)
        if lines is not None and (length > MAX_CARD or len(lines) > _MOST_LINES):
            raise CardError("the card is too long")
        word = row.strip().upper()
        if word == "BEGIN:VCARD":
            if lines is not None:
                raise CardError("a card within a card")
            lines, length = [], 0
        elif word == "END:VCARD":
            if lines is not None:
                yield Card(tuple(lines))
            lines = None
        elif lines is not None and (line := _line(row)) is not None:
            lines.append(line)
    if lines is not None:
        raise CardError("the card has no end")


def fields_of(card: Card) -> Fields:
    """What is shown and changed of a card."""
    name = card.first("N")
    parts = name.parts if name is not None else ()
    organisation, note, birthday, shown = (card.first(one) for one in ("ORG", "NOTE", "BDAY", "FN"))
    return Fields(
        given=" ".join(parts[1].split()) if len(parts) > 1 else "",
        family=" ".join(parts[0].split()) if parts else "",
        organisation=organisation.parts[0].strip() if organisation is not None else "",
        emails=_reaches(card, "EMAIL"),
        phones=_reaches(card, "TEL"),
        birthday=_date(birthday.text.strip()) if birthday is not None else "",
        note=note.text if note is not None else "",
        places=tuple(_place(one) for one in card.all("ADR")),
        links=tuple(one.text.strip() for one in card.all("URL")),
        shown=" ".join(shown.text.split()) if shown is not None else "",
    )


def new_card(fields: Fields, uid: str) -> Card:
    """A card for somebody new. Version 3 is what every server has to take (RFC 6352, 5.1)."""
    begin = Card((Line("", "VERSION", "", "3.0"), Line("", "UID", "", escaped(uid))))
    return with_fields(begin, fields)


def with_fields(card: Card, fields: Fields) -> Card:
    """The card with these fields; lines of what did not change stay as they are."""
    fields, before = tidied(fields), fields_of(card)
    is_new_name = (fields.given, fields.family) != (before.given, before.family)
    if is_new_name or card.first("N") is None:
        old = card.first("N")
        rest = _components(old.value)[2:5] if old is not None else []
        rest += [""] * (3 - len(rest))
        value = ";".join((escaped(fields.family), escaped(fields.given), *rest))
        card = _set(card, "N", value)
    if is_new_name or not before.shown:
        card = _set(card, "FN", escaped(fields._replace(shown="").name))
    if fields.organisation != before.organisation:
        old = card.first("ORG")
        units = _components(old.value)[1:] if old is not None else []
        card = _set(card, "ORG", ";".join((escaped(fields.organisation), *units)).strip(";"))
    if fields.note != before.note:
        card = _set(card, "NOTE", escaped(fields.note))
    if fields.birthday != before.birthday:
        written = fields.birthday
        card = _set(card, "BDAY", written.replace("-", "") if _is_short(card, written) else written)
    if fields.emails != before.emails:
        card = _with_reaches(card, "EMAIL", fields.emails)
    if fields.phones != before.phones:
        card = _with_reaches(card, "TEL", fields.phones)
    # When it was changed is for the server to say; an old date would be wrong.
    return card if fields == before else Card(tuple(x for x in card.lines if x.name != "REV"))


def with_uid(card: Card, uid: str) -> Card:
    """The card under another name of its own."""
    return _set(card, "UID", escaped(uid))


def modern(card: Card) -> Card:
    """A card that a file brought, in a version that every server takes."""
    lines = tuple(
        line._replace(params="".join(_modern(one) for one in _PARAM.findall(line.params)))
        for line in card.lines
        if line.name != "VERSION"
    )
    return Card((Line("", "VERSION", "", card.version), *lines))


def _modern(param: str) -> str:
    """Version 2.1 names types without saying so."""
    if "=" in param or not param:
        return f";{param}"
    name = "ENCODING" if param.upper() in ("BASE64", "7BIT", "8BIT") else "TYPE"
    return f";{name}={'b' if param.upper() == 'BASE64' else param}"


def escaped(text: str) -> str:
    """Text as a value (RFC 6350, 3.4)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for sign, written in (("\\", "\\\\"), ("\n", "\\n"), (",", "\\,"), (";", "\\;")):
        text = text.replace(sign, written)
    return "".join(sign for sign in text if sign >= " " or sign == "\t")


def _components(value: str) -> list[str]:
    """What stands between semicolons, as written; one behind a backslash is part of the text."""
    found, current, is_escaped = [], "", False
    for sign in value:
        if sign == ";" and not is_escaped:
            found.append(current)
            current = ""
            continue
        is_escaped = sign == "\\" and not is_escaped
        current += sign
    return [*found, current]


def _unescaped(value: str) -> str:
    def plain(found: re.Match[str]) -> str:
        return "\n" if found[1] in "nN" else found[1]

    return re.sub(r"\\(.)", plain, value, flags=re.DOTALL)


def _unfolded(text: str) -> Iterator[str]:
    """Whole lines. In version 2.1 a line goes on after a "=" at its end."""
    whole = ""
    # Not `splitlines`: it also ends lines at signs that stand within values.
    for row in _LINE_END.split(text.removeprefix("\ufeff")):
        if row[:1] in (" ", "\t") and whole:
            whole += row[1:]
        elif whole.endswith("=") and "QUOTED-PRINTABLE" in whole[:200].upper():
            whole = whole[:-1] + row
        else:
            if whole:
                yield whole
            whole = row
        if len(whole) > MAX_CARD:
            raise CardError("a line is too long")
    if whole:
        yield whole


def _folded(line: str) -> str:
    """In pieces of at most 75 bytes, none of which cuts a character in two."""
    pieces: list[str] = []
    rest = line.encode("utf-8", "replace")
    room = _FOLD
    while len(rest) > room:
        end = room
        while rest[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(rest[:end].decode("utf-8"))
        rest, room = rest[end:], _FOLD - 1
    return "\r\n ".join([*pieces, rest.decode("utf-8")])


def _line(row: str) -> Line | None:
    found = _LINE.fullmatch(row)
    if found is None:
        return None
    line = Line(found["group"] or "", found["name"].upper(), found["params"] or "", found["value"])
    if "QUOTED-PRINTABLE" not in line.params.upper():
        return line
    # Version 2.1; no later one has it, so it is written as they do.
    decoded = quopri.decodestring(line.value.encode("utf-8", "replace")).decode("utf-8", "replace")
    parts = ";".join(escaped(one) for one in decoded.split(";"))
    value = parts if line.name in ("N", "ORG", "ADR") else escaped(decoded)
    kept = (
        param
        for param in _PARAM.findall(line.params)
        if "QUOTED-PRINTABLE" not in param.upper() and not param.upper().startswith("CHARSET")
    )
    return line._replace(params="".join(f";{one}" for one in kept), value=value)


def _reaches(card: Card, name: str) -> tuple[Reach, ...]:
    found = (Reach(_kind(one), _address(one)) for one in card.all(name))
    return tuple(one for one in found if one.value)


def _kind(line: Line) -> str:
    words = ("cell", "mobile", "home", "work")
    return next((_KINDS[word] for word in words if word in line.types), OTHER)


def _address(line: Line) -> str:
    # Version 4 may have numbers as "tel:+33…" (RFC 6350, 6.4.1).
    text = " ".join(line.text.split())
    return text[4:] if line.name == "TEL" and text[:4].lower() == "tel:" else text


def _place(line: Line) -> Reach:
    parts = [" ".join(one.split()) for one in line.parts]
    parts += [""] * (7 - len(parts))
    box, more, street, town, region, code, country = parts[:7]
    rows = (box, more, street, f"{code} {town}".strip(), region, country)
    return Reach(_kind(line), "\n".join(row for row in rows if row))


def _with_reaches(card: Card, name: str, wanted: Sequence[Reach]) -> Card:
    """Lines of the same value keep their parameters; then those at the same place."""
    old = [one for one in card.lines if one.name == name]
    kept: dict[int, int] = {}
    for at, reach in enumerate(wanted):
        same = (n for n, one in enumerate(old) if n not in kept.values())
        found = next((n for n in same if _address(old[n]) == reach.value), None)
        if found is not None:
            kept[at] = found
    left = iter([n for n in range(len(old)) if n not in kept.values()])
    lines: list[Line] = []
    used: set[int] = set()
    for at, reach in enumerate(wanted):
        number = kept.get(at, -1)
        if number < 0:
            number = next(left, -1)
        used.add(number)
        lines.append(_reach_line(old[number] if number >= 0 else Line("", name, "", ""), reach))
    gone = {one.group for n, one in enumerate(old) if n not in used and one.group}
    rest = [one for one in card.lines if one.name != name and one.group not in gone]
    place = next((n for n, one in enumerate(card.lines) if one.name == name), len(card.lines))
    before = sum(1 for one in card.lines[:place] if one in rest)
    return Card((*rest[:before], *lines, *rest[before:]))


def _reach_line(line: Line, reach: Reach) -> Line:
    if _address(line) != reach.value:
        line = line._replace(value=escaped(reach.value))
    if _kind(line) == reach.kind:
        return line
    known = {"home", "work", "cell", "mobile"}
    words = [word.upper() for word in sorted(line.types) if word not in known]
    if reach.kind:
        words.append(_WORDS[reach.kind])
    others = [
        one
        for one in _PARAM.findall(line.params)
        if "=" in one and one.partition("=")[0].upper() != "TYPE"
    ]
    types = [f"TYPE={','.join(words)}"] if words else []
    return line._replace(params="".join(f";{one}" for one in (*others, *types)))


def _set(card: Card, name: str, value: str) -> Card:
    """The first property of that name with that value; without any when it is empty."""
    lines = list(card.lines)
    at = next((n for n, one in enumerate(lines) if one.name == name), None)
    if not value and name not in ("N", "FN"):
        return Card(tuple(one for one in lines if one.name != name))
    if at is None:
        return Card((*lines, Line("", name, "", value)))
    lines[at] = lines[at]._replace(value=value)
    return Card(tuple(lines))


def _date(text: str) -> str:
    found = _DATE.match(text)
    if found is None:
        return text
    year = "-" if found[1] == "--" else found[1]
    return f"{year}-{found[2]}-{found[3]}"


def _is_short(card: Card, text: str) -> bool:
    """Version 4 writes dates without strokes (RFC 6350, 4.3.1)."""
    return card.version == "4.0" and re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) is not None
