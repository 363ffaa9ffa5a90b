"""The exits in the tunnel's panel: one row for each, and the choice of a hop before them."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QDateTime, QLocale, QSize, Qt
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from myco_browser.domain.countries import country_of
from myco_browser.domain.tunnel import ExitView, TunnelPhase, TunnelView
from myco_browser.ui.context import Tunnel
from myco_browser.ui.flags import flag_icon
from myco_browser.ui.i18n import _
from myco_browser.ui.icons import icon
from myco_browser.ui.panels import text_label
from myco_browser.ui.theme import SPACE, Face, is_dark

ROW_HEIGHT = 52
_MOST_ROWS = 3
_USUAL_PORT = "51820"
# Colours of exits, on light and on dark ground.
_DOTS = {
    "teal": ("#0d6b5e", "#6fd3bd"),
    "blue": ("#1d5fa8", "#8fc1ff"),
    "violet": ("#6b3fa0", "#c9a7ff"),
    "pink": ("#b0296b", "#ff9ccb"),
    "orange": ("#a3540b", "#f5b26b"),
    "green": ("#3c7a1a", "#a7d987"),
    "grey": ("#5b6662", "#b7c2be"),
}


class _ShortLabel(QLabel):
    """A line that ends in dots where there is no room for all of it."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__()
        self._text = text
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(self.sizePolicy().Policy.Ignored, self.sizePolicy().Policy.Fixed)
        self.setText(text)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        right = Qt.TextElideMode.ElideRight
        self.setText(self.fontMetrics().elidedText(self._text, right, self.width()))


def exit_rows(
    view: TunnelView,
    tunnel: Tunnel,
    face: Face,
    connect: Callable[[ExitView], None],
    export: Callable[[ExitView], None],
) -> QWidget:
    """All exits, in a list that scrolls when there are many."""
    inner = QWidget()
    rows = QVBoxLayout(inner)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setSpacing(2)
    for one in view.exits:
        rows.addWidget(_exit_row(one, view, tunnel, face, connect, export))
    rows.addStretch(1)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inner)
    area.setFixedHeight(ROW_HEIGHT * min(len(view.exits), _MOST_ROWS))
    return area


def hop_choice(
    view: TunnelView, chosen: str | None, choose: Callable[[str | None], None]
) -> QWidget:
    """By which other exit the gateway is reached, if by any."""
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(SPACE["s"])
    label = text_label(_("First through"), "quiet")
    box = QComboBox()
    box.setAccessibleName(_("First through"))
    box.setToolTip(_("Two hops: the first gateway sees who you are, the second one where you go."))
    box.addItem(_("no other exit"), None)
    for one in view.exits:
        if one.exit_id != view.exit_id:
            box.addItem(one.name, one.exit_id)
    box.setCurrentIndex(max(0, box.findData(chosen)))
    box.activated.connect(lambda index: choose(box.itemData(index)))
    label.setWordWrap(False)
    row.addWidget(label)
    row.addWidget(box, 1)
    return line


def exit_colour(one: ExitView, face: Face) -> str:
    """The colour that stands for an exit."""
    return _DOTS.get(one.colour, _DOTS["teal"])[is_dark(face)]


def _exit_row(
    one: ExitView,
    view: TunnelView,
    tunnel: Tunnel,
    face: Face,
    connect: Callable[[ExitView], None],
    export: Callable[[ExitView], None],
) -> QWidget:
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(2)
    used = view.phase is not TunnelPhase.OFF and one.exit_id in (view.exit_id, view.through)
    choose = QToolButton()
    choose.setObjectName("exit")
    picture = QLabel()
    country = country_of(one.name)
    if used:
        drawn = icon("check", exit_colour(one, face), 18)
    elif country is not None:
        drawn = flag_icon(country)
    else:
        drawn = icon("tunnel", exit_colour(one, face), 18)
    picture.setPixmap(drawn.pixmap(QSize(18, 18), line.devicePixelRatioF()))
    detail = _detail(one)
    words = QVBoxLayout()
    words.setSpacing(0)
    words.addStretch(1)
    words.addWidget(_ShortLabel(one.name, "plain"))
    words.addWidget(_ShortLabel(detail, "small"))
    words.addStretch(1)
    inside = QHBoxLayout(choose)
    inside.setContentsMargins(SPACE["s"], 0, SPACE["s"], 0)
    inside.setSpacing(SPACE["m"])
    inside.addWidget(picture)
    inside.addLayout(words, 1)
    connect_text = _("Connect by {name}").format(name=one.name)
    choose.setToolTip(f"{connect_text}\n{detail}\n{_last_use(one)}")
    choose.setAccessibleName(connect_text)
    choose.setAccessibleDescription(detail)
    # As wide as there is room: a long name must not push the other buttons out.
    choose.setSizePolicy(choose.sizePolicy().Policy.Ignored, choose.sizePolicy().Policy.Fixed)
    choose.setFixedHeight(ROW_HEIGHT - 4)
    choose.clicked.connect(lambda: connect(one))
    row.addWidget(choose, 1)
    row.addWidget(_star(one, tunnel, face))
    row.addWidget(_more(one, tunnel, face, export, is_used=used))
    return line


def _star(one: ExitView, tunnel: Tunnel, face: Face) -> QToolButton:
    star = QToolButton()
    star.setIcon(icon("star-full" if one.favourite else "star", face.quiet, 16))
    text = _("{name} is a favourite, shown first") if one.favourite else _("Show {name} first")
    star.setToolTip(text.format(name=one.name))
    star.setAccessibleName(text.format(name=one.name))
    star.clicked.connect(lambda: tunnel.favour(one.exit_id, not one.favourite))
    return star


def _more(
    one: ExitView, tunnel: Tunnel, face: Face, export: Callable[[ExitView], None], *, is_used: bool
) -> QToolButton:
    more = QToolButton()
    more.setObjectName("exitmore")
    more.setIcon(icon("more", face.quiet, 16))
    text = _("More about {name}").format(name=one.name)
    more.setToolTip(text)
    more.setAccessibleName(text)
    more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    menu = QMenu(more)
    save = menu.addAction(icon("download", face.text, 16), _("Save as a file…"))
    forget = menu.addAction(icon("trash", face.text, 16), _("Forget it and its key"))
    if save is not None and forget is not None:
        save.triggered.connect(lambda: export(one))
        forget.setEnabled(not is_used)
        forget.triggered.connect(lambda: tunnel.remove(one.exit_id))
    more.setMenu(menu)
    return more


def _detail(one: ExitView) -> str:
    host, _colon, port = one.endpoint.rpartition(":")
    parts = [one.endpoint if port != _USUAL_PORT else host.strip("[]")]
    if one.latency_s is not None:
        parts.append(_("{number} ms").format(number=round(one.latency_s * 1000)))
    if one.partial:
        parts.append(_("a part of the internet only"))
    return " · ".join(parts)


def _last_use(one: ExitView) -> str:
    if not one.last_used:
        return _("Not used yet")
    moment = QDateTime.fromSecsSinceEpoch(int(one.last_used))
    return _("Last used: {time}").format(
        time=QLocale().toString(moment, QLocale.FormatType.ShortFormat)
    )
