"""What mail is built on, as the composition of a session gives it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

from myco_browser.services.database import Report
from myco_browser.services.mail_setup import Fetcher, Locate
from myco_browser.services.one_passphrase import OnePassphrase
from myco_browser.system.dialled import Way

T = TypeVar("T")


class Beside(Protocol):
    """The asyncio thread, and the way back."""

    def start(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None: ...

    def to_qt(self, act: Callable[[], None]) -> None: ...

    def compute(self, work: Callable[[], T], done: Callable[[T], None]) -> None: ...


class Granting(Protocol):
    """The door."""

    def grant_local(self, host: str, port: int | None) -> bool: ...


@dataclass(frozen=True, slots=True)
class MailPorts:
    """What mail is built on."""

    folder: Path
    way: Way
    fetcher: Fetcher
    beside: Beside
    door: Granting
    report: Report
    locate: Locate = lambda _name: ()
    one: OnePassphrase = field(default_factory=OnePassphrase)
    """The passphrase that files of passwords have in common."""
