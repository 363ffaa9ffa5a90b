"""A real polkit beside the privileged helper, in namespaces of our own; its answers are JSON.

    python vpn_polkit.py FOLDER

The bus, polkitd and pkcheck are the system's. Made up is what they read: who is at the computer
(the files of systemd-logind, and to which of its sessions a process belongs), and a rule of the
administrator's. Everybody here is the same ordinary user, so polkitd is told that it has given up
its groups, which such a user may not do.
"""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from support.launcher_rig import wait_until
from support.vpn_lab import enter_lab
from support.vpn_whole import start_helper

from myco_vpn import kernel
from myco_vpn.whole import client, installation
from myco_vpn.whole.helper import ACTION
from myco_vpn.whole.installation import Tree

_POLKITD = "/usr/lib/polkit-1/polkitd"
_BUS = "/run/dbus/system_bus_socket"
_SESSION = "c1"
_AS_POLKITD = "--as-polkitd"
_BUS_CONFIG = f"""<busconfig>
  <type>system</type>
  <listen>unix:path={_BUS}</listen>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_destination="*" eavesdrop="true"/>
    <allow receive_sender="*"/>
  </policy>
</busconfig>
"""
_RULE = f"""polkit.addRule(function(action, subject) {{
  if (action.id == "{ACTION}" && subject.active && subject.local) return polkit.Result.YES;
}});
"""
_SETGROUPS = {"x86_64": (0xC000003E, 116), "aarch64": (0xC00000B7, 159)}


def obstacle() -> str:
    """Why it cannot be tried here; "" when it can."""
    programs = ("/usr/bin/dbus-daemon", _POLKITD, "/usr/bin/pkcheck")
    missing = [path for path in programs if not os.access(path, os.X_OK)]
    if missing:
        return f"missing: {' '.join(missing)}"
    return "" if os.uname().machine in _SETGROUPS else "a processor that is not known"


class Computer:
    """The files that polkit reads, its processes, and a helper that asks it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        self._tree = Tree(folder / "root")
        installation.pack(self._tree.program)
        self._lay_files()
        (folder / "bus.conf").write_text(_BUS_CONFIG)
        self._start("/usr/bin/dbus-daemon", "--nofork", f"--config-file={folder / 'bus.conf'}")
        assert wait_until(lambda: os.path.exists(_BUS))

    def _lay_files(self) -> None:
        user = pwd.getpwuid(os.getuid())
        own = self._folder / "etc"
        own.mkdir()
        lines = Path("/etc/passwd").read_text().splitlines()
        kept = [line for line in lines if not line.startswith("polkitd:")]
        polkitd = f"polkitd:x:{user.pw_uid}:{user.pw_gid}::/:/usr/sbin/nologin"
        (own / "passwd").write_text("\n".join([*kept, polkitd, ""]))
        kernel.mount(str(own / "passwd"), "/etc/passwd", "none", kernel.MS_BIND)
        for place in ("/etc/polkit-1", "/usr/share/polkit-1"):
            kernel.mount("tmpfs", place, "tmpfs", kernel.MS_NODEV, "mode=0755")
            for name in ("rules.d", "actions"):
                (Path(place) / name).mkdir(exist_ok=True)
        self.rule = Path("/etc/polkit-1/rules.d/50-myco.rules")
        (Path("/usr/share/polkit-1/actions") / f"{ACTION}.policy").write_text(installation.policy())
        for name in ("dbus", "systemd/sessions", "systemd/users", "systemd/seats"):
            (Path("/run") / name).mkdir(parents=True)

    def seat(self, *, active: bool) -> None:
        """Somebody is at the computer, or has gone to another session of it."""
        uid, name = os.getuid(), pwd.getpwuid(os.getuid()).pw_name
        state = "active" if active else "online"
        (Path("/run/systemd/sessions") / _SESSION).write_text(
            f"UID={uid}\nUSER={name}\nACTIVE={int(active)}\nSTATE={state}\nREMOTE=0\n"
            "SEAT=seat0\nTYPE=wayland\nCLASS=user\n"
        )
        (Path("/run/systemd/users") / str(uid)).write_text(
            f"NAME={name}\nSTATE={state}\nDISPLAY={_SESSION}\n"
        )

    def join_session(self) -> None:
        """This process belongs to the session, by the name of its control group."""
        group = f"/user.slice/user-{os.getuid()}.slice/session-{_SESSION}.scope"
        path = self._folder / "cgroup"
        path.write_text(f"1:name=systemd:{group}\n0::{group}\n")
        kernel.mount(str(path), f"/proc/{os.getpid()}/cgroup", "none", kernel.MS_BIND)

    @contextlib.contextmanager
    def polkit(self) -> Iterator[None]:
        """polkitd runs; with each start it reads the rules anew."""
        process = self._start(sys.executable, __file__, _AS_POLKITD)
        # The bus hands questions over when polkitd has taken its name.
        assert wait_until(_knows_action)
        try:
            yield
        finally:
            process.terminate()
            process.wait()

    def ask(self) -> str:
        """What the helper answers to somebody who wants everything blocked."""
        path = self._folder / "whole.sock"
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(path))
        listener.listen()
        kept = ("--kept", str(self._folder / "kept"), "--users", str(self._folder / "nobody"))
        helper = start_helper(self._tree, listener, *kept)
        try:
            answer = client.ask("block", None, path)
            return answer.problem or str(answer.state)
        finally:
            os.kill(helper, signal.SIGTERM)
            os.waitpid(helper, 0)
            listener.close()
            path.unlink()

    def close(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait()

    def _start(self, *command: str) -> subprocess.Popen[bytes]:
        whole = ["/usr/bin/setpriv", "--pdeathsig", "KILL", *command]
        process = subprocess.Popen(whole, stdin=subprocess.DEVNULL)
        self._processes.append(process)
        return process


def _knows_action() -> bool:
    command = ["/usr/bin/pkaction", "--action-id", ACTION]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def become_polkitd() -> None:
    """Replace this process by polkitd, for which setgroups(2) seems to work."""
    arch, number = _SETGROUPS[os.uname().machine]
    load, equal, answer = 0x20, 0x15, 0x06
    kernel.forbid_new_privileges()
    kernel.filter_system_calls(
        (
            (load, 0, 0, 4),
            (equal, 0, 3, arch),
            (load, 0, 0, 0),
            (equal, 0, 1, number),
            (answer, 0, 0, 0x00050000),
            (answer, 0, 0, 0x7FFF0000),
        )
    )
    os.execv(_POLKITD, [_POLKITD, "--no-debug"])


def main() -> None:
    """Ask in each case."""
    if sys.argv[1] == _AS_POLKITD:
        become_polkitd()
    folder = Path(sys.argv[1])
    enter_lab()
    computer = Computer(folder)
    found = {"without_polkit": computer.ask()}
    with computer.polkit():
        found["without_session"] = computer.ask()
        computer.join_session()
        computer.seat(active=True)
        found["active"] = computer.ask()
    computer.rule.write_text(_RULE)
    with computer.polkit():
        found["active_by_rule"] = computer.ask()
        computer.seat(active=False)
        found["inactive_by_rule"] = computer.ask()
    found["gone_again"] = computer.ask()
    computer.close()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
