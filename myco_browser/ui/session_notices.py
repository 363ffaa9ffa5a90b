"""What the launcher tells a session about others, in plain words."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from PyQt6.QtGui import QGuiApplication

from myco_browser.domain.controls import Problem
from myco_browser.ui.i18n import _, ngettext
from myco_browser.ui.interstitial import Choice
from myco_browser.ui.notice_bar import NoticeBar
from myco_browser.ui.window import BrowserWindow

_log = logging.getLogger("myco_browser")


class SessionNotices:
    """Shows what the launcher tells; of each kind only the newest notice stays."""

    def __init__(self) -> None:
        self._shown: dict[str, NoticeBar] = {}

    def show(self, window: BrowserWindow, name: str, arguments: Mapping[str, object]) -> None:
        """Tells it above the page in front; a notice that is not known here is left out."""
        notice = notice_of(name, arguments)
        if notice is None:
            return
        if (before := self._shown.pop(name, None)) is not None:
            before.dismiss()
        choices = (_offer_to_clear(),) if name == "private-copied" else ()
        bar = NoticeBar(*notice, choices, window.context.face)
        bar.destroyed.connect(lambda: self._forget(name, bar))
        self._shown[name] = bar
        window.current().show_notice(bar)

    def _forget(self, name: str, bar: NoticeBar) -> None:
        if self._shown.get(name) is bar:
            del self._shown[name]


def notice_of(name: str, arguments: Mapping[str, object]) -> tuple[str, str] | None:
    """Icon and sentence for a notice of the launcher; None for one that is not known here."""
    match name:
        case "door-restarted":
            return "info", _("The door was restarted. Pages may need to be reloaded.")
        case "session-crash-loop":
            text = _("Another session crashed several times and was not started again.")
            return "warning", text
        case "private-gone":
            return _private_gone(arguments)
        case "private-copied":
            text = _("What you copied in private window {number} can still be pasted.")
            return "paste", text.format(number=arguments.get("number"))
        case _:
            return None


def _offer_to_clear() -> Choice:
    def clear() -> None:
        if (clipboard := QGuiApplication.clipboard()) is not None:
            clipboard.clear()

    return Choice(_("Clear the clipboard"), clear)


def missing_fonts() -> str:
    """What a private window says where pages cannot be drawn alike."""
    return _(
        "The fonts that make pages look the same for everybody are not installed, so that pages "
        "can tell this computer by its own. The packages fonts-liberation, fonts-dejavu-core and "
        "fonts-noto-color-emoji bring them."
    )


def left_out_card() -> str:
    """What is said when the browser crashed twice while it drew with the graphics card."""
    return _(
        "Myco crashed twice within a minute, so the graphics card is left out from now on. If that "
        "was not the cause, choose in the settings how pages are drawn (“Draw pages”)."
    )


def tell_problems(window: BrowserWindow, problems: Sequence[Problem]) -> None:
    """Says that a file of the profile could not be read in full; all of it is in the log."""
    for problem in problems:
        _log.warning("%s: %s: %s", problem.file, problem.key or "-", problem.cause.value)
    if not problems:
        return
    first = problems[0]
    text = _("{file} could not be read in full ({key}): {cause} The safer choice is used.")
    window.tell(
        "warning",
        text.format(file=first.file, key=first.key or "–", cause=_(first.cause.value)),
    )


def _private_gone(arguments: Mapping[str, object]) -> tuple[str, str]:
    number, files = arguments.get("number"), arguments.get("files")
    found = arguments.get("found")
    if isinstance(found, list) and found:
        text = _("Something of private window {number} is still in: {files}")
        shown = ", ".join(str(path) for path in found[:5])
        return "warning", text.format(number=number, files=shown)
    count = files if isinstance(files, int) else 0
    if arguments.get("whole") is not True:
        text = _("Nothing of private window {number} was found, but the search took too long and "
                 "was not finished.")  # fmt: skip
        return "info", text.format(number=number)
    text = ngettext(
        "Nothing is left of private window {number}: {count} file that changed was searched.",
        "Nothing is left of private window {number}: {count} files that changed were searched.",
        count,
    )
    return "shield-check", text.format(number=number, count=count)
