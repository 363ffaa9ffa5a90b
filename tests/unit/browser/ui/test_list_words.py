"""Words for lists and filters: every cause has its sentence."""

from __future__ import annotations

import pytest

from myco_browser.services.filter_lint import Finding, lint
from myco_browser.ui.filter_causes import reason
from myco_browser.ui.list_words import ago, failure, size
from myco_filters.lists.check import RefusedCause
from myco_filters.syntax.causes import Cause


@pytest.mark.parametrize("cause", Cause)
def test_each_cause_has_a_sentence(cause: Cause) -> None:
    assert reason(Finding(1, cause, "")).endswith(".")


@pytest.mark.parametrize("cause", RefusedCause)
def test_each_refusal_has_a_sentence(cause: RefusedCause) -> None:
    assert cause.value not in failure(cause.value)


def test_failures_of_the_network() -> None:
    assert "404" in failure("the server answered 404")
    assert failure("DialError: the door refused") == "The server could not be reached."
    assert "odd" in failure("something odd")


def test_times_and_sizes() -> None:
    assert [ago(seconds) for seconds in (5, 60, 7200, 86400 * 3)] == [
        "just now", "1 minute ago", "2 hours ago", "3 days ago",
    ]  # fmt: skip
    assert size(300, "en") == "1 kB"
    assert size(4_123_456, "fr") == "4,1 MB"


def test_lint_names_lines_and_causes() -> None:
    found = lint("||a.test^\n\n||b.test^$nonsense\n##.ad\n/(a+)+$/\n||c.test^$header=x\n")
    assert found.kept == 2
    assert [(one.line, one.cause) for one in found.findings] == [
        (3, Cause.UNKNOWN_OPTION),
        (5, Cause.REGEX_DANGEROUS),
        (6, Cause.NEEDS_RESPONSE),
    ]
    assert "nonsense" in reason(found.findings[0])
