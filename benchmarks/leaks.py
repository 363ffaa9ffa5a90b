"""Ten thousand random transitions of the tunnel; whatever else than WireGuard leaves is printed.

    python benchmarks/leaks.py [--steps 10000] [--seed 1]

The same walk as in tests/integration/tunnel, longer: turning on, switching, blocking, turning off,
killing wireguard-go, the worker and the door, with requests all the time, in the lab of the tests.
About eleven minutes on two cores.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

_SCENARIOS = Path(__file__).parents[1] / "tests" / "support" / "vpn_scenarios.py"


def main() -> int:
    """Walk; status 1 when something leaked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    words = ("--steps", str(options.steps), "--seed", str(options.seed), "off", "random_walk")
    done = subprocess.run(
        [sys.executable, str(_SCENARIOS), *words], stdout=subprocess.PIPE, text=True, check=True
    )
    found = json.loads(done.stdout)
    seen = {
        "control": bool(found["control"]["others"]),
        **{name: found["random_walk"][name] for name in ("steps", "protected", "wrong")},
    }
    print(json.dumps(seen, indent=1))
    return int(bool(seen["wrong"]) or not seen["control"])


if __name__ == "__main__":
    sys.exit(main())
