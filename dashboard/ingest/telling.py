"""The results of a batch as a table, CSV or JSON, in a language. Records in, text out."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Sequence

from dashboard.ingest.outcome import Outcome, Result
from dashboard.messages import Language, number, text

_COLUMNS = ("file", "outcome", "body", "year", "edition", "facts", "mentions", "findings", "why")
_CSV_COLUMNS = (
    "file", "outcome", "body", "year", "edition", "facts", "mentions", "sha256", "findings", "reason", "sentence",
)  # fmt: skip


def headings(language: Language) -> list[str]:
    return [text(f"ingest.column_{name}", language) for name in _COLUMNS]


def rows(results: Sequence[Result], language: Language) -> list[list[str]]:
    """The table's cells; empty where a document was not read."""
    return [
        [
            result.file, text(f"ingest.outcome_{result.outcome}", language), result.body, _cell(result.year),
            result.edition, _cell(result.facts), _cell(result.mentions), _cell(len(result.findings) or None),
            _sentence(result, language),
        ]
        for result in results
    ]  # fmt: skip


def summary(results: Sequence[Result], language: Language) -> str:
    """How many of each outcome: `3 read, 1 refused`."""
    counts = Counter(result.outcome for result in results)
    parts = [
        text(
            "ingest.count", language, outcome=text(f"ingest.outcome_{outcome}", language), count=number(counts[outcome])
        )
        for outcome in Outcome
        if counts[outcome]
    ]
    return text("ingest.comma", language).join(parts) or text("ingest.nothing", language)


def findings(results: Sequence[Result], language: Language) -> Iterator[str]:
    for result in results:
        for finding in result.findings:
            yield f"{result.file}: {finding.say(language)}"


def as_csv(results: Sequence[Result], language: Language) -> str:
    """Findings of a document stand in one cell, a line each."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_CSV_COLUMNS)
    for result in results:
        told = "\n".join(finding.say(language) for finding in result.findings)
        reason = result.reason.message_id if result.reason else ""
        values = (result.file, result.outcome, result.body, result.year, result.edition, result.facts, result.mentions)
        writer.writerow([*values, result.sha256, told, reason, _sentence(result, language)])
    return out.getvalue()


def as_json(results: Sequence[Result], language: Language) -> str:
    """`{"documents": [...]}`; null for what is not known, such as the figures of a document that was not read."""
    return json.dumps({"documents": [_json(each, language) for each in results]}, ensure_ascii=False, indent=2)


def _json(result: Result, language: Language) -> dict[str, object]:
    return {
        "file": result.file,
        "outcome": result.outcome,
        "body": result.body or None,
        "year": result.year,
        "edition": result.edition or None,
        "facts": result.facts,
        "mentions": result.mentions,
        "sha256": result.sha256 or None,
        "findings": [
            {"kind": each.kind, "printed": each.printed, "place": each.place, "sentence": each.say(language)}
            for each in result.findings
        ],
        "reason": result.reason.message_id if result.reason else None,
        "sentence": _sentence(result, language) or None,
    }


def _sentence(result: Result, language: Language) -> str:
    return result.reason.say(language) if result.reason else ""


def _cell(value: int | None) -> str:
    return "" if value is None else str(value)
