"""Drives the state machine: carries out its effects, in order, and tells who wants to know.

All of it happens in one thread, without waiting: an effect that takes time (making a tunnel)
reports its outcome as an event.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from myco_vpn.tunnel import states, wish
from myco_vpn.tunnel.backend import Tunnels
from myco_vpn.tunnel.pool import Pool
from myco_vpn.tunnel.report import Traffic, report
from myco_vpn.tunnel.states import (
    Block,
    DoorRestarted,
    Effect,
    Event,
    Off,
    RetryAfter,
    RetryDue,
    Save,
    SaveFailed,
    Start,
    State,
    Stop,
    Transition,
    TunnelFailed,
    TunnelReady,
    UseDirect,
    UseTunnel,
    Wish,
)
from myco_vpn.tunnel.wish import SavedWish

_log = logging.getLogger(__name__)

_PREPARE_S = 2.0


class WayOut(Protocol):
    """A door, or the part of one that serves one session. None of it waits or raises."""

    def block(self, holds: bool) -> None:
        """Let nothing leave; with `holds` clients wait, else they are refused."""

    def use_direct(self) -> None:
        """Let everything leave directly."""

    def use_tunnel(self, link: socket.socket) -> None:
        """Let everything leave through the tunnel at the other end of `link`."""


class Wishes(Protocol):
    """Where a wish is kept."""

    def load(self) -> SavedWish:
        """The wish that was kept last."""

    def save(self, saved: SavedWish) -> None:
        """Keep a wish. Raises OSError."""


class FileWishes:
    """In a file, for what outlives the process."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> SavedWish:
        """The wish in the file; SECURED when it cannot be read."""
        return wish.load(self._path)

    def save(self, saved: SavedWish) -> None:
        """Keep a wish on disk. Raises OSError."""
        wish.save(self._path, saved)


class MemoryWishes:
    """In memory, for a session that keeps nothing."""

    def __init__(self, saved: SavedWish) -> None:
        self._saved = saved

    def load(self) -> SavedWish:
        """The wish."""
        return self._saved

    def save(self, saved: SavedWish) -> None:
        """Keep a wish."""
        self._saved = saved


class Controller:
    """One way out and the tunnel behind it."""

    def __init__(
        self,
        way_out: WayOut,
        wishes: Wishes,
        pool: Pool,
        on_change: Callable[[], None] = lambda: None,
        on_traffic: Callable[[], None] | None = None,
    ) -> None:
        """`on_traffic` hears of new figures; without it, `on_change` does.

        The pool may serve other controllers, too, and is closed by whoever made it.
        """
        self._on_traffic = on_change if on_traffic is None else on_traffic
        self._way_out = way_out
        self._wishes = wishes
        self._on_change = on_change
        self._tunnels = Tunnels(pool, self)
        self._last_run = 0
        self._retry: asyncio.TimerHandle | None = None
        self._has_begun = False
        self._is_closed = False
        self._is_held = False
        self.state: State = Off()
        self.figures: Traffic | None = None
        """Of the tunnel that runs; None while there is none."""

    def door_started(self) -> None:
        """A door stands, blocked: the first one, or one in the place of another."""
        if self._has_begun:
            self.dispatch(DoorRestarted())
            return
        self._has_begun = True
        saved = self._wishes.load()
        self._carry_out(states.initial(saved.wish, saved.exit_id))

    def dispatch(self, event: Event) -> None:
        """Do what follows from an event."""
        if isinstance(event, TunnelReady | TunnelFailed):
            _log.info("%s", event)
        if isinstance(event, TunnelReady):
            # For the next switch, when the first pages are through.
            asyncio.get_running_loop().call_later(_PREPARE_S, self._prepare_again)
        self._carry_out(states.step(self.state, event, self._last_run))

    def traffic(self, traffic: Traffic) -> None:
        """New figures of the tunnel."""
        self.figures = traffic
        self._on_traffic()

    def describe(self) -> dict[str, object]:
        """The state as JSON (see `report`)."""
        return report(self.state, self.figures, time.time())

    def measure(self) -> None:
        """Ask how long the tunnel's name server takes; the answer comes with the figures."""
        self._tunnels.measure()

    def last_exit(self) -> str | None:
        """The exit that was used last, also while none is."""
        return self._wishes.load().exit_id

    def hold(self) -> None:
        """Let nothing leave directly for a while; a tunnel goes on."""
        self._is_held = True
        if isinstance(self.state, Off):
            self._way_out.block(True)

    def let_go(self) -> None:
        """The end of `hold`; the direct way is open again where it is wanted."""
        if self._is_held:
            self._is_held = False
            if isinstance(self.state, Off):
                self._way_out.use_direct()

    def end_hold_by(self, event: Event) -> None:
        """The end of `hold` by a transition, without a moment of the direct way in between."""
        self.dispatch(event)
        self._is_held = False

    def wish(self) -> SavedWish:
        """What is wanted."""
        return self._wishes.load()

    def close(self) -> None:
        """Let go of the tunnel; the door is left as it is."""
        self._is_closed = True
        self._cancel_retry()
        self._tunnels.stop()

    def prepare(self) -> None:
        """The user may want a tunnel soon: have a worker ready."""
        self._tunnels.prepare()

    def _prepare_again(self) -> None:
        if not self._is_closed:
            self._tunnels.prepare()

    def _carry_out(self, transition: Transition) -> None:
        changed = transition.state != self.state
        self.state = transition.state
        for effect in transition.effects:
            try:
                self._do(effect)
            except OSError as error:
                _log.error("the wish could not be saved: %s", error)
                self.dispatch(SaveFailed())
                return
        if changed:
            self._on_change()

    def _do(self, effect: Effect) -> None:
        match effect:
            case Save(kept, exit_id):
                before = self._wishes.load()
                # The exit is remembered over times without it, for the next "on".
                chosen = exit_id if exit_id is not None or kept is Wish.SECURED else before.exit_id
                self._wishes.save(SavedWish(kept, chosen))
            case Block(holds):
                self._way_out.block(holds)
            case Start(exit_id, run):
                self._last_run = max(self._last_run, run)
                self._tunnels.start(exit_id, run)
            case Stop():
                self._cancel_retry()
                self._tunnels.stop()
                self.figures = None
            case UseTunnel(run):
                self._use_tunnel(run)
            case UseDirect() if self._is_held:
                self._way_out.block(True)
            case UseDirect():
                self._way_out.use_direct()
            case RetryAfter(seconds, run):
                loop = asyncio.get_running_loop()
                self._retry = loop.call_later(seconds, self.dispatch, RetryDue(run))

    def _use_tunnel(self, run: int) -> None:
        link = self._tunnels.new_link(run)
        if link is None:
            return  # it ended just now: the event that says so is under way
        with link:
            self._way_out.use_tunnel(link)

    def _cancel_retry(self) -> None:
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None
