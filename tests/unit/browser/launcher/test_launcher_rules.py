"""The launcher's pure parts: when to give up, what children see, what was handed over."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myco_browser.domain.settings import VPN_AT_START, VPN_UNTRUSTED
from myco_browser.domain.settings_private import NEW_WINDOWS_INVISIBLE, PRIVATE_TUNNEL
from myco_browser.launcher import preferences
from myco_browser.launcher.crashes import LIMIT, WINDOW_S, CrashHistory
from myco_browser.launcher.environment import SESSION_MARK, for_child
from myco_browser.launcher.handover import HandedOver, parse_request
from myco_browser.launcher.spawning import OpenRequest
from myco_browser.launcher.start import host_map_problem
from myco_browser.system import paths, processes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, (False, True, False, False)),
        ("{}", (False, True, False, False)),
        ('{"private.default": true, "private.tunnel": false}', (True, False, False, False)),
        ('{"private.default": "yes", "private.tunnel": "no"}', (False, True, False, False)),
        ('{"vpn.at_start": true, "vpn.untrusted": false}', (False, True, True, False)),
        ('{"vpn.at_start": "no", "vpn.untrusted": 0}', (False, True, True, True)),
        ("[1]", (False, True, True, True)),
        ("{", (False, True, True, True)),
    ],
)
def test_what_the_launcher_reads_of_the_settings(
    tmp_path: Path, text: str | None, expected: tuple[bool, bool, bool, bool]
) -> None:
    if text is not None:
        (tmp_path / "settings.json").write_text(text)
    read = preferences.read(str(tmp_path))
    assert (*read[:2], read.tunnel_at_start, read.tunnel_untrusted) == expected


def test_the_launcher_names_the_keys_of_declared_settings() -> None:
    assert NEW_WINDOWS_INVISIBLE.key == preferences.INVISIBLE_KEY
    assert PRIVATE_TUNNEL.key == preferences.TUNNEL_KEY
    assert VPN_AT_START.key == preferences.AT_START_KEY
    assert VPN_UNTRUSTED.key == preferences.UNTRUSTED_KEY


def test_three_crashes_within_a_minute_are_a_loop() -> None:
    history = CrashHistory()
    for time in (0.0, 29.0, 58.0):
        assert not history.is_loop
        history = history.after_crash(time)
    assert history.is_loop


# A little more than that: sums of floats are rounded.
@given(st.lists(st.floats(WINDOW_S / (LIMIT - 1) + 0.001, 1000.0), max_size=30))
def test_crashes_far_enough_apart_never_are(gaps: list[float]) -> None:
    history, now = CrashHistory(), 0.0
    for gap in gaps:
        now += gap
        history = history.after_crash(now)
        assert not history.is_loop


def test_children_get_a_clean_environment() -> None:
    environ = {
        "HOME": "/home/u",
        "WAYLAND_DISPLAY": "wayland-0",
        "QT_QPA_PLATFORM": "xcb",
        "QT_PLUGIN_PATH": "/x",
        "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox",
        "HTTP_PROXY": "http://x/",
        "no_proxy": "*",
        "PYTHONPATH": "/evil",
        "PYTHONHOME": "/evil",
        "CHROME_DEVEL_SANDBOX": "/x",
    }
    child = for_child(environ, "7.1")
    assert child.pop(SESSION_MARK) == "7.1"
    assert "/evil" not in child.pop("PYTHONPATH", "")
    assert child == {"HOME": "/home/u", "WAYLAND_DISPLAY": "wayland-0", "QT_QPA_PLATFORM": "xcb"}


def test_a_request_that_was_handed_over() -> None:
    body = {"urls": ["a", 1, "b"], "private": True, "new_window": False, "activation_token": "t"}
    assert parse_request(json.dumps(body).encode()) == HandedOver(
        True, OpenRequest(("a", "b"), False, "t")
    )


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["urls", "private", "new_window"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=2000, deadline=None)
@given(payload=st.binary(max_size=60) | _json.map(lambda value: json.dumps(value).encode()))
def test_a_hostile_request_is_none_or_harmless(payload: bytes) -> None:
    handed = parse_request(payload)
    if handed is not None:
        assert all(isinstance(url, str) for url in handed.request.urls)
        assert isinstance(handed.private, bool)


def test_folders_follow_the_xdg_variables(tmp_path: Path) -> None:
    environ = {"XDG_DATA_HOME": str(tmp_path / "d"), "XDG_CACHE_HOME": str(tmp_path / "c")}
    profile = paths.data_directory(environ)
    assert profile == str(tmp_path / "d" / "myco-browser" / "everyday")
    assert paths.cache_directory(environ, profile) == str(
        tmp_path / "c" / "myco-browser" / "everyday"
    )
    assert paths.cache_directory(environ, "/p") == "/p/cache"


def test_relative_xdg_variables_are_ignored() -> None:
    home = os.path.expanduser("~")
    assert paths.data_directory({"XDG_DATA_HOME": "x"}).startswith(home)
    assert paths.runtime_directory({"XDG_RUNTIME_DIR": "x"}) is None
    assert paths.runtime_directory({}) is None


def test_only_a_private_runtime_folder_is_used(tmp_path: Path) -> None:
    environ = {"XDG_RUNTIME_DIR": str(tmp_path)}
    folder = paths.runtime_directory(environ)
    assert folder == str(tmp_path / "myco-browser")
    assert os.stat(folder).st_mode & 0o777 == 0o700
    os.chmod(folder, 0o770)
    assert paths.runtime_directory(environ) is None


def test_a_link_is_no_runtime_folder(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / "myco-browser").symlink_to(tmp_path / "elsewhere")
    assert paths.runtime_directory({"XDG_RUNTIME_DIR": str(tmp_path)}) is None


def test_this_process_is_in_its_parents_tree() -> None:
    me = processes.read_process(os.getpid())
    assert me is not None
    assert me.parent == os.getppid()
    assert me in processes.descendants(os.getppid(), processes.all_processes())
    assert me not in processes.descendants(os.getpid(), processes.all_processes())


def test_a_pid_used_again_is_not_killed() -> None:
    me = processes.read_process(os.getpid())
    assert me is not None
    other = processes.Process(me.pid, me.name, me.parent, me.session, me.start - 1, False)
    processes.kill([other])
    assert processes.read_process(os.getpid()) == me


@pytest.mark.parametrize("pid", [0, 2**22 + 1])
def test_no_process_is_a_value(pid: int) -> None:
    assert processes.read_process(pid) is None


def test_only_the_self_test_leads_every_name_elsewhere(tmp_path: Path) -> None:
    hosts = tmp_path / "hosts"
    hosts.write_text("news.example 127.0.0.1:80\n")
    assert host_map_problem(str(hosts), is_self_test=False) == ""
    hosts.write_text("otherwise 127.0.0.1:80\n")
    assert "only the self-test" in host_map_problem(str(hosts), is_self_test=False)
    assert host_map_problem(str(hosts), is_self_test=True) == ""
