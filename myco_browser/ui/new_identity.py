"""A new identity: this private session ends, and another begins with windows in the same places."""

from __future__ import annotations

from dataclasses import replace

from myco_browser.domain.session_json import state_to_json
from myco_browser.domain.session_state import SessionState, TabState, WindowState
from myco_browser.ui.i18n import _
from myco_browser.ui.window import BrowserWindow
from myco_browser.ui.windows import WindowManager
from myco_browser.web.schemes import START_PAGE


def new_identity(window: BrowserWindow, manager: WindowManager) -> None:
    """Replaces this private session by a fresh process; the everyday one has one identity only."""
    context = window.context
    if not context.private:
        window.tell("mask", _("Only private windows can get a new identity. Open one first."))
        return
    context.launcher.renew(state_to_json(blank(manager.state())))
    manager.close_all()


def blank(state: SessionState) -> SessionState:
    """The same windows with nothing but the start page."""
    start = TabState(START_PAGE)
    windows: list[WindowState] = [
        replace(window, tabs=(start,), active=0) for window in state.windows
    ]
    return SessionState(tuple(windows), ())
