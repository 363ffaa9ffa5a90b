"""The engine as it comes, without Myco: opens one page and prints what a script in it gives.

    python plain_engine.py URL EXPRESSION

Ends when the expression gives a string, which is printed.
"""

from __future__ import annotations

import sys

from PyQt6.QtCore import QTimer, QUrl
from PyQt6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile
from PyQt6.QtWebEngineWidgets import QWebEngineView
from PyQt6.QtWidgets import QApplication

_LOOK_MS = 200


def main() -> int:
    """Runs until there is an answer."""
    application = QApplication(sys.argv[:1])
    profile = QWebEngineProfile()
    view = QWebEngineView()
    page = QWebEnginePage(profile, view)
    view.setPage(page)
    view.resize(1000, 700)
    view.show()

    def hear(value: object) -> None:
        if isinstance(value, str):
            print(value)
            application.quit()

    timer = QTimer()
    timer.timeout.connect(lambda: page.runJavaScript(sys.argv[2], 0, hear))
    timer.start(_LOOK_MS)
    page.load(QUrl(sys.argv[1]))
    status = application.exec()
    view.close()
    page.deleteLater()
    return status


if __name__ == "__main__":
    sys.exit(main())
