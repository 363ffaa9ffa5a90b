"""The command ``myco-filters``: ask the engine about recorded requests, or look a list over."""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter_ns

from myco_filters.engine import Engine
from myco_filters.lint import report
from myco_filters.reading import lines_of, text_of
from myco_filters.request import Kind, Request
from myco_filters.syntax.lists import FilterList, parse_list
from myco_filters.verdict import Allow, Block, Redirect, Rewrite, Verdict

_EPILOG = """exit status:
  0  everything was read and understood
  1  check: some lines of the requests file were bad; lint: some filters have no effect
  2  a file could not be read, or the command line is wrong
"""


@dataclass(frozen=True, slots=True)
class _Asked:
    url: str
    source: str
    type: str


class _BadLineError(Exception):
    pass


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        return _check(options) if options.command == "check" else _lint(options)
    except BrokenPipeError:
        # The reader, e.g. `head`, has seen enough; nothing more may be written, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    except OSError as error:
        print(f"myco-filters: {error.filename}: {error.strerror or error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="myco-filters",
        description="Ask the filter engine of Myco Browser.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser(
        "check",
        help="verdicts for requests, one JSON line each",
        description='Reads JSON lines {"url", "source", "type"} (webRequest types) and '
        'prints {"verdict": "none"|"block"|"exception", "filter": text or null} for each, in '
        "order. A bad line is reported on standard error with file and line.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    check.add_argument(
        "--list",
        dest="lists",
        action="append",
        nargs="+",
        required=True,
        metavar="FILE",
        type=Path,
        help="filter list, plain text or .gz",
    )
    check.add_argument(
        "--requests",
        required=True,
        metavar="FILE",
        type=Path,
        help="JSON lines, plain or .gz; - for standard input",
    )
    check.add_argument("--json", action="store_true", help="messages and times as JSON, too")
    check.add_argument(
        "--time",
        action="store_true",
        help="then print on standard error: load time in ms, and mean, p50, p99 "
        "in µs per request of a second pass, from strings to verdict",
    )
    lint = commands.add_parser(
        "lint",
        help="what of a list is used, what is not, and why",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    lint.add_argument("files", nargs="+", metavar="FILE", type=Path)
    lint.add_argument("--json", action="store_true", help="the summary as JSON")
    lint.add_argument("--lines", action="store_true", help="also every line without effect")
    return parser


def _check(options: argparse.Namespace) -> int:
    started = perf_counter_ns()
    paths = [path for group in options.lists for path in group]
    engine = Engine.compile(FilterList(path.name, path.name, text_of(path)) for path in paths)
    loaded = perf_counter_ns() - started
    status = 0
    asked: list[_Asked] = []
    for number, line in enumerate(lines_of(options.requests), 1):
        try:
            one = _asked(line)
        except _BadLineError as error:
            _complain(options, number, str(error))
            status = 1
            continue
        verdict = engine.match(_request(one))
        print(json.dumps(described(verdict), ensure_ascii=False))
        if options.time:
            asked.append(one)
    if options.time:
        _print_times(options, engine, asked, loaded)
    return status


def described(verdict: Verdict) -> dict[str, str | None]:
    """A verdict as ``check`` prints it."""
    match verdict:
        case Block(filter=ref) | Redirect(filter=ref):
            return {"verdict": "block", "filter": ref.raw}
        case Allow(exception=exception) if exception is not None:
            return {"verdict": "exception", "filter": exception.raw}
        case Allow() | Rewrite():
            return {"verdict": "none", "filter": None}


def _asked(line: str) -> _Asked:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _BadLineError(f"no JSON: {error}") from None
    if not isinstance(value, dict):
        raise _BadLineError("no JSON object")
    found = []
    for key in ("url", "source", "type"):
        text = value.get(key)
        if not isinstance(text, str):
            raise _BadLineError(f'"{key}" is missing or no string')
        found.append(text)
    return _Asked(*found)


def _request(asked: _Asked) -> Request:
    return Request.make(asked.url, asked.source, Kind.named(asked.type))


def _complain(options: argparse.Namespace, number: int, message: str) -> None:
    if options.json:
        told = {"file": str(options.requests), "line": number, "error": message}
        print(json.dumps(told, ensure_ascii=False), file=sys.stderr)
    else:
        print(f"{options.requests}:{number}: {message}", file=sys.stderr)


def _print_times(
    options: argparse.Namespace, engine: Engine, asked: list[_Asked], loaded: int
) -> None:
    gc.collect()
    gc.freeze()
    times = sorted(_timed(engine, asked)) or [0]
    count = len(times)
    told = {
        "requests": len(asked),
        "load_ms": round(loaded / 1e6, 1),
        "mean_us": round(sum(times) / count / 1e3, 2),
        "p50_us": round(times[count // 2] / 1e3, 2),
        "p99_us": round(times[min(count - 1, count * 99 // 100)] / 1e3, 2),
    }
    if options.json:
        print(json.dumps(told), file=sys.stderr)
    else:
        print("  ".join(f"{key} {value}" for key, value in told.items()), file=sys.stderr)


def _timed(engine: Engine, asked: list[_Asked]) -> Iterator[int]:
    for one in asked:
        started = perf_counter_ns()
        engine.match(_request(one))
        yield perf_counter_ns() - started


def _lint(options: argparse.Namespace) -> int:
    status = 0
    for path in options.files:
        found = report(parse_list(text_of(path)))
        status = status or (1 if found.unsupported else 0)
        if options.json:
            print(json.dumps({"file": str(path)} | found.as_json(options.lines)))
        else:
            print("\n".join([str(path), *found.as_text(options.lines)]))
    return status


if __name__ == "__main__":
    sys.exit(main())
