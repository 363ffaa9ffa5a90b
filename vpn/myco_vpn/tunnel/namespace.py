"""The tunnel's namespace, made by an ordinary user, and wireguard-go at its edge.

This process goes into a user, network and mount namespace of its own in which there is a TUN device
and nothing else. A child stays in the network it came from and becomes wireguard-go: it is handed
the device, and its UDP socket is in the network outside. So what is inside has one way out, and
that is WireGuard.

A network namespace does not hide sockets with a path: the name service's (nscd, systemd-resolved,
D-Bus) would look names up outside. So /run is empty in here, and nothing in here asks the system's
resolver in the first place (see `stub`).

To be called in a process with one thread.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import resource
import signal
import socket
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from myco_vpn import kernel
from myco_vpn.framing import message_pair, receive_packet, send_packet
from myco_vpn.tunnel import netlink, shim
from myco_vpn.wireguard.config import DEFAULT_MTU, Config, IpAddress

DEVICE = "myco0"
_TUN = "/dev/net/tun"
_TUNSETIFF = 0x400454CA
_IFF_TUN, _IFF_NO_PI, _IFF_VNET_HDR = 0x0001, 0x1000, 0x4000
_RUN_OPTIONS = "mode=0700,size=64k"
_PRIVATE = kernel.MS_REC | kernel.MS_PRIVATE
_NO_PROGRAMS = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
_STEP_S = 5.0
_DEVICE_FD, _LISTENER_FD = 3, 4


class NotPossibleError(Exception):
    """This machine does not let us make a tunnel; the message names the step and the reason."""


@dataclass(frozen=True, slots=True)
class Inside:
    """What this process has after `enter`."""

    uapi: socket.socket
    """A connection to wireguard-go's control socket."""
    wireguard_pid: int
    changes: socket.socket
    """Tells of changes in the network outside (netlink)."""
    has_ipv6: bool


def enter(config: Config, program: str, takes_offloads: bool) -> Inside:
    """Make the namespace and start wireguard-go, not yet configured. Raises NotPossibleError."""
    filter_ = shim.instructions(os.uname().machine)
    if filter_ is None:
        raise NotPossibleError(f"the processor {os.uname().machine} is not known")
    with _step("a watch on the network"):
        changes = netlink.watch_changes()
    enter_user_namespace()
    ours, theirs = message_pair()
    ours.settimeout(_STEP_S)
    child = os.fork()
    if child == 0:
        ours.close()
        changes.close()
        _become_wireguard(theirs, program, filter_)
    theirs.close()
    with _step("a network of its own"):
        kernel.unshare(kernel.CLONE_NEWNET | kernel.CLONE_NEWNS)
    _hide_run(config.dns)
    device = _make_device(takes_offloads)
    with _step("starting wireguard-go"):
        send_packet(ours, b"device", [device])
        os.close(device)
        packet, fds = receive_packet(ours)
    ours.close()
    if packet != b"uapi":
        raise NotPossibleError(packet.decode("utf-8", "replace") or "wireguard-go did not start")
    has_ipv6 = _set_up_network(config)
    kernel.forbid_new_privileges()
    kernel.drop_all_capabilities()
    kernel.set_dumpable()
    return Inside(socket.socket(fileno=fds[0]), child, changes, has_ipv6)


def enter_outer(user: int, net: int) -> None:
    """Go into another tunnel's namespaces first, so that it is the way out of the one to be made.

    The descriptors are closed. Raises NotPossibleError.
    """
    with _step("the outer tunnel's namespace"):
        for fd, kind in ((user, kernel.CLONE_NEWUSER), (net, kernel.CLONE_NEWNET)):
            kernel.setns(fd, kind)
            os.close(fd)
    kernel.set_dumpable()


def enter_user_namespace() -> None:
    """Go into a user namespace in which we are still ourselves. Raises NotPossibleError."""
    uid, gid = os.getuid(), os.getgid()
    with _step("a user namespace"):
        kernel.unshare(kernel.CLONE_NEWUSER)
        kernel.set_dumpable()
        Path("/proc/self/setgroups").write_text("deny", "ascii")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1", "ascii")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1", "ascii")


@contextlib.contextmanager
def _step(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotPossibleError(f"{what}: {error.strerror or error}") from error


def _hide_run(dns: Sequence[IpAddress]) -> None:
    with _step("a file system of its own"):
        kernel.mount("none", "/", "none", _PRIVATE)
        kernel.mount("tmpfs", "/run", "tmpfs", _NO_PROGRAMS, _RUN_OPTIONS)
    # For whoever asks the system's resolver in here after all: the tunnel's servers, nobody else.
    lines = "".join(f"nameserver {server}\n" for server in dns)
    Path("/run/resolv.conf").write_text(lines, "ascii")
    Path("/run/nsswitch.conf").write_text("hosts: files dns\n", "ascii")
    for name in ("resolv.conf", "nsswitch.conf"):
        with contextlib.suppress(OSError):  # where there is none, none is read
            kernel.mount(f"/run/{name}", f"/etc/{name}", "none", kernel.MS_BIND)


def _make_device(takes_offloads: bool) -> int:
    # Older programs want each packet behind the four bytes of struct tun_pi.
    flags = _IFF_TUN | (_IFF_NO_PI | _IFF_VNET_HDR if takes_offloads else 0)
    with _step(f"the device {_TUN}"):
        device = os.open(_TUN, os.O_RDWR | os.O_CLOEXEC)
        fcntl.ioctl(device, _TUNSETIFF, struct.pack("16sH22x", DEVICE.encode(), flags))
    return device


def _set_up_network(config: Config) -> bool:
    """Addresses and routes; whether IPv6 is among them."""
    with _step("the device's addresses and routes"):
        netlink.bring_up("lo")
        has_ipv6 = _add_addresses(config)
        netlink.bring_up(DEVICE, config.mtu or DEFAULT_MTU)
        for network in {n for peer in config.peers for n in peer.allowed_ips}:
            if network.version == 4 or has_ipv6:
                netlink.add_route(DEVICE, network)
    return has_ipv6


def _add_addresses(config: Config) -> bool:
    has_ipv6 = False
    for address in config.addresses:
        if address.version == 4:
            netlink.add_address(DEVICE, address)
            continue
        # A kernel without IPv6: the tunnel serves IPv4, and nothing of IPv6 leaves.
        with contextlib.suppress(OSError):
            netlink.add_address(DEVICE, address)
            has_ipv6 = True
    return has_ipv6


def _become_wireguard(
    parent: socket.socket, program: str, filter_: Sequence[shim.Instruction]
) -> NoReturn:
    """The child: stays in the network outside and is replaced by wireguard-go."""
    try:
        listener, connected = _make_control_socket()
        parent.settimeout(_STEP_S)
        packet, fds = receive_packet(parent)
        if packet != b"device":
            os._exit(1)
        send_packet(parent, b"uapi", [connected.fileno()])
        _keep_only(fds[0], listener.fileno())
        kernel.forbid_new_privileges()
        kernel.drop_all_capabilities()
        # In this order: becoming dumpable again would be undone by exec, and the signal by neither.
        kernel.set_parent_death_signal(signal.SIGKILL)
        kernel.filter_system_calls(filter_)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        environment = {
            "WG_TUN_FD": str(_DEVICE_FD),
            "WG_UAPI_FD": str(_LISTENER_FD),
            "WG_PROCESS_FOREGROUND": "1",
            "LOG_LEVEL": "error",
        }
        os.execve(program, [program, "-f", DEVICE], environment)  # noqa: S606 - no shell is meant
    except BaseException as error:  # whatever it is: this process must not go on as its parent
        with contextlib.suppress(OSError):
            send_packet(parent, f"wireguard-go: {error}".encode()[:4000])
        os._exit(1)


def _make_control_socket() -> tuple[socket.socket, socket.socket]:
    """wireguard-go's listening socket, and a connection to it.

    Its place is fixed and not ours to write to, so that this process sees an empty /run instead.
    """
    kernel.unshare(kernel.CLONE_NEWNS)
    kernel.mount("none", "/", "none", _PRIVATE)
    for folder in dict.fromkeys(os.path.realpath(path) for path in ("/run", "/var/run")):
        kernel.mount("tmpfs", folder, "tmpfs", _NO_PROGRAMS, _RUN_OPTIONS)
    os.mkdir("/var/run/wireguard", 0o700)
    path = f"/var/run/wireguard/{DEVICE}.sock"
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path)
    listener.listen(4)
    connected = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connected.connect(path)
    return listener, connected


def _keep_only(device: int, listener: int) -> None:
    """Leave nothing open but the two descriptors, at their places, and silence."""
    silence = os.open(os.devnull, os.O_RDWR)
    # Above the places first, so that neither is written over by the other.
    high = [fcntl.fcntl(fd, fcntl.F_DUPFD, 64) for fd in (device, listener)]
    for fd, place in zip((silence, silence, silence, *high), range(5), strict=True):
        os.dup2(fd, place, inheritable=True)
    os.closerange(5, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
