"""The values of single lines of a configuration: pure. Each function raises `BadValueError`.

Messages are for people. None repeats a secret.
"""

from __future__ import annotations

import ipaddress
import re
from enum import Enum

from myco_vpn.wireguard.config import Endpoint, IpAddress, IpInterface, IpNetwork
from myco_vpn.wireguard.keys import BadKeyError, PublicKey, SecretKey

MIN_MTU = 576
"""RFC 791: what every host takes."""
MIN_MTU_V6 = 1280
MAX_MTU = 65535
MAX_KEEPALIVE = 65535
_NAME = re.compile(
    r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9_-]{1,63}(?<!-))*\.?", re.ASCII
)
_DIGITS = re.compile(r"[0-9]{1,5}", re.ASCII)
_MAX_NAME = 253
_SHOWN = 60


class Flaw(Enum):
    """What is wrong with a value, for people; `{value}` is what was given, or what is allowed."""

    KEY = "a key is 32 bytes in base64, which are 44 characters"
    KEY_OF_ZEROS = "a key of zeros belongs to nobody"
    ADDRESS = "“{value}” is no address"
    OWN_ADDRESS = "“{value}” cannot be an own address"
    NETWORK = "“{value}” is no network"
    BOUND = "“{value}” is bound to an interface"
    NAME_SERVER = "“{value}” cannot be a name server"
    ENDPOINT = "an endpoint needs a port, as in vpn.example:51820"
    IPV6 = "“{value}” is no IPv6 address"
    NAME = "“{value}” is neither an address nor a name"
    PORT = "a port is a number in the range {value}"
    MTU = "an MTU is a number in the range {value}"
    SECONDS = "seconds are a number in the range {value}"


class BadValueError(ValueError):
    """This value cannot be used."""

    def __init__(self, flaw: Flaw, value: str = "") -> None:
        self.flaw = flaw
        self.value = value[:_SHOWN]
        super().__init__(flaw.value.format(value=self.value))


def public_key(text: str) -> PublicKey:
    """A peer's key."""
    try:
        key = PublicKey.parse(text)
    except BadKeyError:
        raise BadValueError(Flaw.KEY) from None
    if key.raw == bytes(32):
        raise BadValueError(Flaw.KEY_OF_ZEROS)
    return key


def secret_key(text: str) -> SecretKey:
    """A private or preshared key."""
    try:
        key = SecretKey.parse(text)
    except BadKeyError:
        raise BadValueError(Flaw.KEY) from None
    if key.raw == bytes(32):
        raise BadValueError(Flaw.KEY_OF_ZEROS)
    return key


def interface(text: str) -> IpInterface:
    """An own address with or without the length of its network."""
    try:
        found = ipaddress.ip_interface(text)
    except ValueError:
        raise BadValueError(Flaw.ADDRESS, text) from None
    if found.ip.is_unspecified or found.ip.is_multicast or found.ip.is_loopback or "%" in text:
        raise BadValueError(Flaw.OWN_ADDRESS, text)
    return found


def network(text: str) -> IpNetwork:
    """A network; bits behind its length are cleared as wg(8) does."""
    try:
        found = ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise BadValueError(Flaw.NETWORK, text) from None
    if "%" in text:
        raise BadValueError(Flaw.BOUND, text)
    return found


def dns_word(text: str) -> IpAddress | str:
    """A name server's address, or a domain to search in."""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return _name(text)
    if found.is_unspecified or found.is_multicast or "%" in text:
        raise BadValueError(Flaw.NAME_SERVER, text)
    return found


def endpoint(text: str) -> Endpoint:
    """`name:port`, `address:port` or `[address]:port`."""
    host, colon, port_text = text.rpartition(":")
    if not colon:
        raise BadValueError(Flaw.ENDPOINT)
    number = _number(port_text, 1, 65535, Flaw.PORT)
    if host.startswith("[") and host.endswith("]"):
        try:
            return Endpoint(str(ipaddress.IPv6Address(host[1:-1].partition("%")[0])), number)
        except ValueError:
            raise BadValueError(Flaw.IPV6, host) from None
    try:
        return Endpoint(str(ipaddress.IPv4Address(host)), number)
    except ValueError:
        return Endpoint(_name(host), number)


def mtu(text: str) -> int:
    """The largest packet inside, in bytes."""
    return _number(text, MIN_MTU, MAX_MTU, Flaw.MTU)


def port(text: str) -> int:
    """The own UDP port; 0 leaves it to the system."""
    return _number(text, 0, 65535, Flaw.PORT)


def keepalive(text: str) -> int:
    """Seconds, or "off"."""
    return 0 if text.lower() == "off" else _number(text, 0, MAX_KEEPALIVE, Flaw.SECONDS)


def _name(text: str) -> str:
    name = text.lower().removesuffix(".")
    is_number = name.rpartition(".")[2].isdigit()  # the URL standard: then it means an address
    if len(name) > _MAX_NAME or not _NAME.fullmatch(name) or is_number:
        raise BadValueError(Flaw.NAME, text)
    return name


def _number(text: str, least: int, most: int, flaw: Flaw) -> int:
    if not _DIGITS.fullmatch(text) or not least <= int(text) <= most:
        raise BadValueError(flaw, f"{least}–{most}")
    return int(text)
