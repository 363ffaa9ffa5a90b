"""A gateway and its members, as values: pure.

What the server keeps of a member is a name, a public key, a preshared key and two addresses. A
member's private key is made, shown once and forgotten, or never seen here at all.
"""

from __future__ import annotations

import ipaddress
import json
import re
from dataclasses import dataclass, replace

from myco_vpn.wireguard.config import Config, Endpoint, Peer
from myco_vpn.wireguard.keys import BadKeyError, PublicKey, SecretKey

INTERFACE = "myco-gw"
DEFAULT_PORT = 51820
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", re.ASCII)
_UPLINK = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,14}", re.ASCII)
_KEEPALIVE_S = 25
_EVERYTHING = (ipaddress.IPv4Network("0.0.0.0/0"), ipaddress.IPv6Network("::/0"))

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class GatewayError(Exception):
    """Something cannot be done; the message is for people."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who may use the gateway."""

    name: str
    public_key: PublicKey
    preshared_key: SecretKey
    ipv4: ipaddress.IPv4Address
    ipv6: ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Gateway:
    """The whole set-up of a server."""

    private_key: SecretKey
    endpoint: Endpoint
    """Where members reach it from outside; the port is also the one it listens on."""
    uplink: str
    """The interface that leads to the internet."""
    ipv4: ipaddress.IPv4Network
    ipv6: ipaddress.IPv6Network
    mtu: int = 1420
    upstream: tuple[IpAddress, ...] = ()
    """Name servers that are asked for members; none means those of the server itself."""
    members: tuple[Member, ...] = ()

    @property
    def own_ipv4(self) -> ipaddress.IPv4Address:
        """The gateway's own address inside, where names are looked up too."""
        return self.ipv4.network_address + 1

    @property
    def own_ipv6(self) -> ipaddress.IPv6Address:
        """The same for IPv6."""
        return self.ipv6.network_address + 1

    def member(self, name: str) -> Member | None:
        """The member with this name."""
        return next((member for member in self.members if member.name == name), None)

    def adding(self, name: str, public_key: PublicKey, preshared_key: SecretKey) -> Gateway:
        """With one more member, at the lowest free addresses. Raises GatewayError."""
        if not _NAME.fullmatch(name):
            raise GatewayError(
                f"“{name}” is no name: use up to 40 letters, digits, dots and dashes"
            )
        if self.member(name) is not None:
            raise GatewayError(f"there is a member called {name} already")
        if any(member.public_key == public_key for member in self.members):
            raise GatewayError("another member has this public key")
        taken = {int(member.ipv4) - int(self.ipv4.network_address) for member in self.members}
        number = next(n for n in range(2, len(taken) + 3) if n not in taken)
        if number >= self.ipv4.num_addresses - 1:
            raise GatewayError(f"all addresses of {self.ipv4} are taken")
        member = Member(
            name,
            public_key,
            preshared_key,
            self.ipv4.network_address + number,
            self.ipv6.network_address + number,
        )
        return replace(self, members=(*self.members, member))

    def without(self, name: str) -> Gateway:
        """Without that member. Raises GatewayError."""
        if self.member(name) is None:
            raise GatewayError(f"there is no member called {name}")
        return replace(self, members=tuple(m for m in self.members if m.name != name))

    def config_for(self, member: Member, private_key: SecretKey | None) -> Config:
        """What the member imports."""
        peer = Peer(
            self.private_key.public(),
            member.preshared_key,
            self.endpoint,
            _EVERYTHING,
            _KEEPALIVE_S,
        )
        addresses = (ipaddress.ip_interface(member.ipv4), ipaddress.ip_interface(member.ipv6))
        return Config(private_key, addresses, (peer,), (self.own_ipv4, self.own_ipv6), (), self.mtu)


def check_uplink(name: str) -> str:
    """The interface's name. Raises GatewayError."""
    if not _UPLINK.fullmatch(name):
        raise GatewayError(f"“{name}” is no interface's name")
    return name


def to_json(gateway: Gateway) -> str:
    """The text to keep; it holds keys."""
    body = {
        "version": 1,
        "private_key": gateway.private_key.text,
        "endpoint": {"host": gateway.endpoint.host, "port": gateway.endpoint.port},
        "uplink": gateway.uplink,
        "ipv4": str(gateway.ipv4),
        "ipv6": str(gateway.ipv6),
        "mtu": gateway.mtu,
        "upstream": [str(server) for server in gateway.upstream],
        "members": [
            {
                "name": member.name,
                "public_key": member.public_key.text,
                "preshared_key": member.preshared_key.text,
                "ipv4": str(member.ipv4),
                "ipv6": str(member.ipv6),
            }
            for member in gateway.members
        ],
    }
    return json.dumps(body, indent=2) + "\n"


def from_json(text: str) -> Gateway:
    """The gateway that was kept. Raises GatewayError."""
    try:
        body = json.loads(text)
        members = tuple(
            Member(
                str(entry["name"]),
                PublicKey.parse(entry["public_key"]),
                SecretKey.parse(entry["preshared_key"]),
                ipaddress.IPv4Address(entry["ipv4"]),
                ipaddress.IPv6Address(entry["ipv6"]),
            )
            for entry in body["members"]
        )
        return Gateway(
            SecretKey.parse(body["private_key"]),
            Endpoint(str(body["endpoint"]["host"]), int(body["endpoint"]["port"])),
            check_uplink(body["uplink"]),
            ipaddress.IPv4Network(body["ipv4"]),
            ipaddress.IPv6Network(body["ipv6"]),
            int(body["mtu"]),
            tuple(ipaddress.ip_address(server) for server in body["upstream"]),
            members,
        )
    except (ValueError, KeyError, TypeError, RecursionError, BadKeyError) as error:
        raise GatewayError(f"the gateway's file cannot be read: {error!r}") from error
