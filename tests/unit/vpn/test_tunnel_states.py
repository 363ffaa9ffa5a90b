"""The tunnel's state machine under random sequences, and faults planted in it that must be caught.

The world below does what the effects say, as the driver does, and is judged by what could leave:
the promises of docs/security.md. Each mutant breaks the machine in one way; the same judge must
find every one of them.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myco_vpn.tunnel import states
from myco_vpn.tunnel.states import (
    Block,
    BlockAll,
    Blocked,
    Cause,
    Connecting,
    DoorRestarted,
    Effect,
    Event,
    Heard,
    Off,
    Protected,
    RetryAfter,
    RetryDue,
    Save,
    SaveFailed,
    Silent,
    Start,
    State,
    Stop,
    Transition,
    TunnelFailed,
    TunnelReady,
    TurnOff,
    TurnOn,
    UseDirect,
    UseTunnel,
    Wish,
)

Step = Callable[[State, Event, int], Transition]


class BrokenPromiseError(AssertionError):
    """The machine let something happen that was promised not to."""


@dataclass
class World:
    """A door, a disk and tunnels, driven by the machine."""

    step: Step = states.step
    state: State = field(default_factory=Off)
    door: str = "blocked"
    saved: Wish = Wish.OPEN
    disk_is_full: bool = False
    lifted: bool = True
    """Whether the last word of the user was that everything may leave directly."""
    running: set[int] = field(default_factory=set)
    ready: set[int] = field(default_factory=set)
    retry: int | None = None
    last_run: int = 0

    def now(self) -> tuple[State, str]:
        return self.state, self.door

    def begin(self, kept: Wish, exit_id: str | None) -> None:
        self.saved, self.lifted = kept, kept is Wish.OPEN
        self._apply(states.initial(kept, exit_id))

    def send(self, event: Event) -> None:
        match event:
            case TurnOff():
                self.lifted = not self.disk_is_full or isinstance(self.state, Off)
            case TurnOn() | BlockAll():
                self.lifted = False
            case TunnelReady(run):
                self.ready.add(run)
            case TunnelFailed(run):
                self.running.discard(run)
            case RetryDue(run) if run == self.retry:
                self.retry = None
            case DoorRestarted():
                self.door = "blocked"
            case _:
                pass
        self._apply(self.step(self.state, event, self.last_run))

    def _apply(self, transition: Transition) -> None:
        self.state = transition.state
        for effect in transition.effects:
            if isinstance(effect, Save) and self.disk_is_full:
                self._apply(self.step(self.state, SaveFailed(), self.last_run))
                return
            self._do(effect)
            if not isinstance(effect, Save):  # between saving and the block nobody can look
                self._judge_door()
        self._judge_rest()

    def _do(self, effect: Effect) -> None:
        match effect:
            case Save(kept, _):
                if isinstance(effect.wish, Wish):
                    self.saved = kept
            case Block(holds):
                self.door = "blocked"
                _demand(not holds or isinstance(self.state, Connecting), "waiting for nothing")
            case Start(_, run):
                _demand(self.door == "blocked", "a start without a block")
                _demand(run > self.last_run, "a run's number is used again")
                _demand(not self.running, "two tunnels at once")
                _demand(self.saved is Wish.SECURED, "a start before the wish was saved")
                self.last_run = run
                self.running.add(run)
            case Stop():
                self.running.clear()
                self.retry = None
            case UseTunnel(run):
                _demand(run in self.ready, "a tunnel that carries nothing is used")
                _demand(run in self.running, "a tunnel that ended is used")
                self.door = f"tunnel {run}"
            case UseDirect():
                self.door = "direct"
            case RetryAfter(_, run):
                self.retry = run

    def _judge_door(self) -> None:
        if self.door == "direct":
            _demand(self.saved is Wish.OPEN, "direct although SECURED was saved")
            _demand(self.lifted, "the block was lifted by somebody else than the user")

    def _judge_rest(self) -> None:
        match self.state:
            case Off():
                _demand(self.door == "direct", "off, but blocked")
                _demand(not self.running, "off, with a tunnel that runs")
            case Connecting(_, run):
                _demand(self.door == "blocked", "something leaves while connecting")
                _demand(self.running == {run}, "connecting without a tunnel")
            case Protected(_, run):
                _demand(self.door == f"tunnel {run}", "protected, but by another way out")
                _demand(self.running == {run}, "protected by no tunnel")
            case Blocked(retry_s=retry_s):
                _demand(self.door == "blocked", "something leaves while blocked")
                _demand(not self.running, "blocked, with a tunnel that runs")
                _demand(self.retry is not None or retry_s is None, "a retry that never comes")


def _demand(holds: bool, promise: str) -> None:
    if not holds:
        raise BrokenPromiseError(promise)


_runs = st.integers(0, 6)
_exits = st.sampled_from(["a", "b"])
_causes = st.sampled_from(Cause)
_events: st.SearchStrategy[Event] = st.one_of(
    st.builds(TurnOn, _exits | st.none()),
    st.builds(TurnOff),
    st.builds(BlockAll),
    st.builds(DoorRestarted),
    st.builds(TunnelReady, _runs),
    st.builds(TunnelFailed, _runs, _causes),
    st.builds(Silent, _runs),
    st.builds(Heard, _runs),
    st.builds(RetryDue, _runs),
)
_moves = st.lists(_events | st.booleans(), max_size=40)
_beginnings = st.tuples(st.sampled_from(Wish), st.none() | _exits)


def _play(world: World, beginning: tuple[Wish, str | None], moves: list[Event | bool]) -> None:
    world.begin(*beginning)
    for move in moves:
        match move:
            case bool():
                world.disk_is_full = move
            # A ready or failed tunnel is one that runs; others are news of the past.
            case TunnelReady(run) if run not in world.running and run >= world.last_run:
                continue
            case RetryDue(run) if world.retry != run and run >= world.last_run:
                continue
            case _:
                world.send(move)


@settings(max_examples=2000, deadline=None)
@given(_beginnings, _moves)
def test_no_sequence_breaks_a_promise(
    beginning: tuple[Wish, str | None], moves: list[Event | bool]
) -> None:
    _play(World(), beginning, moves)


def _without(kind: type[Effect]) -> Step:
    def mutant(state: State, event: Event, last_run: int) -> Transition:
        found = states.step(state, event, last_run)
        return replace(found, effects=tuple(e for e in found.effects if not isinstance(e, kind)))

    return mutant


def _reversed(state: State, event: Event, last_run: int) -> Transition:
    found = states.step(state, event, last_run)
    return replace(found, effects=found.effects[::-1])


def _failure_opens(state: State, event: Event, last_run: int) -> Transition:
    if isinstance(event, TunnelFailed) and not isinstance(state, Off):
        return Transition(Off(), (Stop(), UseDirect()))
    return states.step(state, event, last_run)


def _restart_opens(state: State, event: Event, last_run: int) -> Transition:
    if isinstance(event, DoorRestarted):
        return Transition(state, (UseDirect(),))
    return states.step(state, event, last_run)


def _old_news_count(state: State, event: Event, last_run: int) -> Transition:
    if isinstance(event, TunnelReady) and isinstance(state, Connecting):
        event = TunnelReady(state.run)
    return states.step(state, event, last_run)


def _used_at_once(state: State, event: Event, last_run: int) -> Transition:
    found = states.step(state, event, last_run)
    started = [UseTunnel(e.run) for e in found.effects if isinstance(e, Start)]
    return replace(found, effects=(*found.effects, *started))


def _off_before_saved(state: State, event: Event, last_run: int) -> Transition:
    found = states.step(state, event, last_run)
    if isinstance(event, TurnOff) and found.effects:
        return replace(found, effects=(UseDirect(), *found.effects))
    return found


def _save_failure_ignored(state: State, event: Event, last_run: int) -> Transition:
    if isinstance(event, SaveFailed):
        return Transition(state)
    return states.step(state, event, last_run)


def _retry_without_stop(state: State, event: Event, last_run: int) -> Transition:
    found = states.step(state, event, last_run)
    if isinstance(event, TurnOn):
        return replace(found, effects=tuple(e for e in found.effects if not isinstance(e, Stop)))
    return found


def _wrong_wish(state: State, event: Event, last_run: int) -> Transition:
    found = states.step(state, event, last_run)
    kept = tuple(Save(Wish.OPEN, e.exit_id) if isinstance(e, Save) else e for e in found.effects)
    return replace(found, effects=kept)


def _same_run(state: State, event: Event, last_run: int) -> Transition:
    return states.step(state, event, max(0, last_run - 1))


_MUTANTS: dict[str, Step] = {
    "no block": _without(Block),
    "no save": _without(Save),
    "no stop": _without(Stop),
    "no retry": _without(RetryAfter),
    "effects in the opposite order": _reversed,
    "a failure opens the direct way": _failure_opens,
    "a new door is opened": _restart_opens,
    "news of an earlier tunnel count": _old_news_count,
    "a tunnel is used before its handshake": _used_at_once,
    "off before the wish is saved": _off_before_saved,
    "a wish that was not saved is acted upon": _save_failure_ignored,
    "a switch keeps the old tunnel": _retry_without_stop,
    "the wrong wish is saved": _wrong_wish,
    "a run's number is used twice": _same_run,
}


@pytest.mark.parametrize("name", _MUTANTS)
def test_planted_fault_is_caught(name: str) -> None:
    chance = random.Random(5)
    for _ in range(3000):
        world = World(_MUTANTS[name])
        try:
            world.begin(chance.choice(list(Wish)), chance.choice([None, "a"]))
            for _ in range(12):
                world.disk_is_full = chance.random() < 0.1
                world.send(_random_event(world, chance))
        except BrokenPromiseError:
            return
    pytest.fail("nobody noticed")


def _random_event(world: World, chance: random.Random) -> Event:
    run = max(world.last_run, 0)
    old = chance.randrange(run) if run else 0
    events: list[Event] = [
        TurnOn(chance.choice(["a", "b"])),
        TurnOff(),
        BlockAll(),
        DoorRestarted(),
        TunnelReady(run if run in world.running else old),
        TunnelReady(old),
        TunnelFailed(run, chance.choice(list(Cause))),
        RetryDue(run),
    ]
    return chance.choice(events)


def test_same_judge_finds_nothing_in_the_real_machine() -> None:
    chance = random.Random(6)
    for _ in range(2000):
        world = World()
        world.begin(chance.choice(list(Wish)), chance.choice([None, "a"]))
        for _ in range(12):
            world.disk_is_full = chance.random() < 0.1
            world.send(_random_event(world, chance))


def test_usual_day() -> None:
    world = World()
    world.begin(Wish.OPEN, None)
    assert world.now() == (Off(), "direct")
    world.send(TurnOn("a"))
    assert world.now() == (Connecting("a", 1), "blocked")
    world.send(TunnelReady(1))
    assert world.now() == (Protected("a", 1), "tunnel 1")
    world.send(Silent(1))
    assert world.now()[0] == Protected("a", 1, True)
    world.send(Heard(1))
    world.send(TurnOn("b"))
    assert world.now() == (Connecting("b", 2), "blocked")
    world.send(TunnelFailed(2, Cause.NO_ANSWER))
    assert world.now()[0] == Blocked(Cause.NO_ANSWER, "b", 2, 1, 1.0)
    world.send(RetryDue(2))
    world.send(TunnelFailed(3, Cause.NO_ANSWER, "again"))
    assert world.now()[0] == Blocked(Cause.NO_ANSWER, "b", 3, 2, 2.0, "again")
    world.send(TurnOff())
    assert world.now() == (Off(), "direct")
    assert world.saved is Wish.OPEN


def test_failure_that_time_does_not_heal_is_not_retried() -> None:
    world = World()
    world.begin(Wish.SECURED, "a")
    world.send(TunnelFailed(1, Cause.NOT_POSSIBLE))
    assert world.now()[0] == Blocked(Cause.NOT_POSSIBLE, "a", 1, 1)
    assert world.retry is None


def test_full_disk_never_opens() -> None:
    world = World()
    world.begin(Wish.SECURED, "a")
    world.send(TunnelReady(1))
    world.disk_is_full = True
    world.send(TurnOff())
    assert world.now() == (Blocked(Cause.CANNOT_SAVE, None, 1), "blocked")
