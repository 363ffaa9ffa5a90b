"""The panels below the address bar: what they have in common, and the one about this site."""

from __future__ import annotations

from dataclasses import replace

from PyQt6.QtCore import QLocale, QPoint, Qt, QUrl
from PyQt6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from myco_browser.domain.agents import is_told_chrome, reason_of
from myco_browser.domain.lookalikes import shown_host
from myco_browser.domain.settings import FORGET_CLOSED
from myco_browser.domain.site_settings import Decision, Permission
from myco_browser.ui.certificate_window import CertificateWindow
from myco_browser.ui.context import Context
from myco_browser.ui.i18n import _, ngettext
from myco_browser.ui.icons import pixmap
from myco_browser.ui.permission_names import decision_name, permission_name
from myco_browser.ui.tab import Tab
from myco_browser.ui.theme import SPACE
from myco_browser.ui.window import BrowserWindow
from myco_browser.web.schemes import SCHEME
from myco_vpn.seal import NOT_WISHED

_WIDTH = 400
_SHOWN = 200
_LIST_HEIGHT = 240


class Panel(QFrame):
    """A pop-up with a column of rows, below a widget; closes on Escape or a click elsewhere."""

    def __init__(self, window: BrowserWindow, name: str, width: int = _WIDTH) -> None:
        super().__init__(window, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("popup")
        self.setAccessibleName(name)
        self.setFixedWidth(min(width, window.width() - 24))
        self._window = window
        self._face = window.context.face
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(SPACE["l"], SPACE["l"], SPACE["l"], SPACE["l"])
        self.column.setSpacing(SPACE["s"])

    def add_heading(self, text: str) -> None:
        """A heading; the first one is the panel's title."""
        self.column.addWidget(text_label(text, "heading"))

    def add_row(self, icon_name: str, text: str, detail: str = "", tone: str = "quiet") -> None:
        """A line with an icon and, below it, a quieter explanation."""
        row = QHBoxLayout()
        row.setSpacing(SPACE["m"])
        picture = QLabel()
        ratio = self.devicePixelRatioF()
        picture.setPixmap(pixmap(icon_name, getattr(self._face, tone), 20, ratio))
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(text_label(text, "strong"))
        if detail:
            words.addWidget(text_label(detail, "quiet"))
        row.addLayout(words, 1)
        self.column.addLayout(row)

    def add_rule(self) -> None:
        """A thin line."""
        rule = QFrame()
        rule.setObjectName("rule")
        self.column.addWidget(rule)

    def add_switch(self, text: str, on: bool, act: object) -> QCheckBox:
        """A choice that acts at once."""
        box = QCheckBox(text)
        box.setChecked(on)
        if callable(act):
            box.toggled.connect(act)
        self.column.addWidget(box)
        return box

    def show_below(self, anchor: QWidget) -> None:
        """Places the panel inside the screen, below `anchor`; what is too tall is scrolled."""
        self.adjustSize()
        # That leaves a third of the screen free, and squeezes the texts for it on a low one.
        self.resize(self.width(), max(self.height(), self.column.totalHeightForWidth(self.width())))
        at = anchor.mapToGlobal(QPoint(0, anchor.height() + 8))
        screen = anchor.screen() or QApplication.primaryScreen()
        if screen is not None:
            room = screen.availableGeometry()
            if self.height() > room.height() - 16:
                self.scroll_within(room.height() - 16)
            at.setX(max(room.left() + 8, min(at.x(), room.right() - self.width() - 8)))
            at.setY(max(room.top() + 8, min(at.y(), room.bottom() - self.height() - 8)))
        window = self._window.frameGeometry()
        at.setX(max(window.left() + 8, min(at.x(), window.right() - self.width() - 8)))
        self.move(at)
        self.show()

    def scroll_within(self, height: int) -> None:
        """Makes the panel this tall, in pixels; what has no room is scrolled to."""
        inner = QWidget()
        inner.setLayout(self.column)
        area = QScrollArea()
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidgetResizable(True)
        area.setWidget(inner)
        around = QVBoxLayout(self)
        # The frame and its round corners stay in sight.
        around.setContentsMargins(2, SPACE["s"], 2, SPACE["s"])
        around.addWidget(area)
        # The layout before it may have asked for more.
        self.setMinimumHeight(0)
        self.resize(self.width(), height)


def show_site_panel(window: BrowserWindow) -> None:
    """About the page in front: connection, permissions, what was blocked, the exit."""
    tab = window.current()
    panel = Panel(window, _("About this site"))
    panel.add_heading(place_name(tab.url))
    _add_connection(panel, tab)
    if tab.url.scheme() == "https":
        _add_certificate(panel, window, tab)
    panel.add_rule()
    count = window.context.blocked.page(tab.urlstr).count
    text = ngettext("{count} request blocked", "{count} requests blocked", count)
    panel.add_row("shield-check", text.format(count=count), tone="good")
    _add_exit(panel, window)
    if tab.site is not None:
        panel.add_rule()
        _add_permissions(panel, window, tab.site)
    panel.show_below(window.address.chip)


def place_name(url: QUrl) -> str:
    """The site's name as it is shown; our own pages have none."""
    host = "" if url.scheme() == SCHEME else shown_host(url.host())
    return host or _("A page of the browser")


def _add_connection(panel: Panel, tab: Tab) -> None:
    scheme = tab.url.scheme()
    if tab.warning:
        panel.add_row("warning", _("Certificate error"),
                      _("Somebody may read or change what is exchanged."), "danger")  # fmt: skip
    elif scheme == "https":
        panel.add_row("lock", _("The connection is encrypted"),
                      _("The certificate was checked: it was issued for this site by an authority "
                        "that this computer trusts."), "good")  # fmt: skip
    elif scheme == "http":
        panel.add_row("unlock", _("The connection is not encrypted"),
                      _("Everybody on the way can read and change what is exchanged."),
                      "danger")  # fmt: skip
    else:
        panel.add_row("info", _("Nothing was asked from the network for this page"))


def _add_certificate(panel: Panel, window: BrowserWindow, tab: Tab) -> None:
    button = QPushButton(_("Show certificate"))
    host, port = tab.url.host(), tab.url.port()

    def show() -> None:
        panel.close()
        CertificateWindow(window.context, host, port, window).show()

    button.clicked.connect(show)
    panel.column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)


def _add_exit(panel: Panel, window: BrowserWindow) -> None:
    context = window.context
    status = context.door.status()
    if status is None:
        panel.add_row("door-closed", _("The door does not answer: nothing leaves"), tone="warning")
    elif status.exit == "blocked":
        panel.add_row("door-closed", _("Exit closed: nothing leaves"), tone="warning")
    elif status.exit == "waiting":
        panel.add_row("tunnel", _("The VPN is connecting: nothing leaves yet"), tone="warning")
    else:
        rows = context.door.counters()
        sent, received = sum(row.sent for row in rows), sum(row.received for row in rows)
        detail = _("This session sent {sent} and received {received}.").format(
            sent=size_words(sent, context.language), received=size_words(received, context.language)
        )
        if status.exit == "tunnel":
            panel.add_row("tunnel", _("VPN: sites see the gateway's address"), detail, "good")
        else:
            panel.add_row("door", _("Direct exit: sites see the address of your line"), detail)
    panel.add_row(*seal_words(context))


def seal_words(context: Context) -> tuple[str, str, str, str]:
    """Icon, word, sentence and tone for whether the session is sealed."""
    if context.sealed:
        text = _("The kernel gives this window no other way out than the door.")
        return "seal", _("Sealed session"), text, "good"
    text = _("The engine is told to use the door only, but the kernel does not enforce it. "
             "Reason: {reason}.")  # fmt: skip
    reason = _("sealing was switched off at the start")
    if context.seal_reason != NOT_WISHED:
        # In the words of the system, which people look up.
        reason = context.seal_reason
    return "warning", _("Session not sealed"), text.format(reason=reason), "warning"


def _add_permissions(panel: Panel, window: BrowserWindow, site: str) -> None:
    context = window.context
    panel.add_heading(_("Permissions"))
    settings = context.sites.get(site)
    if not settings.permissions:
        panel.column.addWidget(text_label(_("This site has not been given any."), "quiet"))
    for permission, decision in settings.permissions:
        _add_permission(panel, context, site, permission, decision)
    panel.add_switch(
        _("May reach this machine and your network"),
        context.policy.may_reach_local(site),
        lambda allowed: context.policy.set_site_local(site, allowed),
    )
    _add_agent(panel, context, site)
    if not context.private:
        kept = settings.keep
        panel.add_switch(
            _("Keep what this site stored"),
            not context.now[FORGET_CLOSED] if kept is None else kept,
            lambda keep: context.sites.put(site, replace(context.sites.get(site), keep=keep)),
        )


def _add_permission(
    panel: Panel, context: Context, site: str, permission: Permission, decided: Decision
) -> None:
    choices = (Decision.ALLOW, Decision.BLOCK, None)
    row = QHBoxLayout()
    row.addWidget(text_label(permission_name(permission), "plain"), 1)
    box = QComboBox()
    box.setAccessibleName(permission_name(permission))
    for choice in choices:
        box.addItem(decision_name(choice))
    box.setCurrentIndex(choices.index(decided))

    def change(number: int) -> None:
        settings = context.sites.get(site).with_decision(permission, choices[number])
        context.sites.put(site, settings)

    box.activated.connect(change)
    row.addWidget(box)
    panel.column.addLayout(row)


def _add_agent(panel: Panel, context: Context, site: str) -> None:
    settings = context.sites.get(site)
    if settings.opened:
        return

    def tell(chrome: bool) -> None:
        # None where that is so anyway: a site that is dropped from the table follows it.
        choice = None if chrome == is_told_chrome(site, None) else chrome
        context.sites.put(site, replace(context.sites.get(site), chrome=choice))

    box = panel.add_switch(
        _("Call this browser Google Chrome"),
        is_told_chrome(site, settings.chrome),
        tell,
    )
    reason = reason_of(site)
    general = _("For sites that refuse this browser. Counts when the page is loaded again.")
    why = _(reason) if reason else general
    box.setToolTip(why)
    box.setAccessibleDescription(why)
    panel.column.addWidget(text_label(why, "small"))


def text_label(text: str, name: str) -> QLabel:
    """A text that wraps and is never taken for markup; `name` says how it looks."""
    label = QLabel(text)
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def size_words(count: int, language: str) -> str:
    """A number of bytes for people."""
    value = float(count)
    for unit in (ngettext("byte", "bytes", count), _("kB"), _("MB")):
        if value < 1000:
            return f"{value:.0f} {unit}"
        value /= 1000
    unit = _("GB")
    return f"{QLocale(language).toString(value, 'f', 1)} {unit}"
