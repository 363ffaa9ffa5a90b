"""Says when the password of an account that was removed is still kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from myco_browser.ui.i18n import _
from myco_browser.ui.window import BrowserWindow


class Windows(Protocol):
    """The windows of the session."""

    def active_window(self) -> BrowserWindow | None: ...


def tells_what_is_kept(windows: Callable[[], Windows]) -> Callable[[str], None]:
    """What is called once a password is removed, with the cause why it could not be, or ""."""

    def tell(cause: str) -> None:
        window = windows().active_window()
        if cause and window is not None:
            text = _("The account is removed, but its password could not be deleted: {error}")
            window.tell("warning", text.format(error=cause))

    return tell
