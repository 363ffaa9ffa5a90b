"""The door's books stay true and small."""

from __future__ import annotations

from myco_vpn.ledger import (
    MAX_CLIENTS,
    MAX_FAILURES,
    MAX_ROWS,
    OTHERS,
    Cause,
    Count,
    Failure,
    Ledger,
)


def test_each_host_and_client_has_its_own_row() -> None:
    ledger = Ledger()
    ledger.open_count("a.example", "page").sent += 10
    ledger.open_count("a.example", "page").received += 5
    ledger.open_count("a.example", "lists").sent += 1
    assert sorted(ledger.rows(), key=lambda row: row[1]) == [
        ("a.example", "lists", Count(1, 1, 0)),
        ("a.example", "page", Count(2, 10, 5)),
    ]
    assert ledger.total() == Count(3, 11, 5)


def test_endless_names_are_counted_together() -> None:
    ledger = Ledger()
    for number in range(MAX_ROWS + 500):
        ledger.open_count(f"h{number}.example", "page").sent += 1
    assert len(ledger.rows()) == MAX_ROWS + 1
    assert (OTHERS, "page", Count(500, 500, 0)) in ledger.rows()
    assert ledger.total() == Count(MAX_ROWS + 500, MAX_ROWS + 500, 0)


def test_endless_client_names_are_bounded_too() -> None:
    ledger = Ledger()
    for number in range(MAX_ROWS + 2 * MAX_CLIENTS):
        ledger.open_count(f"h{number}.example", f"c{number}")
    assert len(ledger.rows()) <= MAX_ROWS + MAX_CLIENTS + 1
    assert ledger.total().connections == MAX_ROWS + 2 * MAX_CLIENTS


def test_only_the_newest_failures_are_kept() -> None:
    ledger = Ledger()
    refused = Failure(Cause.REFUSED, "")
    for number in range(MAX_FAILURES + 1):
        ledger.note_failure(f"h{number}.example", 80, refused)
    assert ledger.last_failure("h0.example", 80) is None
    assert ledger.last_failure("h1.example", 80) == refused


def test_success_ends_a_failure() -> None:
    ledger = Ledger()
    ledger.note_failure("a.example", 80, Failure(Cause.TIMEOUT, ""))
    ledger.note_success("a.example", 80)
    assert ledger.last_failure("a.example", 80) is None
