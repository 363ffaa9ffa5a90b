"""What a self-test found: values that the command prints, and that the page about it shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from myco_browser.domain.messages import N_


class Outcome(Enum):
    """How a check ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOTED = "noted"
    """It is not as it should be, and this computer does not allow better."""


class Part(Enum):
    """What a check is about; the value is the heading."""

    FINGERPRINT = N_("What sites can know of you")
    REALMS = N_("Frames, windows and workers tell the same")
    PARTITIONS = N_("Sites are kept apart")
    LEAKS = N_("Nothing goes past the door")
    HEADERS = N_("What is sent with each request")


@dataclass(frozen=True, slots=True)
class Finding:
    """One check in one session; what it says is in English, to be translated."""

    id: str
    part: Part
    session: str
    """"private" or "everyday"."""
    check: str
    value: str
    expected: str
    outcome: Outcome
    tor: str = ""
    """What Tor and Mullvad Browser do."""
    brave: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """All findings, in the order in which they are shown."""

    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing failed."""
        return bool(self.findings) and all(
            one.outcome is not Outcome.FAILED for one in self.findings
        )

    def count(self, outcome: Outcome) -> int:
        """How many ended so."""
        return sum(one.outcome is outcome for one in self.findings)


def report_to_json(report: Report) -> dict[str, object]:
    """As the command prints it."""
    return {
        "passed": report.passed,
        "checks": [
            {
                "id": one.id,
                "part": one.part.name.lower(),
                "session": one.session,
                "check": one.check,
                "value": one.value,
                "expected": one.expected,
                "outcome": one.outcome.value,
                "tor": one.tor,
                "brave": one.brave,
            }
            for one in report.findings
        ],
    }


def report_from_json(body: object) -> Report | None:
    """Read what `report_to_json` made; None when it is anything else."""
    if not isinstance(body, Mapping) or not isinstance(rows := body.get("checks"), list):
        return None
    try:
        return Report(tuple(_finding(row) for row in rows))
    except (KeyError, TypeError, ValueError):
        return None


def _finding(row: Mapping[str, object]) -> Finding:
    return Finding(
        id=str(row["id"]), part=Part[str(row["part"]).upper()], session=str(row["session"]),
        check=str(row["check"]), value=str(row["value"]), expected=str(row["expected"]),
        outcome=Outcome(row["outcome"]), tor=str(row["tor"]), brave=str(row["brave"]),
    )  # fmt: skip
