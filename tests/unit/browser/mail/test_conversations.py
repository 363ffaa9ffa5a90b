"""Which messages belong together, and which rows a list has of them."""

from __future__ import annotations

import array

from hypothesis import given
from hypothesis import strategies as st

from myco_browser.domain.mail_rows import rows_of, step_between
from myco_browser.services.mail_threads import (
    Links,
    conversations_of,
    packed,
    still_there,
    unpacked,
)

_NAMES = st.sampled_from(["", "<a>", "<b>", "<c>", "<d>"])
_LINKS = st.lists(st.tuples(_NAMES, st.lists(_NAMES.filter(bool), max_size=3)), max_size=8)


def test_answers_belong_to_what_they_answer() -> None:
    found = conversations_of([
        Links(1, "<a>", ()), Links(2, "<x>", ()), Links(3, "<c>", ("<a>", "<b>")),
        # Both answer one that is not here.
        Links(4, "<e>", ("<gone>",)), Links(5, "<f>", ("<gone>",)), Links(6, "", ()),
        Links(7, "", ()),
    ])  # fmt: skip
    assert sorted(found) == [(1, 3), (4, 5)]
    assert still_there(found, [1, 4, 5]) == ((4, 5),)


@given(_LINKS)
def test_every_message_is_in_one_conversation_at_most(rows: list[tuple[str, list[str]]]) -> None:
    links = [Links(uid, name, tuple(to)) for uid, (name, to) in enumerate(rows, 1)]
    found = conversations_of(links)
    every = [uid for one in found for uid in one]
    assert len(every) == len(set(every))
    assert unpacked(packed(found)) == found
    # Loops among references end, and each pair that names each other is together.
    for one in links:
        for other in links:
            if one.uid != other.uid and other.message_id and other.message_id in one.references:
                assert any({one.uid, other.uid} <= set(these) for these in found)


def test_a_row_is_named_by_the_newest_that_is_shown() -> None:
    found = rows_of([1, 2, 3, 4, 5], [(1, 4), (2, 3)], frozenset({4}))
    assert list(found.uids) == [5, 3, 1]
    assert found.members == {3: (2, 3)}


@given(st.lists(st.integers(0, 5)), st.lists(st.integers(0, 5)))
def test_a_step_leads_from_one_list_to_the_other(before: list[int], after: list[int]) -> None:
    step = step_between(before, after)
    new = after[step.place : step.place + step.added]
    assert before[: step.place] + new + before[step.place + step.removed :] == after


def test_rows_of_a_large_folder_hold_no_messages() -> None:
    found = rows_of(array.array("I", range(1, 100_001)), [(1, 100_000)], frozenset())
    assert (len(found.uids), found.uids[0], found.members) == (
        99_999,
        100_000,
        {100_000: (1, 100_000)},
    )
