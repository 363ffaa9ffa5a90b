"""A profile that is being written survives the end of its process at any moment."""

from __future__ import annotations

import random
from pathlib import Path

from support.killed_writer import KINDS, Profile, kill_once

_KILLS = 25


def test_what_was_kept_is_there_after_a_kill(tmp_path: Path) -> None:
    told = dict.fromkeys(KINDS, 0)
    chance = random.Random(7)
    for number in range(_KILLS):
        assert kill_once(tmp_path, told, chance) == [], number
    assert all(count >= _KILLS / len(KINDS) for count in told.values())
    # What was never kept is missed: the look itself can tell.
    profile = Profile(tmp_path)
    for kind in KINDS:
        if kind != "setting":
            assert profile.lost(kind, told[kind] + 3), kind
    profile.close()
