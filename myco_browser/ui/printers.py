"""The printers of this computer, by way of CUPS's own programs.

They are asked beside the windows. Nothing is written to a disk on the way: `lp` reads the document
from a pipe, and what it hands to CUPS is in CUPS's care.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass

from PyQt6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer

_PATIENCE_MS = 5000


@dataclass(frozen=True, slots=True)
class Printers:
    """The names of all printers; `usual` is the system's own choice, or ""."""

    names: tuple[str, ...]
    usual: str = ""


@dataclass(frozen=True, slots=True)
class PrintJob:
    """How a document is to be printed. `paper` is a size's name as CUPS has it: "A4", "Letter"."""

    printer: str
    title: str
    copies: int
    paper: str
    is_landscape: bool
    both_sides: bool
    in_grey: bool

    def arguments(self) -> list[str]:
        """What `lp` is told (lp(1)); the document comes from its standard input."""
        edge = "short" if self.is_landscape else "long"
        sides = f"two-sided-{edge}-edge" if self.both_sides else "one-sided"
        colours = "monochrome" if self.in_grey else "auto"
        options = (f"media={self.paper}", f"sides={sides}", f"print-color-mode={colours}")
        chosen = [word for option in options for word in ("-o", option)]
        return ["-d", self.printer, "-n", str(self.copies), "-t", self.title, *chosen]


def find_printers(parent: QObject, done: Callable[[Printers], None]) -> None:
    """Tells `done` what printers there are: none, where CUPS is not installed or does not answer.

    `done` is not called after `parent` is gone.
    """

    def listed(code: int, names: str, _words: str) -> None:
        found = tuple(line.strip() for line in names.splitlines() if line.strip())
        if code != 0 or not found:
            done(Printers(()))
            return
        _run(parent, "lpstat", ["-d"], b"", lambda _code, text, _w: done(_with_usual(found, text)))

    _run(parent, "lpstat", ["-e"], b"", listed)


def send(parent: QObject, job: PrintJob, document: bytes, done: Callable[[str], None]) -> None:
    """Hands a PDF to a printer; `done` gets the cause why it was not taken, or ""."""

    def ended(code: int, _text: str, words: str) -> None:
        done("" if code == 0 else words.strip().rpartition("\n")[2] or f"lp: {code}")

    _run(parent, "lp", job.arguments(), document, ended, patience_ms=0)


def _with_usual(names: tuple[str, ...], text: str) -> Printers:
    usual = text.strip().rpartition(": ")[2]
    return Printers(names, usual if usual in names else "")


def _run(
    parent: QObject,
    program: str,
    arguments: list[str],
    read: bytes,
    done: Callable[[int, str, str], None],
    patience_ms: int = _PATIENCE_MS,
) -> None:
    """Tells `done` the exit status and what was said; -1 where it could not be started."""
    path = shutil.which(program)
    if path is None:
        _later(parent, 0, lambda: done(-1, "", program))
        return
    process = QProcess(parent)
    environment = QProcessEnvironment.systemEnvironment()
    environment.insert("LC_ALL", "C.UTF-8")
    process.setProcessEnvironment(environment)

    def ended(code: int, status: QProcess.ExitStatus) -> None:
        out = process.readAllStandardOutput().data().decode("utf-8", "replace")
        words = process.readAllStandardError().data().decode("utf-8", "replace")
        process.deleteLater()
        done(code if status is QProcess.ExitStatus.NormalExit else -1, out, words)

    def failed(error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            process.deleteLater()
            done(-1, "", process.errorString())

    process.finished.connect(ended)
    process.errorOccurred.connect(failed)
    process.start(path, arguments)
    if read:
        process.write(read)
    process.closeWriteChannel()
    if patience_ms:
        _later(process, patience_ms, process.kill)


def _later(owner: QObject, after_ms: int, act: Callable[[], None]) -> None:
    """Not at all, if the owner is gone by then."""
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.timeout.connect(act)
    timer.timeout.connect(timer.deleteLater)
    timer.start(after_ms)
