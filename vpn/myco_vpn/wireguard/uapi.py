"""The cross-platform userspace protocol of WireGuard programs: pure.

https://www.wireguard.com/xplatform/ : `key=value` lines, an empty line ends a message. Keys are in
hexadecimal there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from myco_vpn.wireguard.config import Config, Endpoint, IpAddress, Peer
from myco_vpn.wireguard.keys import PublicKey

GET = b"get=1\n\n"


class UapiError(Exception):
    """The program answered with something else than the protocol says."""


@dataclass(frozen=True, slots=True)
class PeerStatus:
    """What a program tells about one peer."""

    public_key: PublicKey
    endpoint: str = ""
    last_handshake: float = 0.0
    """Seconds since 1970; 0: never."""
    received: int = 0
    sent: int = 0


@dataclass(frozen=True, slots=True)
class DeviceStatus:
    """What a program tells about itself."""

    listen_port: int = 0
    peers: tuple[PeerStatus, ...] = field(default=())

    @property
    def last_handshake(self) -> float:
        """The youngest of all peers' handshakes, seconds since 1970; 0: none yet."""
        return max((peer.last_handshake for peer in self.peers), default=0.0)

    @property
    def received(self) -> int:
        """Bytes, over all peers."""
        return sum(peer.received for peer in self.peers)

    @property
    def sent(self) -> int:
        """Bytes, over all peers."""
        return sum(peer.sent for peer in self.peers)


def set_config(
    config: Config, endpoints: Mapping[PublicKey, tuple[IpAddress, int]], greet: bool = True
) -> bytes:
    """A message that makes `config` the whole configuration. Raises ValueError without a key.

    `endpoints` are the addresses that the peers' endpoints stand for. With `greet` every peer is
    greeted at once: a keepalive that is switched on is sent at once, and makes a handshake.
    """
    if config.private_key is None:
        raise ValueError("a tunnel needs a private key")
    lines = [
        "set=1",
        f"private_key={config.private_key.raw.hex()}",
        f"listen_port={config.listen_port or 0}",
        "replace_peers=true",
    ]
    for peer in config.peers:
        lines += _peer_lines(peer, endpoints.get(peer.public_key), greet)
    return _message(lines)


def set_keepalives(config: Config) -> bytes:
    """A message that sets the peers' keepalives to what was configured, after a greeting."""
    lines = ["set=1"]
    for peer in config.peers:
        lines += [
            f"public_key={peer.public_key.raw.hex()}",
            "update_only=true",
            f"persistent_keepalive_interval={peer.keepalive}",
        ]
    return _message(lines)


def set_endpoints(endpoints: Mapping[PublicKey, tuple[IpAddress, int]]) -> bytes:
    """A message that gives peers their endpoints again, so that sticky addresses are forgotten."""
    lines = ["set=1"]
    for key, (address, port) in endpoints.items():
        lines += [
            f"public_key={key.raw.hex()}",
            "update_only=true",
            f"endpoint={Endpoint(str(address), port)}",
        ]
    return _message(lines)


def parse_status(answer: bytes) -> DeviceStatus:
    """The answer to `GET`. Raises UapiError."""
    port = 0
    peers: list[dict[str, str]] = []
    for line in answer.decode("ascii", "replace").splitlines():
        key, equals, value = line.partition("=")
        if not equals:
            continue
        if key == "errno" and value != "0":
            raise UapiError(f"errno {value}")
        if key == "public_key":
            peers.append({})
        if peers:
            peers[-1][key] = value
        elif key == "listen_port":
            port = _number(value)
    return DeviceStatus(port, tuple(map(_peer_status, peers)))


def check_answer(answer: bytes) -> None:
    """Raises UapiError unless the answer to a `set` says that it was done."""
    if b"errno=0" not in answer.splitlines():
        raise UapiError(answer.decode("ascii", "replace").strip() or "no answer")


def _peer_lines(peer: Peer, at: tuple[IpAddress, int] | None, greet: bool) -> list[str]:
    lines = [f"public_key={peer.public_key.raw.hex()}"]
    if peer.preshared_key is not None:
        lines.append(f"preshared_key={peer.preshared_key.raw.hex()}")
    if at is not None:
        lines.append(f"endpoint={Endpoint(str(at[0]), at[1])}")
    # Before the keepalive: a greeting must not go out while the peer has no addresses.
    lines.append("replace_allowed_ips=true")
    lines += [f"allowed_ip={network}" for network in peer.allowed_ips]
    interval = peer.keepalive or (_GREETING_S if greet else 0)
    lines.append(f"persistent_keepalive_interval={interval}")
    return lines


_GREETING_S = 25


def _peer_status(values: Mapping[str, str]) -> PeerStatus:
    try:
        key = PublicKey(bytes.fromhex(values["public_key"]))
    except ValueError as error:
        raise UapiError("a peer without a key") from error
    seconds = _number(values.get("last_handshake_time_sec", "0"))
    nanoseconds = _number(values.get("last_handshake_time_nsec", "0"))
    return PeerStatus(
        key,
        values.get("endpoint", ""),
        seconds + nanoseconds / 1e9,
        _number(values.get("rx_bytes", "0")),
        _number(values.get("tx_bytes", "0")),
    )


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise UapiError(f"“{text[:40]}” is no number")
    return int(text)


def _message(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n\n").encode("ascii")
