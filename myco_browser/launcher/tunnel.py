"""The tunnels of all sessions: what each one's user wants, and the machines that follow it.

They live in the launcher because they outlive sessions' processes, and because keys are no business
of a process that shows pages. A session sees its own state and the names of exits, and may ask for
what its user wants.

Each session has a wish of its own. The everyday one's is kept on disk; a private one begins with
the everyday one's and goes its own way from there, in memory.

Session to launcher: tunnel {do: "on" [exit, through] | "off" | "toggle" | "block" | "measure" |
"look" | "list" | "import" items [{name, text}] | "remove" exit | "favourite" exit on | "key" |
"export" exit path | "unlock" passphrase | "whole-on" exit | "whole-off" | "whole-look" |
"trust" on | "networks"}
Launcher to session: tunnel {state …, exits, last, last_through, keeper, whole, network}; and
tunnel-said {kept, known, problems, no_key, locked, unlocked, wrong, public_key, exported} to what
was asked.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from pathlib import Path

from myco_browser.launcher import preferences
from myco_browser.launcher.exits import ExitBook
from myco_browser.launcher.networks import NetworkWatch, TrustedNetworks, network_news
from myco_browser.launcher.spawning import EVERYDAY, LauncherSettings, SessionName, spawn
from myco_browser.launcher.way_out import WISH_FILE, Send, Tell, TellOne
from myco_browser.launcher.whole import WholeComputer
from myco_browser.system.networks import Network
from myco_vpn.framing import JsonObject, Message
from myco_vpn.tunnel import wish
from myco_vpn.tunnel.controller import Controller, FileWishes, MemoryWishes, Wishes
from myco_vpn.tunnel.pool import Pool
from myco_vpn.tunnel.route import parse_route, route_text
from myco_vpn.tunnel.states import BlockAll, Blocked, Cause, Off, Protected, TurnOff, TurnOn, Wish
from myco_vpn.tunnel.wayout import DoorWayOut
from myco_vpn.tunnel.wish import SavedWish

_log = logging.getLogger(__name__)

NETWORKS_FILE = "networks.json"


class TunnelService:
    """Answers sessions, and switches the door for each of them."""

    def __init__(self, settings: LauncherSettings, send: Send, tell: TellOne) -> None:
        self._settings = settings
        self._send = send
        self._tell = tell
        self._book = ExitBook(settings.exits)
        self._tasks: set[asyncio.Task[None]] = set()
        self._wish_file = Path(settings.profile) / WISH_FILE
        self._pool = Pool(self._book.load, self._spawn, log_level=settings.log_level)
        self._whole = WholeComputer(self._book.load, settings.exits)
        self._controllers: dict[SessionName, Controller] = {}
        self._trusted = TrustedNetworks(Path(settings.profile) / NETWORKS_FILE)
        self._watch: NetworkWatch | None = None
        self._has_started = False
        self._latency: dict[str, float] = {}
        """Of each exit, as it was measured last; in memory only."""

    def door_started(self) -> None:
        """A door stands and waits to be told which way leads out, for each session."""
        self._send({"type": "exit", "exit": "waiting"}, [])
        self._follow_networks()
        for controller in self._controllers.values():
            controller.door_started()
        self._pool.prepare()

    def session_started(self, name: SessionName, secures: bool) -> None:
        """A session begins, or goes on after a crash.

        One that `secures` wants a tunnel if there ever was one.
        """
        if name not in self._controllers:
            controller = self._controllers[name] = self._controller(name, secures)
            if self._watch is not None and self._watch.is_looking:
                controller.hold()
            controller.door_started()

    def session_attached(self, name: SessionName) -> None:
        """The door serves a session and has to be told its way out, perhaps once more."""
        if (controller := self._controllers.get(name)) is not None:
            controller.door_started()

    def session_ended(self, name: SessionName) -> None:
        """A session is over, and with it its part in a tunnel."""
        controller = self._controllers.pop(name, None)
        if controller is not None:
            controller.close()

    def close(self) -> None:
        """End the tunnels. Who is asked for one later goes on wanting it."""
        if self._watch is not None:
            self._watch.close()
        for controller in self._controllers.values():
            controller.close()
        self._pool.close()

    def news(self, name: SessionName) -> JsonObject:
        """What a session is told."""
        controller = self._controllers[name]
        last = controller.last_exit()
        route = None if last is None else parse_route(last)
        return {
            "type": "tunnel",
            **controller.describe(),
            "exits": [
                {**e, "latency_s": self._latency.get(str(e["id"]))} for e in self._book.exits
            ],
            "last": None if route is None else route.exit_id,
            "last_through": None if route is None else route.through,
            "keeper": self._book.keeper,
            "whole": self._whole.news,
            "network": self._network_news(),
        }

    def request(self, name: SessionName, message: Message, reply: Tell) -> None:
        """Do what a session's user wants."""
        controller = self._controllers.get(name)
        if controller is None:
            return  # it has ended meanwhile
        chosen = route_text(message.text("exit") or None, message.text("through") or None)
        match message.text("do"):
            case "on":
                _turn_on(controller, chosen)
            case "off":
                controller.dispatch(TurnOff())
            case "toggle":
                if isinstance(controller.state, Off):
                    _turn_on(controller, chosen)
                else:
                    controller.dispatch(TurnOff())
            case "block":
                controller.dispatch(BlockAll())
            case "measure":
                controller.measure()
            case "look":
                reply(self.news(name))
            case "networks":
                self._follow_networks()
            case "trust":
                self._trust(message.flag("on"))
            case _:
                self._start(self._about_book(message, reply))

    async def _about_book(self, message: Message, reply: Tell) -> None:
        book, chosen = self._book, message.text("exit")
        match message.text("do"):
            case "list":
                pass
            case "import":
                items = message.body.get("items")
                wanted = items if isinstance(items, list) else []
                reply({"type": "tunnel-said", **await book.do(lambda: book.keep(wanted))})
            case "remove":
                if problem := await book.do(lambda: book.remove(chosen)):
                    reply({"type": "tunnel-said", "problems": [problem]})
            case "favourite":
                await book.do(lambda: book.favour(chosen, message.flag("on")))
            case "key":
                reply({"type": "tunnel-said", **await book.do(book.make_key)})
            case "export":
                path = message.text("path")
                problem = await book.do(lambda: book.export(chosen, path))
                said = {"problems": [problem]} if problem else {"exported": path}
                reply({"type": "tunnel-said", **said})
            case "unlock":
                await self._unlock(message.text("passphrase"), reply)
                return
            case "whole-on" | "whole-off" | "whole-look":
                await self._about_computer(message.text("do"), chosen, reply)
                return
            case unknown:
                _log.warning("unknown request %r", unknown)
                return
        await self._list()

    def _controller(self, name: SessionName, secures: bool) -> Controller:
        wishes: Wishes
        if name.kind == EVERYDAY:
            wishes = FileWishes(self._wish_file)
            self._want_at_start(wishes)
        else:
            everyday = self._controllers.get(SessionName.everyday())
            saved = everyday.wish() if everyday is not None else wish.load(self._wish_file)
            if secures and saved.exit_id is not None:
                saved = SavedWish(Wish.SECURED, saved.exit_id)
            wishes = MemoryWishes(saved)
        return Controller(
            DoorWayOut(self._send, str(name)),
            wishes,
            self._pool,
            lambda: self._on_change(name),
            on_traffic=lambda: self._on_traffic(name),
        )

    def _want_at_start(self, wishes: Wishes) -> None:
        """With the start of the program, not with each window that is opened again."""
        is_first, self._has_started = not self._has_started, True
        saved = wishes.load()
        wanted = preferences.read(self._settings.profile).tunnel_at_start
        if is_first and wanted and saved.wish is Wish.OPEN and saved.exit_id is not None:
            try:
                wishes.save(SavedWish(Wish.SECURED, saved.exit_id))
            except OSError as error:
                _log.error("the wish could not be saved: %s", error)

    # Networks

    def _follow_networks(self) -> None:
        """Watch, or watch no longer, as the settings say."""
        wanted = preferences.read(self._settings.profile).tunnel_untrusted
        if wanted and self._watch is None:
            self._watch = NetworkWatch(self._hold, self._on_network)
            self._hold()
            self._watch.look()
        elif not wanted and self._watch is not None:
            self._watch.close()
            self._watch = None
            for controller in self._controllers.values():
                controller.let_go()
        self._tell_all()

    def _hold(self) -> None:
        for controller in self._controllers.values():
            controller.hold()

    def _on_network(self, network: Network | None) -> None:
        trusted = self._trusted.holds(network)
        for controller in list(self._controllers.values()):
            if trusted or not isinstance(controller.state, Off):
                controller.let_go()
            else:
                controller.end_hold_by(TurnOn(controller.last_exit()))
        self._tell_all()

    def _trust(self, on: bool) -> None:
        if self._watch is None or self._watch.network is None:
            return
        try:
            self._trusted.mark(self._watch.network, on)
        except OSError as error:
            _log.error("trusted networks could not be kept: %s", error)
        self._tell_all()

    def _network_news(self) -> JsonObject | None:
        if self._watch is None:
            return None
        return network_news(self._watch.network, self._trusted)

    def _on_traffic(self, name: SessionName) -> None:
        controller = self._controllers.get(name)
        if controller is None or controller.figures is None:
            return
        state, latency = controller.state, controller.figures.latency_s
        if isinstance(state, Protected) and latency is not None:
            self._latency[parse_route(state.exit_id).exit_id] = latency

    def _on_change(self, name: SessionName) -> None:
        if name not in self._controllers:
            return  # it has ended meanwhile
        self._tell(name, self.news(name))
        if isinstance(self._controllers[name].state, Protected) and not self._book.exits:
            self._start(self._list())

    def _spawn(self, command: Sequence[str], fds: Sequence[int]) -> int:
        return spawn(command, self._settings.environ, fds)

    def _start(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _list(self) -> None:
        await self._book.refresh()
        self._tell_all()

    async def _about_computer(self, do: str, chosen: str, reply: Tell) -> None:
        problem = ""
        match do:
            case "whole-on":
                problem = await self._whole.up(chosen)
                if not problem:
                    self._give_up(chosen)
            case "whole-off":
                problem = await self._whole.down()
            case _:
                await self._whole.look()
        if problem:
            reply({"type": "tunnel-said", "problems": [problem]})
        self._tell_all()

    def _give_up(self, exit_id: str) -> None:
        """The whole computer uses this exit now, and one key serves one tunnel."""
        for controller in list(self._controllers.values()):
            state = controller.state
            if not isinstance(state, Off) and state.exit_id is not None:
                route = parse_route(state.exit_id)
                if exit_id in (route.exit_id, route.through):
                    controller.dispatch(TurnOff())

    def _tell_all(self) -> None:
        for name in list(self._controllers):
            self._tell(name, self.news(name))

    async def _unlock(self, passphrase: str, reply: Tell) -> None:
        problem = await self._book.do(lambda: self._book.unlock(passphrase))
        reply({"type": "tunnel-said", "unlocked": not problem, "wrong": bool(problem)})
        await self._list()
        for controller in list(self._controllers.values()):
            state = controller.state
            # The user gave the passphrase to go on where it was wanted.
            if not problem and isinstance(state, Blocked) and state.cause is Cause.LOCKED:
                _turn_on(controller, state.exit_id)


def _turn_on(controller: Controller, chosen: str | None) -> None:
    controller.dispatch(TurnOn(chosen or controller.last_exit()))
