"""Which wireguard-go this machine has."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass

_NAME = "wireguard-go"
_USUAL_FOLDERS = "/usr/bin:/usr/local/bin:/usr/sbin:/usr/local/sbin"
_VERSION = re.compile(rb"v?0\.0\.(20[0-9]{6})")
_ANSWER_S = 5.0
# Since this version it reads packets with the kernel's offload header, which makes it faster; the
# device has to be made so from the start.
_OFFLOADS_SINCE = 20230223


@dataclass(frozen=True, slots=True)
class Program:
    """An installed wireguard-go."""

    path: str
    version: str
    """Upstream's date, such as "20231211"; empty when it does not tell."""

    @property
    def takes_offloads(self) -> bool:
        """Whether a device for it is made with offload headers (IFF_VNET_HDR)."""
        return self.version.isdigit() and int(self.version) >= _OFFLOADS_SINCE


def find_program(path: str | None = None) -> Program | None:
    """The installed program, asked for its version; None when there is none that runs."""
    search = os.pathsep.join(filter(None, (os.environ.get("PATH", ""), _USUAL_FOLDERS)))
    found = path or shutil.which(_NAME, path=search)
    if found is None:
        return None
    try:
        done = subprocess.run(
            [found, "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_ANSWER_S,
            env={},
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = _VERSION.search(done.stdout)
    return Program(found, match.group(1).decode() if match else "")
