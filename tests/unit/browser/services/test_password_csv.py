"""Files of passwords: whole or not at all, and a mistake is told with its line."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myco_browser.domain.logins import Login
from myco_browser.services.password_csv import CsvError, Mistake, read_csv, take_in, write_csv

_NOW = 1_800_000_000
_FIREFOX = (
    '"url","username","password","httpRealm","formActionOrigin","guid","timeCreated",'
    '"timeLastUsed","timePasswordChanged"\r\n'
    '"https://a.example","ada","p,""1""",,"https://a.example","{1}","1","2","1700000000123"\r\n'
    '"chrome://FirefoxAccounts","x","y",,,"{2}","1","2","3"\r\n'
)
_CHROME = (
    "name,url,username,password,note\n"
    "a,https://a.example/login?x=1,ada,other,\n"
    'b,https://b.example:8443/,,word,"two\nlines"\n'
    "app,android://x@com.example/,ada,z,\n"
)


def test_firefox_and_chrome_are_read() -> None:
    logins, left_out = read_csv(_FIREFOX.encode(), _NOW)
    assert [(one.origin, one.username, one.password, one.changed) for one in logins] == [
        ("https://a.example", "ada", 'p,"1"', 1_700_000_000)
    ]
    assert left_out == 1
    logins, left_out = read_csv(b"\xef\xbb\xbf" + _CHROME.encode(), _NOW)
    assert [(one.origin, one.username, one.note) for one in logins] == [
        ("https://a.example", "ada", ""),
        ("https://b.example:8443", "", "two\nlines"),
    ]
    assert left_out == 1


def test_duplicates_are_counted_and_the_newer_one_stays() -> None:
    here = (
        Login("1", "https://a.example", "ada", "old", 1),
        Login("2", "https://b.example:8443", "", "word", 1),
    )
    came = take_in(here, _FIREFOX.encode(), _NOW)
    assert (came.added, came.updated, came.same, came.kept, came.left_out) == (0, 1, 0, 0, 1)
    assert {one.id: one.password for one in came.logins} == {"1": 'p,"1"', "2": "word"}
    # Chrome tells no times: what is here stays.
    came = take_in(here, _CHROME.encode(), _NOW)
    assert (came.added, came.updated, came.same, came.kept, came.left_out) == (0, 0, 1, 1, 1)
    assert came.logins == here


@pytest.mark.parametrize(
    ("text", "line", "cause"),
    [
        ("", 1, Mistake.NO_TABLE),
        ("a,b,c\n1,2,3\n", 1, Mistake.NO_TABLE),
        ("url,username,password\nhttps://a.example,b\n", 2, Mistake.TOO_FEW),
        ("url,username,password\nhttps://a.example,b,c\nhttps://a.example,b,c,d\n", 3,
         Mistake.TOO_MANY),
        ("url,username,password\nhttps://a.example,b,\n", 2, Mistake.NO_PASSWORD),
        ("url,username,password\n,b,c\n", 2, Mistake.NO_ADDRESS),
        ('url,username,password\n"https://a.example,b,c\n', 2, Mistake.QUOTES),
        (f"url,username,password\nhttps://a.example,b,{'x' * 5000}\n", 2, Mistake.TOO_LONG),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(text: str, line: int, cause: Mistake) -> None:
    with pytest.raises(CsvError) as told:
        take_in((), text.encode(), _NOW)
    assert (told.value.line, told.value.cause) == (line, cause)


def test_other_encodings_are_refused() -> None:
    with pytest.raises(CsvError) as told:
        read_csv(b"url,username,password\nhttps://a.example,\xe9,x\n", _NOW)
    assert (told.value.line, told.value.cause) == (2, Mistake.NO_TEXT)


_WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@given(st.lists(st.tuples(_WORDS, _WORDS.filter(bool), _WORDS), max_size=5))
def test_what_is_exported_can_be_imported(rows: list[tuple[str, str, str]]) -> None:
    logins = tuple(
        Login(str(number), f"https://{number}.example", name, word, _NOW, note)
        for number, (name, word, note) in enumerate(rows)
    )
    came = take_in((), write_csv(logins), _NOW)
    assert came.added == len(rows)
    assert [(one.username, one.password, one.note) for one in came.logins] == rows


@given(st.binary(max_size=200))
def test_no_file_breaks_it(raw: bytes) -> None:
    with contextlib.suppress(CsvError):
        assert all(one.password and one.origin for one in take_in((), raw, _NOW).logins)
