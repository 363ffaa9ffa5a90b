"""Prices on a page, and whether they differ between identities by more than they do anyway: pure.

A price is a number beside a currency, as English and French pages write them. Prices of two loads
belong together when the words around them are the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

MOST_PRICES = 60
# A difference between identities counts when it is so many times what one identity sees vary.
_MARGIN = 3
_LONGEST_LABEL = 80
_LONGEST_TEXT = 400_000

_CURRENCIES = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR",
    "£": "GBP", "gbp": "GBP",
    "us$": "USD", "$us": "USD", "usd": "USD", "$": "USD",
    "ca$": "CAD", "c$": "CAD", "$ca": "CAD", "cad": "CAD", "a$": "AUD", "aud": "AUD",
    "chf": "CHF", "fr.": "CHF", "sfr.": "CHF",
    "¥": "JPY", "jpy": "JPY", "zł": "PLN", "pln": "PLN", "kr": "KR", "sek": "SEK", "nok": "NOK",
    "dkk": "DKK", "₹": "INR", "inr": "INR", "kč": "CZK", "czk": "CZK",
}  # fmt: skip
_SPACE = " \u00a0\u202f\u2009"
_WORDS = "|".join(re.escape(one) for one in sorted(_CURRENCIES, key=len, reverse=True))
_NUMBER = rf"\d{{1,3}}(?:[{_SPACE}.,'’]\d{{3}})+(?:[.,]\d{{1,2}})?|\d+(?:[.,]\d{{1,2}})?"
_PRICE = re.compile(
    rf"(?<![\w.,])(?:(?P<before>{_WORDS})[{_SPACE}]?(?P<after_it>{_NUMBER})"
    rf"|(?P<before_it>{_NUMBER})[{_SPACE}]?(?P<after>{_WORDS}))(?![\w])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Price:
    """One price. `label` is what stands around it, with a number where that comes again."""

    label: str
    amount: Decimal
    currency: str
    written: str


_Prices = tuple[Price | None, ...]


class Verdict(Enum):
    """What the loads say together."""

    NO_PRICES = "no-prices"
    EQUAL = "equal"
    """No difference between identities, nor between two loads of one."""
    NOISE = "noise"
    """They differ, but one identity sees them vary as well."""
    RETURN = "return"
    """Strangers see the same; who comes back sees another price."""
    DIFFERENT = "different"
    """Fresh identities, or this window, see prices that differ by more than noise."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing and what it costs in each load (see `compare`); None where it was not found."""

    label: str
    first: _Prices
    again: _Prices
    control: Price | None
    here: Price | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Comparison:
    """All rows, those that differ first."""

    rows: tuple[Row, ...]
    verdict: Verdict


def read_prices(text: str) -> tuple[Price, ...]:
    """The prices in the visible text of a page, line by line, at most `MOST_PRICES`."""
    found: list[Price] = []
    seen: Counter[str] = Counter()
    heading = ""
    for raw in text[:_LONGEST_TEXT].splitlines():
        line = raw.strip()
        matches = list(_PRICE.finditer(line))
        if not matches:
            heading = line or heading
        for match in matches:
            words = " ".join(_PRICE.sub("", line).split()) or heading
            label = words[:_LONGEST_LABEL]
            seen[label] += 1
            name = label if seen[label] == 1 else f"{label} ({seen[label]})"
            found.append(_price(name, match))
            if len(found) >= MOST_PRICES:
                return tuple(found)
    return tuple(found)


def read_amount(written: str) -> Decimal:
    """The number: of two kinds of separators the last is the decimal one, of one kind by length."""
    digits = re.sub(rf"[{_SPACE}'’]", "", written)
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0:
        return Decimal(digits)
    whole, part = digits[:last], digits[last + 1 :]
    if len(part) == 3:
        return Decimal(re.sub(r"[.,]", "", digits))
    return Decimal(f"{re.sub(r'[.,]', '', whole)}.{part}")


def compare(
    first: Sequence[Sequence[Price]],
    again: Sequence[Sequence[Price]],
    control: Sequence[Price],
    here: Sequence[Price] | None = None,
) -> Comparison:
    """Sets loads side by side: `first` of each fresh identity, and `again` by each a moment later.

    `control` is the first identity once more, at the moment of `first`; `here` the user's window.
    """
    tables = [[_table(one) for one in loads] for loads in (first, again)]
    beside, own = _table(control), None if here is None else _table(here)
    every = [*([] if own is None else [own]), *tables[0], beside, *tables[1]]
    labels = list(dict.fromkeys(label for table in every for label in table))
    rows = [
        _row(
            label,
            tuple(table.get(label) for table in tables[0]),
            tuple(table.get(label) for table in tables[1]),
            beside.get(label),
            None if own is None else own.get(label),
        )
        for label in labels
    ]
    order = (Verdict.DIFFERENT, Verdict.RETURN, Verdict.NOISE, Verdict.EQUAL)
    rows.sort(key=lambda row: order.index(row.verdict))
    return Comparison(tuple(rows), rows[0].verdict if rows else Verdict.NO_PRICES)


def _table(load: Sequence[Price]) -> dict[str, Price]:
    return {one.label: one for one in load}


def _row(
    label: str, first: _Prices, again: _Prices, control: Price | None, here: Price | None
) -> Row:
    pairs = zip(first, again, strict=True)
    noise = max(_spread((first[0], control)), *(_spread(pair) for pair in pairs))
    apart = _spread((*first, here))
    if apart > _MARGIN * noise:
        verdict = Verdict.DIFFERENT
    elif noise == 0:
        verdict = Verdict.EQUAL
    elif apart == 0 and _spread((first[0], control)) == 0 and _spread(again) == 0:
        verdict = Verdict.RETURN
    else:
        verdict = Verdict.NOISE
    return Row(label, first, again, control, here, verdict)


def _spread(prices: Sequence[Price | None]) -> Decimal:
    """By how much they differ; those in another currency, or not found, say nothing."""
    known = [one for one in prices if one is not None]
    usual = [one.amount for one in known if one.currency == known[0].currency]
    return max(usual) - min(usual) if usual else Decimal(0)


def _price(label: str, match: re.Match[str]) -> Price:
    number = match["after_it"] or match["before_it"]
    word = match["before"] or match["after"]
    written = " ".join(match[0].split())
    return Price(label, read_amount(number), _CURRENCIES[word.lower()], written)
