from __future__ import annotations

import pytest

from myco_filters.hosts import names, registrable, suffixes
from myco_filters.request import URL_LIMIT, Kind, Request, host_of


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Ads.Example.com/x", "ads.example.com"),
        ("https://user:pw@example.com:8443/x", "example.com"),
        ("https://example.com./x", "example.com"),
        ("http://[2001:db8::1]:80/x", "[2001:db8::1]"),
        ("http://192.0.2.7/x", "192.0.2.7"),
        ("https://example.com?x@y", "example.com"),
        ("data:text/plain,x", ""),
        ("", ""),
        ("://", ""),
    ],
)
def test_host(url: str, host: str) -> None:
    assert Request.make(url, "", Kind.OTHER).host == host
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("url", "source", "third"),
    [
        ("https://a.example.co.uk/", "https://b.example.co.uk/", False),
        ("https://a.co.uk/", "https://b.co.uk/", True),
        ("https://a.github.io/", "https://b.github.io/", True),
        ("https://192.0.2.1/", "https://192.0.2.1/", False),
        ("https://192.0.2.1/", "https://192.0.2.2/", True),
        ("https://example.com/", "", True),
        ("https://example.com/", "about:blank", True),
    ],
)
def test_party(url: str, source: str, third: bool) -> None:
    assert Request.make(url, source, Kind.SCRIPT).third_party is third


def test_a_document_is_its_own_first_party() -> None:
    request = Request.make("https://a.example/", "https://b.test/", Kind.MAIN_FRAME)
    assert not request.third_party
    assert request.source_host == "a.example"


def test_long_urls_are_cut_so_that_no_end_anchor_fits() -> None:
    request = Request.make("https://a.example/" + "x" * 100_000, "", Kind.IMAGE)
    assert len(request.low) == URL_LIMIT + 1
    assert request.low.endswith("%")


def test_kind_names() -> None:
    assert Kind.named("xmlhttprequest") is Kind.XMLHTTPREQUEST
    assert Kind.named("beacon") is Kind.PING
    assert Kind.named("no-such-type") is Kind.OTHER
    assert Kind.SUB_FRAME.label == "sub_frame"


def test_names_of_hosts() -> None:
    assert suffixes("a.b.example") == ("a.b.example", "b.example", "example")
    assert suffixes("192.0.2.1") == ("192.0.2.1",)
    assert names("www.google.co.uk") >= {"google.*", "www.google.*", "google.co.uk", "uk"}
    assert registrable("com") == "com"
    assert registrable("a.b.example.com") == "example.com"
