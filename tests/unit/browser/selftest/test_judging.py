"""The judgement of the self-test: planted evidence makes the one check fail that it is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from myco_browser.domain.identity import SessionIdentity, everyday_identity, private_identity
from myco_browser.domain.self_test import (
    Outcome,
    Report,
    report_from_json,
    report_to_json,
)
from myco_browser.selftest.command import text_of
from myco_browser.selftest.evidence import Evidence, Request, Seen
from myco_browser.selftest.judging import judge
from myco_browser.selftest.pages import COOKIES, ONE, OTHER, REALMS, TELL, THIRD, TWO

# Which copy of the file each visit had: the third is on the first's site.
_VISITS = {1: 1, 2: 2, 3: 1}
_IDENTITIES = {"private": private_identity(), "everyday": everyday_identity("fr")}


def _values(identity: SessionIdentity) -> dict[str, object]:
    tags = [part.partition(";")[0] for part in identity.accept_language.split(",")]
    return {
        "userAgent": identity.user_agent, "platform": "Linux x86_64", "language": tags[0],
        "languages": ",".join(tags), "locale": identity.language,
        "zone": identity.time_zone or "Europe/Paris", "hardwareConcurrency": 8,
        "globalPrivacyControl": True, "brands": "Not=A?Brand 24, Chromium 140", "system": "Linux",
        "canvas": "a1", "webgl": identity.webgl, "renderer": "", "devices": 0,
        "quota": 10 * 1024**3,
    }  # fmt: skip


def _window(identity: SessionIdentity) -> dict[str, object]:
    return {
        "screenIsPage": True, "screenPlace": "0,0,0,0", "screenDepth": 24, "scale": 1,
        "media": True, "pointer": True, "sound": "44100, 0.01, 0, 2", "fonts": "", "timer": 0.1,
        "gamepads": identity.devices,
    }  # fmt: skip


def _evidence(identity: SessionIdentity) -> Evidence:
    headers = {
        "user-agent": identity.user_agent, "accept-language": identity.accept_language,
        "sec-gpc": "1", "referer": "http://one-selftest.invalid/",
    }  # fmt: skip
    places = [
        (TELL, "/x/tell", 1), (OTHER, "/x/frame", 2), (ONE, "/x/site?1", 3), (TWO, "/x/site?2", 4),
        (THIRD, "/x/third?1", 5), (THIRD, "/x/third?2", 6), (THIRD, "/x/third?3", 5),
        (COOKIES, "/x/cookie?1", 7), (COOKIES, "/x/cookie?2", 7),
    ]  # fmt: skip
    values = _values(identity)
    third = {"local": "refused", "database": "refused", "caches": "refused"}
    more = {"referrer": "http://one-selftest.invalid/"}
    return Evidence(
        requests=[Request(host, path, headers, number) for host, path, number in places],
        realms={realm: dict(values) for realm in REALMS},
        window=_window(identity),
        third={number: {**third, **more, "kept": kept} for number, kept in _VISITS.items()},
        window_names={1: "", 2: "", 3: ""},
        leaks={"candidates": []},
        service_worker=identity.service_workers,
        reached=(),
        hello_first=True,
        sealed=True,
    )  # fmt: skip


def _seen() -> Seen:
    return Seen(_evidence(_IDENTITIES["private"]), _evidence(_IDENTITIES["everyday"]))


def _failed(report: Report) -> set[tuple[str, str]]:
    return {(one.id, one.session) for one in report.findings if one.outcome is not Outcome.PASSED}


def test_a_browser_that_is_as_promised_passes() -> None:
    report = judge(_seen(), _IDENTITIES)
    assert _failed(report) == set()
    assert report.passed
    assert report.count(Outcome.PASSED) == len(report.findings)


def _told(**values: object) -> Callable[[Evidence], None]:
    def plant(evidence: Evidence) -> None:
        for realm in evidence.realms:
            evidence.realms[realm] = {**evidence.realms[realm], **values}

    return plant


def _shown(**values: object) -> Callable[[Evidence], None]:
    def plant(evidence: Evidence) -> None:
        evidence.window = {**evidence.window, **values}

    return plant


def _sent(**headers: str) -> Callable[[Evidence], None]:
    def plant(evidence: Evidence) -> None:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        evidence.requests = [
            replace(one, headers={**one.headers, **names}) for one in evidence.requests
        ]

    return plant


def _set(name: str, value: object) -> Callable[[Evidence], None]:
    return lambda evidence: setattr(evidence, name, value)


def _found_again(**values: object) -> Callable[[Evidence], None]:
    def plant(evidence: Evidence) -> None:
        evidence.third[2] = {**evidence.third[2], **values}

    return plant


def _one_realm(evidence: Evidence) -> None:
    evidence.realms["worker, nested"] = {**evidence.realms["page"], "deviceMemory": 4}


def _silent_realm(evidence: Evidence) -> None:
    del evidence.realms["object"]


def _one_connection(evidence: Evidence) -> None:
    evidence.requests = [replace(one, connection=1) for one in evidence.requests]


def _no_frames(evidence: Evidence) -> None:
    evidence.requests = [one for one in evidence.requests if one.host != COOKIES]


@pytest.mark.parametrize(
    ("plant", "check"),
    [
        (_told(userAgent="QtWebEngine"), "agent"),
        (_told(brands="Qt 6"), "brands"),
        (_told(system="Linux6.1"), "system"),
        (_told(languages="de"), "languages"),
        (_told(hardwareConcurrency=2), "cores"),
        (_told(deviceMemory=8), "memory"),
        (_told(heap=1), "heap"),
        (_shown(screenIsPage=False), "screen"),
        (_shown(screenPlace="60,40,0,0"), "screen"),
        (_shown(screenDepth=30), "depth"),
        (_shown(pointer=False), "pointer"),
        (_shown(timer=0.005), "timer"),
        (_shown(sound="48000, 0.02, 0, 6"), "sound"),
        (_told(renderer="NVIDIA"), "renderer"),
        (_told(webgpu=True), "webgpu"),
        (_told(devices=2), "devices"),
        (_told(hardware=True), "hardware"),
        (_told(speech=True), "hardware"),
        (_told(midi=True), "battery"),
        (_told(quota=1.5e9), "quota"),
        (_told(sharedWorker=True), "shared-workers"),
        (_told(globalPrivacyControl=None), "privacy-control"),
        (_set("service_worker", None), "service-workers"),
        (_one_realm, "realm-worker, nested"),
        (_silent_realm, "realm-object"),
        (_no_frames, "cookies"),
        (_sent(cookie="seen=1"), "cookies"),
        (_found_again(local="1"), "local"),
        (_found_again(database="mark"), "database"),
        (_found_again(caches="mark"), "caches"),
        (_found_again(kept=1), "cache"),
        (_found_again(kept=None), "cache"),
        (_one_connection, "connections"),
        (_set("window_names", {1: "", 2: "visitor"}), "window-name"),
        (_set("leaks", {"candidates": ["192.168.1.7"]}), "webrtc"),
        (_set("datagrams", 1), "datagrams"),
        (_set("trapped", 1), "local"),
        (_set("reached", ("http://127.0.0.1",)), "local"),
        (_set("hello_first", False), "encryption"),
        (_set("hello_first", None), "encryption"),
        (_set("sealed", False), "sealed"),
        (_sent(user_agent="other"), "agent-header"),
        (_sent(accept_language="de"), "language-header"),
        (_sent(sec_gpc="0"), "privacy-header"),
        (_sent(device_memory="8"), "hints"),
        (_sent(referer="http://one-selftest.invalid/x/site?1"), "referrer"),
        (_found_again(referrer="http://one-selftest.invalid/x/site?1"), "referrer"),
    ],
)
@pytest.mark.parametrize("session", ["private", "everyday"])
def test_each_fault_is_seen_by_its_check(
    plant: Callable[[Evidence], None], check: str, session: str
) -> None:
    seen = _seen()
    plant(seen.of(session))
    assert _failed(judge(seen, _IDENTITIES)) == {(check, session)}


@pytest.mark.parametrize(
    ("plant", "check"),
    [
        (_told(zone="Europe/Paris"), "zone"),
        (_shown(scale=1.5), "scale"),
        (_shown(media=False), "media"),
        (_shown(fonts="Ubuntu"), "fonts"),
        (_told(webgl=True), "webgl"),
        (_shown(gamepads=True), "gamepads"),
    ],
)
def test_what_may_show_fails_in_private_windows_only(
    plant: Callable[[Evidence], None], check: str
) -> None:
    seen = _seen()
    plant(seen.private)
    plant(seen.everyday)
    assert _failed(judge(seen, _IDENTITIES)) == {(check, "private")}


def test_connections_to_anybody_else_fail_both() -> None:
    seen = _seen()
    seen.strangers.append("update.example")
    failed = _failed(judge(seen, _IDENTITIES))
    assert failed == {("strangers", "private"), ("strangers", "everyday")}


def test_a_choice_of_the_user_and_an_unsealed_session_are_noted() -> None:
    seen = _seen()
    for kind in _IDENTITIES:
        seen.of(kind).hello_first = False
        seen.of(kind).sealed = False
    report = judge(seen, _IDENTITIES, https_first=False)
    noted = {one.id for one in report.findings if one.outcome is Outcome.NOTED}
    assert noted == {"encryption", "sealed"}
    assert report.passed


def test_no_evidence_is_no_success() -> None:
    report = judge(Seen(), _IDENTITIES)
    assert not report.passed
    # Nobody sent anything anywhere: that alone is seen without a page.
    passed = {one.id for one in report.findings if one.outcome is Outcome.PASSED}
    assert passed == {"strangers"}


def test_a_report_survives_the_way_as_json_and_text() -> None:
    seen = _seen()
    seen.private.datagrams = 3
    report = judge(seen, _IDENTITIES)
    assert report_from_json(report_to_json(report)) == report
    assert "FAIL private   Datagrams past the door (UDP): 3  (expected: nothing)" in text_of(report)


@pytest.mark.parametrize("body", [None, [], {}, {"checks": [{}]}, {"checks": [1]}])
def test_anything_else_is_no_report(body: object) -> None:
    assert report_from_json(body) is None
