"""Takes passwords from files of other browsers, and writes them into one."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PyQt6.QtWidgets import QFileDialog, QMessageBox, QWidget

from myco_browser.domain.logins import Logins
from myco_browser.services.atomic_files import write_atomically
from myco_browser.services.password_csv import MAX_FILE, CsvError, TakenIn, take_in, write_csv
from myco_browser.services.password_store import Opening
from myco_browser.services.passwords import Kept, Passwords
from myco_browser.ui.disk_words import unread, unwritten
from myco_browser.ui.i18n import _, ngettext


class PasswordFiles:
    """The two ways; `tell` gets what came of it."""

    def __init__(self, parent: QWidget, passwords: Passwords, tell: Callable[[str], None]) -> None:
        self._parent = parent
        self._passwords = passwords
        self._tell = tell

    def choose_import(self) -> None:
        """Asks which file to take in."""
        path, _kind = QFileDialog.getOpenFileName(
            self._parent, _("Import passwords"), "", _("Tables (*.csv)")
        )
        if path:
            self.import_file(Path(path))

    def import_file(self, path: Path) -> None:
        """Takes in a file that Firefox or Chrome exported, all of it or nothing."""
        try:
            with path.open("rb") as file:
                raw = file.read(MAX_FILE + 1)
        except OSError as error:
            self._tell(_("{file}: {cause}").format(file=path.name, cause=unread(error)))
            return
        now = int(time.time())
        came: list[TakenIn] = []
        mistakes: list[CsvError] = []

        def work(before: Logins) -> Logins:
            try:
                came.append(take_in(before, raw, now))
            except CsvError as error:
                mistakes.append(error)
                return before
            return came[0].logins

        self._passwords.change(work, lambda kept: self._on_taken(path, kept, came, mistakes))

    def choose_export(self) -> None:
        """Warns, then asks where to."""
        warning = QMessageBox(self._parent)
        warning.setIcon(QMessageBox.Icon.Warning)
        warning.setWindowTitle(_("Export passwords"))
        warning.setText(_("The file will hold all your passwords in the clear."))
        warning.setInformativeText(
            _("Everybody and every program that can read the file can use them. Delete it as soon "
              "as you no longer need it.")
        )  # fmt: skip
        go = warning.addButton(_("Export all the same"), QMessageBox.ButtonRole.AcceptRole)
        warning.addButton(_("Cancel"), QMessageBox.ButtonRole.RejectRole)
        warning.exec()
        if warning.clickedButton() is not go:
            return
        path, _kind = QFileDialog.getSaveFileName(
            self._parent, _("Export passwords"), "passwords.csv"
        )
        if path:
            self.export_file(Path(path))

    def export_file(self, path: Path) -> None:
        """Writes all passwords into a file, readable by its owner only."""
        self._passwords.look(lambda kept: self._write(path, kept))

    def _write(self, path: Path, kept: Kept) -> None:
        if kept.problem or kept.opening is not Opening.NOTHING:
            self._tell(kept.problem or _("The passwords are closed."))
            return
        try:
            write_atomically(path, write_csv(kept.logins))
        except OSError as error:
            cause = unwritten(error, chosen=True)
            self._tell(_("{file}: {cause}").format(file=path.name, cause=cause))
            return
        count = len(kept.logins)
        text = ngettext("{count} password exported, in the clear.",
                        "{count} passwords exported, in the clear.", count)  # fmt: skip
        self._tell(text.format(count=count))

    def _on_taken(
        self, path: Path, kept: Kept, came: list[TakenIn], mistakes: list[CsvError]
    ) -> None:
        if mistakes:
            text = _("{file}, line {line}: {cause}. Nothing was imported.")
            first = mistakes[0]
            cause = _(first.cause.value)
            self._tell(text.format(file=path.name, line=first.line, cause=cause))
        elif kept.problem or not came:
            self._tell(kept.problem or _("The passwords are closed."))
        else:
            self._tell(_counts(came[0]))


def _counts(came: TakenIn) -> str:
    added = ngettext("{count} password imported.", "{count} passwords imported.", came.added)
    parts = [added.format(count=came.added)]
    for count, text in (
        (came.updated, _("{count} changed to a newer one.")),
        (came.same, _("{count} known already.")),
        (came.kept, _("{count} with another password: what was kept here stays.")),
        (came.left_out, _("{count} for no web address left out.")),
    ):
        if count:
            parts.append(text.format(count=count))
    return " ".join(parts)
