"""Where gateways are: each name is looked up once, and what was found is what is used."""

from __future__ import annotations

import asyncio
import ipaddress
from dataclasses import replace

import pytest

from myco_vpn.tunnel.endpoints import UnavailableError, find_endpoints
from myco_vpn.tunnel.states import Cause
from myco_vpn.wireguard import uapi
from myco_vpn.wireguard.config import Config, Endpoint, IpAddress, Peer
from myco_vpn.wireguard.keys import new_private_key

_NEAR, _FAR = new_private_key().public(), new_private_key().public()
_KEY = new_private_key()


class _Names:
    """A resolver; `asked` is what it was asked for."""

    def __init__(self, known: dict[str, str]) -> None:
        self.known = known
        self.asked: list[str] = []

    async def look_up(self, name: str) -> tuple[IpAddress, ...]:
        self.asked.append(name)
        if name == "slow.example":
            raise TimeoutError
        return tuple(ipaddress.ip_address(one) for one in self.known.get(name, "").split())


def _config(*endpoints: str) -> Config:
    keys = (_NEAR, _FAR)
    peers = tuple(
        Peer(key, None, Endpoint(host, 51820) if host else None)
        for key, host in zip(keys, endpoints, strict=False)
    )
    return Config(_KEY, (ipaddress.ip_interface("10.0.0.2/32"),), peers)


def _find(config: Config, names: _Names) -> list[str]:
    return asyncio.run(find_endpoints(config, names.look_up))


def test_names_are_pinned_and_each_peer_has_its_own_place() -> None:
    names = _Names({"vpn.example": "192.0.2.7 192.0.2.8"})
    lines = _find(_config("vpn.example", "2001:db8::1"), names)
    assert lines == [f"{_NEAR.text} 192.0.2.7 51820", f"{_FAR.text} 2001:db8::1 51820"]
    assert names.asked == ["vpn.example"]
    at = {_NEAR: (ipaddress.ip_address("192.0.2.7"), 51820)}
    sent = uapi.set_endpoints(at).decode()
    assert "endpoint=192.0.2.7:51820" in sent  # what is sent again after a change of network
    assert "vpn.example" not in sent


def test_peer_without_an_endpoint_is_left_to_call() -> None:
    assert len(_find(_config("192.0.2.1", ""), _Names({}))) == 1


@pytest.mark.parametrize("name", ["nowhere.example", "slow.example"])
def test_name_that_leads_nowhere_is_told(name: str) -> None:
    with pytest.raises(UnavailableError) as caught:
        _find(_config(name), _Names({}))
    assert (caught.value.cause, caught.value.detail) == (Cause.NAME_NOT_FOUND, name)


def test_configuration_without_any_endpoint_cannot_be_used() -> None:
    config = _config("192.0.2.1")
    nowhere = replace(config, peers=(replace(config.peers[0], endpoint=None),))
    with pytest.raises(UnavailableError) as caught:
        _find(nowhere, _Names({}))
    assert caught.value.cause is Cause.BAD_CONFIGURATION
