"""One letter: who, when, about what; its text, shown so that nobody learns of it; its files."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QPoint, QSize, Qt, QUrl, pyqtSignal
from PyQt6.QtGui import QColor, QResizeEvent
from PyQt6.QtWebEngineWidgets import QWebEngineView
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget

from myco_browser.domain.lookalikes import shown_host
from myco_browser.domain.mail import Authenticity, Letter
from myco_browser.mail.letter_colours import brings_colours
from myco_browser.mail.plain_text import to_html
from myco_browser.mail.safe_html import deceiving_links
from myco_browser.ui.chrome import tool_button
from myco_browser.ui.i18n import _, ngettext
from myco_browser.ui.icons import icon, pixmap
from myco_browser.ui.panels import text_label
from myco_browser.ui.sidebar.attachment_list import AttachmentList
from myco_browser.ui.sidebar.banner import Banner
from myco_browser.ui.sidebar.conversation_strip import ConversationStrip
from myco_browser.ui.sidebar.letter_fit import LetterFit
from myco_browser.ui.sidebar.letter_style import ground_of, letter_style
from myco_browser.ui.sidebar.mail_desk import MailDesk
from myco_browser.ui.sidebar.mail_words import long_time, people_words
from myco_browser.ui.sidebar.quick_reply import QuickReply
from myco_browser.ui.theme import SPACE, Face
from myco_browser.web.mail_view import LetterPage, ShownLetter, document

_LOW = 480
"""Pixels; a letter has that much in a window of about 580."""
_MENU = ("reply-all", "forward", "unread", "star", "spam", "window")


class LetterView(QWidget):
    """Shows letters one after the other. `act_wanted` carries the name of what is to be done."""

    back_wanted = pyqtSignal()
    act_wanted = pyqtSignal(str)
    pictures_wanted = pyqtSignal(bool)  # and whether always from this sender
    file_wanted = pyqtSignal(int, str)  # the attachment's number, "open" or "save"
    address_wanted = pyqtSignal(str)

    def __init__(self, desk: MailDesk, face: Face, *, has_back: bool) -> None:
        super().__init__()
        self._desk = desk
        self._face = face
        self.letter: Letter | None = None
        self._deceiving: dict[str, str] = {}
        self._is_paper = self._is_low = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._tools(has_back))
        self.strip = ConversationStrip(face, desk.context.language)
        column.addWidget(self.strip)
        head = QWidget()
        head.setObjectName("letterhead")
        self._head = QVBoxLayout(head)
        self._head.setContentsMargins(SPACE["l"], SPACE["m"], SPACE["l"], SPACE["s"])
        self._head.setSpacing(SPACE["xs"])
        self._fill_head()
        column.addWidget(head)
        self._view = QWebEngineView(self)
        self._view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._view.setAcceptDrops(False)
        column.addWidget(self._view, 1)
        self._target = QLabel()
        self._target.setObjectName("hoverlink")
        self._target.setTextFormat(Qt.TextFormat.PlainText)
        self._target.setParent(self)
        self._target.hide()
        self.files = AttachmentList(face, desk.context.language)
        self.files.act_wanted.connect(self.file_wanted)
        below = QVBoxLayout()
        below.setContentsMargins(0, SPACE["s"], 0, SPACE["s"])
        below.addWidget(self.files)
        column.addLayout(below)
        self.quick = QuickReply(desk, face)
        self.quick.hide()
        column.addWidget(self.quick)
        self.page = LetterPage(desk.engine(), self._view)
        self._view.setPage(self.page)
        self._fit = LetterFit(self._view)
        self.page.contentsSizeChanged.connect(self._fit.look)
        self.page.loadFinished.connect(self._fit.arrived)
        self.page.link_chosen.connect(self._on_link)
        self.page.linkHovered.connect(self._on_hover)

    # Showing

    def show_letter(self, letter: Letter) -> None:
        """Shows a letter."""
        self.letter, remote = letter, letter.is_remote
        self._subject.setText(letter.subject or _("No subject"))
        self._who.setText(letter.sender.shown or _("Unknown sender"))
        self._address.setText(letter.sender.address if letter.sender.name else "")
        self._when.setText(long_time(letter.date, self._desk.context.language))
        to = people_words((*letter.to, *letter.cc))
        self._to.setText(_("to {people}").format(people=to) if to else "")
        self._to.setVisible(bool(to) and not self._is_low)
        self._show_authenticity(letter)
        self._show_remote(letter, remote=remote)
        self._show_trouble(letter)
        self._deceiving = deceiving_links(letter.html)
        self.files.show_files(letter.attachments)
        pictures = tuple((kind, body) for _name, kind, body in letter.pictures)
        self._is_paper = brings_colours(letter.html)
        self.page.setBackgroundColor(QColor(ground_of(self._face, paper=self._is_paper)))
        self._fit.begin()
        self.page.show_letter(ShownLetter(self._document(letter, remote), pictures, remote))

    def _document(self, letter: Letter, remote: bool) -> str:
        if letter.html:
            style = letter_style(self._face, paper=self._is_paper)
            return document(letter.html, style, remote=remote)
        quoted = _("Quoted text ({count} lines)")
        body = to_html(letter.text, quoted)
        if not letter.text.strip():
            empty = _("This message has no text.")
            body = f'<p class="empty">{empty}</p>'
        return document(body, letter_style(self._face, paper=False), remote=False)

    def _show_authenticity(self, letter: Letter) -> None:
        ratio = self.devicePixelRatioF()
        match letter.authenticity:
            case Authenticity.CONFIRMED:
                self._seal.setPixmap(pixmap("shield-check", self._face.good, 16, ratio))
                self._seal.setToolTip(_("Your server confirms that it comes from this domain."))
            case Authenticity.FAILED:
                self._seal.setPixmap(pixmap("warning", self._face.danger, 16, ratio))
                self._seal.setToolTip(_("Your server says that the sender is forged."))
            case Authenticity.UNKNOWN:
                pass
        self._seal.setAccessibleName(self._seal.toolTip())
        self._seal.setVisible(letter.authenticity is not Authenticity.UNKNOWN)
        if letter.authenticity is Authenticity.FAILED:
            text = _("Your server says that this sender is forged. Do not trust what it asks for.")
            self._doubt.say("warning", text, tone="danger")
        else:
            self._doubt.hide()

    def _show_remote(self, letter: Letter, *, remote: bool) -> None:
        if not letter.remote:
            self._pictures.hide()
            return
        found = self._desk.judge(letter.remote)
        trackers = ", ".join(site for site, _count in found.trackers[:4])
        named = ngettext("{count} tracker: {names}.", "{count} trackers: {names}.",
                         len(found.trackers)).format(
                             count=len(found.trackers), names=trackers)  # fmt: skip
        if remote:
            if found.trackers:
                blocked = _("Blocked in this message:") + " " + named
                self._pictures.say("shield-check", blocked)
            else:
                self._pictures.hide()
            return
        text = ngettext(
            "{count} picture is not loaded: its server would learn that you read this.",
            "{count} pictures are not loaded: their servers would learn that you read this.",
            found.count,
        ).format(count=found.count)
        if found.trackers:
            text += " " + named
        choices = (
            (_("Show once"), lambda: self.pictures_wanted.emit(False)),
            (_("Always from this sender"), lambda: self.pictures_wanted.emit(True)),
        )
        self._pictures.say("image", text, choices if found.servers else ())

    def _show_trouble(self, letter: Letter) -> None:
        if letter.trouble:
            text = _("This message is damaged or very unusual; something of it may be missing.")
            self._trouble.say("info", text)
        else:
            self._trouble.hide()

    # Making

    def _tools(self, has_back: bool) -> QWidget:
        bar = QWidget()
        bar.setObjectName("sidehead")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(bar)
        row.setContentsMargins(SPACE["xs"], SPACE["xs"], SPACE["s"], SPACE["xs"])
        row.setSpacing(2)
        if has_back:
            back = tool_button("back", _("Back to the list"), self._face)
            back.clicked.connect(self.back_wanted)
            row.addWidget(back)
        row.addStretch(1)
        for name, icon_name, text in (
            ("reply", "reply", _("Reply")),
            ("archive", "archive", _("Move to the archive")),
            ("delete", "trash", _("Delete")),
        ):
            button = tool_button(icon_name, text, self._face)
            button.clicked.connect(lambda _on=False, act=name: self.act_wanted.emit(act))
            row.addWidget(button)
        more = tool_button("more", _("More"), self._face)
        more.clicked.connect(lambda: self._show_menu(more.mapToGlobal(QPoint(0, more.height()))))
        row.addWidget(more)
        return bar

    def _show_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        titles = {
            "reply-all": ("reply-all", _("Reply to all")),
            "forward": ("forward-mail", _("Forward the message")),
            "unread": ("mail", _("Mark as unread")),
            "star": ("star", _("Star")),
            "spam": ("spam", _("Move to spam")),
            "window": ("expand", _("Open in a window")),
        }
        for name in _MENU:
            icon_name, text = titles[name]
            action = menu.addAction(icon(icon_name, self._face.quiet, 16), text)
            if action is not None:
                action.triggered.connect(lambda _on=False, act=name: self.act_wanted.emit(act))
        menu.popup(at - QPoint(menu.sizeHint().width() - 30, 0))

    def _fill_head(self) -> None:
        self._subject = text_label("", "subject")
        self._subject.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._head.addWidget(self._subject)
        row = QHBoxLayout()
        row.setSpacing(SPACE["xs"])
        self._who = QLabel()
        self._who.setObjectName("strong")
        self._seal = QLabel()
        self._when = QLabel()
        self._when.setObjectName("small")
        for label in (self._who, self._when):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._who.setMinimumWidth(40)
        row.addWidget(self._who)
        row.addWidget(self._seal)
        row.addStretch(1)
        row.addWidget(self._when)
        self._head.addLayout(row)
        self._address = text_label("", "small")
        self._address.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._to = text_label("", "small")
        self._head.addWidget(self._address)
        self._head.addWidget(self._to)
        self._doubt, self._pictures, self._trouble = (Banner(self._face) for _number in range(3))
        for banner in (self._doubt, self._pictures, self._trouble):
            self._head.addWidget(banner)
        rule = QFrame()
        rule.setObjectName("rule")
        self._head.addSpacing(SPACE["xs"])
        self._head.addWidget(rule)

    # Links

    def _on_link(self, url: QUrl) -> None:
        if url.scheme() == "mailto":
            self.address_wanted.emit(url.toString())
            return
        text = self._deceiving.get(url.toString()) or self._deceiving.get(url.url())
        target = shown_host(self._desk.cleaned(url).host())
        if text is not None:
            sentence = _("The text of this link says {text}, but it leads to {target}.").format(
                text=text, target=target
            )
        elif any(label.startswith("xn--") for label in target.split(".")):
            # Names whose letters can be told apart are shown as they are written.
            sentence = _("{target} is written with letters that look like others: it may not be "
                         "the site that it seems to be.").format(target=target)  # fmt: skip
        else:
            self._desk.open_link(url)
            return
        choices: tuple[tuple[str, Callable[[], None]], ...] = (
            (_("Open {target}").format(target=target), lambda: self._desk.open_link(url)),
            (_("Do not open"), self._doubt.hide),
        )
        self._doubt.say("warning", sentence, choices, tone="danger")

    def _on_hover(self, text: str) -> None:
        if not text:
            self._target.hide()
            return
        url = self._desk.cleaned(QUrl(text))
        host = shown_host(url.host())
        shown = url.toDisplayString().replace(url.host(), host, 1) if url.host() else text
        metrics = self._target.fontMetrics()
        width = max(100, self.width() - 40)
        self._target.setText(metrics.elidedText(shown, Qt.TextElideMode.ElideRight, width))
        self._target.adjustSize()
        bottom = self._view.geometry().bottom()
        self._target.move(0, bottom - self._target.height() + 1)
        self._target.show()
        self._target.raise_()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """In a low window the text comes before what stands around it."""
        super().resizeEvent(event)
        if (is_low := self.height() < _LOW) != self._is_low:
            self._is_low = is_low
            self.files.be_low(is_low)
            self._to.setVisible(bool(self._to.text()) and not is_low)

    def sizeHint(self) -> QSize:
        return QSize(760, 720)
