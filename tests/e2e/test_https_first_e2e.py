"""Encrypted first: nothing goes out in the clear before the user says so."""

from __future__ import annotations

from support.browser_rig import BrowserRig
from support.site import Site
from support.trusted_site import serve_trusted


def test_a_page_is_asked_for_by_encrypted_connection(rig: BrowserRig, site: Site) -> None:
    rig.settings = {}
    site.page("secure.example/", "<title>in the clear</title>")
    with serve_trusted(rig.folder / "home", "secure.example") as encrypted:
        encrypted.page("secure.example/page?a=1", "<title>encrypted</title>")
        link = "<a href='http://secure.example/page?a=1'>x</a>"
        encrypted.page("secure.example/", f"<title>start</title>{link}")
        lines = (
            f"secure.example:80 127.0.0.1:{site.port}\n"
            f"secure.example:443 127.0.0.1:{encrypted.port}\n"
        )
        session = rig.start(hosts=lines)
        session.open("http://secure.example/")
        session.wait_for("tab.title == 'start'")
        session.script("document.querySelector('a').click()")
        session.wait_for("tab.title == 'encrypted'")
        assert session.value("tab.urlstr") == "https://secure.example/page?a=1"
        assert site.arrived == []


def test_a_site_without_encryption_is_opened_only_when_the_user_says_so(
    rig: BrowserRig, site: Site
) -> None:
    rig.settings = {}
    site.page("plain.example/", "<title>in the clear</title><a href=/next>x</a>")
    site.page("plain.example/next", "<title>next</title>")
    lines = f"plain.example:80 127.0.0.1:{site.port}\nplain.example:443 127.0.0.1:9\n"
    session = rig.start(hosts=lines)
    session.open("http://plain.example/")
    session.wait_for("tab.title == 'No encrypted connection to plain.example'")
    assert site.arrived == []
    session.do(
        "from PyQt6.QtWidgets import QPushButton\n"
        "[b for b in tab._stack.front.findChildren(QPushButton) "
        "if 'without' in b.text()][0].click()"
    )
    session.wait_for("tab.title == 'in the clear'")
    session.script("document.querySelector('a').click()")
    session.wait_for("tab.title == 'next'")
    assert session.value("window.address.chip.text()") == "Not secure"
