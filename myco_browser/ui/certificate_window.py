"""Shows the certificate of a site."""

from __future__ import annotations

from PyQt6.QtCore import QDateTime, QLocale, Qt, QTimeZone
from PyQt6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from myco_browser.domain.certificate import CertificateFacts
from myco_browser.ui.context import Context
from myco_browser.ui.i18n import _
from myco_browser.ui.theme import SPACE

_HTTPS = 443
_WIDTH = 560
_MOST_NAMES = 12


class CertificateWindow(QDialog):
    """Asks the site for its certificate and shows it."""

    def __init__(self, context: Context, host: str, port: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Certificate of {host}").format(host=host))
        self.setMinimumWidth(min(_WIDTH, parent.width() - 48))
        self._language = context.language
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(SPACE["xl"], SPACE["xl"], SPACE["xl"], SPACE["l"])
        self._column.setSpacing(SPACE["l"])
        self._note = _text(_("Asking the site …"))
        self._note.setObjectName("quiet")
        self._column.addWidget(self._note)
        buttons = QDialogButtonBox()
        close = buttons.addButton(_("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        if close is not None:
            close.clicked.connect(self.close)
        self._column.addWidget(buttons)
        self._open = True
        self.destroyed.connect(self._on_destroyed)
        context.certificates(host, port if port > 0 else _HTTPS, self._show)

    def _on_destroyed(self) -> None:
        self._open = False

    def closeEvent(self, event: object) -> None:
        self._open = False

    def _show(self, facts: CertificateFacts | None) -> None:
        if not self._open:
            return
        if facts is None:
            self._note.setText(_("The site did not show its certificate. Try again later."))
            return
        self._note.setText(
            _("The site showed this just now, over a connection of its own. The page’s was "
              "checked when it was loaded.")
        )  # fmt: skip
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE["l"])
        grid.setVerticalSpacing(SPACE["s"])
        grid.setColumnStretch(1, 1)
        for row, (name, text) in enumerate(self._rows(facts)):
            grid.addWidget(QLabel(name), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(_text(text), row, 1)
        self._column.insertLayout(0, grid)
        for part in self.findChildren(QLabel):
            part.show()  # or the layout does not count it yet
        self.adjustSize()
        # The texts may need more lines at this width than the hint says.
        self.resize(
            self.width(), max(self.height(), self._column.totalHeightForWidth(self.width()))
        )

    def _rows(self, facts: CertificateFacts) -> list[tuple[str, str]]:
        names = list(facts.names[:_MOST_NAMES])
        if len(facts.names) > _MOST_NAMES:
            names.append("…")
        locale = QLocale(self._language)
        begins, ends = (
            locale.toString(
                QDateTime.fromSecsSinceEpoch(int(at.timestamp()), QTimeZone.utc()),
                QLocale.FormatType.LongFormat,
            )
            for at in (facts.begins, facts.ends)
        )
        # The fingerprint has no spaces to break it at.
        middle = len(facts.fingerprint) // 2 + 1
        fingerprint = f"{facts.fingerprint[:middle]}\n{facts.fingerprint[middle:]}"
        return [
            (_("Issued to"), facts.issued_to),
            (_("Issued by"), facts.issued_by),
            (_("Valid for"), "\n".join(names)),
            (_("Valid from"), begins),
            (_("Valid until"), ends),
            (_("Key"), facts.key),
            (_("Fingerprint (SHA-256)"), fingerprint),
        ]


def _text(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    label.setWordWrap(True)
    return label
