"""The kill switch as one nftables transaction: pure.

Nothing leaves but loopback, WireGuard packets of the tunnel's own mark to its gateways, what a
network card needs to have an address at all (DHCP, neighbour discovery), and what goes into the
tunnel. Name look-ups are led to the tunnel's name server wherever they were meant to go; without
one they are refused. The rules stand by themselves: neither the helper nor a client has to live
for them.

Only typed values get into the text, and each is written by its own class.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from myco_vpn.wireguard.config import Config, Endpoint, IpAddress, IpInterface

TABLE = "myco_whole"
DEVICE = "myco-whole"
MARK = 0x6D79
"""Set on WireGuard's own packets; an ordinary user cannot set a mark."""
_LINK_LOCAL = "fe80::/10"


def no_rules() -> str:
    """Takes the table away, if it is there."""
    return f"table inet {TABLE}\ndelete table inet {TABLE}\n"


def blocked() -> str:
    """Nothing leaves."""
    return _table((), (), ())


def tunnelled(config: Config) -> str:
    """Everything leaves through the device, or not at all."""
    endpoints = [peer.endpoint for peer in config.peers if peer.endpoint is not None]
    return _table(endpoints, config.addresses, config.dns)


def _table(
    endpoints: Sequence[Endpoint], addresses: Sequence[IpInterface], dns: Sequence[IpAddress]
) -> str:
    lines = [
        *_chain("spoofed", "filter hook prerouting priority raw; policy accept",
                _spoofed(addresses)),
        # Answers of the gateway get the mark back, so that the check of the way back lets them in.
        *_chain("marks_in", "filter hook prerouting priority mangle; policy accept",
                [f"meta l4proto udp ct mark {MARK:#x} meta mark set ct mark"]),
        *_chain("marks_out", "filter hook postrouting priority mangle; policy accept",
                [f"meta l4proto udp meta mark {MARK:#x} ct mark set meta mark"]),
        *_chain("names", "nat hook output priority -100; policy accept", _names(dns)),
        *_chain("output", "filter hook output priority -10; policy drop",
                _output(endpoints, addresses, dns)),
        *_chain("input", "filter hook input priority -10; policy drop", _input(endpoints)),
        *_chain("forward", "filter hook forward priority -10; policy drop", []),
    ]  # fmt: skip
    body = "\n".join(lines)
    return f"{no_rules()}table inet {TABLE} {{\n{body}\n}}\n"


def _chain(name: str, kind: str, rules: Iterable[str]) -> list[str]:
    return [f"  chain {name} {{", f"    type {kind};", *(f"    {rule}" for rule in rules), "  }"]


def _spoofed(addresses: Sequence[IpInterface]) -> list[str]:
    """What comes from outside for the tunnel's own addresses (CVE-2019-14899)."""
    return [
        f'iifname != "{DEVICE}" {_family(one.ip)} daddr {one.ip} fib saddr type != local drop'
        for one in addresses
    ]


def _names(dns: Sequence[IpAddress]) -> list[str]:
    """Questions go to the tunnel's name server, one of each family."""
    rules = []
    for version in (4, 6):
        server = next((one for one in dns if one.version == version), None)
        if server is not None:
            family = _family(server)
            kind = "ipv4" if version == 4 else "ipv6"
            rules.append(
                f"meta mark != {MARK:#x} meta nfproto {kind} fib daddr type != local "
                f"meta l4proto {{ tcp, udp }} th dport 53 dnat {family} to {server}"
            )
    return rules


def _output(
    endpoints: Sequence[Endpoint], addresses: Sequence[IpInterface], dns: Sequence[IpAddress]
) -> list[str]:
    rules = ['oifname "lo" accept']
    for endpoint in endpoints:
        if (address := endpoint.address) is not None:
            rules.append(
                f"meta mark {MARK:#x} {_family(address)} daddr {address} "
                f"udp dport {endpoint.port} accept"
            )
    rules += [
        "ip daddr 255.255.255.255 udp sport 68 udp dport 67 accept",
        f"ip6 saddr {_LINK_LOCAL} ip6 daddr {{ ff02::1:2, ff05::1:3 }} "
        "udp sport 546 udp dport 547 accept",
        "ip6 daddr ff02::2 icmpv6 type nd-router-solicit accept",
        "ip6 hoplimit 255 icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept",
    ]
    if addresses:
        rules += _into_tunnel(addresses, dns)
    return [*rules, "meta l4proto tcp reject with tcp reset", "reject"]


def _into_tunnel(addresses: Sequence[IpInterface], dns: Sequence[IpAddress]) -> list[str]:
    device = f'oifname "{DEVICE}"'
    rules = []
    for version in (4, 6):
        own = [str(one.ip) for one in addresses if one.version == version]
        family = "ip" if version == 4 else "ip6"
        if own:
            # Connections of before, with the address of another network, are ended.
            foreign = f"{family} saddr != {{ {', '.join(own)} }}"
            rules += [
                f"{device} {foreign} meta l4proto tcp reject with tcp reset",
                f"{device} {foreign} th dport != 53 reject",
            ]
    for server in dns:
        rules.append(
            f"{device} {_family(server)} daddr {server} meta l4proto {{ tcp, udp }} "
            "th dport 53 accept"
        )
    return [*rules, "meta l4proto { tcp, udp } th dport { 53, 853 } reject", f"{device} accept"]


def _input(endpoints: Sequence[Endpoint]) -> list[str]:
    rules = ['iifname "lo" accept']
    for endpoint in endpoints:
        if (address := endpoint.address) is not None:
            rules.append(f"{_family(address)} saddr {address} udp sport {endpoint.port} accept")
    return [
        *rules,
        "udp sport 67 udp dport 68 accept",
        f"ip6 saddr {_LINK_LOCAL} udp sport 547 udp dport 546 accept",
        f"ip6 saddr {_LINK_LOCAL} icmpv6 type {{ nd-router-advert, nd-redirect }} accept",
        "ip6 hoplimit 255 icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept",
        f'iifname "{DEVICE}" ct state established,related accept',
    ]


def _family(address: IpAddress) -> str:
    return "ip" if address.version == 4 else "ip6"
