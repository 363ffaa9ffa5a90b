"""Sealing, tried in processes of their own."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys

import pytest

from myco_vpn import seal

_REPORT = """
import json, os, socket, sys
from myco_vpn import kernel, seal
from pathlib import Path
{before}
outcome = seal.open_listeners({wish}, {ports})
seal.die_with_parent()
status = dict(
    line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines() if ":" in line
)
def reach(address, port):
    with socket.socket() as sock:
        sock.settimeout(5)
        return sock.connect_ex((address, port))
print(json.dumps({{
    "kind": type(outcome).__name__,
    "reason": getattr(outcome, "reason", ""),
    "ports": outcome.ports,
    "interfaces": [name for _, name in socket.if_nameindex()],
    "host_loopback": reach("127.0.0.1", int(sys.argv[1])),
    "own_loopback": reach("127.0.0.1", outcome.ports[0]),
    "capabilities": status["CapEff"].strip() + status["CapPrm"].strip() + status["CapBnd"].strip(),
    "ids": [os.getuid(), os.getgid()],
    "can_nest": os.spawnlp(os.P_WAIT, sys.executable, sys.executable, "-c",
        "from myco_vpn import kernel; kernel.unshare(kernel.CLONE_NEWUSER)"),
}}))
"""

_FORBID = """
uid, gid = os.getuid(), os.getgid()
kernel.unshare(kernel.CLONE_NEWUSER)
kernel.set_dumpable()
Path("/proc/self/setgroups").write_text("deny")
Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
Path("/proc/sys/user/max_user_namespaces").write_text("0")
"""


def _run(wish: bool, before: str = "", ports: int = 1) -> dict[str, object]:
    import socket

    program = _REPORT.format(wish=wish, before=before, ports=ports)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-c", program, str(port)],
            capture_output=True,
            check=False,
            text=True,
        )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert isinstance(report, dict)
    return report


@pytest.fixture(scope="module")
def sealed() -> dict[str, object]:
    report = _run(True, ports=2)
    if report["kind"] != "Sealed":
        pytest.skip(f"this kernel does not allow sealing: {report['reason']}")
    return report


def test_a_sealed_process_has_only_its_own_loopback(sealed: dict[str, object]) -> None:
    assert sealed["interfaces"] == ["lo"]
    assert sealed["ports"] == [seal.FIRST_PORT, seal.FIRST_PORT + 1]
    assert sealed["own_loopback"] == 0
    assert sealed["host_loopback"] != 0


def test_a_sealed_process_has_no_capabilities_and_may_still_nest(
    sealed: dict[str, object],
) -> None:
    assert set(str(sealed["capabilities"])) == {"0"}
    assert sealed["can_nest"] == 0


def test_without_the_wish_the_process_stays_as_it_is() -> None:
    report = _run(False)
    assert (report["kind"], report["reason"]) == ("Unsealed", "not wished")
    assert report["host_loopback"] == 0
    assert report["own_loopback"] == 0


def test_where_the_kernel_forbids_it_the_process_stays_intact() -> None:
    try:
        report = _run(True, before=_FORBID)
    except AssertionError as error:
        pytest.skip(f"cannot forbid namespaces here: {str(error).splitlines()[-1]}")
    assert report["kind"] == "Unsealed"
    assert report["reason"]
    assert report["host_loopback"] == 0
    assert report["own_loopback"] == 0


@pytest.mark.parametrize("ports", [0, seal.MAX_LISTENERS + 1])
def test_an_impossible_number_of_listeners_is_an_error(ports: int) -> None:
    with pytest.raises(ValueError, match="listeners"):
        seal.open_listeners(False, ports)


_LOCK = """
import os, resource, sys
from pathlib import Path
from myco_vpn import kernel, seal
way, hard = sys.argv[1], int(sys.argv[2])
if way == "limit":
    try:
        resource.setrlimit(resource.RLIMIT_MEMLOCK, (8 << 20, hard))
    except ValueError:
        sys.exit("refused")
    if os.getuid() == 0:
        os.setgid(65534)
        os.setuid(65534)
    done = seal.lock_memory()
else:
    kernel.lock_memory()
    done = True
more = bytearray(b"x" * (32 << 20))
status = dict(
    line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines() if ":" in line
)
print(done, *(status[name].split()[0] for name in ("VmLck", "VmRSS")))
"""


def _lock(way: str, hard: int) -> tuple[bool, int, int]:
    """Whether a process locked its memory, and KiB locked and in use."""
    done = subprocess.run(
        [sys.executable, "-c", _LOCK, way, str(hard)], capture_output=True, text=True, check=False
    )
    if done.stderr.strip() == "refused":
        pytest.skip("this system lets nobody here take the limit on locked memory away")
    assert done.returncode == 0, done.stderr
    word, locked, used = done.stdout.split()
    return word == "True", int(locked), int(used)


def test_memory_is_not_locked_under_a_limit() -> None:
    done, locked, _used = _lock("limit", 8 << 20)
    assert (done, locked) == (False, 0)


def test_all_memory_of_an_ordinary_user_is_locked_where_there_is_no_limit() -> None:
    done, locked, used = _lock("limit", resource.RLIM_INFINITY)
    # What came after the call is locked as well.
    assert done
    assert locked >= used >= 32 << 10


def test_locking_takes_what_is_in_use_and_what_comes() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root locks more than the limit")
    _done, locked, used = _lock("root", 0)
    assert locked >= used >= 32 << 10
