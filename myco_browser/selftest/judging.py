"""What the evidence says: pure, so that planted evidence can show each check failing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from myco_browser.domain.identity import SessionIdentity
from myco_browser.domain.messages import N_
from myco_browser.domain.self_test import Finding, Outcome, Part, Report
from myco_browser.selftest.evidence import Evidence, Request, Seen
from myco_browser.selftest.pages import COOKIES, ONE, OTHER, REALMS, TELL, THIRD, TWO
from myco_browser.selftest.surfaces import SURFACES, YOURS

SAME = N_("the same as the page")
SILENT = N_("told nothing")
NONE = N_("nothing")
YES, NO = N_("yes"), N_("no")
REFUSED, WORKS = N_("refused"), N_("works")
APART, SHARED = N_("apart"), N_("shared")
GONE = N_("gone")
ORIGIN = N_("the origin only")
BY_DOOR = N_("by the door only")
ENCRYPTED_FIRST = N_("asked for by encrypted connection")
IN_CLEAR = N_("asked for in the clear")
# What an opaque origin, or a context without encryption, does not have at all.
_MAY_LACK = frozenset({"quota", "devices", "system", "mobile", "brands"})
_HINTS = (
    "sec-ch-ua-platform-version", "sec-ch-ua-model", "sec-ch-ua-arch", "sec-ch-ua-bitness",
    "sec-ch-ua-full-version-list", "device-memory", "sec-ch-device-memory", "dpr", "sec-ch-dpr",
    "rtt", "downlink", "ect", "viewport-width", "sec-ch-viewport-width",
)  # fmt: skip


def judge(
    seen: Seen, identities: Mapping[str, SessionIdentity], *, https_first: bool = True
) -> Report:
    """The report; `identities` are those that the sessions promise, by session.

    `https_first`: the user wants pages to be asked for by encrypted connection first.
    """
    findings: list[Finding] = []
    for session, identity in identities.items():
        evidence = seen.of(session)
        for part in (_fingerprint, _realms, _partitions, _leaks, _headers):
            findings += part(session, identity, evidence)
        findings.append(_encryption(session, evidence, https_first=https_first))
        findings.append(_strangers(session, seen))
    order = list(Part)
    findings.sort(key=lambda one: order.index(one.part))
    return Report(tuple(findings))


def _fingerprint(session: str, identity: SessionIdentity, evidence: Evidence) -> Iterator[Finding]:
    values = {**evidence.realms.get("page", {}), **evidence.window}
    for surface in SURFACES:
        value = surface.told(values) if values else SILENT
        wanted = surface.wanted(identity)
        passed = bool(values) and wanted in (None, value)
        yield Finding(
            surface.id, Part.FINGERPRINT, session, surface.title, value,
            YOURS if wanted is None else wanted, _outcome(passed), surface.tor, surface.brave,
        )  # fmt: skip
    expected = WORKS if identity.service_workers else REFUSED
    value = {None: SILENT, True: WORKS, False: REFUSED}[evidence.service_worker]
    yield Finding(
        "service-workers", Part.FINGERPRINT, session, N_("Service workers"), value, expected,
        _outcome(value == expected), N_("off"), N_("work"),
    )  # fmt: skip


def _realms(session: str, _identity: SessionIdentity, evidence: Evidence) -> Iterator[Finding]:
    page = evidence.realms.get("page", {})
    for realm in REALMS[1:]:
        values = evidence.realms.get(realm)
        value = SILENT if values is None else ", ".join(_differences(values, page)) or SAME
        yield _finding(f"realm-{realm}", Part.REALMS, session, realm, value, SAME)


def _differences(values: Mapping[str, object], page: Mapping[str, object]) -> Iterator[str]:
    for key, value in values.items():
        if value != page.get(key) and not (value is None and key in _MAY_LACK):
            yield f"{key} = {value}"


def _partitions(session: str, _identity: SessionIdentity, evidence: Evidence) -> Iterator[Finding]:
    third = evidence.to(THIRD)
    visited = {number for number in (1, 2, 3) if number in evidence.third}
    is_whole = visited == {1, 2, 3}

    def row(name: str, check: str, fine: bool, tor: str, brave: str) -> Finding:
        value = SILENT if not is_whole else APART if fine else SHARED
        return _finding(name, Part.PARTITIONS, session, check, value, APART, tor, brave)

    asked = evidence.to(COOKIES)
    brought = any("cookie" in one.headers for one in [*asked, *third])
    yield _finding(
        "cookies", Part.PARTITIONS, session, N_("Cookies of third parties"),
        SILENT if len(asked) < 2 else SHARED if brought else REFUSED, REFUSED,
        N_("partitioned"), N_("refused, partitioned"),
    )  # fmt: skip
    second = evidence.third.get(2, {})
    for key, check in (
        ("local", N_("Local storage of third parties")),
        ("database", N_("Databases of third parties")),
        ("caches", N_("Stored answers of third parties")),
    ):
        fine = "mark" not in str(second.get(key)) and str(second.get(key)) != "1"
        yield row(key, check, fine, N_("partitioned"), N_("refused, partitioned"))
    first_kept, kept = evidence.third.get(1, {}).get("kept"), second.get("kept")
    value = SILENT if None in (first_kept, kept) else SHARED if kept == first_kept else APART
    yield _finding(
        "cache", Part.PARTITIONS, session, N_("Cached files"), value, APART,
        N_("apart"), N_("apart"),
    )  # fmt: skip
    frames = {one.path.rpartition("?")[2]: one.connection for one in third if "/third?" in one.path}
    yield row(
        "connections", N_("Connections"), len({frames.get("1"), frames.get("2")}) == 2,
        N_("apart"), N_("apart"),
    )  # fmt: skip
    name = evidence.window_names.get(2)
    value = SILENT if name is None else name or GONE
    yield _finding(
        "window-name", Part.PARTITIONS, session, N_("Window's name on the next site"), value,
        GONE, N_("gone"), N_("gone"),
    )  # fmt: skip


def _leaks(session: str, _identity: SessionIdentity, evidence: Evidence) -> Iterator[Finding]:
    leaks = evidence.leaks
    candidates = leaks.get("candidates")
    told = isinstance(candidates, list)
    shown = ", ".join(map(str, candidates)) if isinstance(candidates, list) else ""
    yield _finding(
        "webrtc", Part.LEAKS, session, N_("Addresses that video calls tell (WebRTC)"),
        (shown or NONE) if told else SILENT, NONE, N_("off"), N_("not outside a proxy"),
    )  # fmt: skip
    yield _finding(
        "datagrams", Part.LEAKS, session, N_("Datagrams past the door (UDP)"),
        (str(evidence.datagrams) if evidence.datagrams else NONE) if told else SILENT, NONE,
    )  # fmt: skip
    reached = evidence.reached
    value = SILENT if reached is None else ", ".join(reached) or NONE
    yield _finding(
        "local", Part.LEAKS, session, N_("Servers of this machine that a page reaches"),
        str(evidence.trapped) if evidence.trapped else value, NONE,
    )  # fmt: skip
    # These names exist at the door only: what arrived was looked up there and nowhere else.
    lost = [name for name in (OTHER, TELL, ONE, TWO, THIRD) if not evidence.to(name)]
    value = ", ".join(lost) if lost or not told else BY_DOOR
    yield _finding(
        "names", Part.LEAKS, session, N_("Names are looked up"), value or SILENT, BY_DOOR
    )
    yield Finding(
        "sealed", Part.LEAKS, session, N_("The kernel allows no other way out"),
        YES if evidence.sealed else NO, YES,
        Outcome.PASSED if evidence.sealed else Outcome.NOTED,
    )  # fmt: skip


def _encryption(session: str, evidence: Evidence, *, https_first: bool) -> Finding:
    value = {None: SILENT, True: ENCRYPTED_FIRST, False: IN_CLEAR}[evidence.hello_first]
    # Who switched it off is told so, and is right.
    chosen = Outcome.NOTED if evidence.hello_first is False and not https_first else Outcome.FAILED
    return Finding(
        "encryption", Part.LEAKS, session, N_("A page that was asked for in the clear"), value,
        ENCRYPTED_FIRST, Outcome.PASSED if evidence.hello_first else chosen, N_("HTTPS only"),
        N_("HTTPS first"),
    )  # fmt: skip


def _headers(session: str, identity: SessionIdentity, evidence: Evidence) -> Iterator[Finding]:
    requests = evidence.requests

    def row(name: str, check: str, value: str, expected: str, tor: str, brave: str) -> Finding:
        shown = value if requests else SILENT
        return _finding(name, Part.HEADERS, session, check, shown, expected, tor, brave)

    yield row(
        "agent-header", N_("User agent"), _each(requests, "user-agent"), identity.user_agent,
        N_("family of the system, frozen version"), N_("Chrome's"),
    )  # fmt: skip
    yield row(
        "language-header", N_("Accepted languages"), _each(requests, "accept-language"),
        identity.accept_language, "en-US", N_("shortened list"),
    )  # fmt: skip
    yield row(
        "privacy-header", N_("“Do not sell or share” (header)"), _each(requests, "sec-gpc"), "1",
        "–", N_("header and property"),
    )  # fmt: skip
    asked = sorted({name for one in requests for name in _HINTS if name in one.headers})
    yield row(
        "hints", N_("Client hints that a site asked for"), ", ".join(asked) or NONE, NONE,
        N_("none"), N_("like Chrome"),
    )  # fmt: skip
    # What a site asks of itself bears the whole address.
    across = [one for one in evidence.to(THIRD) if "/third?" in one.path] + evidence.to(TELL)
    referrers = [one.headers.get("referer", "") for one in across]
    told = [str(found.get("referrer", "")) for found in evidence.third.values()]
    long = [one for one in referrers + told if one.count("/") > 3]
    yield row(
        "referrer", N_("Referrer across sites"), ", ".join(sorted(set(long))) or ORIGIN, ORIGIN,
        N_("origin across sites"), N_("capped"),
    )  # fmt: skip


def _each(requests: list[Request], name: str) -> str:
    """The header's value, when all requests have the same; else all that there were."""
    found = {one.headers.get(name, "–") for one in requests}
    return " | ".join(sorted(found))


def _strangers(session: str, seen: Seen) -> Finding:
    shown = ", ".join(sorted(set(seen.strangers)))
    return _finding(
        "strangers", Part.LEAKS, session, N_("Connections to anybody else"), shown or NONE, NONE
    )


def _finding(
    name: str, part: Part, session: str, check: str, value: str, expected: str,
    tor: str = "", brave: str = "",
) -> Finding:  # fmt: skip
    return Finding(
        name, part, session, check, value, expected, _outcome(value == expected), tor, brave
    )


def _outcome(passed: bool) -> Outcome:
    return Outcome.PASSED if passed else Outcome.FAILED
