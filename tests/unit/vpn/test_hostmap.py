"""The developers' host map."""

from __future__ import annotations

import ipaddress

import pytest

from myco_vpn.addresses import Destination
from myco_vpn.hostmap import HostMap, HostMapError, parse_host_map

_MAP = """
# a comment
news.example:443  127.0.0.1:8443
news.example      127.0.0.1:8080   # another
*.example         [::1]:8081
"""


@pytest.mark.parametrize(
    ("host", "port", "to"),
    [
        ("news.example", 443, ("127.0.0.1", 8443)),
        ("news.example", 80, ("127.0.0.1", 8080)),
        ("cdn.example", 80, ("::1", 8081)),
        ("a.b.example", 1, ("::1", 8081)),
    ],
)
def test_the_first_line_that_fits_counts(host: str, port: int, to: tuple[str, int]) -> None:
    mapping = parse_host_map(_MAP).find(Destination(host, port))
    assert mapping is not None
    assert (str(mapping.address), mapping.to_port) == to


@pytest.mark.parametrize("host", ["example", "example.org", "badexample"])
def test_other_names_are_not_mapped(host: str) -> None:
    assert parse_host_map(_MAP).find(Destination(host, 80)) is None


def test_a_lone_star_stands_for_every_name() -> None:
    mapping = parse_host_map("* 127.0.0.1:1").find(Destination("anything.org", 80))
    assert mapping is not None
    assert mapping.address == ipaddress.ip_address("127.0.0.1")


def test_everything_else_may_be_one_place() -> None:
    host_map = parse_host_map("news.example 127.0.0.1:80\notherwise [::1]:9")
    assert host_map.find(Destination("other.example", 443)) is None
    assert host_map.otherwise == (ipaddress.ip_address("::1"), 9)


def test_an_empty_map_maps_nothing() -> None:
    assert parse_host_map("\n# nothing\n") == HostMap()


@pytest.mark.parametrize(
    "line",
    [
        "news.example",
        "news.example 127.0.0.1",
        "news.example localhost:80",
        "news.example 127.0.0.1:0",
        "news.example 127.0.0.1:http",
        "news.example:99999 127.0.0.1:80",
        "a..b 127.0.0.1:80",
        "a b c",
        "otherwise nowhere",
    ],
)
def test_a_bad_line_is_named(line: str) -> None:
    with pytest.raises(HostMapError, match="line 2"):
        parse_host_map(f"ok.example 127.0.0.1:80\n{line}\n")
