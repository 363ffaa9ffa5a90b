"""Kills a process that writes into a profile, many times.

    python -m benchmarks.kills [KILLS] [SEED]

Prints how many records were told as kept, and each one that was lost or found broken (there must
be none).
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from support.killed_writer import KINDS, kill_once

# A new profile now and then: the checks look at everything that was ever kept.
_KILLS_A_PROFILE = 50


def main() -> int:
    """Kill as often as wanted; 1 when something was lost."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    chance = random.Random(seed)
    start, kept, wrong = time.monotonic(), 0, 0
    done = 0
    while done < kills:
        told = dict.fromkeys(KINDS, 0)
        with tempfile.TemporaryDirectory() as folder:
            for _number in range(min(_KILLS_A_PROFILE, kills - done)):
                for sentence in kill_once(Path(folder), told, chance):
                    wrong += 1
                    print(sentence)
                done += 1
        kept += sum(told.values())
    seconds = time.monotonic() - start
    print(
        f"{done} kills, {kept} records kept, {wrong} lost or broken, {seconds:.0f} s, seed {seed}"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
