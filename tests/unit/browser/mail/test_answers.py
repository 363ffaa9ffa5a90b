"""What IMAP servers answer, in words of our own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myco_browser.mail.errors import ProtocolError
from myco_browser.mail.imap_answers import (
    Counts,
    FolderCounts,
    conversations_in,
    counts_in,
    numbers_of,
)


@pytest.mark.parametrize(
    ("line", "path"),
    [
        (b"* STATUS inbox (MESSAGES 3 UNSEEN 1 UIDNEXT 9 UIDVALIDITY 7)", "INBOX"),
        (b'"a \\"b\\\\" (UNSEEN 1 messages 3 UIDNEXT 9 UIDVALIDITY 7 HIGHESTMODSEQ 4)', 'a "b\\'),
        (b"* STATUS Envoy&AOk-s (MESSAGES 3 UNSEEN 1 UIDNEXT 9 UIDVALIDITY 7)", "Envoyés"),
    ],
)
def test_counts_are_read_in_any_form(line: bytes, path: str) -> None:
    assert counts_in(line) == FolderCounts(path, Counts(3, 1, 9, 7), is_whole=True)


@pytest.mark.parametrize(
    "line", [b"* 3 EXISTS", b"* STATUS {5}", b"* STATUS x (", b"", b"* STATUS (MESSAGES 1)"]
)
def test_other_lines_are_no_counts(line: bytes) -> None:
    assert counts_in(line) is None


def test_counts_with_gaps_say_so() -> None:
    found = counts_in(b"* STATUS x (MESSAGES 3)")
    assert found is not None
    assert not found.is_whole


def test_conversations_are_those_of_several() -> None:
    # The examples of RFC 5256, 4.
    rows = [b"(2)(3 6 (4 23)(44 7 96))", b"((3)(5))", None]
    assert conversations_in(rows) == [(3, 4, 6, 7, 23, 44, 96), (3, 5)]


@given(st.lists(st.binary(max_size=60)))
def test_any_answer_is_harmless(rows: list[bytes]) -> None:
    for row in rows:
        counts_in(row)
    assert all(len(one) > 1 for one in conversations_in(rows))


def test_more_numbers_than_there_can_be() -> None:
    assert list(numbers_of([b"3,7:9"])) == [3, 7, 8, 9]
    with pytest.raises(ProtocolError):
        list(numbers_of([b"1:4294967295"]))
