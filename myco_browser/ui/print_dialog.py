"""What will be printed, and how: the pages as they will come out, beside the choices."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QLocale, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QKeySequence, QPageRanges, QPageSize, QShortcut
from PyQt6.QtWebEngineWidgets import QWebEngineView
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from myco_browser.ui.i18n import _, ngettext
from myco_browser.ui.panels import text_label
from myco_browser.ui.printers import Printers, PrintJob, find_printers
from myco_browser.ui.theme import SPACE, Face
from myco_browser.web.paper import Look, Render, layout_of, sheets_in
from myco_browser.web.paper_page import PaperPage

_PAPERS = {
    "A4": QPageSize.PageSizeId.A4,
    "A5": QPageSize.PageSizeId.A5,
    "A3": QPageSize.PageSizeId.A3,
    "Letter": QPageSize.PageSizeId.Letter,
    "Legal": QPageSize.PageSizeId.Legal,
}
_SIDE_WIDTH = 300
_TYPING_MS = 350
_MARGIN_MM = 10.0
_MOST_COPIES = 99


class PrintDialog(QDialog):
    """`print_wanted` and `file_wanted` come with what is seen; the dialog is closed then."""

    print_wanted = pyqtSignal(object, bytes)  # PrintJob
    file_wanted = pyqtSignal(bytes)

    def __init__(
        self, parent: QWidget, face: Face, title: str, render: Render, *, is_frame: bool = False
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Print"))
        self._title = title
        self._render = render
        self._is_rendering = False
        self._is_stale = False
        self._is_over = False
        self._pdf = b""
        # What was chosen for what is seen, and for what is being made: paper, and whether it lies.
        self._seen = self._asked = ("", False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.preview = QWebEngineView(self)
        self.preview.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.paper_page = PaperPage(self.preview)
        self.preview.setPage(self.paper_page)
        self.preview.setAccessibleName(_("The pages as they will be printed"))
        # The engine keeps keys to itself while its viewer has them.
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.reject)
        row.addWidget(self.preview, 1)
        side = QWidget()
        side.setFixedWidth(_SIDE_WIDTH)
        self._column = column = QVBoxLayout(side)
        column.setContentsMargins(SPACE["l"], SPACE["l"], SPACE["l"], SPACE["l"])
        column.setSpacing(SPACE["s"])
        row.addWidget(side)
        self.button = QPushButton()
        self._add_choices(is_frame)
        self._problem = text_label("", "body")
        self._problem.setStyleSheet(f"color: {face.danger};")
        self._problem.hide()
        column.addWidget(self._problem)
        self.silence = QCheckBox(_("Keep this page from asking again"))
        self.silence.hide()
        column.addWidget(self.silence)
        column.addStretch(1)
        self._add_buttons()
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._make)
        size = parent.size()
        self.resize(min(940, size.width() - 40), min(680, size.height() - 40))
        find_printers(self, self._on_printers)
        self._make()

    def page_is_gone(self) -> None:
        """The page shows something else now: what was made of it can still be printed."""
        self._is_rendering = self._is_stale = False
        self._render = _no_page
        if not self._pdf:
            self.reject()
        self._typing.stop()
        self.button.setEnabled(True)
        for choice in (self.pages, self.paper, self.landscape, self.backgrounds):
            choice.setEnabled(False)

    def done(self, result: int) -> None:
        self._is_over = True
        super().done(result)

    # What there is to choose

    def _add_choices(self, is_frame: bool) -> None:
        self.printer = QComboBox()
        self.printer.addItem(_("Save as PDF"), "")
        self.printer.currentIndexChanged.connect(lambda _index: self._show_choices())
        self.copies = QSpinBox()
        self.copies.setRange(1, _MOST_COPIES)
        self.pages = QLineEdit()
        self.pages.setPlaceholderText(_("All, or 1-3, 5"))
        self.pages.textEdited.connect(lambda _text: self._typing.start())
        self.paper = QComboBox()
        for name in _PAPERS:
            self.paper.addItem(name)
        measures = QLocale.system().measurementSystem()
        if measures is QLocale.MeasurementSystem.ImperialUSSystem and not is_frame:
            self.paper.setCurrentText("Letter")
        self.landscape = QCheckBox(_("Landscape"))
        self.backgrounds = QCheckBox(_("Background colours and pictures"))
        self.both_sides = QCheckBox(_("On both sides"))
        self.grey = QCheckBox(_("Black and white"))
        rows = [(_("Printer"), self.printer), (_("Copies"), self.copies)]
        if not is_frame:
            # The engine prints a frame as it is.
            rows += [(_("Pages"), self.pages), (_("Paper"), self.paper)]
        form = QGridLayout()
        form.setVerticalSpacing(SPACE["s"])
        form.setColumnStretch(1, 1)
        self._copies_title = QLabel(_("Copies"))
        for number, (name, field) in enumerate(rows):
            label = self._copies_title if field is self.copies else QLabel(name)
            label.setBuddy(field)
            form.addWidget(label, number, 0)
            form.addWidget(field, number, 1)
        self._column.addLayout(form)
        if not is_frame:
            self._column.addWidget(self.landscape)
            self._column.addWidget(self.backgrounds)
        self._column.addWidget(self.both_sides)
        self._column.addWidget(self.grey)
        self.paper.currentIndexChanged.connect(lambda _index: self._make())
        self.landscape.toggled.connect(lambda _on: self._make())
        self.backgrounds.toggled.connect(lambda _on: self._make())
        self._show_choices()

    def _add_buttons(self) -> None:
        self._count = QLabel()
        self._count.setObjectName("quiet")
        self._column.addWidget(self._count)
        row = QHBoxLayout()
        self.button.setObjectName("primary")
        self.button.setDefault(True)
        self.button.setEnabled(False)
        self.button.clicked.connect(self._go)
        cancel = QPushButton(_("Cancel"))
        cancel.clicked.connect(self.reject)
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.button)
        self._column.addLayout(row)

    def _on_printers(self, found: Printers) -> None:
        for number, name in enumerate(found.names):
            self.printer.insertItem(number, name, name)
        if found.names:
            self.printer.setCurrentText(found.usual or found.names[0])

    def _show_choices(self) -> None:
        on_paper = bool(self.printer.currentData())
        for choice in (self._copies_title, self.copies, self.both_sides, self.grey):
            choice.setVisible(on_paper)
        self.button.setText(_("Print") if on_paper else _("Save…"))

    # What comes out

    def _make(self) -> None:
        """Has the pages made anew; one after the other, the last choice counts."""
        self.button.setEnabled(False)
        self._is_stale = self._is_rendering
        if self._is_rendering:
            return
        text = self.pages.text().replace(" ", "")
        ranges = QPageRanges.fromString(text) if text else QPageRanges()
        if text and ranges.isEmpty():
            self._fail(_("Write pages like 1-3, 5."))
            return
        self._is_rendering = True
        self._asked = (self.paper.currentText(), self.landscape.isChecked())
        self._render(self._look(ranges), self._on_made)

    def _look(self, ranges: QPageRanges) -> Look:
        size = QPageSize(_PAPERS[self.paper.currentText()])
        layout = layout_of(size, is_landscape=self.landscape.isChecked(), margin_mm=_MARGIN_MM)
        return Look(layout, ranges, self.backgrounds.isChecked())

    def _on_made(self, pdf: bytes) -> None:
        if self._is_over:
            return
        self._is_rendering = False
        if self._is_stale:
            self._make()
            return
        self._pdf, self._seen = pdf, self._asked
        count = sheets_in(pdf)
        if not count:
            chosen = bool(self.pages.text().strip())
            self._fail(_("There are no such pages.") if chosen else _("This cannot be printed."))
            return
        self._problem.hide()
        self.paper_page.show_pdf(pdf)
        self._count.setText(ngettext("{count} page", "{count} pages", count).format(count=count))
        self.button.setEnabled(True)

    def _fail(self, text: str) -> None:
        self._count.clear()
        self._problem.setText(text)
        self._problem.show()

    def _go(self) -> None:
        printer = str(self.printer.currentData())
        if printer:
            paper, lies = self._seen
            job = PrintJob(
                printer, self._title, self.copies.value(), paper, lies,
                self.both_sides.isChecked(), self.grey.isChecked(),
            )  # fmt: skip
            self.print_wanted.emit(job, self._pdf)
        else:
            self.file_wanted.emit(self._pdf)
        self.accept()


def _no_page(_look: Look, _done: Callable[[bytes], None]) -> None:
    """Makes nothing: the page is gone."""
