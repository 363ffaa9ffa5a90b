"""The canonical name comes with the addresses, judged at a name server of our own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

_SCRIPT = Path(__file__).parents[2] / "support" / "name_server.py"


def test_the_last_alias_is_found_without_a_further_question() -> None:
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--net", "--mount",
         sys.executable, str(_SCRIPT), "metrics.shop.test", "www.shop.test", "none.shop.test",
         "_imaps._tcp.shop.test", "_imap._tcp.shop.test"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    if "unshare" in done.stderr and done.returncode != 0:
        pytest.skip("this machine allows no namespaces of one's own")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["found"] == {
        "metrics.shop.test": [["192.0.2.7"], "eu.tracker.test"],
        "www.shop.test": [["192.0.2.8"], ""],
        "none.shop.test": [[], ""],
        # In the order in which they are to be tried (RFC 2782).
        "_imaps._tcp.shop.test": [
            [10, -1, 1993, "imap.shop.test"], [20, 0, 993, "spare.shop.test"],
        ],
        "_imap._tcp.shop.test": None,
    }  # fmt: skip
    # Each name once for each family, and nobody else's name.
    asked = sorted(told["asked"])
    for service in ("_imap._tcp.shop.test SRV", "_imaps._tcp.shop.test SRV"):
        asked.remove(service)
    names = ("metrics.shop.test", "none.shop.test", "www.shop.test")
    assert set(asked) <= {f"{name} {kind}" for name in names for kind in ("A", "AAAA")}
    assert len(asked) == len(set(asked))
