"""Prices: read as pages write them, and compared with care."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myco_browser.domain.fares import MOST_PRICES, Price, Verdict, compare, read_prices


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("Total 1 234,56 €", "1234.56", "EUR"),
        ("Total 1\u202f234,56\u00a0€", "1234.56", "EUR"),
        ("Total: €1,234.56", "1234.56", "EUR"),
        ("Total: € 1.234,56", "1234.56", "EUR"),
        ("ab 99,9 EUR", "99.9", "EUR"),
        ("$1,234", "1234", "USD"),
        ("US$ 12", "12", "USD"),
        ("12,50 $US", "12.50", "USD"),
        ("£12.99 per night", "12.99", "GBP"),
        ("CHF 1'234.50", "1234.50", "CHF"),
        ("À partir de 49 euros", "49", "EUR"),
        ("1.299,00€", "1299.00", "EUR"),
        ("2 499 kr", "2499", "KR"),
        ("¥12,800", "12800", "JPY"),
    ],
)
def test_prices_are_read_as_they_are_written(text: str, amount: str, currency: str) -> None:
    (found,) = read_prices(text)
    assert (found.amount, found.currency) == (Decimal(amount), currency)


@pytest.mark.parametrize("text", ["", "2024", "12,50", "50 % off", "v1.2.3", "call 01 23 45", "€"])
def test_other_numbers_are_no_prices(text: str) -> None:
    assert read_prices(text) == ()


def test_labels_are_the_words_around() -> None:
    found = read_prices("Paris – Lyon\n49,00 €\nSeat 5,00 €\nSeat 7,00 €\nold 20 € new 15 €\n")
    assert [one.label for one in found] == [
        "Paris – Lyon", "Seat", "Seat (2)", "old new", "old new (2)"
    ]  # fmt: skip


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    assert len(read_prices(text)) <= MOST_PRICES


def _load(amount: int) -> list[Price]:
    return [Price("flight", Decimal(amount), "EUR", f"{amount} €")]


@pytest.mark.parametrize(
    ("first", "again", "control", "here", "verdict"),
    [
        ([100, 100, 100], [100, 100, 100], 100, None, Verdict.EQUAL),
        ([100, 100, 100], [100, 100, 100], 100, 100, Verdict.EQUAL),
        ([100, 104, 102], [103, 101, 102], 105, None, Verdict.NOISE),
        ([100, 120, 100], [120, 100, 100], 100, None, Verdict.NOISE),
        ([100, 100, 100], [100, 100, 100], 110, None, Verdict.NOISE),
        ([100, 100, 100], [100, 130, 100], 100, None, Verdict.NOISE),
        ([100, 120, 100], [100, 120, 100], 100, None, Verdict.DIFFERENT),
        ([100, 120, 100], [101, 121, 100], 102, None, Verdict.DIFFERENT),
        ([100, 100, 100], [110, 110, 110], 100, None, Verdict.RETURN),
        ([100, 100, 100], [100, 100, 100], 100, 130, Verdict.DIFFERENT),
        ([100, 103, 100], [101, 100, 103], 104, 103, Verdict.NOISE),
    ],
)
def test_only_more_than_noise_is_a_difference(
    first: list[int], again: list[int], control: int, here: int | None, verdict: Verdict
) -> None:
    seen = None if here is None else _load(here)
    found = compare(
        [_load(one) for one in first], [_load(one) for one in again], _load(control), seen
    )
    assert found.verdict is verdict


def test_without_prices_nothing_is_said() -> None:
    assert compare([(), ()], [(), ()], ()).verdict is Verdict.NO_PRICES
