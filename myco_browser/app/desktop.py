"""`python -m myco_browser.app.desktop install|remove|default`: a process that ends when it is done.

Prints a sentence and ends with 0 when it worked. Texts are the program's own languages'; it needs
Qt, to draw the icon in the sizes that desktops want.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys

from myco_browser.domain.desktop_entry import NAME
from myco_browser.system.desktop import Standing, install, is_installed, make_default, remove
from myco_browser.ui.i18n import _, choose_language
from myco_browser.ui.i18n import install as install_texts
from myco_browser.ui.icon_file import draw
from myco_resources import read_icon

_PACKAGES = ("myco_browser", "myco_vpn", "myco_filters", "myco_resources")


def command() -> list[str]:
    """What starts this browser: its command beside this Python, else Python with our folders."""
    beside = os.path.join(os.path.dirname(sys.executable), NAME)
    if os.access(beside, os.X_OK):
        return [beside]
    folders = []
    for package in _PACKAGES:
        spec = importlib.util.find_spec(package)
        if spec is not None and spec.origin is not None:
            folders.append(os.path.dirname(os.path.dirname(os.path.abspath(spec.origin))))
    path = os.pathsep.join(dict.fromkeys(folders))
    tool = shutil.which("env") or "/usr/bin/env"
    return [tool, f"PYTHONPATH={path}", sys.executable, "-P", "-m", "myco_browser"]


def main(what: str) -> tuple[bool, str]:
    """Whether it worked, and a sentence for the user."""
    try:
        match what:
            case "install":
                _install()
                return True, _("Myco Browser is in the menu of your desktop now.")
            case "remove":
                gone = remove(os.environ)
                if not gone:
                    return True, _("There was nothing of Myco Browser in your desktop’s menu.")
                return True, _("Myco Browser is no longer in the menu of your desktop.")
            case _:
                return _make_default()
    except OSError as error:
        text = _("{file} could not be changed: {error}")
        return False, text.format(file=error.filename, error=error.strerror)


def _install() -> None:
    install(os.environ, command(), read_icon("myco"), draw)


def _make_default() -> tuple[bool, str]:
    if not is_installed(os.environ):
        _install()
    match make_default(os.environ):
        case Standing.DONE:
            return True, _("Links of other programs open in Myco Browser now.")
        case Standing.NO_TOOL:
            text = _("This needs “xdg-settings” (package xdg-utils). Nothing was changed.")
            return False, text
        case Standing.REFUSED:
            text = _("Your desktop did not take it. Choose Myco Browser in its own settings.")
            return False, text


if __name__ == "__main__":
    install_texts(choose_language(sys.argv[2] if len(sys.argv) > 2 else "system"))
    worked, sentence = main(sys.argv[1])
    print(sentence)
    sys.exit(not worked)
