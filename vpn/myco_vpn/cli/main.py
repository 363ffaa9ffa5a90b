"""`myco-vpn`: exits, tunnels and gateways from the command line."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import socket
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from myco_vpn import qr
from myco_vpn.book.exits import Book, BookError, NoSuchExitError, SavedExit
from myco_vpn.book.keepers import FileKeeper, KeeperError, LockedError
from myco_vpn.book.places import open_book, usual_folder
from myco_vpn.cli import apparmor, whole
from myco_vpn.cli.codes import Code, sentence
from myco_vpn.cli.holder import Loader, serve
from myco_vpn.cli.requests import HolderLink, runtime_folder
from myco_vpn.gateway.command import add_commands
from myco_vpn.tunnel.route import Route
from myco_vpn.tunnel.states import Off
from myco_vpn.wireguard.config import write
from myco_vpn.wireguard.keys import new_private_key
from myco_vpn.wireguard.parse import Parsed, Reason

_WAIT_S = 20.0

Command = Callable[[argparse.Namespace], Code]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; its exit code."""
    options = _parser().parse_args(arguments)
    command: Command = options.command
    try:
        return int(command(options))
    except NoSuchExitError as error:
        return _say(error, Code.NO_SUCH_EXIT)
    except LockedError as error:
        return _say(error, Code.LOCKED)
    except (BookError, KeeperError, OSError) as error:
        return _say(error, Code.FAILED)
    except KeyboardInterrupt:
        return 130


def _say(error: Exception, code: Code) -> int:
    print(f"myco-vpn: {error}", file=sys.stderr)
    return int(code)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="myco-vpn",
        allow_abbrev=False,
        description="WireGuard tunnels without root, and gateways for a cooperative.",
    )
    parser.add_argument("--folder", type=Path, help="where exits are kept")
    parser.add_argument(
        "--passphrase-fd", type=int, help="a descriptor to read the passphrase from"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    add = commands.add_parser("import", help="keep exits from files, folders, zips, QR pictures")
    add.add_argument("path", nargs="+", help="“-” reads a configuration from standard input")
    add.add_argument("--name", help="what to call it (for one configuration)")
    add.set_defaults(command=_import)
    show = commands.add_parser("list", help="the exits that are kept")
    show.add_argument("--json", action="store_true")
    show.set_defaults(command=_list)
    for word, help_, command in (
        ("remove", "forget an exit and its key", _remove),
        ("export", "print an exit's configuration, with its key", _export),
    ):
        one = commands.add_parser(word, help=help_)
        one.add_argument("exit")
        one.set_defaults(command=command)
        if word == "export":
            one.add_argument("--qr", action="store_true", help="as a QR code")
    up = commands.add_parser("up", help="make a tunnel, with a SOCKS5 proxy that leads into it")
    up.add_argument("exit", nargs="?", help="without it: the one used last")
    up.add_argument("--through", metavar="EXIT", help="reach it through another exit (two hops)")
    up.add_argument("--port", type=int, default=1080, help="the proxy's port on 127.0.0.1; 0: any")
    up.add_argument("--wait", type=float, default=_WAIT_S, metavar="SECONDS")
    up.add_argument("--json", action="store_true")
    up.set_defaults(command=_up)
    down = commands.add_parser("down", help="end the tunnel and its proxy")
    down.set_defaults(command=_down)
    status = commands.add_parser("status", help="how the tunnel fares")
    status.add_argument("--json", action="store_true")
    status.set_defaults(command=_status)
    test = commands.add_parser("test", help="whether tunnels work here, or an exit answers")
    test.add_argument("exit", nargs="?")
    test.add_argument("--json", action="store_true")
    test.set_defaults(command=_test)
    keys = commands.add_parser("genkey", help="make a key pair")
    keys.add_argument("--qr", action="store_true", help="the public key as a QR code, too")
    keys.set_defaults(command=_genkey)
    apparmor.add_command(
        commands.add_parser("apparmor", help="what lets Myco make tunnels on Ubuntu (print it)")
    )
    whole.add_commands(
        commands.add_parser("whole-computer", help="lead all of this computer through an exit"),
        _book,
        _folder,
    )
    add_commands(commands.add_parser("gateway", help="run a gateway on this server (root)"))
    return parser


def _folder(options: argparse.Namespace) -> Path:
    return options.folder or usual_folder(os.environ)


def _book(options: argparse.Namespace, needs_keys: bool = False) -> Book:
    book = open_book(_folder(options), _passphrase_of(options))
    keeper = book.keeper
    if needs_keys and isinstance(keeper, FileKeeper) and keeper.is_locked:
        _ask_passphrase(keeper)
    return book


def _passphrase_of(options: argparse.Namespace) -> str | None:
    if options.passphrase_fd is None:
        return None
    with open(options.passphrase_fd, encoding="utf-8") as file:
        return file.readline().rstrip("\n") or None


def _ask_passphrase(keeper: FileKeeper) -> None:
    if not sys.stdin.isatty():
        raise LockedError("no keyring is here: a passphrase is wanted (--passphrase-fd)")
    if keeper.is_new:
        print("No keyring is here: keys are kept in a file that a passphrase seals.")
    entered = getpass.getpass("Passphrase: ")
    if keeper.is_new and getpass.getpass("Once more: ") != entered:
        raise LockedError("the two passphrases differ")
    keeper.unlock(entered)


def _import(options: argparse.Namespace) -> Code:
    from myco_vpn.book.sources import Source, read_path, read_text

    sources: list[Source] = [
        read_text(sys.stdin.read(), "standard input") if path == "-" else read_path(Path(path))
        for path in options.path
    ]
    problems = [problem for source in sources for problem in source.problems]
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        print("Nothing was kept.", file=sys.stderr)
        return Code.REFUSED_FILE
    book = _book(options, needs_keys=True)
    for source in sources:
        for found in source.found:
            _keep(book, options.name or found.name, found.parsed)
    return Code.OK


def _keep(book: Book, name: str, parsed: Parsed) -> None:
    same = book.has(parsed.config)
    if same is not None:
        print(f"{same.name}: is here already")
        return
    saved = book.add(name, parsed.config)
    print(f"{saved.name}: kept; its key is in {book.keeper.name}")
    for line in parsed.ignored:
        if line.reason is Reason.WOULD_RUN_A_PROGRAM:
            print(f"  line {line.line}: {line.key} is never run: {line.text}")
    if parsed.config.carries_everything != (True, True):
        print("  This exit carries a part of the internet only; the rest is not reached by it.")
    if not parsed.config.dns:
        print("  It names no DNS server: only numeric addresses are reached by it.")


def _list(options: argparse.Namespace) -> Code:
    exits = _book(options).all()
    if options.json:
        print(json.dumps([_as_json(saved) for saved in exits], indent=2))
        return Code.OK
    for saved in exits:
        endpoint = next((peer.endpoint for peer in saved.config.peers if peer.endpoint), "")
        print(f"{saved.name}\t{endpoint}")
    return Code.OK


def _as_json(saved: SavedExit) -> dict[str, object]:
    ipv4, ipv6 = saved.config.carries_everything
    return {
        "id": saved.exit_id,
        "name": saved.name,
        "endpoints": [str(peer.endpoint) for peer in saved.config.peers if peer.endpoint],
        "dns": [str(server) for server in saved.config.dns],
        "all_ipv4": ipv4,
        "all_ipv6": ipv6,
        "favourite": saved.favourite,
        "last_used": saved.last_used,
    }


def _remove(options: argparse.Namespace) -> Code:
    book = _book(options, needs_keys=True)
    book.remove(book.find(options.exit).exit_id)
    return Code.OK


def _export(options: argparse.Namespace) -> Code:
    book = _book(options, needs_keys=True)
    text = write(book.with_keys(book.find(options.exit).exit_id))
    print(qr.as_text(text) if options.qr else text, end="")
    return Code.OK


def _up(options: argparse.Namespace) -> Code:
    book = _book(options, needs_keys=True)
    saved = _chosen(book, options.exit)
    through = None if options.through is None else book.find(options.through).exit_id
    route = str(Route(saved.exit_id, through))
    link = HolderLink(runtime_folder(os.environ))
    answer = link.ask({"do": "up", "exit": route})
    if answer is None:
        listener = socket.create_server(("127.0.0.1", options.port), backlog=4096)
        link.start(listener, lambda requests: serve(book, listener, requests, route))
    answer = link.ask({"do": "wait", "seconds": options.wait})
    if answer is None:
        print("myco-vpn: the tunnel's process ended at once", file=sys.stderr)
        return Code.FAILED
    book.note_use(saved.exit_id, time.time())
    return _report(answer, options.json)


def _chosen(book: Book, wanted: str | None) -> SavedExit:
    if wanted is not None:
        return book.find(wanted)
    exits = sorted(book.all(), key=lambda saved: -saved.last_used)
    if not exits:
        raise NoSuchExitError("no exit is kept: import one with “myco-vpn import FILE”")
    return exits[0]


def _down(_options: argparse.Namespace) -> Code:
    HolderLink(runtime_folder(os.environ)).ask({"do": "down"})
    return Code.OK


def _status(options: argparse.Namespace) -> Code:
    answer = HolderLink(runtime_folder(os.environ)).ask({"do": "status"})
    if answer is None:
        body = {"state": "off", "sentence": sentence(Off()), "code": int(Code.OFF), "exit": None}
        return _report({**body}, options.json)
    return _report(answer, options.json)


def _report(answer: dict[str, object], as_json: bool) -> Code:
    if as_json:
        print(json.dumps(answer, indent=2))
    else:
        print(answer["sentence"])
        if "proxy" in answer:
            print(f"Proxy: {answer['proxy']}")
    return Code(int(str(answer["code"])))


def _test(options: argparse.Namespace) -> Code:
    from myco_vpn.cli.trial import try_exit, try_machine

    if options.exit is None:
        return _report(try_machine(), options.json)
    book = _book(options, needs_keys=True)
    return _report(try_exit(Loader(book), book.find(options.exit).exit_id), options.json)


def _genkey(options: argparse.Namespace) -> Code:
    key = new_private_key()
    print(f"PrivateKey = {key.text}")
    print(f"PublicKey = {key.public().text}")
    if options.qr:
        print(qr.as_text(key.public().text))
    return Code.OK


if __name__ == "__main__":
    sys.exit(main())
