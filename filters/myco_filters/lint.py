"""A list looked over: what of it has effect, by kind, and what has none, by cause."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from myco_filters.syntax.causes import Unsupported
from myco_filters.syntax.lists import ParsedList


@dataclass(frozen=True, slots=True)
class Report:
    """The summary of one list."""

    kept: dict[str, int]
    unsupported: dict[str, int]
    """Name of the cause, with the option's name where there is one, to count."""
    lines: tuple[tuple[int, Unsupported], ...]
    comments: int
    skipped: int

    def as_json(self, with_lines: bool) -> dict[str, object]:
        """The report for machines."""
        told: dict[str, object] = {
            "kept": self.kept,
            "unsupported": self.unsupported,
            "comments": self.comments,
            "skipped": self.skipped,
        }
        if with_lines:
            told["lines"] = [
                {"line": n, "cause": u.cause.name, "detail": u.detail, "filter": u.raw}
                for n, u in self.lines
            ]
        return told

    def as_text(self, with_lines: bool) -> list[str]:
        """The report for people, line by line."""
        told = [f"  kept {sum(self.kept.values())}"]
        told += [f"    {count:7} {kind}" for kind, count in self.kept.items() if count]
        told.append(f"  without effect {sum(self.unsupported.values())}")
        told += [f"    {count:7} {cause}" for cause, count in self.unsupported.items()]
        told.append(f"  comments {self.comments}, lines meant for other blockers {self.skipped}")
        if with_lines:
            told += [
                f"  line {n}: {u.cause.value}{f' ({u.detail})' if u.detail else ''}: {u.raw[:200]}"
                for n, u in self.lines
            ]
        return told


def report(parsed: ParsedList) -> Report:
    """Count what a list says."""
    kept: Counter[str] = Counter()
    kept["hosts"] = sum(map(len, parsed.hosts.values()))
    if parsed.paths:
        kept["network"] = len(parsed.paths)
    for made in parsed.network:
        if made.badfilter:
            kept["badfilter"] += 1
        elif made.action.value == "block":
            kept["exceptions" if made.exception else "network"] += 1
        else:
            kept[made.action.value + (" exceptions" if made.exception else "")] += 1
    for rule in parsed.cosmetic:
        kind = "scriptlet" if rule.is_scriptlet else "generic" if rule.is_generic else "specific"
        kept[f"{kind} exceptions" if rule.exception else kind] += 1
    causes: Counter[str] = Counter()
    for _, one in parsed.unsupported:
        detail = f" {one.detail}" if one.detail.replace("-", "").isalnum() else ""
        causes[one.cause.name + detail] += 1
    return Report(
        dict(kept),
        dict(causes.most_common()),
        tuple(parsed.unsupported),
        parsed.comments,
        parsed.skipped,
    )
