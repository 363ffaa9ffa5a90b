"""Sign-in pages, honest and hostile, and the steps of somebody who uses them."""

from __future__ import annotations

from typing import Any

from support.browser_rig import BrowserRig, LedSession

HEAD = "<!doctype html><meta charset=utf-8><title>page</title>"
FORM = (
    HEAD + "<form action=/in{more}><input id=name name=name autocomplete=username>"
    "<input id=word type=password name=word><button id=go>in</button></form>"
)
# A keyring that keeps for as long as the session lives, and one that only pretends.
MEMORY_KEYRING = (
    "import keyring, keyring.core\n"
    "from keyring.backend import KeyringBackend\n"
    "class Memory(KeyringBackend):\n"
    "    priority = 1\n"
    "    kept = {}\n"
    "    def set_password(self, s, u, p): self.kept[s, u] = p\n"
    "    def get_password(self, s, u): return self.kept.get((s, u))\n"
    "    def delete_password(self, s, u): self.kept.pop((s, u), None)\n"
    "keyring.core._keyring_backend = Memory()\n"
)
NULL_KEYRING = (
    "import keyring.core\nfrom keyring.backends.null import Keyring\n"
    "keyring.core._keyring_backend = Keyring()\n"
)
_PARTS = (
    "from PyQt6.QtTest import QTest\n"
    "from PyQt6.QtCore import QPoint, Qt\n"
    "from PyQt6.QtWidgets import QApplication\n"
    "from myco_browser.ui.password_panel import PasswordPanel\n"
    "from myco_browser.ui.password_offer import OfferCard\n"
    "from myco_browser.ui.passwords_window import PasswordsWindow\n"
    "def found(kind): return next((w for w in QApplication.allWidgets()"
    " if isinstance(w, kind) and w.isVisible()), None)\n"
    "panel, card, listing = found(PasswordPanel), found(OfferCard), found(PasswordsWindow)\n"
)


class Passwords:
    """Leads the parts of a session that have to do with passwords."""

    def __init__(self, rig: BrowserRig, session: LedSession) -> None:
        self.rig = rig
        self.session = session

    def do(self, code: str) -> None:
        """Runs code with `panel`, `card` and `listing`."""
        self.session.do(_PARTS + code)

    def value(self, expression: str) -> Any:
        """An expression of `panel`, `card` and `listing`."""
        self.do(f"session.found = {expression}")
        return self.session.value("session.found")

    def wait_for(self, expression: str) -> None:
        """Waits until an expression of `panel`, `card` and `listing` is true."""
        body = "".join(f"    {line}\n" for line in _PARTS.splitlines())
        self.do(f"def test(window, tab):\n{body}    return bool({expression})\nsession.test = test")
        self.session.wait_for("session.test(window, tab)")

    def keep(self, *logins: tuple[str, str, str]) -> None:
        """Puts logins (address, name, password) into the store."""
        self.session.do(
            "from myco_browser.domain.logins import new_login\n"
            "session.kept = []\n"
            f"rows = {logins!r}\n"
            "new = [new_login(str(n), *row, 1000) for n, row in enumerate(rows)]\n"
            "session._context.passwords.change(lambda old: [*old, *new], session.kept.append)"
        )
        self.session.wait_for("len(session.kept)")
        assert self.session.value("session.kept[0].problem") == ""

    def kept(self) -> list[list[str]]:
        """What is in the store: origin, name, password."""
        self.session.do("session.kept = []\nsession._context.passwords.look(session.kept.append)")
        self.session.wait_for("len(session.kept)")
        rows: list[list[str]] = self.session.value(
            "sorted([one.origin, one.username, one.password] for one in session.kept[0].logins)"
        )
        return rows

    def open_panel(self) -> None:
        """By the shortcut's action."""
        self.session.do(
            "next(a for a in window.actions() if a.shortcut().toString() == 'Ctrl+Alt+K').trigger()"
        )
        self.wait_for("panel is not None")

    def fill(self, row: int = 0) -> None:
        """Presses a login in the panel."""
        self.open_panel()
        self.do(f"panel.rows[{row}].click()")
        self.wait_for("panel is None")

    def click(self, element: str) -> None:
        """A real click on an element of the page."""
        x, y = (
            round(self.session.script(
                f"(r => r.{side} + r.{size} / 2)"
                f"(document.getElementById({element!r}).getBoundingClientRect())"
            ))
            for side, size in (("left", "width"), ("top", "height"))
        )  # fmt: skip
        self.do(
            "target = tab.view.focusProxy() or tab.view\n"
            f"QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=QPoint({x}, {y}))"
        )

    def type(self, element: str, text: str) -> None:
        """Clicks a field and types into it."""
        self.click(element)
        self.session.wait_for_script(f"document.activeElement.id === {element!r}", True)
        self.do(f"QTest.keyClicks(tab.view.focusProxy() or tab.view, {text!r})")
        self.session.wait_for_script(f"document.getElementById({element!r}).value", text)
