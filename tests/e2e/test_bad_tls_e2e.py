"""Sites whose encryption is wrong: nothing is asked of them, and the window says what it is."""

from __future__ import annotations

import contextlib

from support.bad_tls import Authority, Certificates, serve_old
from support.browser_rig import BrowserRig, LedSession
from support.site import Answer, Site, serve

_NO_WAY_ON = "so there is no way on"
_WORDS = (
    "from PyQt6.QtWidgets import QLabel, QPushButton\n"
    "session.words = lambda tab: ' '.join(one.text() for one in"
    " tab._stack.front.findChildren(QLabel))\n"
    "session.buttons = lambda tab: len(tab._stack.front.findChildren(QPushButton))"
)
# What is wrong, and what the page in its place says.
_CASES = (
    ("expired", "has expired"),
    ("future", "not valid yet"),
    ("wrong", "made for another site"),
    ("selfsigned", "signed by nobody"),
    ("untrusted", "signed by nobody"),
    ("sha1", "can be broken"),
)


def test_each_is_refused_and_told(rig: BrowserRig) -> None:
    authority, other = Authority(), Authority("Nobody")
    certificates = Certificates(rig.folder)
    pairs = {
        "good": authority.sign("good.example"),
        "expired": authority.sign("expired.example", days=(-20, -2)),
        "future": authority.sign("future.example", days=(3, 20)),
        "wrong": authority.sign("another.example"),
        "selfsigned": authority.sign("selfsigned.example", by_itself=True),
        "untrusted": other.sign("untrusted.example"),
        "sha1": authority.sign_sha1("sha1.example", rig.folder),
        "demand": authority.sign("demand.example"),
    }
    for name, pair in pairs.items():
        certificates.put(f"{name}.example", pair)
    authority.trust(rig.folder / "home")
    with contextlib.ExitStack() as stack:
        site = stack.enter_context(serve(certificates.context))
        plain = stack.enter_context(serve())
        old = [stack.enter_context(serve_old(rig.folder, pairs["good"], old=kind))
               for kind in (True, False)]  # fmt: skip
        lines = "".join(
            f"{name}:443 127.0.0.1:{one.port}\n"
            for name, one in (("old.example", old[0]), ("cipher.example", old[1]))
        )
        lines += f"*.example:443 127.0.0.1:{site.port}\n*.example:80 127.0.0.1:{plain.port}\n"
        session = rig.start(hosts=lines)
        _look(session, site, plain, certificates, authority)
        _mix(session, site, plain)


def _look(
    session: LedSession, site: Site, plain: Site, certificates: Certificates, authority: Authority
) -> None:
    session.do(_WORDS)
    for name in ("old", "cipher"):
        session.open(f"https://{name}.example/secret")
        assert session.value("tab.title") == "No secure connection", name
        assert "-113" in session.value("session.words(tab)"), name
    for name, words in _CASES:
        _open_refused(session, f"https://{name}.example/secret")
        assert words in session.value("session.words(tab)"), name
        assert session.value("window.address.chip.text()") == "Certificate error", name
    assert site.arrived == []
    # Who demanded encryption once gets nothing without a valid certificate, and there is no way on.
    _leave(session)
    demand = (("Strict-Transport-Security", "max-age=1000"),)
    site.pages["demand.example/"] = Answer(b"<title>demand</title>", headers=demand)
    session.open("https://demand.example/")
    assert session.value("tab.title") == "demand"
    certificates.put("demand.example", authority.sign("demand.example", days=(-20, -2)))
    for scheme in ("https", "http"):
        _open_refused(session, f"{scheme}://demand.example/secret")
        assert _NO_WAY_ON in session.value("session.words(tab)"), scheme
        assert session.value("session.buttons(tab)") == 1, scheme
    assert "demand.example/secret" not in site.arrived
    assert plain.arrived == []


def _mix(session: LedSession, site: Site, plain: Site) -> None:
    """An encrypted page asks for things in the clear, and for one with a bad certificate."""
    parts = (
        "<script src=http://good.example/a.js></script><iframe src=http://good.example/frame>"
        "</iframe><link rel=stylesheet href=http://good.example/a.css>"
        "<img src=http://good.example/a.png><img src=https://expired.example/b.png>"
        "<script>fetch('http://good.example/data').catch(() => window.fetched = 'no');"
        "try { new WebSocket('ws://good.example/ws') }"
        " catch (e) { window.refused = e.name }</script>"
    )
    site.page("good.example/", f"<title>good</title>{parts}")
    _leave(session)
    session.open("https://good.example/")
    session.wait_for_script("[window.loaded, window.fetched, window.refused]",
                            [None, "no", "SecurityError"])  # fmt: skip
    assert plain.arrived == []
    assert "expired.example/b.png" not in site.arrived


def _open_refused(session: LedSession, address: str) -> None:
    """Opens an address whose certificate is no good; the engine waits for the user's answer."""
    _leave(session)
    session.do(f"window.open_text({address!r})")
    session.wait_for("tab.failure is not None")


def _leave(session: LedSession) -> None:
    session.do("tab.show_page(); window.open_text('about:blank')")
    session.wait_for("tab.urlstr == 'about:blank' and not tab.loading")
