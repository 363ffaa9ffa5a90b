"""The environment of child processes: what a desktop needs, nothing that undoes the engine's flags.

QTWEBENGINE_* and most of QT_* can replace flags, plugins and the sandbox; the proxy variables and
PYTHON* can lead around the door. What is dropped is dropped for every child.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Mapping

SESSION_MARK = "MYCO_SESSION"
"""Names the session that a process belongs to, so that strays are found when it ends."""

_DROPPED_PREFIXES = ("PYTHON", "QTWEBENGINE_", "QT_", "QML", "CHROME_", "SOCKS_")
_KEPT = frozenset(
    (
        # How Qt reaches the display, looks like the desktop and speaks to input methods.
        "QT_QPA_PLATFORM",
        "QT_QPA_PLATFORMTHEME",
        "QT_STYLE_OVERRIDE",
        "QT_IM_MODULE",
        "QT_IM_MODULES",
        "QT_SCALE_FACTOR",
        "QT_SCREEN_SCALE_FACTORS",
        "QT_AUTO_SCREEN_SCALE_FACTOR",
        "QT_ENABLE_HIGHDPI_SCALING",
        "QT_SCALE_FACTOR_ROUNDING_POLICY",
        "QT_FONT_DPI",
        "QT_ACCESSIBILITY",
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON",
        "QT_QUICK_BACKEND",
        "QT_XCB_GL_INTEGRATION",
        "QT_WAYLAND_DECORATION",
        "QT_WAYLAND_SHELL_INTEGRATION",
        # Without byte code is how some run from a folder they cannot write to.
        "PYTHONDONTWRITEBYTECODE",
    )
)
_PROXIES = frozenset(
    ("http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy", "auto_proxy")
)
_PACKAGES = ("myco_browser", "myco_vpn", "myco_filters", "myco_resources")


def for_child(environ: Mapping[str, str], session: str | None = None) -> dict[str, str]:
    """The environment for a child, marked as part of `session` if it is one."""
    kept = {name: value for name, value in environ.items() if _is_kept(name)}
    folders = _import_folders()
    if folders:
        kept["PYTHONPATH"] = os.pathsep.join(folders)
    if session is not None:
        kept[SESSION_MARK] = session
    return kept


def _is_kept(name: str) -> bool:
    if name in _KEPT:
        return True
    return not name.startswith(_DROPPED_PREFIXES) and name.lower() not in _PROXIES


def _import_folders() -> list[str]:
    """Where our packages lie, if not where Python looks by itself (a run from the sources)."""
    folders = []
    for package in _PACKAGES:
        spec = importlib.util.find_spec(package)
        if spec is not None and spec.origin is not None:
            folder = os.path.dirname(os.path.dirname(os.path.abspath(spec.origin)))
            if not folder.startswith(sys.prefix + os.sep):
                folders.append(folder)
    return list(dict.fromkeys(folders))
