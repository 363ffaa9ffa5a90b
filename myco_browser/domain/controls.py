"""The kinds of value a setting can have: what is valid, and how it stands in a file.

Each control is also what the settings page draws, so a setting needs no code of its own there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, NamedTuple, TypeVar, cast

from myco_browser.domain.messages import N_
from myco_browser.domain.search_engines import (
    MAX_ENGINES,
    EngineProblem,
    SearchEngine,
    builtin_engines,
    make_engine,
)

T = TypeVar("T")


class Cause(Enum):
    """What is wrong with a value; the value is the sentence to show."""

    UNREADABLE = N_("The file cannot be read.")
    NOT_JSON = N_("The file is not valid JSON, or not in the expected form.")
    UNKNOWN_KEY = N_("There is no such setting.")
    WRONG_TYPE = N_("The value has the wrong type.")
    NOT_OFFERED = N_("The value is not one of the choices.")
    OUT_OF_RANGE = N_("The number is too small or too large.")
    TOO_LONG = N_("The value is too long.")
    BAD_ADDRESS = N_("This is not a valid address.")
    BAD_PATH = N_("The folder must be an absolute path.")
    BAD_ENGINE = N_("A search engine in the list is not valid.")
    TWICE = N_("This stands there twice.")
    OTHER_FILE = N_("This is no file of Myco’s settings.")
    NEWER = N_("The file comes from another version of Myco.")


class Problem(NamedTuple):
    """Something in a file that could not be used; `key` is None for the whole file."""

    file: str
    key: str | None
    cause: Cause


class InvalidValueError(Exception):
    """A value that a control does not take."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(cause.value)
        self.cause = cause


@dataclass(frozen=True, slots=True)
class Toggle:
    """On or off."""

    def read(self, raw: object) -> bool:
        """The checked value; raises InvalidValueError."""
        if not isinstance(raw, bool):
            raise InvalidValueError(Cause.WRONG_TYPE)
        return raw

    def write(self, value: bool) -> object:
        """The value as JSON."""
        return value


class Choice(NamedTuple):
    """One of several words; `options` are (value, label) in the order shown."""

    options: tuple[tuple[str, str], ...]

    def read(self, raw: object) -> str:
        """The checked value; raises InvalidValueError."""
        if not isinstance(raw, str):
            raise InvalidValueError(Cause.WRONG_TYPE)
        if raw not in {value for value, _ in self.options}:
            raise InvalidValueError(Cause.NOT_OFFERED)
        return raw

    def write(self, value: str) -> object:
        """The value as JSON."""
        return value


class Number(NamedTuple):
    """A whole number between two bounds, both included; `unit` is shown behind it."""

    minimum: int
    maximum: int
    step: int = 1
    unit: str = ""

    def read(self, raw: object) -> int:
        """The checked value; raises InvalidValueError."""
        if not isinstance(raw, int) or isinstance(raw, bool):
            raise InvalidValueError(Cause.WRONG_TYPE)
        if not self.minimum <= raw <= self.maximum:
            raise InvalidValueError(Cause.OUT_OF_RANGE)
        return raw

    def write(self, value: int) -> object:
        """The value as JSON."""
        return value


@dataclass(frozen=True, slots=True)
class Address:
    """An address that may be opened; kept in canonical spelling."""

    def read(self, raw: object) -> str:
        """The checked value; raises InvalidValueError."""
        if not isinstance(raw, str):
            raise InvalidValueError(Cause.WRONG_TYPE)
        # Not needed for a start with usual settings, which waits for what is imported.
        from myco_browser.domain.omnibox import Navigate, parse_input

        engines = builtin_engines()
        outcome = parse_input(raw, (), engines[0])
        if not isinstance(outcome, Navigate):
            raise InvalidValueError(Cause.BAD_ADDRESS)
        return outcome.url

    def write(self, value: str) -> object:
        """The value as JSON."""
        return value


@dataclass(frozen=True, slots=True)
class Folder:
    """An absolute path; empty for the system's own choice."""

    def read(self, raw: object) -> str:
        """The checked value; raises InvalidValueError."""
        if not isinstance(raw, str):
            raise InvalidValueError(Cause.WRONG_TYPE)
        if len(raw) > 4096 or "\x00" in raw or (raw and not raw.startswith("/")):
            raise InvalidValueError(Cause.BAD_PATH)
        return raw

    def write(self, value: str) -> object:
        """The value as JSON."""
        return value


@dataclass(frozen=True, slots=True)
class Identifier:
    """A short word of the program's own, such as the id of a search engine."""

    def read(self, raw: object) -> str:
        """The checked value; raises InvalidValueError."""
        if not isinstance(raw, str):
            raise InvalidValueError(Cause.WRONG_TYPE)
        if not re.fullmatch(r"[a-z0-9-]{1,80}", raw):
            raise InvalidValueError(Cause.NOT_OFFERED)
        return raw

    def write(self, value: str) -> object:
        """The value as JSON."""
        return value


@dataclass(frozen=True, slots=True)
class EngineTable:
    """The search engines a user added."""

    def read(self, raw: object) -> tuple[SearchEngine, ...]:
        """The checked engines; raises InvalidValueError. Takes objects or JSON."""
        if not isinstance(raw, list | tuple):
            raise InvalidValueError(Cause.WRONG_TYPE)
        if len(raw) > MAX_ENGINES:
            raise InvalidValueError(Cause.TOO_LONG)
        engines: list[SearchEngine] = []
        for item in cast("list[object]", list(raw)):
            engines.append(self._read_one(item, engines))
        return tuple(engines)

    def write(self, value: tuple[SearchEngine, ...]) -> object:
        """The engines as JSON."""
        return [
            {"name": engine.name, "keyword": "".join(engine.keywords[:1]), "url": engine.template}
            for engine in value
        ]

    def _read_one(self, item: object, before: list[SearchEngine]) -> SearchEngine:
        if isinstance(item, SearchEngine):
            fields: list[object] = [item.name, "".join(item.keywords[:1]), item.template]
        elif isinstance(item, dict):
            fields = [item.get("name"), item.get("keyword", ""), item.get("url")]
        else:
            raise InvalidValueError(Cause.WRONG_TYPE)
        name, keyword, template = fields
        texts = isinstance(name, str) and isinstance(keyword, str) and isinstance(template, str)
        if not texts:
            raise InvalidValueError(Cause.WRONG_TYPE)
        engine = make_engine(cast("str", name), cast("str", keyword), cast("str", template), before)
        if isinstance(engine, EngineProblem):
            raise InvalidValueError(Cause.BAD_ENGINE)
        return engine


class SwitchTable(NamedTuple):
    """Switches by id, for filter lists: only those that differ from the catalogue are kept."""

    limit: int = 1000

    def read(self, raw: object) -> tuple[tuple[str, bool], ...]:
        """The checked pairs, sorted; raises InvalidValueError. Takes pairs or a JSON object."""
        pairs = list(raw.items()) if isinstance(raw, dict) else raw
        if not isinstance(pairs, list | tuple):
            raise InvalidValueError(Cause.WRONG_TYPE)
        if len(pairs) > self.limit:
            raise InvalidValueError(Cause.TOO_LONG)
        return tuple(sorted(map(_switch, pairs)))

    def write(self, value: tuple[tuple[str, bool], ...]) -> object:
        """The switches as JSON."""
        return dict(value)


def _switch(pair: object) -> tuple[str, bool]:
    match pair:
        case (str() as key, bool() as on) if 0 < len(key) <= 200:
            return key, on
        case _:
            raise InvalidValueError(Cause.WRONG_TYPE)


Control = Toggle | Choice | Number | Address | Folder | Identifier | EngineTable | SwitchTable


class Group(Enum):
    """The pages of the settings window, in order; the value is the title."""

    GENERAL = N_("General")
    START = N_("Start and tabs")
    SEARCH = N_("Search")
    BLOCKING = N_("Ads and trackers")
    LISTS = N_("Filter lists")
    CONTENT = N_("Page content")
    READING = N_("Reading")
    NETWORK = N_("Names and network")
    DOWNLOADS = N_("Downloads")
    MAIL = N_("Mail")
    PRIVATE = N_("Private windows")
    VPN = N_("VPN")


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """One declared setting.

    `safer` is taken when a stored value cannot be read; `description` says what it does and
    what it costs; `restart` says that a change works after the next start only.
    """

    key: str
    control: Control
    default: T
    safer: T
    group: Group
    title: str
    description: str = ""
    restart: bool = False

    def read(self, raw: object) -> T:
        """The checked value; raises InvalidValueError."""
        return cast("T", self.control.read(raw))

    def write(self, value: T) -> object:
        """The value as JSON."""
        control: Any = self.control  # a setting's type is that of its control
        written: object = control.write(value)
        return written
