"""Exit codes of `myco-vpn`: part of what scripts may rely on (docs/vpn.md)."""

from __future__ import annotations

from enum import IntEnum

from myco_vpn.tunnel.states import Blocked, Cause, Connecting, Off, Protected, State


class Code(IntEnum):
    """How a command ended."""

    OK = 0
    FAILED = 1
    USAGE = 2
    BLOCKED = 3
    NO_SUCH_EXIT = 4
    LOCKED = 5
    REFUSED_FILE = 6
    NOT_POSSIBLE = 7
    OFF = 10
    CONNECTING = 11


def code_of(state: State) -> Code:
    """What `status` and `up` end with in a state."""
    match state:
        case Off():
            return Code.OFF
        case Connecting():
            return Code.CONNECTING
        case Protected():
            return Code.OK
        case Blocked(cause=Cause.LOCKED):
            return Code.LOCKED
        case Blocked(cause=Cause.NO_EXIT):
            return Code.NO_SUCH_EXIT
        case Blocked(cause=Cause.NOT_POSSIBLE | Cause.NO_PROGRAM):
            return Code.NOT_POSSIBLE
        case Blocked():
            return Code.BLOCKED


_SENTENCES = {
    Cause.BY_USER: "you blocked everything; turn the tunnel on, or off",
    Cause.NO_EXIT: "no exit is chosen; import one with “myco-vpn import FILE”",
    Cause.NOT_POSSIBLE: (
        "this machine does not let an ordinary user make a tunnel; on Ubuntu an administrator has "
        "to allow user namespaces for Myco (“myco-vpn apparmor”, docs/vpn.md)"
    ),
    Cause.NO_PROGRAM: "wireguard-go is missing; install it with “apt install wireguard-go”",
    Cause.LOCKED: "the keys are locked; give the passphrase",
    Cause.NAME_NOT_FOUND: "the gateway's name was not found; is the network up?",
    Cause.NO_ANSWER: (
        "the gateway does not answer: it is down, its address is wrong, the network drops UDP, or "
        "it does not know this key"
    ),
    Cause.BAD_CONFIGURATION: "the configuration cannot be used",
    Cause.TUNNEL_ENDED: "a part of the tunnel ended; it is started again",
    Cause.IN_USE: "another tunnel uses this exit by another route",
    Cause.CANNOT_SAVE: "what you want could not be saved; is the disk full?",
}


def sentence(state: State) -> str:
    """The state in plain words, with what to do next."""
    match state:
        case Off():
            return "Off: no tunnel is up."
        case Connecting():
            return "Connecting: nothing leaves until the gateway answers."
        case Protected(is_silent=True):
            return "Protected, but the gateway has not answered for a while."
        case Protected():
            return "Protected: everything through the proxy leaves by the tunnel."
        case Blocked(cause=cause, detail=detail):
            return f"Blocked: {_SENTENCES[cause]}." + (f" ({detail})" if detail else "")
