"""Prints every version that matters; run as a process, because it loads the engine."""

from __future__ import annotations

from PyQt6.QtCore import PYQT_VERSION_STR, qVersion
from PyQt6.QtWebEngineCore import (
    PYQT_WEBENGINE_VERSION_STR,
    qWebEngineChromiumSecurityPatchVersion,
    qWebEngineChromiumVersion,
    qWebEngineVersion,
)

from myco_browser import __version__


def lines() -> list[str]:
    """One line for each component."""
    return [
        f"Myco Browser {__version__}",
        f"PyQt {PYQT_VERSION_STR} (WebEngine {PYQT_WEBENGINE_VERSION_STR}), Qt {qVersion()}",
        f"QtWebEngine {qWebEngineVersion()}",
        f"Chromium base {qWebEngineChromiumVersion()}",
        f"Chromium security patches up to {qWebEngineChromiumSecurityPatchVersion()}",
    ]


if __name__ == "__main__":
    print("\n".join(lines()))
