"""`myco-vpn apparmor`: the profile by which an administrator lets Myco make user namespaces.

Ubuntu 23.10 and later forbid these to programs without a profile. A profile is for a path, and so
for whatever lies there: only one that nobody but root can change is worth giving it to. Programs
that are started from there (Python, the engine's processes, tunnels) keep it.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from myco_vpn.cli.codes import Code
from myco_vpn.files import changeable_by_others

_PLAIN = re.compile(r"/[A-Za-z0-9_./+-]+")
"""AppArmor's paths are patterns; nothing of what they are made of is let in."""


def add_command(parser: argparse.ArgumentParser) -> None:
    """Add the command to its parser."""
    parser.add_argument("path", nargs="*", type=Path, help="without it: this program")
    parser.set_defaults(command=_apparmor)


def profile(program: Path) -> str:
    """The profile of a program: free to do what it could before, and to make user namespaces."""
    name = program.name
    return f"""\
abi <abi/4.0>,
include <tunables/global>

profile {name} {program} flags=(unconfined) {{
  userns,

  include if exists <local/{name}>
}}
"""


def _apparmor(options: argparse.Namespace) -> Code:
    programs = [path.absolute() for path in options.path or [Path(sys.argv[0])]]
    for program in programs:
        if not program.is_file() or not _PLAIN.fullmatch(str(program)):
            return _fail(f"{program} is no program, or has a name that AppArmor takes otherwise")
        if (part := changeable_by_others(program, 0)) is not None:
            return _fail(
                f"not only root can change {part}: whoever can would get the leave, too. Install "
                "Myco where only root can write"
            )
    print("\n".join(profile(program) for program in programs), end="")
    return Code.OK


def _fail(problem: str) -> Code:
    print(f"myco-vpn: {problem}", file=sys.stderr)
    return Code.FAILED
