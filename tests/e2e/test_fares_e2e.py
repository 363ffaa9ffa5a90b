"""Prices of a shop on loopback that asks who its visitors are, compared by fresh identities."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from support.browser_rig import BrowserRig, LedSession
from support.site import Answer, Site

_URL = "http://shop.example/flight"
_Prices = Callable[[str], int]


def _serve(site: Site, price: _Prices) -> list[str]:
    """A flight whose price depends on the visitor's cookie; the cookies that came, in order."""
    numbers = itertools.count(1)
    came: list[str] = []

    def answer() -> Answer:
        cookie = site.asking.get("cookie", "")
        came.append(cookie)
        page = (
            "<title>shop</title><h1>Paris – Lyon</h1>"
            f"<p>Seat {price(cookie)},00 €</p><p>Bag €12.50</p>"
            f"<script>document.title = 'shop'</script>"
        )
        mark = () if cookie else (("Set-Cookie", f"visitor={next(numbers)}; Max-Age=9999"),)
        return Answer(page.encode(), headers=(*mark, ("Cache-Control", "no-store")))

    site.pages["shop.example/flight"] = answer
    return came


def _compare(rig: BrowserRig, site: Site) -> LedSession:
    """The command in an everyday window; the private session that shows the result."""
    session = rig.start(hosts=site.host_map())
    session.open(_URL)
    session.do("next(a for a in window.actions() if a.text().startswith('Compare')).trigger()")
    private = rig.session()
    private.wait_for("'fares' in session._manager._single")
    private.wait_for("session._manager._single['fares']._check.is_done")
    return private


def _sentence(private: LedSession) -> str:
    found: str = private.value("session._manager._single['fares'].sentence.text()")
    return found


def _cells(private: LedSession) -> list[list[str]]:
    found: list[list[str]] = private.value(
        "[[t.topLevelItem(n).text(c) for c in range(t.columnCount())] "
        "for t in [session._manager._single['fares'].tree] for n in range(t.topLevelItemCount())]"
    )
    return found


def test_the_same_for_everybody_is_told_as_that(rig: BrowserRig, site: Site) -> None:
    came = _serve(site, lambda _cookie: 49)
    private = _compare(rig, site)
    assert private.name == "private-1"
    assert _sentence(private) == "No difference: every identity sees the same prices."
    assert _cells(private) == [["Seat", *["49,00 €"] * 6], ["Bag", *["€12.50"] * 6]]
    # The everyday window, four strangers, one of them twice at once; then each comes back.
    assert came[:6] == [""] * 6
    assert len(set(came[6:])) == len(came[6:]) == 4
    assert all(one.startswith("visitor=") for one in came[6:])


def _number(cookie: str) -> int:
    return int(cookie.removeprefix("visitor=") or 0)


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("noise", "No difference beyond noise: what one identity sees varies as well."),
        ("return", "Strangers see the same; who comes back is shown another price."),
        (
            "visitor",
            "Identities are shown different prices, by more than what one of them sees vary.",
        ),
    ],
)
def test_what_differs_is_told_apart(rig: BrowserRig, site: Site, kind: str, sentence: str) -> None:
    visits = itertools.count(1)

    def noise(cookie: str) -> int:
        # Strangers get 40 and 60 in turn; who comes back gets the other one.
        number = _number(cookie) + 1 if cookie else next(visits)
        return 40 if number % 2 else 60

    def back(cookie: str) -> int:
        return 55 if cookie else 49

    def visitor(cookie: str) -> int:
        # The first visitor is the everyday window, alone; strangers pay less.
        return 80 if (_number(cookie) or next(visits)) == 1 else 49

    _serve(site, {"noise": noise, "return": back, "visitor": visitor}[kind])
    private = _compare(rig, site)
    assert _sentence(private) == sentence
    cells = {cell for row in _cells(private) if row[0] == "Seat" for cell in row[1:]}
    if kind == "return":
        assert cells == {"49,00 €", "49,00 € → 55,00 €"}
    if kind == "visitor":
        assert "80,00 €" in cells
        assert "49,00 €" in cells


def test_a_shop_that_is_gone_is_told(rig: BrowserRig, site: Site) -> None:
    _serve(site, lambda _cookie: 49)
    session = rig.start(hosts=site.host_map())
    session.open(_URL)
    site.pages["shop.example/flight"] = Answer(b"", "text/html", 503)
    session.do("next(a for a in window.actions() if a.text().startswith('Compare')).trigger()")
    private = rig.session()
    private.wait_for("'fares' in session._manager._single")
    private.wait_for("session._manager._single['fares']._check.is_done")
    assert "nothing can be said" in _sentence(private)
    private.do("session._manager._single['fares'].close()")
    private.wait_for("'fares' not in session._manager._single")
