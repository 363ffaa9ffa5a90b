"""The tunnel's state machine: pure.

`step(state, event)` gives the next state and what has to be done, in order. The rules that it keeps
are those of docs/security.md:

* What the user wants (`Wish`) is a value of its own, saved before anything else happens.
* Every start of a tunnel comes after a block: nothing leaves until the tunnel carries it.
* Only the user lifts the block: no failure, no timer, no restart leads to the direct way out.
* An event of an earlier run changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum


class Wish(Enum):
    """What the user wants."""

    OPEN = "open"
    SECURED = "secured"


class Cause(Enum):
    """Why nothing leaves."""

    BY_USER = "by-user"
    NO_EXIT = "no-exit"
    """No exit is chosen, or the chosen one is gone."""
    NOT_POSSIBLE = "not-possible"
    """This machine does not let an ordinary user make a tunnel."""
    NO_PROGRAM = "no-program"
    """wireguard-go is missing."""
    LOCKED = "locked"
    """The keys are locked and the passphrase is wanted."""
    NAME_NOT_FOUND = "name-not-found"
    """The gateway's name leads to no address."""
    NO_ANSWER = "no-answer"
    """The gateway does not answer."""
    BAD_CONFIGURATION = "bad-configuration"
    TUNNEL_ENDED = "tunnel-ended"
    """A process of the tunnel ended by itself."""
    IN_USE = "in-use"
    """Another session uses the exit by another route, and one key serves one tunnel."""
    CANNOT_SAVE = "cannot-save"
    """What the user wants could not be saved."""


_WORTH_RETRYING = frozenset((Cause.NAME_NOT_FOUND, Cause.NO_ANSWER, Cause.TUNNEL_ENDED))
_RETRY_S = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)


@dataclass(frozen=True, slots=True)
class Off:
    """The direct way out, as the user wants it."""


@dataclass(frozen=True, slots=True)
class Connecting:
    """A tunnel is being made; nothing leaves but what makes it."""

    exit_id: str
    run: int
    attempt: int = 0


@dataclass(frozen=True, slots=True)
class Protected:
    """Everything leaves through the tunnel; `is_silent` while the gateway does not answer."""

    exit_id: str
    run: int
    is_silent: bool = False


@dataclass(frozen=True, slots=True)
class Blocked:
    """Nothing leaves."""

    cause: Cause
    exit_id: str | None
    run: int
    attempt: int = 0
    retry_s: float | None = None
    """After how long it is tried again by itself, if it is."""
    detail: str = ""


State = Off | Connecting | Protected | Blocked


@dataclass(frozen=True, slots=True)
class TurnOn:
    """The user wants the tunnel, by this exit."""

    exit_id: str | None


@dataclass(frozen=True, slots=True)
class TurnOff:
    """The user wants the direct way out."""


@dataclass(frozen=True, slots=True)
class BlockAll:
    """The user wants nothing to leave."""


@dataclass(frozen=True, slots=True)
class TunnelReady:
    """The tunnel carries: a handshake was made."""

    run: int


@dataclass(frozen=True, slots=True)
class TunnelFailed:
    """The tunnel could not be made, or ended."""

    run: int
    cause: Cause
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Silent:
    """The gateway has not answered for a while."""

    run: int


@dataclass(frozen=True, slots=True)
class Heard:
    """The gateway answers again."""

    run: int


@dataclass(frozen=True, slots=True)
class RetryDue:
    """It is time to try again."""

    run: int


@dataclass(frozen=True, slots=True)
class DoorRestarted:
    """A new door stands, blocked."""


@dataclass(frozen=True, slots=True)
class SaveFailed:
    """What the user wants could not be saved; what should have followed was not done."""


Event = (
    TurnOn
    | TurnOff
    | BlockAll
    | TunnelReady
    | TunnelFailed
    | Silent
    | Heard
    | RetryDue
    | DoorRestarted
    | SaveFailed
)


@dataclass(frozen=True, slots=True)
class Save:
    """Save the wish; if that fails, do nothing of the rest and report `SaveFailed`."""

    wish: Wish
    exit_id: str | None


@dataclass(frozen=True, slots=True)
class Block:
    """Let nothing leave, and cut what is open."""

    holds: bool = False
    """Whether what is asked for waits, because a tunnel is on its way; else it is refused."""


@dataclass(frozen=True, slots=True)
class Start:
    """Make a tunnel."""

    exit_id: str
    run: int


@dataclass(frozen=True, slots=True)
class Stop:
    """End every tunnel."""


@dataclass(frozen=True, slots=True)
class UseTunnel:
    """Let everything leave through this run's tunnel."""

    run: int


@dataclass(frozen=True, slots=True)
class UseDirect:
    """Let everything leave directly."""


@dataclass(frozen=True, slots=True)
class RetryAfter:
    """Report `RetryDue` after so many seconds, unless something else came."""

    seconds: float
    run: int


Effect = Save | Block | Start | Stop | UseTunnel | UseDirect | RetryAfter


@dataclass(frozen=True, slots=True)
class Transition:
    """What follows from an event."""

    state: State
    effects: tuple[Effect, ...] = ()


def initial(wish: Wish, exit_id: str | None) -> Transition:
    """The beginning, with the wish that was saved. The door starts blocked."""
    match wish:
        case Wish.OPEN:
            return Transition(Off(), (UseDirect(),))
        case Wish.SECURED:
            if exit_id is None:
                return Transition(Blocked(Cause.NO_EXIT, None, 0), (Block(),))
            return Transition(Connecting(exit_id, 1), (Block(True), Start(exit_id, 1)))


def run_of(state: State) -> int:
    """The number of the state's run."""
    match state:
        case Off():
            return 0
        case Connecting() | Protected() | Blocked():
            return state.run


def step(state: State, event: Event, last_run: int) -> Transition:
    """What follows. `last_run` is the highest run number so far."""
    match event:
        case TurnOn(exit_id):
            return _turn_on(exit_id, last_run)
        case TurnOff():
            if isinstance(state, Off):
                return Transition(state)
            return Transition(
                Off(), (Save(Wish.OPEN, _exit_of(state)), Block(), Stop(), UseDirect())
            )
        case BlockAll():
            blocked = Blocked(Cause.BY_USER, _exit_of(state), last_run)
            return Transition(blocked, (Save(Wish.SECURED, _exit_of(state)), Block(), Stop()))
        case SaveFailed():
            blocked = Blocked(Cause.CANNOT_SAVE, _exit_of(state), last_run)
            return Transition(blocked, (Block(), Stop()))
        case DoorRestarted():
            return _door_restarted(state)
        case TunnelReady() | TunnelFailed() | Silent() | Heard() | RetryDue():
            if isinstance(state, Off) or event.run != state.run:
                return Transition(state)
            return _of_this_run(state, event, last_run)


def _turn_on(exit_id: str | None, last_run: int) -> Transition:
    save = Save(Wish.SECURED, exit_id)
    if exit_id is None:
        return Transition(Blocked(Cause.NO_EXIT, None, last_run), (save, Block(), Stop()))
    run = last_run + 1
    return Transition(Connecting(exit_id, run), (save, Block(True), Stop(), Start(exit_id, run)))


def _door_restarted(state: State) -> Transition:
    match state:
        case Off():
            return Transition(state, (UseDirect(),))
        case Protected(run=run):
            return Transition(state, (UseTunnel(run),))
        case Connecting():
            return Transition(state, (Block(True),))
        case Blocked():
            return Transition(state, (Block(),))


def _of_this_run(
    state: Connecting | Protected | Blocked,
    event: TunnelReady | TunnelFailed | Silent | Heard | RetryDue,
    last_run: int,
) -> Transition:
    match state, event:
        case Connecting(exit_id, run), TunnelReady():
            return Transition(Protected(exit_id, run), (UseTunnel(run),))
        case ((Connecting() | Protected()), TunnelFailed(_, cause, detail)):
            return _failed(state, cause, detail)
        case Protected(is_silent=False), Silent():
            return Transition(replace(state, is_silent=True))
        case Protected(is_silent=True), Heard():
            return Transition(replace(state, is_silent=False))
        case Blocked(exit_id=str(exit_id), attempt=attempt, retry_s=float()), RetryDue():
            run = last_run + 1
            effects = (Block(True), Stop(), Start(exit_id, run))
            return Transition(Connecting(exit_id, run, attempt), effects)
        case _:  # what does not concern this state changes nothing
            return Transition(state)


def _failed(state: Connecting | Protected, cause: Cause, detail: str) -> Transition:
    attempt = state.attempt + 1 if isinstance(state, Connecting) else 1
    blocked = Blocked(cause, state.exit_id, state.run, attempt, None, detail)
    if cause not in _WORTH_RETRYING:
        return Transition(blocked, (Block(), Stop()))
    seconds = _RETRY_S[min(attempt, len(_RETRY_S)) - 1]
    effects = (Block(), Stop(), RetryAfter(seconds, state.run))
    return Transition(replace(blocked, retry_s=seconds), effects)


def _exit_of(state: State) -> str | None:
    match state:
        case Off():
            return None
        case Connecting() | Protected() | Blocked():
            return state.exit_id
