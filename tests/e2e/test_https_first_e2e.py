"""Encrypted first: nothing goes out in the clear before the user says so."""

from __future__ import annotations

from support.browser_rig import BrowserRig, LedSession
from support.site import Answer, Site
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


_FORMS = """<title>forms</title>
<form id=post method=post action=http://plain.example/post><input name=a value='é &'>
<textarea name=b>one
two</textarea></form>
<form id=get action=http://plain.example:81/get><input name=a value=1></form>
<form id=file method=post enctype=multipart/form-data action=http://plain.example/file>
<input name=a value=1></form>
<form id=sent-on method=post action=/sent-on><input name=a value=1></form>
<form id=own method=post action=/own><input name=a value=1></form>"""


def _press(session: LedSession, word: str) -> None:
    session.do(
        "from PyQt6.QtWidgets import QPushButton\n"
        f"[b for b in tab._stack.front.findChildren(QPushButton) if {word!r} in b.text()]"
        "[0].click()"
    )


def _back_to_the_forms(session: LedSession) -> None:
    session.do("tab.go(-1)")
    # The tab has the title of the page it goes to before that page is there.
    session.wait_for_script("document.title + ' ' + document.readyState", "forms complete")


def test_what_an_encrypted_page_sends_in_the_clear_waits_for_a_yes(
    rig: BrowserRig, site: Site
) -> None:
    rig.settings = {}
    for place in ("post", "get?a=1", "file", "again"):
        port = ":81" if "?" in place else ""
        site.page(f"plain.example/{place}", f"<title>got {place} {port}</title>")
    with serve_trusted(rig.folder / "home", "safe.example") as encrypted:
        encrypted.page("safe.example/", _FORMS)
        encrypted.page("safe.example/own", "<title>own</title>")
        encrypted.pages["safe.example/sent-on"] = Answer(
            b"", status=307, headers=(("Location", "http://plain.example/again"),)
        )
        lines = f"safe.example 127.0.0.1:{encrypted.port}\nplain.example 127.0.0.1:{site.port}\n"
        session = rig.start(hosts=lines)
        session.open("https://safe.example/")
        for form, place in (("post", "post"), ("get", "get?a=1"), ("sent-on", "again")):
            session.script(f"document.querySelector('#{form}').submit()")
            session.wait_for("tab.title == 'This form would be sent in the clear'")
            assert f"plain.example/{place}" not in site.arrived
            # What was filled in is still there; and nothing was agreed to by going back.
            _press(session, "Go back")
            session.wait_for("tab.title == 'forms'")
            session.script(f"document.querySelector('#{form}').submit()")
            session.wait_for("tab.title == 'This form would be sent in the clear'")
            assert f"plain.example/{place}" not in site.arrived
            _press(session, "Send it anyway")
            session.wait_for(f"tab.title.startswith('got {place}')")
            assert site.arrived.count(f"plain.example/{place}") == 1
            _back_to_the_forms(session)
        sent = site.headers[site.arrived.index("plain.example/post")]
        assert sent["content-length"] == str(len("a=%C3%A9+%26&b=one%0D%0Atwo"))
        # Only the page itself can send what may hold files.
        session.script("document.querySelector('#file').submit()")
        session.wait_for("tab.title == 'This form would be sent in the clear'")
        _press(session, "Send it anyway")
        session.wait_for("tab.title == 'forms'")
        assert "plain.example/file" not in site.arrived
        session.script("document.querySelector('#file').submit()")
        session.wait_for("tab.title.startswith('got file')")
        _back_to_the_forms(session)
        session.script("document.querySelector('#own').submit()")
        session.wait_for("tab.title == 'own'")


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
