"""Whom to ask for names: the table, and what the settings' file says."""

from __future__ import annotations

import pytest

from myco_browser.domain.resolvers import NAME_SERVERS, NameServer, resolver_wish
from myco_vpn.dnswire import AAAA, question
from myco_vpn.doh import parse_server

QUAD9 = (NAME_SERVERS[0].url, NAME_SERVERS[0].addresses)


@pytest.mark.parametrize("server", NAME_SERVERS, ids=lambda one: one.key)
def test_the_table_can_be_used(server: NameServer) -> None:
    parsed = parse_server(server.url, server.addresses)
    assert parsed is not None
    assert parsed.path == "/dns-query"
    # Nobody has to be asked for them, over IPv4 or IPv6.
    assert {":" in address for address in parsed.addresses} == {True, False}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ({}, ("", ())),
        ({"network.resolver": "system"}, ("", ())),
        ({"network.resolver": "quad9"}, QUAD9),
        (
            {"network.resolver": "own", "network.resolver_address": "https://a/b"},
            ("https://a/b", ()),
        ),
        ({"network.resolver": "own"}, ("https:", ())),
        ({"network.resolver": "own", "network.resolver_address": 3}, ("https:", ())),
        ({"network.resolver": "unheard-of"}, QUAD9),
        ({"network.resolver": ["quad9"]}, QUAD9),
        (None, QUAD9),
    ],
)
def test_what_cannot_be_read_is_never_the_systems_resolver(
    rows: dict[str, object] | None, expected: object
) -> None:
    assert resolver_wish(rows) == expected
    assert parse_server("https:") is None


def test_padded_questions_have_one_length() -> None:
    lengths = {len(question(0, f"{'a' * n}.test", AAAA, is_padded=True)) for n in range(1, 60)}
    assert lengths == {128}
    longer = question(0, ".".join(["a" * 60] * 3), AAAA, is_padded=True)
    assert len(longer) == 256
