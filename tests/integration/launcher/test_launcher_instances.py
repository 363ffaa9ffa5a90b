"""One instance per profile, and the hand-over to it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.launcher_rig import LauncherRig, finish, is_alive, wait_until


def test_the_first_start_opens_its_urls_in_the_everyday_session(rig: LauncherRig) -> None:
    rig.start("http://one.example/", "two words")
    session = rig.session()
    assert session.hello["session"] == "everyday"
    assert session.hello["profile"] == str(rig.profile)
    assert session.hello["cache"] == str(rig.profile / "cache")
    assert session.hello["urls"] == ["http://one.example/", "two words"]
    assert session.hello["restored_after_crash"] is False
    assert rig.profile.stat().st_mode & 0o077 == 0


def test_a_second_start_hands_its_urls_over_and_ends(rig: LauncherRig) -> None:
    first = rig.start()
    session = rig.session()
    (rig.folder / "page one.html").write_text("x")
    second = rig.start("--new-window", "http://two.example/", "page one.html", "--", "--private")
    assert finish(second) == (0, "")
    assert session.next_event()["body"] == {
        "type": "open",
        "urls": [
            "http://two.example/",
            f"file://{rig.folder}/page%20one.html",
            "--private",
        ],
        "new_window": True,
        "activation_token": None,
    }
    assert first.poll() is None


def test_the_hand_over_is_quick(rig: LauncherRig, capsys: pytest.CaptureFixture[str]) -> None:
    if os.geteuid() == 0:
        pytest.skip("the program does not run as root")
    rig.start()
    session = rig.session()
    command = [sys.executable, "-m", "myco_browser", "--profile", str(rig.profile), "x.example"]
    times = []
    for _ in range(5):
        begin = time.perf_counter()
        subprocess.run(command, env=rig.environ, cwd=rig.folder, check=True)
        times.append(time.perf_counter() - begin)
        assert session.next_event()["event"] == "open"
    with capsys.disabled():
        print(f"\n[hand-over {sorted(times)[2] * 1000:.0f} ms, start to end of the process]")


def test_a_private_start_opens_a_session_of_its_own(rig: LauncherRig) -> None:
    rig.start()
    rig.session()
    assert finish(rig.start("--private", "http://secret.example/"))[0] == 0
    private = rig.session()
    assert private.hello["session"] == "private-1"
    assert private.hello["kind"] == "private"
    assert private.hello["profile"] is None
    assert private.hello["cache"] is None
    assert private.hello["lists_from"] == str(rig.profile)
    assert private.hello["urls"] == ["http://secret.example/"]


def test_other_profiles_have_instances_of_their_own(rig: LauncherRig) -> None:
    rig.start()
    rig.session()
    rig.start("--profile", str(rig.folder / "other"), own_profile=False)
    assert rig.session().hello["profile"] == str(rig.folder / "other")


def test_a_temporary_profile_is_removed_at_the_end(rig: LauncherRig) -> None:
    launcher = rig.start("--temp-profile", own_profile=False)
    session = rig.session()
    profile = Path(str(session.hello["profile"]))
    assert profile.is_dir()
    session.send({"type": "closing"})
    session.end(0)
    assert finish(launcher)[0] == 0
    assert not profile.exists()


def test_what_a_killed_instance_left_does_not_hinder_the_next(rig: LauncherRig) -> None:
    first = rig.start()
    session = rig.session()
    first.send_signal(signal.SIGKILL)
    first.communicate()
    assert wait_until(lambda: not is_alive(session.pid))
    rig.start("http://again.example/")
    assert rig.session().hello["urls"] == ["http://again.example/"]


def test_nothing_but_the_lock_stays_after_an_orderly_end(rig: LauncherRig) -> None:
    launcher = rig.start()
    session = rig.session()
    session.send({"type": "closing"})
    session.end(0)
    assert finish(launcher) == (0, "")
    assert list((rig.folder / "run" / "myco-browser").iterdir()) == []


def test_a_long_profile_path_without_a_runtime_folder(rig: LauncherRig) -> None:
    del rig.environ["XDG_RUNTIME_DIR"]
    profile = rig.folder / ("long" * 20) / ("name" * 20)
    rig.start("--profile", str(profile), own_profile=False)
    session = rig.session()
    second = rig.start("--profile", str(profile), "http://x.example/", own_profile=False)
    assert finish(second) == (0, "")
    assert session.next_event()["event"] == "open"


def test_a_runtime_folder_that_others_may_enter_is_not_used(rig: LauncherRig) -> None:
    (rig.folder / "run" / "myco-browser").mkdir()
    (rig.folder / "run" / "myco-browser").chmod(0o755)
    rig.start()
    session = rig.session()
    assert (rig.profile / "instance.sock").exists()
    assert finish(rig.start("http://x.example/"))[0] == 0
    assert session.next_event()["event"] == "open"


def test_a_profile_that_cannot_be_made_is_said(rig: LauncherRig) -> None:
    (rig.folder / "file").write_text("")
    launcher = rig.start("--profile", str(rig.folder / "file" / "x"), own_profile=False)
    status, errors = finish(launcher)
    assert status != 0
    assert "cannot be made" in errors


def test_a_bad_host_map_is_said(rig: LauncherRig) -> None:
    status, errors = finish(rig.start("--host-map", rig.host_map("nonsense\n")))
    assert status == 2
    assert "line 1" in errors
