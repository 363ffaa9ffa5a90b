from __future__ import annotations

import base64
import random

import pytest
from hypothesis import given
from support.seeded import SEEDS, any_text, inputs, joined, try_all

from myco_filters.addresses import fits_address
from myco_filters.engine import Engine
from myco_filters.request import Kind, Request
from myco_filters.rewriting import skip, transform
from myco_filters.syntax.lists import FilterList
from myco_filters.verdict import Allow, Block, Rewrite, Verdict

TARGET = "https://good.test/page?a=1"
WRAPPED = base64.b64encode(TARGET.encode()).decode()
SAFE = base64.urlsafe_b64encode(TARGET.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("url", "steps", "found"),
    [
        ("https://r.test/?u=https%3A%2F%2Fgood.test%2Fpage%3Fa%3D1", "?u", TARGET),
        (f"https://r.test/?x=1&u={WRAPPED}", "?u -base64", TARGET),
        (f"https://r.test/{SAFE}/", r"/^https:\/\/r\.test\/([^\/]+)/ -safebase64", TARGET),
        ("https://r.test/go/good.test%2Fpage", r"/\/go\/(.+)$/ -uricomponent +https",
         "https://good.test/page"),
        ("https://r.test/#https://good.test/", "#", "https://good.test/"),
        ("https://r.test/?https%3A%2F%2Fgood.test%2F&b=1", "&1", "https://good.test/"),
        ("https://r.test/?u=http://good.test/", "?u +https", "https://good.test/"),
        ("https://r.test/?u=javascript:alert(1)", "?u", None),
        ("https://r.test/?u=https://user@evil.test/", "?u", None),
        ("https://r.test/?u=/relative", "?u", None),
        ("https://r.test/?v=1", "?u", None),
        ("https://r.test/?u=%%%", "?u -base64", None),
        ("https://r.test/", "-no-such-step", None),
        ("https://r.test/", "/((a+)+)/", None),
        ("https://r.test/?u=https://a b/", "?u", None),
    ],
)  # fmt: skip
def test_steps_of_urlskip(url: str, steps: str, found: str | None) -> None:
    assert skip(url, steps) == found


@pytest.mark.parametrize(
    ("url", "rule", "found"),
    [
        ("https://a.test/ref/x/y?z", r"/^\/ref\/[^\/]+//", "https://a.test/y?z"),
        ("https://a.test/1/2", r"/([0-9])\/([0-9])/$2\/$1/", "https://a.test/2/1"),
        ("https://a.test/aXa", r"/A/b/gi", "https://a.test/bXb"),
        ("https://a.test/x", r"/nothing/y/", None),
        ("https://a.test/x", r"/\/x/.evil.test\//", None),
        ("https://a.test/x", r"/\/x/@evil.test\//", None),
        ("https://a.test/x", "no rule", None),
        ("https://a.test/x", r"/(x)/$9/", None),
    ],
)
def test_transformations_keep_the_host(url: str, rule: str, found: str | None) -> None:
    assert transform(url, rule) == found


STEPS = [*"?&#/+-ubase64(). *[]\\$", " -base64", " +https", "?u", "u=", "https://b.test/", "%2F"]


def url_and_value(chance: random.Random) -> tuple[str, str]:
    url = any_text(chance, 60) if chance.random() < 0.5 else joined(chance, STEPS, 20)
    return url, joined(chance, STEPS, 20)


@inputs(3000)
@given(SEEDS)
def test_any_rule_on_any_url(seed: int) -> None:
    try_all(seed, url_and_value, stays_an_address)


def stays_an_address(made: tuple[str, str]) -> None:
    url, value = made
    skipped = skip("https://a.test/" + url, value)
    assert skipped is None or skipped.startswith(("http://", "https://"))
    changed = transform("https://a.test/" + url, f"/{value}/{url}/")
    assert changed is None or changed.startswith("https://a.test")


def engine(*lines: str) -> Engine:
    return Engine.compile([FilterList("test", "Test", "\n".join(lines))])


def page(made: Engine, url: str, kind: Kind = Kind.MAIN_FRAME) -> Verdict:
    return made.match(Request.make(url, "", kind))


def test_pages_behind_links() -> None:
    made = engine(
        "||r.test/go?$urlskip=?u",
        "@@||r.test/go?keep$urlskip=?u",
        "||b.test^$doc",
        "||b.test^$doc,urlskip=?u -blocked",
        "||c.test^$urlskip=?u -blocked",
        "||t.test/ref/$doc,uritransform=/^\\/ref//",
    )
    found = page(made, "https://r.test/go?u=https://good.test/")
    assert isinstance(found, Rewrite)
    assert found.url == "https://good.test/"
    assert page(made, "https://r.test/go?keep&u=https://good.test/") == Allow(None)
    assert page(made, "https://r.test/go?u=https://good.test/", Kind.IMAGE) == Allow(None)
    assert isinstance(page(made, "https://b.test/?u=https://good.test/"), Rewrite)
    assert isinstance(page(made, "https://b.test/?u=x"), Block)
    assert page(made, "https://c.test/?u=https://good.test/") == Allow(None)
    moved = page(made, "https://t.test/ref/x")
    assert isinstance(moved, Rewrite)
    assert moved.url == "https://t.test/x"


@pytest.mark.parametrize(
    ("value", "address", "fits"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1|192.0.2.2", "192.0.2.2", True),
        ("192.0.2.1", "192.0.2.10", False),
        ("192.0.2.*", "192.0.2.10", True),
        ("192.0.2.0/24", "192.0.2.10", True),
        ("~192.0.2.1", "192.0.2.1", False),
        ("~192.0.2.1", "192.0.2.2", True),
        (r"/^192\.0\./", "192.0.2.1", True),
        ("lan", "10.1.2.3", True),
        ("loopback", "::1", True),
        ("lan", "127.0.0.1", False),
        ("2001:db8::1", "2001:DB8:0::1", True),
        ("nonsense", "192.0.2.1", False),
        ("192.0.2.1", "nonsense", False),
    ],
)
def test_addresses(value: str, address: str, fits: bool) -> None:
    assert fits_address(value, address) is fits


def test_what_only_the_door_knows() -> None:
    made = engine(
        "||shady.test^$ipaddress=192.0.2.66",
        "@@||fine.shady.test^",
        "||tracker.test^$third-party",
        "@@||cdn.site.test^$cname",
        "||path.test/x",
    )

    def request(host: str) -> Request:
        return Request.make(f"https://{host}/x", "https://site.test/", Kind.SCRIPT)

    assert page(made, "https://shady.test/", Kind.SCRIPT) == Allow(None)
    assert isinstance(
        made.match_addresses(request("shady.test"), ["198.51.100.1", "192.0.2.66"]), Block
    )
    assert made.match_addresses(request("shady.test"), ["198.51.100.1", "192.0.2.6"]) == Allow(None)
    assert isinstance(
        made.match_addresses(request("fine.shady.test"), ["198.51.100.1", "192.0.2.66"]), Allow
    )
    assert isinstance(made.match_alias(request("metrics.site.test"), "x.tracker.test"), Block)
    assert made.match_alias(request("metrics.site.test"), "x.other.test") == Allow(None)
    assert made.match_alias(request("metrics.site.test"), "path.test") == Allow(None)
    assert isinstance(made.match_alias(request("cdn.site.test"), "x.tracker.test"), Allow)
