"""The table of actions and keys."""

from __future__ import annotations

from myco_browser.domain.shortcuts import SHORTCUTS


def test_no_key_and_no_action_is_given_twice() -> None:
    keys = [key for shortcut in SHORTCUTS for key in shortcut.keys]
    assert sorted(set(keys)) == sorted(keys)
    ids = [shortcut.id for shortcut in SHORTCUTS]
    assert sorted(set(ids)) == sorted(ids)


def test_the_keys_people_know_are_there() -> None:
    expected = {
        "new-tab": "Ctrl+T",
        "new-private": "Ctrl+Shift+P",
        "close-tab": "Ctrl+W",
        "reopen-tab": "Ctrl+Shift+T",
        "address": "Ctrl+L",
        "search": "Ctrl+K",
        "find": "Ctrl+F",
        "reload": "F5",
        "hard-reload": "Ctrl+Shift+R",
        "back": "Alt+Left",
        "home": "Alt+Home",
        "developer-tools": "F12",
        "downloads": "Ctrl+J",
        "settings": "Ctrl+,",
        "full-screen": "F11",
        "quit": "Ctrl+Q",
    }
    table = {shortcut.id: shortcut.keys for shortcut in SHORTCUTS}
    assert all(key in table[action] for action, key in expected.items())
