"""A WireGuard configuration as values: pure.

What a provider's file says is in `Config`; the two kinds of secrets can be taken out of it and put
back, so that the rest may lie in an ordinary file.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, replace

from myco_vpn.wireguard.keys import PublicKey, SecretKey

IpInterface = ipaddress.IPv4Interface | ipaddress.IPv6Interface
IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network
IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

DEFAULT_MTU = 1420
"""What is left of an Ethernet frame after WireGuard over IPv6 (1500 - 40 - 8 - 32)."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a peer is reached: a name or an address, and a UDP port."""

    host: str
    port: int

    @property
    def address(self) -> IpAddress | None:
        """The host as an address, if it is one."""
        try:
            return ipaddress.ip_address(self.host)
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Peer:
    """One other end."""

    public_key: PublicKey
    preshared_key: SecretKey | None = None
    endpoint: Endpoint | None = None
    allowed_ips: tuple[IpNetwork, ...] = ()
    keepalive: int = 0
    """Seconds; 0 is off."""


@dataclass(frozen=True, slots=True)
class Config:
    """One tunnel."""

    private_key: SecretKey | None
    """None only in a configuration whose secrets were taken out."""
    addresses: tuple[IpInterface, ...]
    peers: tuple[Peer, ...]
    dns: tuple[IpAddress, ...] = ()
    search: tuple[str, ...] = ()
    mtu: int | None = None
    listen_port: int | None = None

    @property
    def carries_everything(self) -> tuple[bool, bool]:
        """Whether all of IPv4 and all of IPv6 go through this tunnel."""
        versions = {n.version for p in self.peers for n in p.allowed_ips if n.prefixlen == 0}
        return 4 in versions, 6 in versions


@dataclass(frozen=True, slots=True)
class Secrets:
    """What of a configuration is secret."""

    private_key: SecretKey
    preshared: Mapping[PublicKey, SecretKey]


def take_secrets(config: Config) -> tuple[Config, Secrets]:
    """The configuration without its secrets, and those. Raises ValueError if they are gone."""
    if config.private_key is None:
        raise ValueError("the secrets are not in this configuration")
    preshared = {p.public_key: p.preshared_key for p in config.peers if p.preshared_key is not None}
    peers = tuple(replace(peer, preshared_key=None) for peer in config.peers)
    return replace(config, private_key=None, peers=peers), Secrets(config.private_key, preshared)


def with_secrets(config: Config, secrets: Secrets) -> Config:
    """The opposite of `take_secrets`."""
    peers = tuple(
        replace(peer, preshared_key=secrets.preshared.get(peer.public_key)) for peer in config.peers
    )
    return replace(config, private_key=secrets.private_key, peers=peers)


def write(config: Config) -> str:
    """The configuration in wg-quick's syntax (wg-quick(8)); reading it gives the same value."""
    lines = ["[Interface]"]
    if config.private_key is not None:
        lines.append(f"PrivateKey = {config.private_key.text}")
    lines += [f"Address = {address}" for address in config.addresses]
    lines += [f"DNS = {server}" for server in (*config.dns, *config.search)]
    if config.mtu is not None:
        lines.append(f"MTU = {config.mtu}")
    if config.listen_port is not None:
        lines.append(f"ListenPort = {config.listen_port}")
    for peer in config.peers:
        lines += _peer_lines(peer)
    return "\n".join(lines) + "\n"


def _peer_lines(peer: Peer) -> list[str]:
    lines = ["", "[Peer]", f"PublicKey = {peer.public_key.text}"]
    if peer.preshared_key is not None:
        lines.append(f"PresharedKey = {peer.preshared_key.text}")
    if peer.allowed_ips:
        lines.append(f"AllowedIPs = {', '.join(map(str, peer.allowed_ips))}")
    if peer.endpoint is not None:
        lines.append(f"Endpoint = {peer.endpoint}")
    if peer.keepalive:
        lines.append(f"PersistentKeepalive = {peer.keepalive}")
    return lines
