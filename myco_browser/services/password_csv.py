"""Passwords as files: reads what Firefox and Chrome export, writes what both read.

A file is taken as a whole or not at all: one mistake, told with its line, and nothing is stored.
"""

from __future__ import annotations

import csv
import io
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from myco_browser.domain.logins import LONGEST_FIELD, MOST_LOGINS, Login, Logins, new_login
from myco_browser.domain.messages import N_

MAX_FILE = 32 << 20
"""In bytes."""
_HEADER = ("name", "url", "username", "password", "note")


class Mistake(Enum):
    """Why a file is refused; the value is the sentence."""

    NO_TEXT = N_("the file is not written in UTF-8")
    NO_TABLE = N_("the first line names no columns “url”, “username” and “password”")
    TOO_FEW = N_("the line has fewer columns than the first one")
    TOO_MANY = N_("the line has more columns than the first one")
    NO_PASSWORD = N_("there is no password in the line")
    NO_ADDRESS = N_("there is no address in the line")
    TOO_LONG = N_("a field is longer than any password")
    QUOTES = N_("a quotation mark is missing")
    TOO_LARGE = N_("the file has too many lines")


class CsvError(Exception):
    """A file that cannot be taken; `line` counts from 1."""

    def __init__(self, line: int, cause: Mistake) -> None:
        super().__init__(f"line {line}: {cause.value}")
        self.line = line
        self.cause = cause


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What taking in a file comes to; `logins` is everything that is kept afterwards."""

    logins: Logins
    added: int
    updated: int
    same: int
    kept: int
    """Known ones with another password that is not newer: what was there stays."""
    left_out: int
    """Lines for what is no web address, such as apps."""


def read_csv(raw: bytes, now: int) -> tuple[Logins, int]:
    """The logins of a file, and how many lines are for no web address. Raises CsvError."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CsvError(raw[: error.start].count(b"\n") + 1, Mistake.NO_TEXT) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found: list[Login] = []
    left_out = 0
    header: dict[str, int] = {}
    line = 1
    try:
        for row in reader:
            start, line = line, reader.line_num + 1
            if not header:
                header = _header(row)
            elif row:
                login = _login(row, header, start, now)
                left_out += login is None
                found += [login] if login is not None else []
            if len(found) > MOST_LOGINS:
                raise CsvError(start, Mistake.TOO_LARGE)
    except csv.Error:
        raise CsvError(line, Mistake.QUOTES) from None
    if not header:
        raise CsvError(1, Mistake.NO_TABLE)
    return tuple(found), left_out


def take_in(before: Iterable[Login], raw: bytes, now: int) -> TakenIn:
    """What is kept and what a file holds, together. Raises CsvError."""
    read, left_out = read_csv(raw, now)
    came = merge(before, read, left_out, now)
    if len(came.logins) > MOST_LOGINS:
        raise CsvError(1, Mistake.TOO_LARGE)
    return came


def merge(before: Iterable[Login], read: Iterable[Login], left_out: int, now: int) -> TakenIn:
    """What is kept and what comes, together; of the same name on the same origin the newer."""
    kept = {(one.origin, one.username): one for one in before}
    counts = dict.fromkeys(("added", "updated", "same", "kept"), 0)
    for login in read:
        key = (login.origin, login.username)
        known = kept.get(key)
        if known is None:
            counts["added"] += 1
            kept[key] = login
        elif known.password == login.password:
            counts["same"] += 1
        elif known.changed < login.changed < now:
            counts["updated"] += 1
            kept[key] = replace(login, id=known.id)
        else:
            counts["kept"] += 1
    return TakenIn(tuple(kept.values()), left_out=left_out, **counts)


def write_csv(logins: Iterable[Login]) -> bytes:
    """A file that other browsers and password managers read. It is not protected at all."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_HEADER)
    for login in logins:
        host = login.origin.partition("://")[2]
        row = (host, f"{login.origin}/", login.username, login.password, login.note)
        writer.writerow(row)
    return out.getvalue().encode("utf-8")


def _header(row: list[str]) -> dict[str, int]:
    names = {name.strip().casefold(): number for number, name in enumerate(row)}
    if not {"url", "username", "password"} <= names.keys():
        raise CsvError(1, Mistake.NO_TABLE)
    return {**names, "": len(row)}


def _login(row: list[str], header: Mapping[str, int], line: int, now: int) -> Login | None:
    if len(row) != header[""]:
        few = len(row) < header[""]
        raise CsvError(line, Mistake.TOO_FEW if few else Mistake.TOO_MANY)

    def field(name: str) -> str:
        return row[header[name]] if name in header else ""

    address = field("url").strip()
    if not address:
        raise CsvError(line, Mistake.NO_ADDRESS)
    if not field("password"):
        raise CsvError(line, Mistake.NO_PASSWORD)
    if any(len(one) > LONGEST_FIELD for one in row):
        raise CsvError(line, Mistake.TOO_LONG)
    changed = _seconds(field("timepasswordchanged"), now)
    identifier = secrets.token_hex(8)
    username, password, note = field("username"), field("password"), field("note")
    return new_login(identifier, address, username, password, changed, note)


def _seconds(text: str, now: int) -> int:
    """Firefox tells milliseconds; a file without times is as old as now."""
    return min(now, int(text) // 1000) if text.isascii() and text.isdigit() else now
