"""The texts that Qt itself brings (buttons of its dialogs, menus of fields), in our language."""

from __future__ import annotations

from PyQt6.QtCore import QLibraryInfo, QTranslator
from PyQt6.QtWidgets import QApplication


def translate_qt(application: QApplication, language: str) -> bool:
    """Installs Qt's own catalogue of `language`; False where Qt has none, and for English.

    The default locale is left alone: the engine reads it, and pages would see the change.
    """
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    return translator.load(f"qtbase_{language}", folder) and application.installTranslator(
        translator
    )
