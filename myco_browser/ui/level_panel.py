"""The panel below the level chip: three levels to choose from, and what was blocked here so far."""

from __future__ import annotations

from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from myco_browser.domain.privacy_level import PrivacyLevel, level_of
from myco_browser.domain.settings_private import NEW_WINDOWS_INVISIBLE
from myco_browser.domain.settings_snapshot import Change
from myco_browser.ui.disk_words import unwritten
from myco_browser.ui.i18n import _, ngettext
from myco_browser.ui.level_card import LevelCard
from myco_browser.ui.level_words import (
    level_words,
    moves_out_of_private,
    open_not_in_private,
    shown_when_open,
)
from myco_browser.ui.panels import Panel, place_name, text_label
from myco_browser.ui.theme import SPACE
from myco_browser.ui.window import BrowserWindow

_WIDTH = 420
_REFRESH_MS = 300


class LevelPanel(Panel):
    """Follows the page in front while it is open."""

    def __init__(self, window: BrowserWindow) -> None:
        super().__init__(window, _("How private this page is"), _WIDTH)
        self._tab = window.current()
        self._context = window.context
        self._add_head()
        self.cards = {level: self._card(level) for level in PrivacyLevel}
        self._details = self._add_details()
        if not self._context.private:
            self.add_rule()
            self.add_switch(
                _("Make new windows invisible"),
                self._context.now[NEW_WINDOWS_INVISIBLE],
                self._prefer,
            )
        self._refresh()
        timer = QTimer(self)
        timer.timeout.connect(self._refresh)
        timer.start(_REFRESH_MS)

    def open(self) -> None:
        """Shows the panel below the chip, with the focus on what holds."""
        self.show_below(self._window.address.level)
        self.cards[self._level()].setFocus(Qt.FocusReason.OtherFocusReason)

    # Construction

    def _add_head(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACE["m"])
        row.addWidget(text_label(place_name(self._tab.url), "heading"), 1)
        self._count = QLabel()
        self._count.setObjectName("pill")
        row.addWidget(self._count, 0, Qt.AlignmentFlag.AlignVCenter)
        self.column.addLayout(row)
        self.column.addSpacing(SPACE["xs"])

    def _card(self, level: PrivacyLevel) -> LevelCard:
        words = level_words(level)
        sentence = words.sentence
        can_choose = True
        if self._context.private and level is PrivacyLevel.PROTECTED:
            sentence = moves_out_of_private()
        elif level is PrivacyLevel.OPEN and self._context.private:
            sentence, can_choose = open_not_in_private(), False
        elif level is PrivacyLevel.OPEN and self._tab.site is None:
            can_choose = False
        card = LevelCard(words.icon, words.tone, words.name, sentence, self._face)
        card.setEnabled(can_choose)
        card.fit(self.width() - 2 * SPACE["l"])
        card.clicked.connect(lambda: self._choose(level))
        self.column.addWidget(card)
        return card

    def _add_details(self) -> QWidget:
        details = QWidget()
        column = QVBoxLayout(details)
        column.setContentsMargins(SPACE["s"], SPACE["xs"], SPACE["s"], 0)
        column.setSpacing(SPACE["xs"])
        heading = _("While {site} is open").format(site=self._tab.site or "")
        column.addWidget(text_label(heading, "strong"))
        for sentence in shown_when_open():
            row = QHBoxLayout()
            row.setSpacing(SPACE["s"])
            row.addWidget(text_label("•", "quiet"), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(text_label(sentence, "quiet"), 1)
            column.addLayout(row)
        self.column.addWidget(details)
        return details

    # What changes

    def _level(self) -> PrivacyLevel:
        is_open = self._context.policy.is_open(self._tab.site)
        return level_of(private=self._context.private, is_open_site=is_open)

    def _refresh(self) -> None:
        count = self._context.blocked.page(self._tab.urlstr).count
        self._count.setText(
            ngettext("{count} blocked", "{count} blocked", count).format(count=count)
        )
        current = self._level()
        for level, card in self.cards.items():
            card.show_chosen(level is current)
        is_open = current is PrivacyLevel.OPEN
        if self._details.isHidden() == is_open:
            self._details.setVisible(is_open)
            self._fit()

    def _fit(self) -> None:
        self.column.invalidate()
        self.setFixedHeight(self.column.totalHeightForWidth(self.width()))

    def _choose(self, level: PrivacyLevel) -> None:
        current = self._level()
        if level is current:
            self._refresh()
        elif level is PrivacyLevel.INVISIBLE:
            self.close()
            self._context.launcher.open_private(self._page())
        elif current is PrivacyLevel.INVISIBLE:
            self.close()
            self._context.launcher.open_everyday(self._page())
        else:
            self._open_site(on=level is PrivacyLevel.OPEN)

    def _open_site(self, *, on: bool) -> None:
        site = self._tab.site
        if site is None:
            return
        try:
            self._context.policy.set_open(site, on)
        except OSError as error:
            text = _("This holds until you quit, but could not be saved: {error}")
            self._window.tell("warning", text.format(error=unwritten(error)))
        self._tab.reload()
        self._window.show_level()
        self._refresh()

    def _page(self) -> list[str]:
        is_web = self._tab.url.scheme() in ("http", "https")
        return [self._tab.urlstr] if is_web else []

    def _prefer(self, on: bool) -> None:
        try:
            self._context.settings.change(Change(NEW_WINDOWS_INVISIBLE, on))
        except OSError as error:
            text = _("Could not be saved: {error}").format(error=unwritten(error))
            self._window.tell("warning", text)


def show_level_panel(window: BrowserWindow) -> None:
    """Opens the panel for the page in front."""
    LevelPanel(window).open()
