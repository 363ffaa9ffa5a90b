"""The level in the address bar: icon, word and colour; one click shows the choice."""

from __future__ import annotations

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtWidgets import QToolButton, QWidget

from myco_browser.domain.privacy_level import PrivacyLevel
from myco_browser.ui.dressing import set_property
from myco_browser.ui.i18n import _
from myco_browser.ui.icons import icon
from myco_browser.ui.level_words import level_words
from myco_browser.ui.theme import Face


class LevelChip(QToolButton):
    """Tells how private the page in front is."""

    def __init__(self, face: Face, parent: QWidget) -> None:
        super().__init__(parent)
        self._face = face
        self.setObjectName("level")
        self.setIconSize(QSize(16, 16))
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)

    def show_level(self, level: PrivacyLevel) -> None:
        """Shows a level."""
        words = level_words(level)
        self.setText(f" {words.name}")  # Qt leaves next to no room beside the icon
        self.setIcon(icon(words.icon, getattr(self._face, words.tone), 16))
        self.setToolTip(f"{words.name}\n{words.sentence}")
        self.setAccessibleName(_("Level: {level}").format(level=words.name))
        set_property(self, "level", level.value)

    def set_narrow(self, narrow: bool) -> None:
        """In a narrow window the icon alone stands for the level."""
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        if narrow:
            style = Qt.ToolButtonStyle.ToolButtonIconOnly
        self.setToolButtonStyle(style)
