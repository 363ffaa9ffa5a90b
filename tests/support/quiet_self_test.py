"""Runs `myco-browser --self-test --json` in a network of its own and tells what was sent there.

    python quiet_self_test.py FOLDER

The network is that of quiet_network: an address, a route and a resolver at the end of a cable that
leads nowhere. The answer is JSON: what the command printed, its status, and every frame.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

from support.quiet_network import CONTROL, CONTROL_S, enter_network

_PATIENCE_S = 120


def main() -> None:
    """Watches one self-test."""
    folder = Path(sys.argv[1])
    capture = enter_network(folder)
    capture.leave_loopback_out()
    command = [sys.executable, "-P", "-m", "myco_browser", "--self-test", "--json"]
    ran = subprocess.run(
        command, capture_output=True, text=True, timeout=_PATIENCE_S, check=False, cwd=folder,
        env={**os.environ, "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)},
    )  # fmt: skip
    control = f"near udp {CONTROL[0]}:{CONTROL[1]}"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.sendto(b"is anybody looking?", CONTROL)
    capture.watch(CONTROL_S, control)
    found = {
        "status": ran.returncode, "printed": ran.stdout, "said": ran.stderr,
        "others": [one for one in capture.others if one != control],
        "arp": capture.arp, "control": control in capture.others,
        "left": sorted(str(path) for path in folder.glob("**/myco-self-test-*")),
    }  # fmt: skip
    print(json.dumps(found))


if __name__ == "__main__":
    main()
