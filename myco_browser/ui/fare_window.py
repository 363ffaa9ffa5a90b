"""Prices of one page, as several fresh identities see them, side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from urllib.parse import quote

from PyQt6.QtCore import Qt, QUrl, QUrlQuery
from PyQt6.QtGui import QCloseEvent, QColor
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from myco_browser.domain.fares import Comparison, Price, Row, Verdict, compare, read_prices
from myco_browser.domain.lookalikes import shown_host
from myco_browser.ui.context import Context
from myco_browser.ui.dressing import usual_size
from myco_browser.ui.fare_check import FRESH, FareCheck, visible_text
from myco_browser.ui.i18n import _
from myco_browser.ui.icons import pixmap
from myco_browser.ui.panels import text_label
from myco_browser.ui.theme import SPACE, Face
from myco_browser.ui.window import BrowserWindow
from myco_browser.web.requests import encoded
from myco_browser.web.schemes import FARES

_LONGEST_SEEN = 20_000


class FareWindow(QWidget):
    """Begins at once; ends its pages when it is closed."""

    def __init__(self, context: Context, url: QUrl, here: str) -> None:
        super().__init__()
        self._context = context
        self._face = context.face
        self._here = read_prices(here) if here else None
        self.setObjectName("log")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(_("Prices compared"))
        usual_size(self, 960, 560)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE["l"], SPACE["l"], SPACE["l"], SPACE["l"])
        column.setSpacing(SPACE["m"])
        column.addWidget(text_label(shown_host(url.host()), "title"))
        row = QHBoxLayout()
        row.setSpacing(SPACE["m"])
        self._picture = QLabel()
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        self.sentence = text_label("", "headline")
        row.addWidget(self.sentence, 1)
        column.addLayout(row)
        self.tree = self._make_tree()
        column.addWidget(self.tree, 1)
        column.addWidget(text_label(_caution(), "quiet"))
        self._check = FareCheck(url, context.fresh_identity, context.inspections, self)
        self._check.changed.connect(self._show)
        self._check.start()
        self._show()

    def closeEvent(self, event: QCloseEvent | None) -> None:
        self._check.end()
        super().closeEvent(event)

    def _make_tree(self) -> QTreeWidget:
        names = [_("Identity {number}").format(number=number + 1) for number in range(FRESH)]
        first = [] if self._here is None else [_("This window")]
        names.insert(1, _("1, same moment"))
        tree = QTreeWidget()
        tree.setObjectName("library")
        tree.setRootIsDecorated(False)
        tree.setAccessibleName(_("Prices compared"))
        tree.setHeaderLabels([_("What"), *first, *names])
        if (header := tree.header()) is not None:
            header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
            header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
            header.setMinimumSectionSize(80)
            header.setStretchLastSection(False)
        return tree

    def _show(self) -> None:
        loads = self._check.loads
        done = sum(load.is_done for load in loads)
        missing = sum(load.is_done and load.prices is None for load in loads)
        read = [load.prices or () for load in loads]
        found = compare(read[:FRESH], read[FRESH + 1 :], read[FRESH], self._here)
        if not self._check.is_done:
            text = _("Asking: {done} of {all} loads are done.").format(done=done, all=len(loads))
            self._tell("reload", "quiet", text)
            return
        self._fill(found)
        if missing:
            text = _("{count} of {all} loads did not come: nothing can be said.")
            self._tell("warning", "warning", text.format(count=missing, all=len(loads)))
        else:
            self._tell(*_verdict_words(found.verdict))

    def _tell(self, icon_name: str, tone: str, text: str) -> None:
        ratio = self.devicePixelRatioF()
        self._picture.setPixmap(pixmap(icon_name, getattr(self._face, tone), 28, ratio))
        self.sentence.setText(text)

    def _fill(self, found: Comparison) -> None:
        self.tree.clear()
        for row in found.rows:
            item = _item(row, self._face, with_window=self._here is not None)
            self.tree.addTopLevelItem(item)


def _item(row: Row, face: Face, *, with_window: bool) -> QTreeWidgetItem:
    cells = [(one, then) for one, then in zip(row.first, row.again, strict=True)]
    cells.insert(1, (row.control, row.control))
    if with_window:
        cells.insert(0, (row.here, row.here))
    item = QTreeWidgetItem([row.label or _("Price"), *(_cell(*cell) for cell in cells)])
    item.setToolTip(0, row.label)
    usual = _most_frequent([one for one, _then in cells])
    is_news = row.verdict in (Verdict.DIFFERENT, Verdict.RETURN)
    for column, (one, then) in enumerate(cells, start=1):
        item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if {price.amount for price in (one, then) if price is not None} - {usual}:
            font = item.font(column)
            font.setBold(True)
            item.setFont(column, font)
            item.setForeground(column, QColor(face.warning if is_news else face.quiet))
    return item


def _cell(one: Price | None, then: Price | None) -> str:
    """The price, or both when a second load brought another one."""
    if one is None or then is None or one.amount == then.amount:
        found = one or then
        return found.written if found is not None else "–"
    return f"{one.written} → {then.written}"


def _most_frequent(prices: Sequence[Price | None]) -> Decimal | None:
    amounts = [one.amount for one in prices if one is not None]
    return max(amounts, key=amounts.count, default=None)


def _verdict_words(verdict: Verdict) -> tuple[str, str, str]:
    """Icon, tone and sentence."""
    match verdict:
        case Verdict.NO_PRICES:
            return ("info", "quiet", _("No prices were found on this page."))
        case Verdict.EQUAL:
            return ("check", "good", _("No difference: every identity sees the same prices."))
        case Verdict.NOISE:
            return ("check", "good", _("No difference beyond noise: what one identity sees "
                                       "varies as well."))  # fmt: skip
        case Verdict.RETURN:
            return ("warning", "warning", _("Strangers see the same; who comes back is shown "
                                            "another price."))  # fmt: skip
        case Verdict.DIFFERENT:
            return ("warning", "warning", _("Identities are shown different prices, by more than "
                                            "what one of them sees vary."))  # fmt: skip


def _caution() -> str:
    return _(
        "Each identity is a visitor that the shop has never seen, with the same computer and the "
        "same address of your line or exit, and asks twice. Prices also change by the minute, the "
        "stock or a draw: this shows what was seen now, and promises no lower price."
    )


def compare_prices(window: BrowserWindow) -> None:
    """Compares the page in front; in a private session, as its process asks with its face."""
    tab = window.current()
    url = tab.url
    if url.scheme() not in ("http", "https") or tab.page is None:
        window.tell("info", _("Only prices on pages of the web can be compared."))
        return
    launcher = window.context.launcher

    def go(text: str) -> None:
        lines = "\n".join(_price_lines(text))[:_LONGEST_SEEN]
        address = f"{FARES}?page={quote(encoded(url), safe='')}"
        launcher.open_private([f"{address}&here={quote(lines, safe='')}"])

    visible_text(tab.page, go)


def _price_lines(text: str) -> list[str]:
    """The lines with prices, and those before them that name what they are for."""
    kept: list[str] = []
    before = ""
    for line in text.splitlines():
        if read_prices(line):
            kept += [before, line] if before else [line]
            before = ""
        elif line.strip():
            before = line
    return kept


def fare_window(context: Context, text: str) -> Callable[[], QWidget] | None:
    """Makes the window for the address that `compare_prices` gives; None for any other."""
    if not text.startswith(FARES) or not context.private:
        return None
    query = QUrlQuery(QUrl(text))
    full = QUrl.ComponentFormattingOption.FullyDecoded
    page = QUrl(query.queryItemValue("page", full))
    if page.scheme() not in ("http", "https"):
        return None
    return lambda: FareWindow(context, page, query.queryItemValue("here", full))
