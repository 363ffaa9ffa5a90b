from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from myco_filters.cli import main

LIST = "||ads.test^\n@@||ads.test/ok^\n||x.test^$header=a:b\n*$removeparam=utm_source\n"


@pytest.fixture
def filters(tmp_path: Path) -> str:
    path = tmp_path / "list.txt"
    path.write_text(LIST, encoding="utf-8")
    return str(path)


def request(url: str) -> str:
    return json.dumps({"url": url, "source": "https://site.example/", "type": "script"})


def test_check_prints_one_verdict_for_each(
    tmp_path: Path, filters: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = tmp_path / "requests.jsonl.gz"
    lines = ["https://ads.test/", "https://ads.test/ok/", "https://a.test/?utm_source=1"]
    with gzip.open(asked, "wt", encoding="utf-8") as file:
        file.write("\n".join(map(request, lines)) + "\n")
    assert main(["check", "--list", filters, "--requests", str(asked), "--time"]) == 0
    told = capsys.readouterr()
    assert [json.loads(line) for line in told.out.splitlines()] == [
        {"verdict": "block", "filter": "||ads.test^"},
        {"verdict": "exception", "filter": "@@||ads.test/ok^"},
        {"verdict": "none", "filter": None},
    ]
    assert "requests 3" in told.err
    assert "p99_us" in told.err


@pytest.mark.parametrize(
    "bad", ["", "{", "[]", '{"url": "x"}', '{"url": 1, "source": "", "type": ""}', "[" * 90_000]
)
def test_a_bad_line_is_named_and_the_rest_goes_on(
    bad: str, tmp_path: Path, filters: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = tmp_path / "requests.jsonl"
    text = "\n".join([request("https://ads.test/"), bad, request("https://b.test/")])
    asked.write_text(text, encoding="utf-8")
    assert main(["check", "--list", filters, "--requests", str(asked)]) == 1
    told = capsys.readouterr()
    assert [json.loads(line)["verdict"] for line in told.out.splitlines()] == ["block", "none"]
    assert told.err.startswith(f"{asked}:2: ")
    assert main(["check", "--list", filters, "--requests", str(asked), "--json"]) == 1
    assert json.loads(capsys.readouterr().err)["line"] == 2


def test_a_missing_or_damaged_file_is_named(
    tmp_path: Path, filters: str, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = str(tmp_path / "none.jsonl")
    assert main(["check", "--list", filters, "--requests", missing]) == 2
    assert missing in capsys.readouterr().err
    damaged = tmp_path / "damaged.gz"
    damaged.write_bytes(b"no gzip")
    assert main(["check", "--list", str(damaged), "--requests", missing]) == 2
    assert str(damaged) in capsys.readouterr().err


def test_lint_counts_what_is_used_and_what_is_not(
    filters: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lint", filters, "--json", "--lines"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["kept"] == {
        "hosts": 1,
        "exceptions": 1,
        "removeparam": 1,
    }
    assert told["unsupported"] == {"NEEDS_RESPONSE header": 1}
    assert told["lines"][0]["line"] == 3
    assert main(["lint", filters, "--lines"]) == 1
    assert "line 3" in capsys.readouterr().out
