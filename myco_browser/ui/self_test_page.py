"""The page about the self-test: before it, while it runs, and what it found."""

from __future__ import annotations

from html import escape

from myco_browser.domain.self_test import Finding, Outcome, Part, Report
from myco_browser.ui.i18n import _, ngettext
from myco_browser.ui.own_pages import fill
from myco_browser.ui.theme import Face
from myco_resources import read_icon

_ICONS = {Outcome.PASSED: "check", Outcome.FAILED: "close", Outcome.NOTED: "info"}
_SESSIONS = ("private", "everyday")


def first_page(face: Face, language: str, problem: str) -> str:
    """What the self-test is, and a button; `problem` says why the last one could not be run."""
    text = _(
        "A browser of its own, without a window, is led past servers of its own on this computer: "
        "a private and an everyday session. They judge what sites could know of you, whether sites "
        "are kept apart, and whether anything goes past the door. Nothing leaves this computer."
    )
    body = _verdict("shield-check", _("Self-test"), text, _("Start"))
    if problem:
        title = _("The self-test could not be run")
        body = _verdict("warning", title, problem, _("Try again"), is_bad=True)
    return _page(face, language, body)


def running_page(face: Face, language: str) -> str:
    """Shown until the report is there."""
    heading, text = _("The self-test is running"), _("It takes about ten seconds.")
    body = (
        '<section class="verdict" role="status"><span class="wait"></span>'
        f"<div><h1>{escape(heading)}</h1><p class='quiet'>{escape(text)}</p></div></section>"
    )
    return _page(face, language, body)


def report_page(face: Face, language: str, report: Report) -> str:
    """What was found, part by part."""
    failed = report.count(Outcome.FAILED)
    count = len(report.findings)
    text = ngettext(
        "{count} check in a private and an everyday session, on this computer only.",
        "{count} checks in a private and an everyday session, on this computer only.",
        count,
    ).format(count=count)
    if report.passed:
        heading = _("Everything is as promised")
    else:
        heading = ngettext("{count} check failed", "{count} checks failed", failed).format(
            count=failed
        )
    icon = "shield-check" if report.passed else "warning"
    body = _verdict(icon, heading, text, _("Run again"), is_bad=not report.passed)
    body += "".join(_part(part, report) for part in Part)
    return _page(face, language, body)


def _page(face: Face, language: str, body: str) -> str:
    return fill("selftest.html", face, language, title=_("Self-test"), body=body)


def _verdict(icon: str, heading: str, text: str, button: str, *, is_bad: bool = False) -> str:
    form = (
        '<form action="myco://selftest/" method="get"><input type="hidden" name="run" value="1">'
        f"<button>{escape(button)}</button></form>"
    )
    return (
        f'<section class="verdict{" bad" if is_bad else ""}" role="status">{read_icon(icon)}'
        f'<div><h1>{escape(heading)}</h1><p class="quiet">{escape(text)}</p></div>{form}</section>'
    )


def _part(part: Part, report: Report) -> str:
    findings = [one for one in report.findings if one.part is part]
    if not findings:
        return ""
    failed = sum(one.outcome is Outcome.FAILED for one in findings)
    passed = sum(one.outcome is Outcome.PASSED for one in findings)
    count = _("{passed} of {count}").format(passed=passed, count=len(findings))
    with_others = any(one.tor or one.brave for one in findings)
    rows: dict[str, dict[str, Finding]] = {}
    for one in findings:
        rows.setdefault(one.id, {})[one.session] = one
    table = _head(with_others) + "".join(_row(row, with_others) for row in rows.values())
    is_open = " open" if failed or part is Part.FINGERPRINT else ""
    return (
        f"<details{is_open}><summary>{escape(_(part.value))}"
        f'<span class="{"bad" if failed else ""}">{escape(count)}</span></summary>'
        f'<div class="scroll"><table>{table}</table></div></details>'
    )


def _head(with_others: bool) -> str:
    words = [_("Check"), _("Private window"), _("Everyday window")]
    if with_others:
        words += [_("Tor, Mullvad"), "Brave"]
    return "<tr>" + "".join(f'<th scope="col">{escape(word)}</th>' for word in words) + "</tr>"


def _row(row: dict[str, Finding], with_others: bool) -> str:
    first = next(iter(row.values()))
    cells = "".join(
        f"<td>{_cell(row[one])}</td>" if one in row else "<td></td>" for one in _SESSIONS
    )
    if with_others:
        for other in (first.tor, first.brave):
            cells += f'<td class="other">{escape(_(other)) if other else ""}</td>'
    has_failed = any(one.outcome is Outcome.FAILED for one in row.values())
    mark = ' class="failed"' if has_failed else ""
    return f"<tr{mark}><td>{escape(_(first.check))}</td>{cells}</tr>"


def _cell(one: Finding) -> str:
    words = {
        Outcome.PASSED: _("passed"), Outcome.FAILED: _("failed"), Outcome.NOTED: _("noted"),
    }  # fmt: skip
    more = ""
    if one.outcome is not Outcome.PASSED:
        expected = _("Expected: {value}").format(value=_(one.expected))
        more = f"<small>{escape(expected)}</small>"
    return (
        f'<div class="cell {one.outcome.value}">{read_icon(_ICONS[one.outcome])}'
        f'<span><span class="hidden">{escape(words[one.outcome])}: </span>'
        f"{escape(_(one.value) if one.value else '–')}{more}</span></div>"
    )
