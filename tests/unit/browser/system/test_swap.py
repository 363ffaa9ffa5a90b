"""Where memory may be written to, from the kernel's own table."""

from __future__ import annotations

import pytest

from myco_browser.system.swap import Swap, swap_of

_HEAD = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"


@pytest.mark.parametrize(
    ("rows", "swap"),
    [
        ("", Swap.NONE),
        ("/dev/zram0  partition 1 0 100\n", Swap.NONE),
        ("/dev/dm-1   partition 1 0 -2\n", Swap.ENCRYPTED),
        ("/dev/zram0  partition 1 0 100\n/dev/dm-1 partition 1 0 -2\n", Swap.ENCRYPTED),
        ("/dev/sda2   partition 1 0 -2\n", Swap.CLEAR),
        ("/dev/dm-1   partition 1 0 -2\n/swapfile file 1 0 -3\n", Swap.CLEAR),
    ],
)
def test_the_least_safe_area_counts(rows: str, swap: Swap) -> None:
    assert swap_of(_HEAD + rows, lambda path: path == "/dev/dm-1") is swap
