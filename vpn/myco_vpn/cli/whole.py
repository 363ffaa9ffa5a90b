"""`myco-vpn whole-computer …`: everything of this computer through an exit."""

from __future__ import annotations

import argparse
import json
import os
import pwd
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from myco_vpn.book.exits import Book
from myco_vpn.cli.codes import Code
from myco_vpn.cli.holder import Loader
from myco_vpn.tunnel.endpoints import UnavailableError
from myco_vpn.whole import client, installation, machine
from myco_vpn.whole.client import Gateways, NotInstalledError
from myco_vpn.whole.installation import Tree
from myco_vpn.whole.machine import MachineError, Places
from myco_vpn.whole.verbs import Answer, BadRequestError, State

_WAIT_S = 20.0
_LOOK_S = 0.1
_SENTENCES = {
    State.OFF: "Off: this computer goes its usual ways.",
    State.BLOCKED: "Blocked: nothing leaves this computer. Connect, or take it “down”.",
    State.CONNECTING: "Connecting: nothing leaves this computer until the gateway answers.",
    State.PROTECTED: "Protected: everything of this computer leaves by the tunnel.",
}
_CODES = {
    State.OFF: Code.OFF,
    State.BLOCKED: Code.BLOCKED,
    State.CONNECTING: Code.CONNECTING,
    State.PROTECTED: Code.OK,
}
BookOf = Callable[[argparse.Namespace, bool], Book]
FolderOf = Callable[[argparse.Namespace], Path]
_Work = Callable[[argparse.Namespace], Code]


def add_commands(parser: argparse.ArgumentParser, book_of: BookOf, folder_of: FolderOf) -> None:
    """Add the commands to their parser."""
    parser.add_argument("--socket", type=Path, default=client.SOCKET, help=argparse.SUPPRESS)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    install = _add(commands, "install", "put the helper on this computer (root)", _install)
    install.add_argument("--user", action="append", default=[], help="who may use it; repeatable")
    remove = _add(commands, "uninstall", "take the helper away (root)", _uninstall)
    for one in (install, remove):
        one.add_argument("--root", type=Path, default=Path("/"), help=argparse.SUPPRESS)
        one.add_argument("--no-services", action="store_true", help="do not touch systemd")

    def connect(options: argparse.Namespace) -> Code:
        gateways = Gateways(folder_of(options) / "gateways.json")
        return _up(options, book_of(options, True), gateways)

    up = _add(commands, "up", "everything through an exit, or nothing", connect)
    up.add_argument("exit")
    up.add_argument("--wait", type=float, default=_WAIT_S, metavar="SECONDS")
    for word, text in (
        ("block", "nothing leaves this computer"),
        ("down", "everything as it was before"),
        ("status", "how it is"),
    ):
        one = _add(commands, word, text, partial(_simple, word))
        one.add_argument("--json", action="store_true")
    up.add_argument("--json", action="store_true")


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, text: str, work: _Work
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text)

    def command(options: argparse.Namespace) -> Code:
        try:
            return work(options)
        except NotInstalledError:
            return _fail("the helper is not installed: run “sudo myco-vpn whole-computer install”",
                         Code.NOT_POSSIBLE)  # fmt: skip
        except (MachineError, BadRequestError, UnavailableError) as error:
            return _fail(str(error), Code.FAILED)

    parser.set_defaults(command=command)
    return parser


def _install(options: argparse.Namespace) -> Code:
    if os.geteuid() != 0:
        return _fail("this needs an administrator: run it with sudo", Code.FAILED)
    try:
        users = [pwd.getpwnam(name).pw_uid for name in options.user]
    except KeyError as error:
        return _fail(str(error.args[0]), Code.USAGE)
    caller = os.environ.get("SUDO_UID", "")
    if not users and caller.isdigit():
        users = [int(caller)]
    installation.install(Tree(options.root), users, services=not options.no_services)
    names = ", ".join(pwd.getpwuid(uid).pw_name for uid in users) or "nobody but administrators"
    print(f"The helper is installed. It listens to: {names}.")
    print("While it is on, nothing leaves this computer but the tunnel, also after a restart.")
    return Code.OK


def _uninstall(options: argparse.Namespace) -> Code:
    if os.geteuid() != 0:
        return _fail("this needs an administrator: run it with sudo", Code.FAILED)
    if not options.no_services:
        machine.down(Places())
        Places().kept.unlink(missing_ok=True)
    installation.uninstall(Tree(options.root), services=not options.no_services)
    return Code.OK


def _up(options: argparse.Namespace, book: Book, gateways: Gateways) -> Code:
    saved = book.find(options.exit)
    config = client.pinned(Loader(book)(saved.exit_id), gateways.find)
    if isinstance(config, str):
        return _fail(f"the gateway's name was not found: {config}", Code.BLOCKED)
    answer = client.ask("up", config, options.socket)
    deadline = time.monotonic() + options.wait
    while answer.state is State.CONNECTING and time.monotonic() < deadline:
        time.sleep(_LOOK_S)
        answer = client.ask("status", None, options.socket)
    return _report(answer, options.json)


def _simple(verb: str, options: argparse.Namespace) -> Code:
    return _report(client.ask(verb, None, options.socket), options.json)


def _report(answer: Answer, as_json: bool) -> Code:
    if answer.state is None:
        return _fail(answer.problem, Code.FAILED)
    if as_json:
        body = {
            "state": answer.state.value,
            "sentence": _SENTENCES[answer.state],
            "code": int(_CODES[answer.state]),
            "last_handshake": answer.last_handshake,
            "received": answer.received,
            "sent": answer.sent,
        }
        print(json.dumps(body, indent=2))
    else:
        print(_SENTENCES[answer.state])
    return _CODES[answer.state]


def _fail(problem: str, code: Code) -> Code:
    print(f"myco-vpn: {problem}", file=sys.stderr)
    return code
