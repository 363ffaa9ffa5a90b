"""Reading configuration files in wg-quick's syntax (wg-quick(8), wg(8)): pure.

Strict where a mistake could cost protection, lenient in form: any case of keys, comments, a byte
order mark, CRLF, keys in any order. What wg-quick would run as a program (PreUp, PostUp, PreDown,
PostDown) is kept as text to be shown and is never run. A file is taken whole or not at all, and
every mistake has its file, line and cause.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeVar

from myco_vpn.wireguard import fields
from myco_vpn.wireguard.config import Config, Peer
from myco_vpn.wireguard.fields import BadValueError, Flaw
from myco_vpn.wireguard.keys import PublicKey

MAX_CHARACTERS = 256 * 1024
MAX_PEERS = 256
MAX_PROBLEMS = 20
_LONGEST_NAME = 24
_HOOKS = frozenset(("preup", "postup", "predown", "postdown"))
_NOT_USED = frozenset(("table", "saveconfig", "fwmark"))
_REPEATABLE = frozenset(("address", "dns", "allowedips"))
_INTERFACE_KEYS = frozenset(("privatekey", "address", "dns", "mtu", "listenport"))
_PEER_KEYS = frozenset(
    ("publickey", "presharedkey", "endpoint", "allowedips", "persistentkeepalive")
)
_T = TypeVar("_T")


class Cause(Enum):
    """What is wrong with a line, or with the whole file (then the line is that of the section)."""

    NOT_TEXT = "not-text"
    TOO_LONG = "too-long"
    NO_SECTION = "no-section"
    UNKNOWN_SECTION = "unknown-section"
    REPEATED_SECTION = "repeated-section"
    NO_VALUE = "no-value"
    UNKNOWN_KEY = "unknown-key"
    REPEATED_KEY = "repeated-key"
    BAD_VALUE = "bad-value"
    MISSING_KEY = "missing-key"
    NO_INTERFACE = "no-interface"
    NO_PEER = "no-peer"
    REPEATED_PEER = "repeated-peer"


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake."""

    file: str
    line: int
    cause: Cause
    detail: str
    flaw: Flaw | None = None
    """What is wrong with the value, where that is the cause; `detail` is for its sentence then."""

    def __str__(self) -> str:
        detail = self.flaw.value.format(value=self.detail) if self.flaw else self.detail
        return f"{self.file}:{self.line}: {_SENTENCES[self.cause]}: {detail}".rstrip(": ")


class Reason(Enum):
    """Why a line that is correct has no effect here."""

    WOULD_RUN_A_PROGRAM = "would-run-a-program"
    NOT_NEEDED = "not-needed"


@dataclass(frozen=True, slots=True)
class Ignored:
    """A line to be shown to the user."""

    line: int
    key: str
    text: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Parsed:
    """The file is good."""

    config: Config
    ignored: tuple[Ignored, ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """The file is not, and nothing of it is used."""

    problems: tuple[Problem, ...]


_SENTENCES = {
    Cause.NOT_TEXT: "this is not a text file",
    Cause.TOO_LONG: "the file is too long",
    Cause.NO_SECTION: "a line before the first section",
    Cause.UNKNOWN_SECTION: "only [Interface] and [Peer] are known",
    Cause.REPEATED_SECTION: "a second [Interface]",
    Cause.NO_VALUE: "a line needs the form “Key = Value”",
    Cause.UNKNOWN_KEY: "this key is not known here",
    Cause.REPEATED_KEY: "this key was given before",
    Cause.BAD_VALUE: "the value cannot be used",
    Cause.MISSING_KEY: "this key is missing in the section",
    Cause.NO_INTERFACE: "there is no [Interface] section",
    Cause.NO_PEER: "there is no [Peer] section",
    Cause.REPEATED_PEER: "this peer was given before",
}


@dataclass(slots=True)
class _Section:
    name: str
    line: int
    values: dict[str, list[tuple[int, str]]] = field(default_factory=dict)


def parse_bytes(payload: bytes, file: str, needs_secrets: bool = True) -> Parsed | Rejected:
    """Read a file's bytes."""
    try:
        text = payload.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Rejected((Problem(file, 1, Cause.NOT_TEXT, ""),))
    return parse(text, file, needs_secrets)


def parse(text: str, file: str, needs_secrets: bool = True) -> Parsed | Rejected:
    """Read a configuration; without `needs_secrets` the private key may be missing."""
    if len(text) > MAX_CHARACTERS:
        return Rejected((Problem(file, 1, Cause.TOO_LONG, f"{len(text)} characters"),))
    return _Reader(file, needs_secrets).read(text)


class _Reader:
    def __init__(self, file: str, needs_secrets: bool) -> None:
        self._file = file
        self._needs_secrets = needs_secrets
        self._problems: list[Problem] = []
        self._ignored: list[Ignored] = []
        self._sections: list[_Section] = []
        self._is_lost = False
        """Inside a section that is not known: its lines are no mistakes of their own."""

    def read(self, text: str) -> Parsed | Rejected:
        # Only what editors take for a line's end: splitlines() knows more, and the numbers
        # would not be the user's.
        lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for number, line in enumerate(lines, 1):
            if len(self._problems) >= MAX_PROBLEMS:
                break
            self._take(number, line.partition("#")[0].strip(), line)
        config = self._build()
        if config is None or self._problems:
            return Rejected(tuple(self._problems[:MAX_PROBLEMS]))
        return Parsed(config, tuple(self._ignored))

    def _take(self, number: int, line: str, whole: str) -> None:
        if not line:
            return
        if "\0" in whole:
            self._problem(number, Cause.NOT_TEXT, "")
        elif line.startswith("["):
            self._open_section(number, line)
        elif not self._is_lost:
            self._take_pair(number, line, whole)

    def _open_section(self, number: int, line: str) -> None:
        name = line.lower()
        self._is_lost = name not in ("[interface]", "[peer]")
        if self._is_lost:
            self._problem(number, Cause.UNKNOWN_SECTION, line[:80])
        elif name == "[interface]" and any(s.name == name for s in self._sections):
            self._problem(number, Cause.REPEATED_SECTION, "")
            self._is_lost = True
        elif len(self._sections) > MAX_PEERS:
            self._problem(number, Cause.TOO_LONG, f"more than {MAX_PEERS} peers")
            self._is_lost = True
        else:
            self._sections.append(_Section(name, number))

    def _take_pair(self, number: int, line: str, whole: str) -> None:
        key, equals, value = (part.strip() for part in line.partition("="))
        if not self._sections:
            self._problem(number, Cause.NO_SECTION, _shown(key))
            return
        section, name = self._sections[-1], key.lower()
        if section.name == "[interface]" and name in _HOOKS and equals:
            # The line as it stands: a command may hold a number sign.
            text = whole.partition("=")[2].strip()
            self._ignored.append(Ignored(number, key, text, Reason.WOULD_RUN_A_PROGRAM))
        elif not equals or not value:
            # Providers write keys without a value where they have nothing to say.
            if equals and name in ("dns", "allowedips"):
                return
            self._problem(number, Cause.NO_VALUE, _shown(key))
        elif section.name == "[interface]" and name in _NOT_USED:
            self._ignored.append(Ignored(number, key, value, Reason.NOT_NEEDED))
        elif name not in (_INTERFACE_KEYS if section.name == "[interface]" else _PEER_KEYS):
            self._problem(number, Cause.UNKNOWN_KEY, _shown(key))
        elif name in section.values and name not in _REPEATABLE:
            self._problem(number, Cause.REPEATED_KEY, key)
        else:
            section.values.setdefault(name, []).append((number, value))

    def _build(self) -> Config | None:
        interface = next((s for s in self._sections if s.name == "[interface]"), None)
        peers = [s for s in self._sections if s.name == "[peer]"]
        if not self._problems:
            if interface is None:
                self._problem(1, Cause.NO_INTERFACE, "")
            elif not peers:
                self._problem(interface.line, Cause.NO_PEER, "")
        if interface is None:
            return None
        key = self._one(interface, "privatekey", fields.secret_key)
        if key is None and self._needs_secrets and "privatekey" not in interface.values:
            self._problem(interface.line, Cause.MISSING_KEY, "PrivateKey")
        addresses = self._many(interface, "address", fields.interface)
        if not addresses and "address" not in interface.values:
            self._problem(interface.line, Cause.MISSING_KEY, "Address")
        servers = self._many(interface, "dns", fields.dns_word)
        built = [peer for peer in map(self._peer, peers) if peer is not None]
        self._find_repeated(built, peers)
        return Config(
            key,
            addresses,
            tuple(built),
            tuple(s for s in servers if not isinstance(s, str)),
            tuple(s for s in servers if isinstance(s, str)),
            self._one(interface, "mtu", fields.mtu),
            self._one(interface, "listenport", fields.port),
        )

    def _peer(self, section: _Section) -> Peer | None:
        if "publickey" not in section.values:
            self._problem(section.line, Cause.MISSING_KEY, "PublicKey")
            return None
        public = self._one(section, "publickey", fields.public_key)
        peer = Peer(
            public or PublicKey(bytes(32)),
            self._one(section, "presharedkey", fields.secret_key),
            self._one(section, "endpoint", fields.endpoint),
            self._many(section, "allowedips", fields.network),
            self._one(section, "persistentkeepalive", fields.keepalive) or 0,
        )
        return None if public is None else peer

    def _find_repeated(self, built: list[Peer], sections: list[_Section]) -> None:
        if len(built) != len(sections):
            return
        seen: set[PublicKey] = set()
        for peer, section in zip(built, sections, strict=True):
            if peer.public_key in seen:
                self._problem(section.line, Cause.REPEATED_PEER, peer.public_key.text)
            seen.add(peer.public_key)

    def _one(self, section: _Section, name: str, read: Callable[[str], _T]) -> _T | None:
        for number, text in section.values.get(name, ()):
            try:
                return read(text)
            except BadValueError as error:
                self._bad_value(number, error)
        return None

    def _many(self, section: _Section, name: str, read: Callable[[str], _T]) -> tuple[_T, ...]:
        found: list[_T] = []
        for number, text in section.values.get(name, ()):
            for word in filter(None, text.replace(",", " ").split()):
                try:
                    found.append(read(word))
                except BadValueError as error:
                    self._bad_value(number, error)
        return tuple(dict.fromkeys(found))

    def _bad_value(self, line: int, error: BadValueError) -> None:
        problem = Problem(self._file, line, Cause.BAD_VALUE, error.value, error.flaw)
        self._problems.append(problem)

    def _problem(self, line: int, cause: Cause, detail: str) -> None:
        self._problems.append(Problem(self._file, line, cause, detail))


def _shown(word: str) -> str:
    """A key's name to be shown: what is longer may be a secret that lost its name."""
    return word if word.isascii() and word.isalpha() and len(word) <= _LONGEST_NAME else ""
