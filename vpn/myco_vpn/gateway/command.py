"""`myco-vpn gateway …`: on the cooperative's server, as root."""

from __future__ import annotations

import argparse
import ipaddress
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from myco_vpn import qr
from myco_vpn.cli.codes import Code
from myco_vpn.files import replace_file
from myco_vpn.gateway import files, system
from myco_vpn.gateway.state import DEFAULT_PORT, Gateway, GatewayError, check_uplink
from myco_vpn.gateway.system import Place
from myco_vpn.wireguard import fields
from myco_vpn.wireguard.config import write
from myco_vpn.wireguard.fields import BadValueError
from myco_vpn.wireguard.keys import PublicKey, new_private_key

_FOLDER = Path("/etc/myco-gateway")
_RUNTIME = Path("/run/myco-gateway")
_UNITS = Path("/etc/systemd/system")
_SERVICES = ("myco-gateway.service", "myco-gateway-dns.service")
_DEFAULT_V4 = "10.66.0.0/16"

_Work = Callable[[argparse.Namespace, Place], Code]


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Add the gateway's own commands to its parser."""
    parser.add_argument("--folder", type=Path, default=_FOLDER, dest="gateway_folder")
    parser.add_argument("--runtime", type=Path, default=_RUNTIME, help=argparse.SUPPRESS)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    init = _add(commands, "init", "set up this server, or change its set-up", _init)
    init.add_argument("--endpoint", help="how members reach this server: name[:port]")
    init.add_argument("--uplink", help="the interface that leads to the internet")
    init.add_argument("--ipv4", help=f"the members' addresses (default {_DEFAULT_V4})")
    init.add_argument("--mtu", type=int)
    init.add_argument("--dns", action="append", default=[], help="a name server to ask; repeatable")
    init.add_argument("--no-services", action="store_true", help="do not touch systemd")
    _add(commands, "up", "bring the gateway up (the service does this)", _up)
    _add(commands, "down", "take the gateway down (the service does this)", _down)
    add = _add(
        commands, "add-member", "print a new member's configuration and QR code", _add_member
    )
    add.add_argument("name")
    add.add_argument("--public-key", help="the member keeps the private one")
    add.add_argument("--no-qr", action="store_true")
    remove = _add(commands, "remove-member", "shut a member out at once", _remove_member)
    remove.add_argument("name")
    _add(commands, "list", "the members, and when they were last heard of", _list)
    _add(commands, "uninstall", "take everything away that init made", _uninstall)


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, text: str, work: _Work
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text)

    def command(options: argparse.Namespace) -> Code:
        try:
            return work(options, Place(options.gateway_folder, options.runtime))
        except (GatewayError, BadValueError) as error:
            print(f"myco-vpn: {error}", file=sys.stderr)
            return Code.FAILED

    parser.set_defaults(command=command)
    return parser


def _init(options: argparse.Namespace, place: Place) -> Code:
    gateway = _changed(options, system.load(place)) if place.state.exists() else _new(options)
    system.keep(place, gateway)
    if not options.no_services:
        _install_services(place)
    print(f"The gateway is set up for {gateway.endpoint}; UDP port {gateway.endpoint.port} has")
    print("to reach this server. Add members with “myco-vpn gateway add-member NAME”.")
    return Code.OK


def _new(options: argparse.Namespace) -> Gateway:
    host = options.endpoint or socket.getfqdn()
    ula = ipaddress.IPv6Address(b"\xfd" + secrets.token_bytes(5) + bytes(10))  # RFC 4193
    gateway = Gateway(
        new_private_key(),
        fields.endpoint(host if ":" in host else f"{host}:{DEFAULT_PORT}"),
        check_uplink(options.uplink or _default_uplink()),
        ipaddress.IPv4Network(_DEFAULT_V4),
        ipaddress.IPv6Network(f"{ula}/64"),
    )
    return _changed(options, gateway)


def _changed(options: argparse.Namespace, gateway: Gateway) -> Gateway:
    """The set-up with what the options say; members keep their addresses."""
    if options.endpoint:
        text = options.endpoint
        port = gateway.endpoint.port
        gateway = replace(
            gateway, endpoint=fields.endpoint(text if ":" in text else f"{text}:{port}")
        )
    if options.uplink:
        gateway = replace(gateway, uplink=check_uplink(options.uplink))
    if options.mtu is not None:
        gateway = replace(gateway, mtu=fields.mtu(str(options.mtu)))
    if options.ipv4:
        if gateway.members:
            raise GatewayError("members have addresses already: --ipv4 cannot be changed now")
        gateway = replace(gateway, ipv4=_private_network(options.ipv4))
    if options.dns:
        upstream = tuple(ipaddress.ip_interface(fields.interface(one)).ip for one in options.dns)
        gateway = replace(gateway, upstream=upstream)
    return gateway


def _private_network(text: str) -> ipaddress.IPv4Network:
    network = fields.network(text)
    if not isinstance(network, ipaddress.IPv4Network) or not 8 <= network.prefixlen <= 29:
        raise GatewayError(f"{text}: a private IPv4 network of 8 to 29 bits is wanted")
    return network


def _default_uplink() -> str:
    done = subprocess.run(
        [system.program("ip"), "-o", "route", "show", "default"],
        capture_output=True,
        text=True,
        check=False,
    )
    words = done.stdout.split()
    if "dev" not in words[:-1]:
        raise GatewayError("there is no default route: name the uplink with --uplink")
    return words[words.index("dev") + 1]


def _install_services(place: Place) -> None:
    if os.geteuid() != 0:
        raise GatewayError("only root can set up services; try again with sudo")
    command = shutil.which("myco-vpn") or f"{sys.executable} -m myco_vpn.cli.main"
    texts = (
        files.service(command),
        files.dns_service(system.program("dnsmasq"), str(place.names)),
    )
    for name, text in zip(_SERVICES, texts, strict=True):
        replace_file(_UNITS / name, text.encode("utf-8"))
        (_UNITS / name).chmod(0o644)
    _systemctl("daemon-reload")
    _systemctl("enable", *_SERVICES)
    _systemctl("restart", *_SERVICES)


def _systemctl(*words: str) -> None:
    if not Path("/run/systemd/system").exists():
        return  # another init, or a chroot: the files are there for when systemd is
    subprocess.run([system.program("systemctl"), *words], check=False)


def _up(_options: argparse.Namespace, place: Place) -> Code:
    system.up(place, system.load(place))
    return Code.OK


def _down(_options: argparse.Namespace, place: Place) -> Code:
    system.down(place)
    return Code.OK


def _add_member(options: argparse.Namespace, place: Place) -> Code:
    gateway = system.load(place)
    private = None if options.public_key else new_private_key()
    if private is None:
        public: PublicKey = fields.public_key(options.public_key)
    else:
        public = private.public()
    gateway = gateway.adding(options.name, public, new_private_key())
    _keep(place, gateway)
    member = gateway.member(options.name)
    assert member is not None
    text = write(gateway.config_for(member, private))
    if private is None:
        text = text.replace("[Interface]\n", "[Interface]\n# PrivateKey = (yours)\n", 1)
    print(text, end="")
    if not options.no_qr and private is not None:
        print()
        print(qr.as_text(text))
    return Code.OK


def _remove_member(options: argparse.Namespace, place: Place) -> Code:
    _keep(place, system.load(place).without(options.name))
    return Code.OK


def _keep(place: Place, gateway: Gateway) -> None:
    system.keep(place, gateway)
    if system.is_up():
        system.sync(gateway)


def _list(_options: argparse.Namespace, place: Place) -> Code:
    gateway = system.load(place)
    seen = system.members_seen() if system.is_up() else {}
    for member in gateway.members:
        last = seen.get(member.public_key.text, 0)
        when = (
            time.strftime("%Y-%m-%d %H:%M", time.localtime(last)) if last else "not since the start"
        )
        print(f"{member.name}\t{member.ipv4}\t{member.ipv6}\t{when}")
    return Code.OK


def _uninstall(_options: argparse.Namespace, place: Place) -> Code:
    _systemctl("disable", "--now", *reversed(_SERVICES))
    if system.is_up():
        system.down(place)
    for name in _SERVICES:
        (_UNITS / name).unlink(missing_ok=True)
    _systemctl("daemon-reload")
    for path in (place.state, place.names):
        path.unlink(missing_ok=True)
    if place.folder.exists() and not any(place.folder.iterdir()):
        place.folder.rmdir()
    return Code.OK
