"""The page about the self-test: asks the launcher to run it, and shows what came of it."""

from __future__ import annotations

from collections.abc import Callable

from myco_browser.bridge.launcher_link import LauncherLink
from myco_browser.domain.self_test import Report, report_from_json
from myco_browser.ui.context import Context
from myco_browser.ui.windows import WindowManager

SELF_TEST_PAGE = "myco://selftest/"


class SelfTesting:
    """What is known of the self-test in this session."""

    def __init__(self, launcher: LauncherLink, context_of: Callable[[], Context]) -> None:
        self._launcher = launcher
        self._context_of = context_of
        self._is_running = False
        self._problem = ""
        self._report: Report | None = None
        self._windows: WindowManager | None = None

    def join(self, windows: WindowManager) -> None:
        """From now on, tabs that show the page are kept up to date."""
        self._windows = windows
        self._launcher.self_test_told.connect(self._on_told)

    def page(self) -> str:
        """The page."""
        # Only who looks at it pays for it.
        from myco_browser.ui import self_test_page

        context = self._context_of()
        if self._is_running:
            return self_test_page.running_page(context.face, context.language)
        if self._report is not None:
            return self_test_page.report_page(context.face, context.language, self._report)
        return self_test_page.first_page(context.face, context.language, self._problem)

    def answer(self, query: str) -> str | None:
        """Runs it, when the page's button was pressed."""
        if query != "run=1":
            return None
        if not self._is_running:
            self._is_running = True
            self._launcher.ask_self_test()
        return SELF_TEST_PAGE

    def _on_told(self, found: object, problem: str) -> None:
        self._is_running = False
        self._report = report_from_json(found)
        self._problem = "" if self._report is not None else problem or "?"
        for window in self._windows.windows if self._windows is not None else ():
            for tab in window.tabs:
                if tab.urlstr == SELF_TEST_PAGE and tab.awake:
                    tab.reload()
