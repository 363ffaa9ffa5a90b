"""The thin line below the toolbar that shows how far a page has come."""

from __future__ import annotations

from PyQt6.QtWidgets import QProgressBar

from myco_browser.ui.i18n import _
from myco_browser.ui.theme import Face


def progress_line(face: Face) -> QProgressBar:
    """A line of two pixels in the accent of `face`, empty at first."""
    line = QProgressBar()
    line.setTextVisible(False)
    line.setFixedHeight(2)
    line.setAccessibleName(_("Loading"))
    line.setStyleSheet(
        f"QProgressBar {{ background: transparent; border: none; }} "
        f"QProgressBar::chunk {{ background: {face.accent}; }}"
    )
    return line
