"""Cards: what is unknown comes out as it went in; a change touches its own lines only."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myco_browser.contacts.vcard import (
    Card,
    CardError,
    escaped,
    fields_of,
    new_card,
    parse_card,
    parse_cards,
    with_fields,
)
from myco_browser.domain.contacts import Fields, Reach, tidied

_APPLE = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:-//Some//Phone//EN\r\nN:Lovelace;Ada;King;Countess;\r\n"
    "FN:Countess Ada King Lovelace\r\nitem1.EMAIL;type=INTERNET;type=pref:ada@far.test\r\n"
    "item1.X-ABLabel:_$!<HomePage>!$_\r\nEMAIL;type=WORK:ada@work.test\r\n"
    'TEL;TYPE=cell,voice;X-A="b:c;d":+33 1 23\r\n'
    "ADR;TYPE=HOME:;;1 rue\\, basse;Paris;;75001;France\r\n"
    "ORG:Engines\\; Ltd;Mathematics\r\nNOTE:one\\ntwo\\, three\r\nREV:2020-01-01T00:00:00Z\r\n"
    "X-SOCIALPROFILE;type=x;x-user=ada:x-apple:ada\r\nEND:VCARD\r\n"
)
_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def test_a_phones_card_is_understood() -> None:
    fields = fields_of(parse_card(_APPLE))
    assert fields == Fields(
        "Ada", "Lovelace", "Engines; Ltd",
        (Reach("", "ada@far.test"), Reach("work", "ada@work.test")),
        (Reach("mobile", "+33 1 23"),), "", "one\ntwo, three",
        (Reach("home", "1 rue, basse\n75001 Paris\nFrance"),), (), "Countess Ada King Lovelace",
    )  # fmt: skip


def test_nothing_changes_without_a_change() -> None:
    card = parse_card(_APPLE)
    assert with_fields(card, fields_of(card)) == card
    assert parse_card(card.text()) == card


def test_a_change_touches_its_own_lines() -> None:
    card = parse_card(_APPLE)
    fields = fields_of(card)
    changed = with_fields(
        card,
        fields._replace(
            emails=(Reach("home", "ada@new.test"), fields.emails[1]),
            phones=(Reach("work", "+33 1 23"), Reach("", "+44 9")),
            organisation="Looms",
            birthday="1815-12-10",
        ),
    )
    text = changed.text().replace("\r\n ", "")
    assert "item1.EMAIL;TYPE=INTERNET,PREF,HOME:ada@new.test" in text
    assert "item1.X-ABLABEL:_$!<HomePage>!$_" in text
    assert 'TEL;X-A="b:c;d";TYPE=VOICE,WORK:+33 1 23' in text
    assert "TEL:+44 9" in text
    assert "ORG:Looms;Mathematics" in text
    assert "BDAY:1815-12-10" in text
    assert "N:Lovelace;Ada;King;Countess;" in text
    assert "FN:Countess Ada King Lovelace" in text
    assert "REV" not in text
    # The group of an address goes with it.
    less = with_fields(card, fields._replace(emails=fields.emails[1:]))
    assert {one.name for one in card.lines} - {one.name for one in less.lines} == {
        "X-ABLABEL", "REV",
    }  # fmt: skip
    # A new name is shown as such; the rest of the old one stays.
    renamed = with_fields(card, fields._replace(family="Byron")).text()
    assert "N:Byron;Ada;King;Countess;" in renamed
    assert "FN:Ada Byron" in renamed


def test_a_date_is_written_as_the_version_wants_it() -> None:
    card = parse_card("BEGIN:VCARD\nVERSION:4.0\nFN:A\nBDAY:--0203\nEND:VCARD")
    assert fields_of(card).birthday == "--02-03"
    changed = with_fields(card, fields_of(card)._replace(birthday="1999-02-03"))
    assert "BDAY:19990203" in changed.text()


@pytest.mark.parametrize(
    "text", ["", "hello", "BEGIN:VCARD\nFN:x", "BEGIN:VCARD\nBEGIN:VCARD\nEND:VCARD",
             "BEGIN:VCARD\nNOTE:" + "x" * 1_100_000 + "\nEND:VCARD",
             "BEGIN:VCARD\n" + "X:y\n" * 6000 + "END:VCARD"],
)  # fmt: skip
def test_what_is_no_card_is_told(text: str) -> None:
    with pytest.raises(CardError):
        parse_card(text)


@given(
    st.builds(
        Fields,
        given=_TEXT, family=_TEXT, organisation=_TEXT, note=_TEXT,
        emails=st.lists(st.builds(Reach, st.sampled_from(("", "home", "work")), _TEXT), max_size=4)
        .map(tuple),
        phones=st.just(()), birthday=st.just(""), places=st.just(()), links=st.just(()),
        shown=st.just(""),
    )
)  # fmt: skip
@settings(deadline=None, max_examples=150)
def test_whatever_is_typed_can_be_read_back(fields: Fields) -> None:
    text = new_card(fields, "uid").text()
    assert all(len(row.encode()) <= 75 for row in text.split("\r\n"))
    card = parse_card(text)
    assert card.uid == "uid"
    found = fields_of(card)
    assert found.note == _plain(fields.note)
    typed = tidied(fields)
    assert (found.given, found.family) == (typed.given, typed.family)
    assert [one.value for one in found.emails] == [one.value for one in typed.emails]
    # And once more nothing changes.
    assert with_fields(card, found) == card


@given(st.text(max_size=400), st.lists(st.sampled_from(_APPLE.splitlines()), max_size=30))
@settings(deadline=None, max_examples=150)
def test_anything_is_read_or_refused(noise: str, rows: list[str]) -> None:
    text = "BEGIN:VCARD\n" + "\n".join(rows) + "\n" + noise + "\nEND:VCARD\n"
    try:
        cards = list(parse_cards(text))
    except CardError:
        return
    for card in cards:
        assert isinstance(card, Card)
        fields = fields_of(card)
        assert fields_of(with_fields(card, fields._replace(note="x"))).note == "x"


def _plain(text: str) -> str:
    """What a value can hold: no signs of control but line breaks and tabs."""
    return parse_card(f"BEGIN:VCARD\nNOTE:{escaped(text)}\nEND:VCARD").lines[0].text
