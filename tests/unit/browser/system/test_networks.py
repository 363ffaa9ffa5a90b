"""Which network this is, from what the kernel and NetworkManager say."""

from __future__ import annotations

from pathlib import Path

import pytest

from myco_browser.launcher.networks import TrustedNetworks
from myco_browser.system import networks
from myco_browser.system.networks import Network, Uplink

_ROUTES = """\
Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
wlan0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0
eth0\t00000000\tFE01A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0
"""
_ROUTES_V6 = (
    "0" * 32 + " 00 " + "0" * 32 + " 00 fe800000000000000000000000000001 00000400 00000001 "
    "00000000 00000003 wlan0\n"
    "20010db8000000000000000000000000 40 " + "0" * 32 + " 00 " + "0" * 32 + " 00000100 00000001 "
    "00000000 00000001 wlan0\n"
)
_ARP = """\
IP address       HW type     Flags       HW address            Mask     Device
192.168.1.254    0x1         0x2         AA:bb:cc:dd:ee:ff     *        eth0
192.168.1.1      0x1         0x0         00:00:00:00:00:00     *        wlan0
"""


def test_default_route_with_the_lowest_metric_is_the_uplink() -> None:
    assert networks.default_route(_ROUTES) == Uplink("eth0", "192.168.1.254")
    assert networks.default_route_v6(_ROUTES_V6) == Uplink("wlan0", "fe80::1")
    assert networks.default_route("") is None
    assert networks.default_route_v6("") is None


def test_hardware_address_of_the_router() -> None:
    known = networks.hardware_address(_ARP, Uplink("eth0", "192.168.1.254"))
    assert known == "aa:bb:cc:dd:ee:ff"
    assert networks.hardware_address(_ARP, Uplink("wlan0", "192.168.1.1")) is None
    assert networks.hardware_address(_ARP, Uplink("wlan0", "192.168.1.254")) is None
    said = "fe80::1 dev wlan0 lladdr aa:bb:cc:dd:ee:01 router REACHABLE"
    assert networks.neighbour(said) == "aa:bb:cc:dd:ee:01"
    assert networks.neighbour("fe80::1 dev wlan0 FAILED") is None
    assert networks.neighbour("fe80::1 dev wlan0 lladdr") is None


def test_connection_of_network_manager() -> None:
    said = "eth0:1234-5678:Home\\: upstairs\nwlan0:9:Café\n"
    assert networks.connection_of(said, "eth0") == Network("connection 1234-5678", "Home: upstairs")
    assert networks.connection_of(said, "wlan0") == Network("connection 9", "Café")
    assert networks.connection_of(said, "eth1") is None
    assert networks.connection_of("nonsense", "eth0") is None


def test_trusted_networks_are_kept(tmp_path: Path) -> None:
    home, other = Network("router aa", "home"), Network("router bb", "home")
    trusted = TrustedNetworks(tmp_path / "networks.json")
    assert not trusted.holds(home)
    trusted.mark(home, True)
    again = TrustedNetworks(tmp_path / "networks.json")
    assert again.holds(home)
    assert not again.holds(other)
    assert not again.holds(None)
    again.mark(home, False)
    assert not trusted.holds(home)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"trusted": 5}', '{"trusted": ["router aa"]}'])
def test_list_that_cannot_be_read_trusts_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "networks.json").write_text(text)
    assert not TrustedNetworks(tmp_path / "networks.json").holds(Network("router aa", "home"))
