"""One door: who may open a connection. Everybody else asks the door or is handed a socket."""

from __future__ import annotations

import ast

import pytest
from support.source_tree import Module, called_name, calls_of, imports_of, modules

# Module to why it makes sockets that can connect.
_SOCKET_MAKERS = {
    "myco_vpn.dialing": "the exit's dialling",
    "myco_vpn.seal": "the sealed session's listening sockets, and bringing its loopback up",
    "myco_vpn.peers": "asks the kernel who is at the other end (netlink)",
    "myco_vpn.tunnel.namespace": "wireguard-go's control socket, AF_UNIX",
    "myco_vpn.tunnel.netlink": "sets up and watches networks (netlink)",
    "myco_vpn.tunnel.stub": "asks the tunnel's name servers, inside the tunnel",
    "myco_vpn.tunnel.exit": "a socket that is compared with another, never connected",
    "myco_vpn.cli.requests": "the holder of a tunnel, AF_UNIX",
    "myco_vpn.whole.client": "the privileged helper, AF_UNIX",
    "myco_browser.selftest.servers": "waits for datagrams on loopback, which must not come",
    "myco_browser.launcher.instance": "the hand-over to a running instance, AF_UNIX",
}
# Module to why it connects through asyncio.
_CONNECTORS = {
    "myco_vpn.dialing": "the exit's dialling",
    "myco_vpn.exits": "gives a dialled socket to asyncio",
    "myco_vpn.tunnel.stub": "asks the tunnel's name servers, inside the tunnel",
    "myco_vpn.doh": "asks the user's name server over TLS, in the process that looks names up",
    "myco_vpn.link": "a client of the door, through its SOCKS port",
}
_CONNECTING_CALLS = frozenset(
    {
        "create_connection",
        "create_unix_connection",
        "create_datagram_endpoint",
        "open_connection",
        "open_unix_connection",
        "sock_connect",
        "connect_ex",
        "urlopen",
        "urlretrieve",
    }
)
_CLIENT_LIBRARIES = frozenset(
    {"http", "urllib.request", "ftplib", "smtplib", "imaplib", "poplib", "nntplib", "telnetlib"}
    | {"xmlrpc", "requests", "urllib3", "aiohttp", "websockets"}
)
# Client libraries, and who may import them because it gives them a socket from the door. That they
# open none by themselves is watched in tests/integration/mail.
_GIVEN_SOCKETS = {
    "myco_browser.mail.imap_client": {"imaplib"},
    "myco_browser.mail.imap_wire": {"imaplib"},
    "myco_browser.mail.submission": {"smtplib"},
    "myco_browser.files.http": {"http"},
}
# httpx is for what downloads on the browser's behalf, with the door as its proxy.
_HTTPX_USERS = ("myco_browser.services.door_fetcher",)


def _place(module: Module, node: ast.expr) -> str:
    return f"{module.path}:{node.lineno}"


def _makes_a_socket(call: ast.Call) -> bool:
    """`socket.socket(...)`; one made from a file descriptor was opened by somebody else."""
    match call.func:
        case ast.Attribute(value=ast.Name(id="socket"), attr="socket"):
            return all(keyword.arg != "fileno" for keyword in call.keywords)
        case _:
            return False


def test_only_the_exits_make_sockets() -> None:
    """No other module creates a socket that could be connected."""
    makers = {
        module.name
        for module in modules()
        for call in calls_of(module)
        if _makes_a_socket(call)
    }  # fmt: skip
    assert makers - _SOCKET_MAKERS.keys() == set()


def test_socket_class_is_always_named_in_full() -> None:
    """`from socket import socket` would hide from the test above."""
    wrong = [
        f"{module.path}:{found.line}"
        for module in modules()
        for found in imports_of(module)
        if found.module == "socket" and found.name is not None
    ]
    assert not wrong


def test_only_the_exits_connect() -> None:
    """No other module asks asyncio or a library for a connection."""
    users = {
        module.name
        for module in modules()
        for call in calls_of(module)
        if called_name(call) in _CONNECTING_CALLS
    }
    assert users - _CONNECTORS.keys() == set()


def test_no_client_library_is_used() -> None:
    """Libraries that dial by themselves would pass the door by."""
    users = [
        f"{module.path}:{found.line} {found.module}"
        for module in modules()
        for found in imports_of(module)
        if {found.module, found.module.split(".")[0], f"{found.module}.{found.name}"}
        & (_CLIENT_LIBRARIES - _GIVEN_SOCKETS.get(module.name, set()))
    ]
    assert not users


def test_httpx_is_used_through_the_door_only() -> None:
    """httpx is imported where its proxy is the door."""
    users = {
        module.name
        for module in modules()
        for found in imports_of(module)
        if found.module.split(".")[0] in ("httpx", "httpcore", "socksio")
    }
    assert users <= set(_HTTPX_USERS)


_EXCEPTIONS = {*_SOCKET_MAKERS, *_CONNECTORS, *_HTTPX_USERS, *_GIVEN_SOCKETS}


@pytest.mark.parametrize("name", sorted(_EXCEPTIONS))
def test_list_of_exceptions_is_current(name: str) -> None:
    """An exception for a module that is gone would wait for somebody to fill it."""
    assert any(module.name == name for module in modules())


@pytest.mark.parametrize(
    ("code", "makes"),
    [
        ("socket.socket(socket.AF_INET, socket.SOCK_STREAM)", True),
        ("socket.socket()", True),
        ("socket.socket(fileno=fd)", False),
        ("socket.socketpair()", False),
    ],
)
def test_rule_tells_making_from_adopting(code: str, makes: bool) -> None:
    """The rule itself, on examples."""
    statement = ast.parse(code).body[0]
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Call)
    assert _makes_a_socket(statement.value) is makes
