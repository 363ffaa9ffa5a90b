"""The panel below the shield: how much was blocked here, what and why, and how much is to be."""

from __future__ import annotations

from PyQt6.QtCore import QSize, Qt, QTimer
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from myco_browser.domain.lookalikes import shown_host
from myco_browser.domain.site_settings import Level
from myco_browser.services.block_kinds import BlockKind
from myco_browser.ui.block_words import kind_name, level_cost, level_name
from myco_browser.ui.blocked_list import BlockedList
from myco_browser.ui.i18n import _, ngettext
from myco_browser.ui.icons import pixmap
from myco_browser.ui.panels import Panel, seal_words, text_label
from myco_browser.ui.segments import Segments
from myco_browser.ui.theme import SPACE
from myco_browser.ui.window import BrowserWindow

_WIDTH = 440
_LEVELS = (Level.STANDARD, Level.STRICT, Level.OFF)
_REFRESH_MS = 300
_MOST_ROWS = 5
_LEAST_ROWS = 2


class ShieldPanel(Panel):
    """Follows the page while it is open: the counts grow as the page loads.

    `actions` are shown as buttons at the foot.
    """

    def __init__(self, window: BrowserWindow, actions: tuple[QAction, ...]) -> None:
        super().__init__(window, _("What was blocked"), _WIDTH)
        self._tab = window.current()
        self._policy = window.context.policy
        self._add_head()
        self._add_tiles()
        self._banner = text_label("", "quiet")
        self.column.addWidget(self._banner)
        self._levels = self._add_levels()
        self._empty = text_label("", "quiet")
        self.column.addWidget(self._empty)
        self._list = BlockedList(self._face, self)
        self.column.addWidget(self._list, 1)
        self.add_rule()
        self._add_buttons(actions)
        self.add_rule()
        self.add_row(*seal_words(window.context))
        self._refresh()
        timer = QTimer(self)
        timer.timeout.connect(self._refresh)
        timer.start(_REFRESH_MS)

    def open(self) -> None:
        """Shows the panel below the shield, with the focus on what can be chosen."""
        self._fit()
        self.show_below(self._window.address.shield)
        if self._levels is not None:
            self._levels.focus_current()

    # Construction

    def _add_head(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACE["m"])
        self._picture = QLabel()
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignVCenter)
        words = QVBoxLayout()
        words.setSpacing(0)
        self._headline = text_label("", "headline")
        words.addWidget(self._headline)
        host = shown_host(self._tab.url.host())
        words.addWidget(text_label(host or _("A page of the browser"), "quiet"))
        row.addLayout(words, 1)
        self.column.addLayout(row)

    def _add_tiles(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACE["s"])
        self._numbers: dict[BlockKind, QLabel] = {}
        self._tiles: dict[BlockKind, QFrame] = {}
        for kind in BlockKind:
            tile = QFrame()
            tile.setObjectName("tile")
            column = QVBoxLayout(tile)
            column.setContentsMargins(2, 6, 2, 6)
            column.setSpacing(0)
            number = text_label("0", "number")
            for label in (number, text_label(kind_name(kind), "small")):
                label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
                column.addWidget(label)
            column.addStretch(1)
            self._numbers[kind], self._tiles[kind] = number, tile
            row.addWidget(tile, 1)
        self.column.addSpacing(SPACE["xs"])
        self.column.addLayout(row)
        self.column.addSpacing(SPACE["xs"])

    def _add_levels(self) -> Segments | None:
        site = self._tab.site
        if site is None or not self._policy.snapshot.blocking or self._policy.is_open(site):
            return None
        current = _LEVELS.index(self._policy.level(site))
        segments = Segments(_("Level"), [level_name(level) for level in _LEVELS], current)
        segments.chosen.connect(lambda number: self._choose(site, _LEVELS[number]))
        self.column.addWidget(segments)
        self._cost = text_label(level_cost(_LEVELS[current]), "quiet")
        self.column.addWidget(self._cost)
        if self._window.context.private:
            kept = _("For {site}, until the last private window is closed.")
        else:
            kept = _("Remembered for {site}.")
        segments.setAccessibleDescription(kept.format(site=site))
        segments.setToolTip(kept.format(site=site))
        self.add_rule()
        return segments

    def _add_buttons(self, actions: tuple[QAction, ...]) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACE["s"])
        for action in actions:
            button = QPushButton(f" {action.text()}")
            button.setIcon(action.icon())
            button.setIconSize(QSize(16, 16))
            button.setAutoDefault(False)
            button.setEnabled(action.isEnabled())
            button.setToolTip(action.shortcut().toString())
            button.clicked.connect(lambda _down=False, chosen=action: self._leave_for(chosen))
            row.addWidget(button, 1)
        self.column.addLayout(row)

    # What changes

    def _refresh(self) -> None:
        log = self._window.context.blocked.page(self._tab.urlstr)
        on = self._policy.is_blocking(self._tab.site)
        if on:
            text = ngettext("{count} request blocked", "{count} requests blocked", log.count)
            headline = text.format(count=log.count)
        elif self._policy.is_open(self._tab.site):
            headline = _("This site is open: nothing is blocked")
        elif self._policy.snapshot.blocking:
            headline = _("Blocking is off for this site")
        else:
            headline = _("Blocking is switched off in the settings")
        self._headline.setText(headline)
        name, colour = ("shield-check", self._face.good) if on else (
            "shield-off", self._face.warning)  # fmt: skip
        self._picture.setPixmap(pixmap(name, colour, 32, self.devicePixelRatioF()))
        for kind, number in self._numbers.items():
            count = log.kinds[kind]
            number.setText(str(count))
            self._tiles[kind].setAccessibleName(f"{kind_name(kind)}: {count}")
            self._tiles[kind].setEnabled(count > 0)
        self._tiles[BlockKind.OTHER].setVisible(log.kinds[BlockKind.OTHER] > 0)
        banners = ngettext(
            "A cookie banner was answered with “reject”.",
            "{count} cookie banners were answered with “reject”.",
            log.banners,
        )
        self._banner.setText(banners.format(count=log.banners))
        self._banner.setVisible(log.banners > 0)
        self._list.show_entries(log.entries)
        self._list.setVisible(bool(log.entries))
        self._empty.setVisible(not log.entries)
        nothing = _("Nothing on this page matched the filter lists.")
        self._empty.setText(nothing if on else _("Everything on this page was let through."))
        if self.isVisible():
            self._fit()

    def _choose(self, site: str, level: Level) -> None:
        self._policy.set_level(site, level)
        self._cost.setText(level_cost(level))
        self._tab.reload()
        self._refresh()

    def _leave_for(self, action: QAction) -> None:
        self.close()
        action.trigger()

    def _fit(self) -> None:
        """As high as its rows need, as far as the window has room."""
        model = self._list.model()
        rows = min(_MOST_ROWS, model.rowCount()) if model is not None else 0
        room = self._window.height() - self._window.address.height() - 2 * SPACE["xxl"]
        self._list.setFixedHeight(self._list.height_for(rows))
        while rows > _LEAST_ROWS and self._height() > room:
            rows -= 1
            self._list.setFixedHeight(self._list.height_for(rows))
        self.setFixedHeight(self._height())

    def _height(self) -> int:
        self.column.invalidate()
        return self.column.totalHeightForWidth(self.width())


def show_shield_panel(window: BrowserWindow, *actions: QAction) -> None:
    """Opens the panel for the page in front."""
    ShieldPanel(window, actions).open()
