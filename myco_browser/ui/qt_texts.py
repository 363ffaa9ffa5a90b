"""The texts that Qt itself brings (buttons of its dialogs, menus of fields), in our language."""

from __future__ import annotations

from PyQt6.QtCore import QLibraryInfo, QTranslator
from PyQt6.QtWidgets import QApplication


class _Newer(QTranslator):
    """Asked last: texts that got the mark of a key since Qt's catalogue was made.

    So it is with Qt 6.11 in the dialog for files that is shown where the desktop has none.
    """

    def __init__(self, catalogue: QTranslator, parent: QApplication) -> None:
        super().__init__(parent)
        self._catalogue = catalogue

    def isEmpty(self) -> bool:
        return False

    def translate(  # type: ignore[override]  # without a text, Qt takes its own
        self,
        context: str | None,
        source: str | None,
        disambiguation: str | None = None,
        n: int = -1,
    ) -> str | None:
        if not source or "&" not in source:
            return None
        plain = source.replace("&", "", 1)
        return self._catalogue.translate(context or "", plain, disambiguation or "", n) or None


def translate_qt(application: QApplication, language: str) -> bool:
    """Installs Qt's own catalogue of `language`; False where Qt has none, and for English.

    The default locale is left alone: the engine reads it, and pages would see the change.
    """
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if not translator.load(f"qtbase_{language}", folder):
        return False
    application.installTranslator(_Newer(translator, application))
    return application.installTranslator(translator)
