"""Going places: failures in plain words, local addresses, certificates, dialogs, pop-ups, find."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path

import pytest
import trustme
from support.browser_rig import BrowserRig
from support.site import Answer, Site, serve


def test_failures_say_why(rig: BrowserRig, site: Site) -> None:
    hosts = site.host_map("up.example") + "down.example 127.0.0.1:9\n"
    session = rig.start(hosts=hosts)
    session.open("http://nowhere.invalid/")
    assert session.value("tab.title") == "This address was not found"
    session.open("http://down.example/")
    assert session.value("tab.title") == "Nobody answers there"
    assert session.value("tab.urlstr") == "http://down.example/"
    site.page("up.example/", "<title>up</title>")
    session.open("http://up.example/")
    assert session.value("tab.title") == "up"
    site.pages["up.example/own"] = Answer(b"<title>Our 404</title>gone", status=404)
    session.open("http://up.example/own")
    session.wait_for("tab.title == 'Our 404'")
    assert session.value("tab.failure") is None


def test_typed_local_addresses_work_and_public_pages_may_not_use_them(
    rig: BrowserRig, site: Site
) -> None:
    local = f"http://localhost:{site.port}"
    site.page("localhost/", "<title>mine</title>")
    site.page(
        "public.example/",
        f"<script>fetch('{local}/secret', {{mode: 'no-cors'}})"
        ".then(() => document.title = 'reached', () => document.title = 'kept away')</script>"
        f"<a id=link href='{local}/linked'>x</a>",
    )
    session = rig.start(hosts=site.host_map())
    session.open("http://public.example/")
    session.wait_for("tab.title == 'kept away'")
    session.script("document.getElementById('link').click()")
    session.wait_for("tab.title == 'Kept away from your network'")
    session.open(f"localhost:{site.port}")
    assert session.value("tab.title") == "mine"
    # Granted to the user is not granted to pages.
    session.open("http://public.example/")
    session.wait_for("tab.title == 'kept away'")
    assert not [place for place in site.arrived if "secret" in place or "linked" in place]
    session.do("session._context.policy.set_site_local('public.example', True)")
    session.open("http://public.example/")
    session.wait_for("tab.title == 'reached'")


class Certificates:
    """A server's certificates: only that of strict.example is from a trusted authority."""

    def __init__(self) -> None:
        self.trusted = trustme.CA()
        self.context = self._context(trustme.CA())
        self._strict = self._context(self.trusted)
        self.context.sni_callback = self._choose

    def trust(self, home: Path) -> None:
        """Puts the authority where the engine looks for the user's own (an NSS database)."""
        folder = home / ".pki" / "nssdb"
        folder.mkdir(parents=True)
        authority = home / "authority.pem"
        self.trusted.cert_pem.write_to_path(authority)
        database = f"sql:{folder}"
        for arguments in (
            ["-N", "--empty-password"],
            ["-A", "-t", "C,,", "-n", "test", "-i", str(authority)],
        ):
            subprocess.run(["certutil", "-d", database, *arguments], check=True)

    def _choose(self, sock: ssl.SSLObject, name: object, _context: object) -> None:
        if name == "strict.example":
            sock.context = self._strict

    @staticmethod
    def _context(authority: trustme.CA) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        names = ("secure.example", "strict.example", "*.strict.example")
        authority.issue_cert(*names).configure_cert(context)
        return context


def test_a_bad_certificate_has_a_page_with_a_way_on(rig: BrowserRig) -> None:
    certificates = Certificates()
    with serve(certificates.context) as site:
        site.page("secure.example/", "<title>in</title>")
        session = rig.start(hosts=site.host_map())
        session.do("window.open_text('https://secure.example/')")
        session.wait_for("tab.title == 'The connection is not private'")
        assert site.arrived == []
        assert session.value("window.address.chip.text()") == "Certificate error"
        way_on = "I understand the risk: open it anyway"
        assert session.value(_LABELS) == ["Go back", way_on]
        session.do(f"{_MESSAGE}.findChildren({_BUTTON})[1].click()")
        session.wait_for("tab.title == 'in'")
        assert session.value("window.address.chip.text()") == "Certificate error"


def test_the_certificate_of_a_page_can_be_looked_at(rig: BrowserRig) -> None:
    certificates = Certificates()
    certificates.trust(rig.folder / "home")
    with serve(certificates.context) as site:
        site.page("strict.example/", "<title>in</title>")
        session = rig.start(hosts=site.host_map())
        session.open("https://strict.example/")
        session.do("window.address.chip_clicked.emit()")
        popup = "session._application.activePopupWidget()"
        session.wait_for(f"{popup} is not None")
        session.do(f"{popup}.findChild({_BUTTON}).click()")
        shown = (
            "[w for w in session._application.topLevelWidgets()"
            " if type(w).__name__ == 'CertificateWindow']"
        )
        labels = "[l.text() for l in {}[0].findChildren(__import__('PyQt6.QtWidgets')"
        labels = (labels + ".QtWidgets.QLabel)]").format(shown)
        session.wait_for(f"{shown} and 'Issued to' in {labels}")
        texts = session.value(labels)
        assert "strict.example" in "".join(texts[texts.index("Valid for") :])
        assert any("trustme" in text for text in texts)
        assert site.arrived == ["strict.example/", "strict.example/favicon.ico"]


def test_a_site_that_demands_encryption_has_no_way_on(rig: BrowserRig) -> None:
    certificates = Certificates()
    certificates.trust(rig.folder / "home")
    with serve(certificates.context) as site:
        demand = (("Strict-Transport-Security", "max-age=1000; includeSubDomains"),)
        site.pages["strict.example/"] = Answer(b"<title>strict</title>", headers=demand)
        session = rig.start(hosts=site.host_map())
        session.open("https://strict.example/")
        assert session.value("tab.title") == "strict"
        assert session.value("tab.warning") == ""
        session.do("window.open_text('https://inner.strict.example/')")
        session.wait_for("tab.title == 'The connection is not private'")
        text = session.value(f"{_MESSAGE}.accessibleDescription()")
        assert "demands a valid certificate" in text
        assert session.value(_LABELS) == ["Go back"]
        assert "inner.strict.example/" not in site.arrived


_WIDGETS = "__import__('PyQt6.QtWidgets').QtWidgets"
_BUTTON = f"{_WIDGETS}.QPushButton"
_MESSAGE = "tab._stack.front"
_LABELS = f"[button.text() for button in {_MESSAGE}.findChildren({_BUTTON})]"


def test_dialogs_cannot_trap_the_user(rig: BrowserRig, site: Site) -> None:
    site.page("trap.example/", "<title>trap</title><script>while (true) alert('again')</script>")
    site.page("calm.example/", "<title>calm</title>")
    session = rig.start(hosts=site.host_map())
    session.open("http://calm.example/")
    session.do("window.add_tab(); window.open_text('http://trap.example/')")
    session.wait_for("tab._dialogs.is_open")
    session.do("window.tabs.show(0)")
    assert session.value("tab.title") == "calm"
    session.do("window.tabs[1].ask_to_close()")
    session.wait_for("len(window.tabs) == 1")


def test_pop_ups_need_a_click(rig: BrowserRig, site: Site) -> None:
    site.page("pop.example/", "<title>pop</title><script>window.open('/opened')</script>")
    session = rig.start(hosts=site.host_map())
    session.open("http://pop.example/")
    session.wait_for("len(tab.notices)")
    assert session.value("len(window.tabs)") == 1
    assert "pop.example/opened" not in site.arrived


def test_find_counts_matches(rig: BrowserRig, site: Site) -> None:
    site.page("words.example/", "<title>w</title><p>tree tree bush tree")
    session = rig.start(hosts=site.host_map())
    session.open("http://words.example/")
    session.do("window.find_bar.open(); window.find_bar.field.setText('tree')")
    session.wait_for("window.find_bar.count.text() == '1 of 3'")
    session.do("window.find_bar.next()")
    session.wait_for("window.find_bar.count.text() == '2 of 3'")


def test_zoom_is_remembered_for_the_site(rig: BrowserRig, site: Site) -> None:
    site.page("zoom.example/", "<title>z</title>")
    site.page("other.example/", "<title>o</title>")
    session = rig.start(hosts=site.host_map())
    session.open("http://zoom.example/")
    session.do("tab.zoom(1)")
    session.open("http://other.example/")
    assert session.value("tab.page.zoomFactor()") == pytest.approx(1.0)
    session.open("http://zoom.example/")
    assert session.value("tab.page.zoomFactor()") == pytest.approx(1.1)


def test_javascript_pastes_do_nothing(rig: BrowserRig, site: Site) -> None:
    site.page("victim.example/", "<title>safe</title>")
    session = rig.start(hosts=site.host_map())
    session.open("http://victim.example/")
    session.do("window.open_text(\"javascript:document.title='owned'\")")
    session.wait_for("len(tab.notices)")
    assert session.script("document.title") == "safe"


def test_pages_cannot_open_files_or_own_pages(rig: BrowserRig, site: Site) -> None:
    site.page(
        "sly.example/",
        "<title>sly</title><a id=f href='file:///etc/passwd'>f</a>"
        "<a id=m href='myco://version/'>m</a><iframe src='myco://start/'></iframe>",
    )
    session = rig.start(hosts=site.host_map())
    session.open("http://sly.example/")
    session.script("document.getElementById('f').click()")
    session.script("document.getElementById('m').click()")
    assert session.value("tab.urlstr") == "http://sly.example/"


def test_tabs_sleep_and_wake(rig: BrowserRig, site: Site) -> None:
    site.page("sleepy.example/", "<title>sleepy</title>")
    session = rig.start(hosts=site.host_map())
    session.open("http://sleepy.example/")
    session.script("window.lived = true")
    session.do("window.add_tab()")
    session.wait_for("not tab.loading")
    assert session.value("window.tabs[0].discard()") is True
    session.do("window.tabs.show(0)")
    session.wait_for("tab.page.lifecycleState().name == 'Active' and not tab.loading")
    assert session.script("document.title") == "sleepy"
    assert session.script("window.lived === undefined") is True, "it was loaded anew"


def test_closed_tabs_come_back_with_their_history(rig: BrowserRig, site: Site) -> None:
    site.page("a.example/", "<title>a</title>")
    site.page("b.example/", "<title>b</title>")
    session = rig.start(hosts=site.host_map())
    session.do("window.add_tab()")
    session.open("http://a.example/")
    session.open("http://b.example/")
    session.do("tab.ask_to_close()")
    session.wait_for("len(window.tabs) == 1")
    session.do("session._manager.reopen()")
    session.wait_for("tab.title == 'b' and not tab.loading and tab.can_go(-1)")
    session.do("tab.go(-1)")
    session.wait_for("tab.title == 'a'")
