"""What the launcher does when sessions and the door open, close and crash."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest
from support.launcher_rig import (
    DEADLINE_S,
    LauncherRig,
    children_of,
    door_of,
    finish,
    is_alive,
    wait_until,
)
from support.web import Web, web_server

_ENDS_WITHIN_S = 2.0


@pytest.fixture
def web() -> Iterator[Web]:
    with web_server() as server:
        yield server


@pytest.fixture
def mapped(rig: LauncherRig, web: Web) -> list[str]:
    """Arguments that map every .example name to the test's server."""
    return ["--host-map", rig.host_map(f"*.example 127.0.0.1:{web.port}\n")]


def test_a_sealed_session_reaches_the_web_through_the_door_only(
    rig: LauncherRig, web: Web, mapped: list[str]
) -> None:
    rig.start(*mapped)
    session = rig.session()
    if not session.is_sealed:
        pytest.skip("this kernel does not allow sealing")
    assert "hello" in str(session.ask("fetch", host="news.example", port=80)["answer"])
    assert session.ask("fetch", host="127.0.0.1", port=web.port)["reply"] == 2
    assert session.ask("why", host="127.0.0.1", port=web.port)["cause"] == "local-blocked"
    assert web.paths == ["news.example/"]


def test_an_unsealed_session_uses_the_same_door(
    rig: LauncherRig, web: Web, mapped: list[str]
) -> None:
    rig.start(*mapped, "--no-seal")
    session = rig.session()
    assert not session.is_sealed
    assert "hello" in str(session.ask("fetch", host="news.example", port=80)["answer"])
    assert session.ask("fetch", host="localhost", port=web.port)["reply"] == 2
    assert web.paths == ["news.example/"]


def test_a_killed_door_is_replaced_with_the_sessions_grants(
    rig: LauncherRig, web: Web, mapped: list[str]
) -> None:
    launcher = rig.start(*mapped)
    session = rig.session()
    session.ask("grant", host="localhost")
    assert "hello" in str(session.ask("fetch", host="localhost", port=web.port)["answer"])
    door = door_of(launcher)
    os.kill(door, signal.SIGKILL)
    notice = session.next_event()
    assert notice["body"] == {"type": "notice", "text_id": "door-restarted", "args": {}}
    news: list[str] = []

    def is_attached_again() -> bool:
        status = session.ask("status")
        assert isinstance(status["news"], list)
        news.extend(status["news"])
        return news.count("Attached") == 2 and status["exit"] == "direct"

    assert wait_until(is_attached_again)
    assert door_of(launcher) != door
    assert "hello" in str(session.ask("fetch", host="news.example", port=80)["answer"])
    assert "hello" in str(session.ask("fetch", host="localhost", port=web.port)["answer"])


def test_a_granted_local_server_appears_on_the_sessions_own_loopback(
    rig: LauncherRig, web: Web
) -> None:
    launcher = rig.start()
    session = rig.session()
    if not session.is_sealed:
        pytest.skip("this kernel does not allow sealing")

    def fetch(host: str) -> str:
        return str(session.ask("fetch-from-own-loopback", host=host, port=web.port))

    assert "refused" in fetch("127.0.0.1")
    assert session.ask("grant", host="localhost", port=web.port)["done"] is True
    assert session.ask("grant", host="localhost", port=web.port)["done"] is True
    assert "hello" in fetch("127.0.0.1")
    assert "hello" in fetch("::1")
    assert "refused" in fetch("127.0.0.2")
    os.kill(door_of(launcher), signal.SIGKILL)
    assert session.next_event()["event"] == "notice"
    assert wait_until(lambda: session.ask("status")["exit"] == "direct")
    assert "hello" in fetch("127.0.0.1")
    assert session.ask("grant", host="app.localhost", port=web.port)["done"] is True
    assert session.ask("revoke", host="localhost")["done"] is True
    assert "hello" in fetch("127.0.0.1")
    assert session.ask("revoke", host="app.localhost")["done"] is True
    assert "refused" in fetch("127.0.0.1")
    assert len(web.paths) == 4


def test_a_low_port_can_be_offered_too(rig: LauncherRig) -> None:
    rig.start()
    session = rig.session()
    if not session.is_sealed:
        pytest.skip("this kernel does not allow sealing")
    assert session.ask("grant", host="127.0.0.1", port=80)["done"] is True


def test_a_door_that_keeps_crashing_leaves_all_blocked(
    rig: LauncherRig, web: Web, mapped: list[str]
) -> None:
    launcher = rig.start(*mapped)
    session = rig.session()
    for expected in ("door-restarted", "door-restarted", "door-crash-loop"):
        os.kill(door_of(launcher), signal.SIGKILL)
        body = session.next_event()["body"]
        assert isinstance(body, dict)
        assert body["text_id"] == expected
    assert session.ask("status")["exit"] is None
    assert web.paths == []
    session.send({"type": "closing"})
    session.end(0)
    assert finish(launcher)[0] == 70


def test_a_crashed_everyday_session_is_started_again(rig: LauncherRig) -> None:
    rig.start("http://culprit.example/")
    first = rig.session()
    first.send({"type": "ready"})
    os.kill(first.pid, signal.SIGKILL)
    second = rig.session()
    assert second.hello["session"] == "everyday"
    assert second.hello["restored_after_crash"] is True
    assert second.hello["urls"] == []
    assert second.hello["state"] is None
    assert second.ask("status")["exit"] == "direct"


def test_what_a_session_crashed_before_opening_is_opened_by_the_next(rig: LauncherRig) -> None:
    rig.environ["MYCO_TEST_NOT_READY"] = "1"
    rig.start("--private", "http://one.example/")
    first = rig.session()
    os.kill(first.pid, signal.SIGKILL)
    second = rig.session()
    assert second.hello["urls"] == ["http://one.example/"]
    second.send({"type": "ready"})
    os.kill(second.pid, signal.SIGKILL)
    assert rig.session().hello["urls"] == []


def test_a_crashed_private_session_gets_its_tabs_back_from_memory(rig: LauncherRig) -> None:
    rig.start("--private")
    first = rig.session()
    state = {"tabs": ["é" * 1000] * 100}
    first.send_kept({"type": "state"}, {"tabs": ["old"]})
    first.send_kept({"type": "state"}, state)
    os.kill(first.pid, signal.SIGKILL)
    second = rig.session()
    assert second.hello["session"] == "private-1"
    assert second.hello["state"] == state
    assert second.hello["restored_after_crash"] is True


def test_three_crashes_in_a_minute_stop_it(rig: LauncherRig) -> None:
    launcher = rig.start()
    for _ in range(3):
        os.kill(rig.session().pid, signal.SIGKILL)
    status, errors = finish(launcher)
    assert status == 70
    assert "three times" in errors


def test_a_crash_loop_of_one_session_is_told_to_the_others(rig: LauncherRig) -> None:
    launcher = rig.start()
    everyday = rig.session()
    everyday.send({"type": "open-session", "kind": "private", "urls": ["http://x.example/"]})
    for _ in range(3):
        rig.session().end(1)
    assert everyday.next_event()["body"] == {
        "type": "notice",
        "text_id": "session-crash-loop",
        "args": {"session": "private-1"},
    }
    assert launcher.poll() is None
    everyday.send({"type": "closing"})
    everyday.end(0)
    assert finish(launcher)[0] == 70


def test_nothing_of_a_closed_private_session_stays(rig: LauncherRig) -> None:
    launcher = rig.start()
    everyday = rig.session()
    everyday.send({"type": "open-session", "kind": "private", "urls": []})
    private = rig.session()
    stray = int(str(private.ask("spawn")["pid"]))
    family = {p.pid for p in children_of(private.pid)} | {private.pid, stray}
    private.send({"type": "closing"})  # and it does not end by itself
    assert wait_until(lambda: not any(map(is_alive, family)), _ENDS_WITHIN_S)
    assert launcher.poll() is None
    assert everyday.ask("status")["exit"] == "direct"


def test_strays_of_a_crashed_private_session_end_too(rig: LauncherRig) -> None:
    rig.start("--private")
    first = rig.session()
    stray = int(str(first.ask("spawn")["pid"]))
    os.kill(first.pid, signal.SIGKILL)
    second = rig.session()
    assert wait_until(lambda: not is_alive(stray), _ENDS_WITHIN_S)
    assert is_alive(second.pid)


def test_a_document_opened_from_the_everyday_session_stays_open(rig: LauncherRig) -> None:
    launcher = rig.start()
    session = rig.session()
    viewer = int(str(session.ask("spawn")["pid"]))
    session.send({"type": "closing"})
    session.end(0)
    assert launcher.wait(DEADLINE_S) == 0
    try:
        assert is_alive(viewer)
    finally:
        for pid in (*(child.pid for child in children_of(viewer)), viewer):
            os.kill(pid, signal.SIGKILL)


def test_the_launcher_ends_with_the_last_session(rig: LauncherRig) -> None:
    launcher = rig.start("--private")
    private = rig.session()
    private.send({"type": "focus-everyday", "urls": ["http://x.example/"], "new_window": False})
    everyday = rig.session()
    assert everyday.hello["urls"] == ["http://x.example/"]
    everyday.send({"type": "closing"})
    everyday.end(0)
    assert wait_until(lambda: not is_alive(everyday.pid))
    assert launcher.poll() is None
    door = door_of(launcher)
    private.send({"type": "closing"})
    private.end(0)
    assert finish(launcher)[0] == 0
    assert wait_until(lambda: not is_alive(door))


def test_a_start_while_the_everyday_session_closes_waits_for_its_profile(
    rig: LauncherRig,
) -> None:
    launcher = rig.start()
    first = rig.session()
    first.send({"type": "closing"})
    assert finish(rig.start("http://late.example/"))[0] == 0
    assert is_alive(first.pid)
    first.end(0)
    second = rig.session()
    assert second.hello["urls"] == ["http://late.example/"]
    assert second.hello["restored_after_crash"] is False
    assert launcher.poll() is None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_all_sessions_in_order(rig: LauncherRig, number: int) -> None:
    launcher = rig.start()
    everyday = rig.session()
    everyday.send({"type": "open-session", "kind": "private", "urls": []})
    private = rig.session()
    door = door_of(launcher)
    launcher.send_signal(number)
    assert [session.next_event()["event"] for session in (everyday, private)] == ["quit", "quit"]
    assert finish(launcher) == (0, "")
    assert wait_until(lambda: not any(map(is_alive, (everyday.pid, private.pid, door))))


def test_quit_from_one_session_ends_all(rig: LauncherRig) -> None:
    launcher = rig.start()
    everyday = rig.session()
    everyday.send({"type": "quit-all"})
    assert everyday.next_event()["event"] == "quit"
    assert finish(launcher) == (0, "")


def test_a_session_that_hangs_is_ended(rig: LauncherRig) -> None:
    launcher = rig.start()
    session = rig.session()
    door_of(launcher)  # from then on the launcher hears signals
    os.kill(session.pid, signal.SIGSTOP)
    launcher.send_signal(signal.SIGTERM)
    assert finish(launcher)[0] == 0
    assert not is_alive(session.pid)


def test_a_killed_launcher_takes_all_with_it(rig: LauncherRig) -> None:
    launcher = rig.start()
    session = rig.session()
    door = door_of(launcher)
    launcher.kill()
    launcher.communicate()
    assert wait_until(lambda: not is_alive(session.pid) and not is_alive(door))


def test_the_environment_cannot_undo_the_flags(rig: LauncherRig) -> None:
    rig.environ |= {
        "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox",
        "QTWEBENGINE_DISABLE_SANDBOX": "1",
        "QT_PLUGIN_PATH": "/nowhere",
        "QT_QPA_PLATFORM": "offscreen",
        "https_proxy": "http://elsewhere.example/",
        "ALL_PROXY": "socks5://elsewhere.example/",
        "PYTHONSTARTUP": "/nowhere",
        "DISPLAY": ":7",
    }
    rig.start()
    environ = rig.session().ask("environ")["environ"]
    assert isinstance(environ, dict)
    assert environ["DISPLAY"] == ":7"
    assert environ["QT_QPA_PLATFORM"] == "offscreen"
    dropped = ("QTWEBENGINE", "QT_PLUGIN", "https_proxy", "ALL_PROXY", "PYTHONSTARTUP")
    assert [name for name in environ if name.startswith(dropped)] == []
