"""The panel below the tunnel's button: what is so, what may leave, the exits, and importing."""

from __future__ import annotations

from PyQt6.QtCore import QLocale, QPoint, Qt, QTimer
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from myco_browser.domain.tunnel import ExitView, TunnelFigures, TunnelPhase, TunnelView
from myco_browser.ui.i18n import _
from myco_browser.ui.icons import icon, pixmap
from myco_browser.ui.panels import Panel, size_words, text_label
from myco_browser.ui.theme import SPACE
from myco_browser.ui.tunnel_exits import exit_rows, hop_choice
from myco_browser.ui.tunnel_import import export_exit, import_clipboard, import_files
from myco_browser.ui.tunnel_whole import whole_section
from myco_browser.ui.tunnel_wishes import wishes_section
from myco_browser.ui.tunnel_words import tunnel_words
from myco_browser.ui.window import BrowserWindow

_WIDTH = 420
_LEAST_HEIGHT = 240
_LOOK_MS = 1000
_MEASURE_EVERY = 10
_WHOLE_EVERY = 3


class TunnelPanel(Panel):
    """Follows the tunnel while it is open. What can be typed is made anew only when it must be."""

    def __init__(self, window: BrowserWindow) -> None:
        super().__init__(window, _("VPN"), _WIDTH)
        self._tunnel = window.context.tunnel
        self._shown: TunnelView | None = None
        self._figures: dict[str, QLabel] = {}
        self._body: QWidget | None = None
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.column.addWidget(self._area)
        self._problem = ""
        self._ticks = 0
        view = self._tunnel.view
        self._through = view.last_through if view.exit_id is None else view.through
        self._tunnel.changed.connect(self._refresh)
        self._tunnel.said.connect(self._on_said)
        self._refresh()
        self._tunnel.list_exits()
        timer = QTimer(self)
        timer.timeout.connect(self._look)
        timer.start(_LOOK_MS)
        self._look()

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        self._fit()

    # What changes

    def _look(self) -> None:
        self._tunnel.look()
        if self._ticks % _MEASURE_EVERY == 0:
            self._tunnel.measure()
        if self._ticks % _WHOLE_EVERY == 0:
            self._tunnel.look_at_computer()
        self._ticks += 1

    def _on_said(self, said: dict[str, object]) -> None:
        if said.get("locked") is True:
            self._rebuild()
        if "public_key" in said:
            self.close()
        if said.get("wrong") is True:
            self._problem = _("This passphrase does not open your keys.")
            self._rebuild()

    def _refresh(self) -> None:
        view = self._tunnel.view
        if self._shown is None or _shape(view) != _shape(self._shown):
            self._rebuild()
        self._shown = view
        self._show_figures(view.figures)

    def _rebuild(self) -> None:
        view = self._shown = self._tunnel.view
        if (before := self._area.takeWidget()) is not None:
            before.hide()
            before.deleteLater()
        self._body = QWidget()
        # As wide as the panel, whatever a long text would like to have.
        policy = self._body.sizePolicy().Policy
        self._body.setSizePolicy(policy.Ignored, policy.Preferred)
        self._figures = {}
        outer, self.column = self.column, QVBoxLayout(self._body)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(SPACE["s"])
        try:
            self._fill(view)
        finally:
            self.column = outer
        self._area.setWidget(self._body)
        self._body.show()  # before it is measured: what is hidden has no height
        self._show_figures(view.figures)
        self._fit()

    def _fit(self) -> None:
        """As high as the rows need when their texts are wrapped, and no higher than the screen."""
        layout = self._body.layout() if self._body is not None else None
        screen = self._window.screen()
        if layout is None or screen is None:
            return
        layout.invalidate()
        sides, edge = self.column.contentsMargins(), self.rect().size() - self.contentsRect().size()
        width = self.width() - sides.left() - sides.right() - edge.width()
        wanted = layout.totalHeightForWidth(width) + sides.top() + sides.bottom() + edge.height()
        wanted += SPACE["xs"]  # letters of the last line reach below it
        badge = self._window.tunnel.badge
        top = badge.mapToGlobal(QPoint(0, badge.height() + SPACE["s"])).y()
        room = screen.availableGeometry().bottom() - top - SPACE["s"]
        height = min(wanted, max(room, _LEAST_HEIGHT))
        # Only where it has to scroll: a bar takes width, and narrower texts need more height.
        policy = Qt.ScrollBarPolicy
        is_whole = height == wanted
        bar = policy.ScrollBarAlwaysOff if is_whole else policy.ScrollBarAsNeeded
        self._area.setVerticalScrollBarPolicy(bar)
        self.setFixedHeight(height)

    def _fill(self, view: TunnelView) -> None:
        self._add_head(view)
        wanted = self._tunnel.awaits_passphrase or view.exits or view.cause == "locked"
        if view.keys.is_locked and wanted:
            self._add_passphrase(view)
        if view.phase is TunnelPhase.PROTECTED:
            self.add_rule()
            self._add_figures(view)
        self.add_rule()
        self._add_exits(view)
        self._add_import()
        if not self._window.context.private and view.exits:
            self.add_rule()
            self.column.addWidget(wishes_section(view, self._window.context))
        text = _("Private windows choose an exit of their own; new ones begin with this one.")
        if self._window.context.private:
            text = _("What you choose here counts for this private window; others keep theirs.")
        self.column.addWidget(text_label(text, "small"))
        self.add_rule()
        self.column.addWidget(whole_section(view, self._tunnel, _push))

    # Construction

    def _add_head(self, view: TunnelView) -> None:
        words = tunnel_words(view)
        row = QHBoxLayout()
        row.setSpacing(SPACE["m"])
        picture = QLabel()
        tone = getattr(self._face, words.tone)
        picture.setPixmap(pixmap(words.icon, tone, 32, self.devicePixelRatioF()))
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(text_label(words.word, "headline"))
        column.addWidget(text_label(_("What may leave now:") + " " + words.leaves, "quiet"))
        if words.next_step:
            column.addWidget(text_label(words.next_step, "strong"))
        row.addLayout(column, 1)
        self.column.addLayout(row)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE["s"])
        off = view.phase is TunnelPhase.OFF
        if off and view.exits:
            buttons.addWidget(_push(_("Connect"), self._connect_last, primary=True), 1)
        elif view.phase is TunnelPhase.BLOCKED and view.exits:
            text = _("Connect") if view.cause == "by-user" else _("Try again")
            buttons.addWidget(_push(text, self._connect_last, primary=True), 1)
            buttons.addWidget(_push(_("Turn off"), self._tunnel.turn_off), 1)
        elif not off:
            buttons.addWidget(_push(_("Turn off"), self._tunnel.turn_off, primary=True), 1)
        if view.phase is not TunnelPhase.BLOCKED and (view.exits or not off):
            block = _push(_("Block everything"), self._tunnel.block)
            block.setToolTip(_("Nothing leaves until you connect or turn the VPN off."))
            buttons.addWidget(block, 1)
        self.column.addLayout(buttons)

    def _add_passphrase(self, view: TunnelView) -> None:
        text = _("Your keys are sealed by a passphrase, because no keyring works here.")
        if view.keys.is_new:
            text = _("No keyring works here. Choose a passphrase: it seals your keys on the disk. "
                     "Without it they are lost.")  # fmt: skip
        self.column.addWidget(text_label(self._problem or text, "quiet"))
        row = QHBoxLayout()
        field = QLineEdit()
        field.setEchoMode(QLineEdit.EchoMode.Password)
        field.setPlaceholderText(_("Passphrase"))
        field.setAccessibleName(_("Passphrase"))
        go = _push(_("Unlock") if not view.keys.is_new else _("Seal"), lambda: None)

        def unlock() -> None:
            self._problem = ""
            if field.text():
                self._tunnel.unlock(field.text())
                field.clear()

        go.clicked.connect(unlock)
        field.returnPressed.connect(unlock)
        row.addWidget(field, 1)
        row.addWidget(go)
        self.column.addLayout(row)

    def _add_figures(self, view: TunnelView) -> None:
        chosen = view.exit()
        dns = ", ".join(chosen.dns) if chosen is not None and chosen.dns else _("none")
        for name, title in (
            ("handshake", _("Last handshake")),
            ("bytes", _("Sent and received")),
            ("latency", _("Latency")),
            ("dns", _("Names are looked up by")),
            ("endpoint", _("Gateway")),
        ):
            row = QHBoxLayout()
            row.addWidget(text_label(title, "quiet"))
            value = text_label(dns if name == "dns" else "–", "strong")
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            self._figures[name] = value
            row.addWidget(value, 1)
            self.column.addLayout(row)

    def _show_figures(self, figures: TunnelFigures | None) -> None:
        if figures is None or not self._figures:
            return
        language = self._window.context.language
        if figures.handshake_age_s is not None:
            seconds = round(figures.handshake_age_s)
            text = _("{seconds} s ago").format(seconds=seconds)
            if seconds >= 120:
                text = _("{minutes} min ago").format(minutes=seconds // 60)
            self._figures["handshake"].setText(text)
        sent, received = size_words(figures.sent, language), size_words(figures.received, language)
        self._figures["bytes"].setText(f"↑ {sent}   ↓ {received}")
        if figures.latency_s is not None:
            milliseconds = QLocale(language).toString(figures.latency_s * 1000, "f", 0)
            self._figures["latency"].setText(_("{number} ms").format(number=milliseconds))
        self._figures["endpoint"].setText(figures.endpoint or "–")

    def _add_exits(self, view: TunnelView) -> None:
        self.add_heading(_("Exits"))
        if not view.exits:
            text = _("No exit yet. An exit is a WireGuard configuration that a VPN provider, or "
                     "your cooperative, gives you.")  # fmt: skip
            self.column.addWidget(text_label(text, "quiet"))
            return
        self.column.addWidget(
            exit_rows(view, self._tunnel, self._face, self._connect, self._export)
        )
        if len(view.exits) > 1:
            self.column.addWidget(hop_choice(view, self._through, self._choose_hop))

    def _choose_hop(self, through: str | None) -> None:
        self._through = through
        view = self._tunnel.view
        chosen = view.exit()
        if chosen is not None and view.phase in (TunnelPhase.CONNECTING, TunnelPhase.PROTECTED):
            self._connect(chosen)

    def _export(self, one: ExitView) -> None:
        self.close()
        export_exit(self._window, one)

    def _connect(self, one: ExitView) -> None:
        through = None if self._through == one.exit_id else self._through
        self._tunnel.turn_on(one.exit_id, through)

    def _add_import(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACE["s"])
        for text, act, name in (
            (_("Import files…"), import_files, "folder"),
            (_("Paste"), import_clipboard, "paste"),
        ):
            button = _push(f" {text}", lambda act=act: self._leave_for(act))
            button.setIcon(icon(name, self._face.text, 16))
            row.addWidget(button, 1)
        self.column.addLayout(row)
        key = _push(" " + _("Make a key for a gateway…"), self._make_key)
        key.setIcon(icon("lock", self._face.text, 16))
        key.setToolTip(_("For a gateway whose operator wants your public key."))
        self.column.addWidget(key)
        hint = _("Or drop .conf files, zips or QR pictures on the VPN button.")
        self.column.addWidget(text_label(hint, "small"))

    def _make_key(self) -> None:
        # The panel stays: with a new passphrase to choose, it is chosen here.
        self._tunnel.make_key()

    def _leave_for(self, act: object) -> None:
        self.close()
        if callable(act):
            act(self._window)

    def _connect_last(self) -> None:
        chosen = self._tunnel.view.exit() or next(iter(self._tunnel.view.exits))
        self._connect(chosen)


def _shape(view: TunnelView) -> TunnelView:
    """What decides about the panel's widgets; figures only change texts."""
    exits = tuple(one._replace(latency_s=None) for one in view.exits)
    return view._replace(figures=None, exits=exits)


def _push(text: str, act: object, *, primary: bool = False) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    if primary:
        button.setObjectName("primary")
    if callable(act):
        button.clicked.connect(lambda _checked=False: act())
    return button


def show_tunnel_panel(window: BrowserWindow) -> None:
    """Opens the panel below the tunnel's button."""
    TunnelPanel(window).show_below(window.tunnel.badge)
