"""Makes the distribution's wireguard-go accept a TUN device of another network namespace: pure.

`wireguard-go` asks for the device's index and sets its MTU by name, in its own namespace, where
there is no such device; upstream treats the failure as fatal. The filter below answers those ioctls
in the program's place: index and set-MTU succeed without running, get-MTU says "no such device",
upon which the program takes 1420. It allows everything else: this is a remedy, no sandbox.

Classic BPF over seccomp_data (linux/seccomp.h, linux/filter.h). To be removed when wireguard-go
takes a foreign descriptor by itself.
"""

from __future__ import annotations

import errno

Instruction = tuple[int, int, int, int]
"""Code, jump if true, jump if false, operand."""

_LOAD, _JUMP_EQUAL, _RETURN = 0x20, 0x15, 0x06
_NUMBER_AT, _ARCH_AT, _SECOND_ARGUMENT_AT = 0, 4, 24
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_SIOCGIFMTU, _SIOCSIFMTU, _SIOCGIFINDEX = 0x8921, 0x8922, 0x8933
# Machine (os.uname().machine) to AUDIT_ARCH_* and the number of ioctl.
_MACHINES = {
    "x86_64": (0xC000003E, 16),
    "aarch64": (0xC00000B7, 29),
    "riscv64": (0xC00000F3, 29),
}


def instructions(machine: str) -> tuple[Instruction, ...] | None:
    """The filter for a machine, or None where its numbers are not known."""
    known = _MACHINES.get(machine)
    if known is None:
        return None
    arch, ioctl = known
    return (
        (_LOAD, 0, 0, _ARCH_AT),
        (_JUMP_EQUAL, 0, 6, arch),
        (_LOAD, 0, 0, _NUMBER_AT),
        (_JUMP_EQUAL, 0, 4, ioctl),
        (_LOAD, 0, 0, _SECOND_ARGUMENT_AT),
        (_JUMP_EQUAL, 4, 0, _SIOCGIFINDEX),
        (_JUMP_EQUAL, 3, 0, _SIOCSIFMTU),
        (_JUMP_EQUAL, 1, 0, _SIOCGIFMTU),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _ERRNO | errno.ENODEV),
        (_RETURN, 0, 0, _ERRNO),
    )


def outcome(filter_: tuple[Instruction, ...], arch: int, number: int, argument: int) -> int:
    """What the filter answers to a call: the kernel's rules, for checking the jumps."""
    loads = {_NUMBER_AT: number, _ARCH_AT: arch, _SECOND_ARGUMENT_AT: argument}
    accumulator, at = 0, 0
    while True:
        code, if_true, if_false, operand = filter_[at]
        at += 1
        if code == _RETURN:
            return operand
        if code == _LOAD:
            accumulator = loads[operand]
        else:
            at += if_true if accumulator == operand else if_false
