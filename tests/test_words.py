"""Words and settings: no sentence without a translation, no setting without its line in the readmes, no layer crossed."""

from __future__ import annotations

import re
import string
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from dashboard import checks, definitions, settings
from dashboard.admin import intake
from dashboard.admin.roles import Role
from dashboard.api import charts, errors, formats, listing
from dashboard.api.tables import TABLES
from dashboard.charts import CHARTS
from dashboard.checks.identities import Relation
from dashboard.checks.repair import Slip
from dashboard.documents import sniff
from dashboard.drafts.reading import Doubt
from dashboard.drafts.record import Stage
from dashboard.figures.theme import Theme
from dashboard.ingest.outcome import Outcome
from dashboard.measures.coverage import Standing
from dashboard.messages import Language, UserError, brief, catalog, percent, percent_as_stated, quantity
from dashboard.parts import PAGES
from dashboard.report import Ink
from dashboard.schema import Absence, Measure, Ruling, Segment
from dashboard.search.things import Kind
from dashboard.snapshots.audit_log import Action
from dashboard.snapshots.diff import Change
from dashboard.tables.corrections import State
from tests.conftest import ROOT

WRITTEN = [path for ending in ("*.py", "templates/*.html") for path in sorted((ROOT / "dashboard").rglob(ending))]
SOURCES = "\n".join(path.read_text("utf-8") for path in WRITTEN)
# Ids put together where they are said: the family's pattern, and the members that exist.
HELD_OR_NOT = ["holds", "holds_within_rounding", "fails"]
FAMILIES = {
    "chart.{}.title": list(CHARTS),
    "chart.{}.note": list(CHARTS),
    "nav.{}": list(PAGES.values()),
    "card.{}": ["embed", "cite"],
    "glossary.part_{}": [str(each) for each in definitions.Subject],
    "theme.{}": [str(each) for each in Theme],
    "language.{}": [str(each) for each in Language],
    "paper.ink_{}": [str(each) for each in Ink],
    "paper.on_{}": ["page", "line", "para"],
    "cite.line_{}": [str(each) for each in Language],
    "absence.{}": [*(str(each) for each in Absence), "no_report", "no_figure", "incomplete", "no_base"],
    "headline.{}_empty": [chart for chart, each in CHARTS.items() if each.table],
    "continuity.{}": [str(each) for each in definitions.Continuity],
    "measure.{}": [str(each) for each in Measure],
    "segment.{}": [*(str(each) for each in Segment), "rest"],
    "unit.{}": sorted({each.unit for each in definitions.indicators().values()}),
    "procedure.{}": ["review", "litigation"],
    "kpi.corrected_{}": ["review", "litigation"],
    "result.{}": ["upheld", "corrected", "other"],
    "word.{}_share": ["stated", "computed"],
    "rule.{}": list(checks.rules()),
    "why.{}": [str(each) for each in checks.Why],
    "verdict.{}": [str(each) for each in checks.Verdict],
    "severity.{}": [str(each) for each in checks.Severity],
    "severity.{}.many": [str(each) for each in checks.Severity],
    "relation.{}": [str(each) for each in Relation],
    "officer.{}": [*(str(each) for each in Ruling), "lapsed"],
    "filter.{}": ["scope", "severity", "rule", "table", "indicator", "scale", "level", "standing"],
    "family.{}": list(dict.fromkeys(each.partition(".")[0] for each in checks.rules())),
    "basis.{}": [
        checks.basis(rule, edition).removeprefix("basis.") for rule in checks.rules() for edition in definitions.forms()
    ],
    "applicant.{}": sorted({cell.applicant for form in definitions.forms().values() for cell in form.cells} - {""}),
    "finding.{}": [str(each) for each in checks.Verdict],
    "finding.stated_{}": HELD_OR_NOT,
    "finding.at_most_{}": HELD_OR_NOT,
    "audit.{}": [
        "verdict",
        "severity",
        "rule",
        "message",
        "left",
        "right",
        "cells",
        "basis",
        "report",
        "inferred",
        "id",
    ],
    "repair.slip_{}": [str(each) for each in Slip],
    "data.{}": ["facts", "mentions", "findings"],
    "data.kind_{}": ["all", "table", "text", "mention"],
    "data.method_{}": ["source", "choice", "missing", "derived", "rounding", "corrected"],
    "ingest.outcome_{}": [str(each) for each in Outcome],
    "diff.{}": [str(each) for each in Change],
    "log.{}": [str(each) for each in Action],
    "log.name_{}": [*(str(each) for each in Action), "forced"],
    "changes.{}": [str(each) for each in Change],
    "coverage.{}": [str(each) for each in Standing],
    "coverage.level_{}": ["province", "prefecture", "county", "department"],
    "log.broken_{}": ["chain", "number", "unreadable"],
    "correction.no_{}": ["reason", "evidence", "name"],
    "correction.state_{}": [str(each) for each in State],
    "snapshots.{}": ["live", "published", "preview"],
    "ingest.column_{}": ["file", "outcome", "body", "year", "edition", "facts", "mentions", "findings", "why"],
    "draft.stage_{}": [str(each) for each in Stage if each is not Stage.DONE],
    "draft.doubt_{}": [str(each) for each in Doubt],
    "draft.about_{}": ["body", "year", "edition", "publisher"],
    "draft.finding_{}": [str(Change.NEW), str(Change.SETTLED)],
    "unpublished.{}": [str(each) for each in (Change.ADDED, Change.CHANGED, Change.GONE)],
    "draft.done_{}": list(intake.DONE),
    "admin.role_{}": [str(each) for each in Role],
    "admin.may_{}": [str(each) for each in Role],
    "export.{}": ["facts", "mentions", "findings"],
    "query.{}_unknown": ["lang", "theme"],
    "api.table_{}": list(TABLES),
    "api.about_{}": [*TABLES, "chart", "data", "openapi", "docs"],
    "api.tag_{}": ["tables", "charts", "all"],
    "api.chart_{}": [each.ending.replace(".", "_") for each in formats.OF_CHARTS],
    "api.parameter_{}": sorted(
        {each.name for table in TABLES.values() for each in listing.parameters(table, formats.JSON)}
        | {"id"}
        | {each.name for each in charts.PARAMETERS}
    ),
    "api.header_{}": ["etag", "cache_control", "link", "ratelimit"],
    "api.status_{}": [200, 304, *errors.STATUSES],
    "api.told_{}": ["title", "body", "year", "headline", "note", "source", "link", "snapshot", "date", "licence"],
    "api.{}": ["to_dashboard", "to_description", "problems"],
    "level.{}": ["province", "prefecture", "county", "department"],
    "search.{}": ["title", "label", "hint", "close", "all", "slash", "hits", "failed"],
    "search.kind_{}": [str(each) for each in Kind],
    "find.said_{}": ["pinned", "recent", "hits", "none", "count", "pin", "unpin", "failed"],
    "table.{}": ["indicator", "segment", "value", "unit", "as_printed", "section", "code"],
}
LITERAL = re.compile(r"""["']((?:[a-z]+\.[a-z0-9_.]+)|site|source)["']""")


def said() -> set[str]:
    """Every id that the code names, by itself or by its family."""
    known = set(catalog(Language.ZH))
    literal = {each for each in LITERAL.findall(SOURCES) if each in known}
    family = {pattern.format(member) for pattern, members in FAMILIES.items() for member in members}
    asked = set(
        re.findall(
            r'(?:\btext|UserError|_kpi|_cell|_arrow|_both|_part|plural)\(\s*(?:view, |figures, )*"([a-z_.]+)"', SOURCES
        )
    )
    return literal | family | asked


@pytest.mark.parametrize("language", list(Language))
def test_every_sentence_has_a_translation(language: Language) -> None:
    assert said() - set(catalog(language)) == set()
    assert [
        message
        for message, sentence in catalog(language).items()
        if not sentence.strip() and message != "unit.fraction"
    ] == []


def test_no_sentence_is_left_over() -> None:
    optional = {message for message in catalog(Language.ZH) if message.startswith(("short.", "unit.", "result."))}
    with_one = {message for message in catalog(Language.ZH) if message.endswith(".one")}
    assert set(catalog(Language.ZH)) - said() - optional - with_one == set()


def test_both_catalogs_hold_the_same_messages_with_the_same_values() -> None:
    chinese, english = catalog(Language.ZH), catalog(Language.EN)
    assert set(chinese) == set(english)
    for message in chinese:
        names = [
            {name for _, name, _, _ in string.Formatter().parse(each[message]) if name} for each in (chinese, english)
        ]
        assert names[0] == {name.removesuffix("_en") for name in names[1]}, message


def test_english_sentences_hold_no_chinese_but_terms_they_explain() -> None:
    allowed = {
        "site.title",
        "site.title_plain",
        "pick.language",
        "pick.language_label",
        "server.address",
        "data.method_rounding",
    }
    chinese = re.compile(r"[\u4e00-\u9fff]")
    assert [
        each for each, sentence in catalog(Language.EN).items() if chinese.search(sentence) and each not in allowed
    ] == []


def test_every_indicator_has_both_names_and_a_place() -> None:
    for indicator in definitions.indicators().values():
        assert indicator.name_zh
        assert indicator.name_en
        assert indicator.places, indicator.code


def test_numbers_are_said_in_the_readers_manner() -> None:
    from decimal import Decimal

    assert brief(706668, Language.ZH) == "70.67 万"
    assert brief(706668, Language.EN) == "706,668"
    assert quantity(Decimal("2602.76"), "万元", Language.EN) == ("26,027,600", "yuan")
    assert (percent(Decimal("0.05")), percent_as_stated(Decimal("0.0782"))) == ("5.0%", "7.82%")


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readmes_list_every_setting(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    for setting in fields(settings.Settings):
        assert f"`GONGKAI_{setting.name.upper()}`" in text
    told = set(re.findall(r"`(GONGKAI_\w+)`", text))
    assert told == {f"GONGKAI_{setting.name.upper()}" for setting in fields(settings.Settings)}


def test_settings_are_listed_with_a_sentence() -> None:
    for name, _, about in settings.table(settings.load({})):
        assert name in (ROOT / "README.md").read_text("utf-8")
        assert about in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "value"), [("GONGKAI_PORT", "abc"), ("GONGKAI_LANGUAGE", "de"), ("GONGKAI_WORKERS", "-1")]
)
def test_a_setting_that_does_not_fit_is_refused(name: str, value: str) -> None:
    with pytest.raises(UserError) as told:
        settings.load({name: value})
    assert name in str(told.value)


def test_only_settings_reads_the_environment() -> None:
    readers = [
        path for path in (ROOT / "dashboard").rglob("*.py") if re.search(r"os\.environ|getenv", path.read_text("utf-8"))
    ]
    # The others hand it on to a program that they start, or to a library before it is loaded.
    folder = ROOT / "dashboard"
    allowed = {
        folder / "__init__.py",
        folder / "settings.py",
        folder / "documents" / "legacy.py",
        folder / "stills" / "printing.py",
    }
    assert set(readers) <= allowed


def test_the_layers_hold() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([str(lint), "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_old_office_formats_are_named() -> None:
    assert {".doc", ".wps"} <= sniff.OLD_OFFICE
