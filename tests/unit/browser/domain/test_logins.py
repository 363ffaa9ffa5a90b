"""Logins: what fits a page, what a sign-in changes, which addresses look like others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myco_browser.domain.logins import (
    Change,
    Login,
    compare,
    login_from_text,
    login_to_text,
    new_login,
    of_origin,
    of_relatives,
    same_site,
    with_login,
)
from myco_browser.domain.password_maker import LONGEST, SHORTEST, Recipe
from myco_browser.domain.resembling import resembled

_PLACES = (
    "https://a.example", "https://a.example:8443", "http://a.example", "https://www.a.example",
    "https://b.example", "http://127.0.0.1:8000",
)  # fmt: skip
_TEXT = st.text(max_size=20)


def _login(place: str, name: str = "ada", word: str = "x", number: str = "1") -> Login:
    return Login(number, place, name, word, 5)


@given(page=st.sampled_from(_PLACES), path=st.text("ab/?#@:", max_size=9))
def test_only_the_very_same_origin_fits(page: str, path: str) -> None:
    logins = [_login(place) for place in _PLACES]
    fitting = of_origin(logins, f"{page}/{path}")
    assert [one.origin for one in fitting] == [page]
    assert page not in {one.origin for one in of_relatives(logins, f"{page}/{path}")}


def test_relatives_share_the_registrable_domain() -> None:
    found = of_relatives([_login(place) for place in _PLACES], "https://m.a.example/")
    assert [one.origin for one in found] == list(_PLACES[:4])
    for page in ("https://co.uk/", "https://10.0.0.1/", "data:text/html,x", "about:blank", ""):
        assert of_relatives([_login("https://b.co.uk"), _login("https://10.0.0.1")], page) == ()


def test_a_form_may_go_to_the_same_site_only() -> None:
    assert same_site("https://a.example/", "https://login.a.example/in")
    assert same_site("http://127.0.0.1:8000/", "http://127.0.0.1:8000/in")
    for other in ("http://a.example/", "https://a.example.evil.example/", "https://b.example/",
                  "javascript:x", "data:,x", "mailto:a@a.example", ""):  # fmt: skip
        assert not same_site("https://a.example/", other)


@pytest.mark.parametrize(
    ("name", "word", "change", "known"),
    [
        ("ada", "x", Change.SAME, True),
        ("ada", "y", Change.UPDATE, True),
        ("bob", "x", Change.NEW, False),
        ("", "y", Change.UPDATE, True),
        ("", "x", Change.SAME, True),
    ],
)
def test_a_sign_in_is_compared(name: str, word: str, change: Change, known: bool) -> None:
    mine = _login("https://a.example")
    logins = (mine, _login("https://b.example", word="y", number="2"))
    assert compare(logins, "https://a.example/x", name, word) == (change, mine if known else None)


def test_each_name_at_an_origin_has_one_login() -> None:
    first, other = _login("https://a.example"), _login("https://a.example", "bob", number="2")
    newer = new_login("3", "https://a.example/", "ada", "y", 9)
    assert newer is not None
    after = with_login((first, other), newer, None)
    assert sorted(one.username for one in after) == ["ada", "bob"]
    changed = with_login((first, other), newer, first)
    assert [(one.id, one.password) for one in changed] == [("2", "x"), ("1", "y")]


@given(name=_TEXT, word=_TEXT.filter(bool), note=_TEXT)
def test_what_is_written_is_read(name: str, word: str, note: str) -> None:
    login = new_login("1", "https://a.example/in?x=1", name, word, 7, note)
    assert login is not None
    assert login_from_text("1", login_to_text(login)) == login
    assert word not in repr(login) or word in "Login('1', 'https://a.example')"


@pytest.mark.parametrize("text", ["", "[]", "[1,2,3,4,5]", '["a","b","c","d","e"]', "{", "null"])
def test_what_cannot_be_read_is_no_login(text: str) -> None:
    assert login_from_text("1", text) is None


@pytest.mark.parametrize(
    "host",
    [
        "paypa1.com", "paypall.com", "payapl.com", "paypal.co", "xn--pypal-4ve.com", "pay-pal.com",
        "paypal.com.evil.example", "paypai.com", "peypal.com",
    ],
)  # fmt: skip
def test_look_alikes_are_noticed(host: str) -> None:
    assert resembled(host, ["www.paypal.com", "mail.example"]) == "www.paypal.com"


@pytest.mark.parametrize("host", ["paypal.com", "shop.paypal.com", "example.org", "papa.com", ""])
def test_honest_names_are_left_alone(host: str) -> None:
    assert resembled(host, ["www.paypal.com", "mail.example", "abc.com"]) is None


@given(
    recipe=st.builds(
        Recipe, st.integers(0, 99), st.booleans(), st.booleans(), st.booleans(), st.booleans()
    ),
    chance=st.randoms(use_true_random=False),
)
def test_passwords_have_each_class(recipe: Recipe, chance: object) -> None:
    made = recipe.make(chance.randrange)  # type: ignore[attr-defined]
    assert len(made) == max(SHORTEST, min(recipe.length, LONGEST))
    assert set(made) <= set("".join(recipe.classes))
    assert all(set(made) & set(one) for one in recipe.classes)
    if recipe.readable:
        assert not set(made) & set("Il1O0|")
