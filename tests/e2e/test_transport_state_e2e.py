"""What connections remember – TLS tickets, demands for encryption – tells no two visits together.

Judged at the servers: one that speaks TLS, which knows whether a connection went on from an earlier
one, and one in the clear, which must or must not be asked.
"""

from __future__ import annotations

from support.browser_rig import BrowserRig, LedSession
from support.launcher_rig import wait_until
from support.site import Answer, Site
from support.trusted_site import serve_trusted

_THIRD = "third.example"
_TOPS = ("one.example", "two.example")
_DEMAND = (("Strict-Transport-Security", "max-age=9999; includeSubDomains"),)
_NO_STORE = (("Cache-Control", "no-store"),)


def _hosts(clear: Site, encrypted: Site) -> str:
    return f"*:443 127.0.0.1:{encrypted.port}\n* 127.0.0.1:{clear.port}\n"


def _visit(session: LedSession, url: str, encrypted: Site, place: str) -> bool:
    """Opens a page; whether the connection that brought `place` was resumed."""
    before = encrypted.arrived.count(place)
    session.open(url)
    assert wait_until(lambda: encrypted.arrived.count(place) > before, 10.0), encrypted.arrived
    last = len(encrypted.arrived) - 1 - encrypted.arrived[::-1].index(place)
    return encrypted.resumed[last]


def test_a_third_partys_tickets_are_apart_for_each_site(rig: BrowserRig, site: Site) -> None:
    with serve_trusted(rig.folder / "home", _THIRD) as encrypted:
        encrypted.pages[f"{_THIRD}/frame"] = Answer(b"frame", headers=_NO_STORE)
        for top in _TOPS:
            site.page(
                f"{top}/", f"<title>{top}</title><iframe src=https://{_THIRD}/frame></iframe>"
            )
        session = rig.start(hosts=_hosts(site, encrypted))
        place = f"{_THIRD}/frame"
        visits = [
            _visit(session, f"http://{top}/", encrypted, place)
            for top in (_TOPS[0], _TOPS[0], _TOPS[1], _TOPS[1])
        ]
    # Tickets work; the first visit on another site has none.
    assert visits == [False, True, False, True]


def test_a_third_partys_demand_for_encryption_is_apart_for_each_site(
    rig: BrowserRig, site: Site
) -> None:
    with serve_trusted(rig.folder / "home", _THIRD) as encrypted:
        demand = (*_DEMAND, *_NO_STORE)
        encrypted.pages[f"{_THIRD}/frame"] = Answer(b"frame", headers=demand)
        site.page(f"{_TOPS[0]}/", f"<iframe src=https://{_THIRD}/frame></iframe>")
        site.page(
            f"{_TOPS[1]}/",
            f"<title>two</title>"
            f"<img src=http://{_THIRD}/mark.png><iframe src=http://{_THIRD}/inner></iframe>",
        )
        session = rig.start(hosts=_hosts(site, encrypted))
        _visit(session, f"http://{_TOPS[0]}/", encrypted, f"{_THIRD}/frame")
        session.open(f"http://{_TOPS[1]}/")
        asked = {f"{_THIRD}/mark.png", f"{_THIRD}/inner"}
        assert wait_until(lambda: asked <= {*site.arrived, *encrypted.arrived}, 10.0)
        assert asked <= set(site.arrived)
        assert not asked & set(encrypted.arrived)


def test_private_sessions_share_neither_tickets_nor_demands(rig: BrowserRig, site: Site) -> None:
    with serve_trusted(rig.folder / "home", _THIRD) as encrypted:
        page = Answer(b"<title>encrypted</title>", headers=(*_DEMAND, *_NO_STORE))
        encrypted.pages[f"{_THIRD}/"] = page
        site.page(f"{_THIRD}/", "<title>in the clear</title>")
        first = rig.start("--private", hosts=_hosts(site, encrypted))
        url, place = f"https://{_THIRD}/", f"{_THIRD}/"
        assert not _visit(first, url, encrypted, place)
        assert _visit(first, url, encrypted, place), "tickets work within a session"
        first.open(f"http://{_THIRD}/")
        assert first.value("tab.title") == "encrypted", "so does the demand"
        first.do("session._context.launcher.open_private([])")
        second = rig.session()
        second.open(f"http://{_THIRD}/")
        assert second.value("tab.title") == "in the clear"
        assert not _visit(second, url, encrypted, place)
