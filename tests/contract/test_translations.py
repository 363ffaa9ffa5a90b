"""The French texts are complete, fit the English ones, and are compiled."""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from support.source_tree import ROOT

_FRENCH = ROOT / "resources" / "myco_resources" / "locale" / "fr" / "LC_MESSAGES"
_KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")

_MNEMONIC = re.compile(r"&(\w)")


@pytest.fixture(scope="module")
def french() -> Catalog:
    """The catalogue as it is written."""
    with (_FRENCH / "myco.po").open("rb") as file:
        return read_po(file, locale="fr", abort_invalid=True)


def _wanted() -> dict[str | tuple[str, ...], str]:
    """Every text in the code that is to be translated, and one place of it."""
    folder = ROOT / "myco_browser"
    found = extract_from_dir(folder, [("**.py", "python")], keywords=_KEYWORDS)
    return {text: f"{Path(name)}:{line}" for name, line, text, _, _ in found if text}


def _entries(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _forms(texts: object) -> list[str]:
    return [texts] if isinstance(texts, str) else list(texts) if isinstance(texts, tuple) else []


def test_texts_are_found() -> None:
    """The extractor knows the three ways in which a text is marked."""
    assert len(_wanted()) > 100


def test_texts_are_not_inside_formatted_strings() -> None:
    """The extractor does not look into f-strings before Python 3.12."""
    hidden = [
        f"{path.name}:{call.lineno}"
        for path in sorted((ROOT / "myco_browser").rglob("*.py"))
        for string in ast.walk(ast.parse(path.read_text()))
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        if call.func.id in _KEYWORDS and isinstance(call.args[0], ast.Constant)
    ]
    assert not hidden


def test_every_text_has_its_french(french: Catalog) -> None:
    """No text is missing, empty or doubtful."""
    missing = {}
    for text, place in _wanted().items():
        message = french.get(text if isinstance(text, str) else text[0])
        done = message is not None and not message.fuzzy and all(_forms(message.string))
        if not done or message is None or not _forms(message.string):
            missing[text] = place
    assert not missing


def test_no_text_is_left_over(french: Catalog) -> None:
    """What the code does not say needs no translation."""
    wanted = {_forms(text)[0] for text in _wanted()}
    assert not [message.id for message in _entries(french) if _forms(message.id)[0] not in wanted]


def test_placeholders_are_the_same(french: Catalog) -> None:
    """A name in braces that the code does not fill would be an exception in French only."""
    wrong = [
        form
        for message in _entries(french)
        for form in _forms(message.string)
        if not _fits(form, _forms(message.id))
    ]
    assert not wrong


def _fits(french: str, english: list[str]) -> bool:
    """One form may leave out a number that another form says ("one page", "{count} pages")."""
    here = set(_PLACEHOLDER.findall(french))
    there = [set(_PLACEHOLDER.findall(form)) for form in english]
    return here in there


def test_mnemonics_are_unique(french: Catalog) -> None:
    """The only texts with an ampersand are the titles in the menu bar."""
    titles = [str(message.id) for message in _entries(french) if "&" in str(message.id)]
    for texts in (titles, [str(french[title].string) for title in titles]):
        letters = [match[1].lower() for text in texts if (match := _MNEMONIC.search(text))]
        assert len(letters) == len(titles) == len(set(letters))
        # Alt+D is the address bar.
        assert "d" not in letters


def test_typography(french: Catalog) -> None:
    """French signs stand behind a space that does not break; apostrophes are curved."""
    wrong = [
        form
        for message in _entries(french)
        for form in _forms(message.string)
        if re.search(r" [:;!?%»]|« |'|\w[;!?»]|\.\.\.", form)
    ]
    assert not [text for text in wrong if "://" not in text and "{query}" not in text]


def test_compiled_catalogue_is_current(french: Catalog) -> None:
    """`scripts/translations` was run after the last change."""
    buffer = BytesIO()
    write_mo(buffer, french)
    buffer.seek(0)
    fresh = gettext.GNUTranslations(buffer)
    with (_FRENCH / "myco.mo").open("rb") as file:
        kept = gettext.GNUTranslations(file)
    for message in _entries(french):
        forms = _forms(message.id)
        if len(forms) == 1:
            assert kept.gettext(forms[0]) == fresh.gettext(forms[0])
        else:
            for number in (0, 1, 2):
                assert kept.ngettext(forms[0], forms[1], number) == fresh.ngettext(
                    forms[0], forms[1], number
                )
