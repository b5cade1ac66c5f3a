"""The glossary: nothing that pages name is without an entry, and every entry can be led to and is in both languages."""

from __future__ import annotations

import csv
import importlib
import json
import re
from collections import Counter
from typing import Any

import pytest
from starlette.testclient import TestClient

from dashboard import definitions
from dashboard.definitions import Subject, dictionary
from dashboard.messages import Language
from dashboard.schema import Absence, Measure, Segment
from tests.conftest import ROOT


def layout(api: TestClient, address: str) -> Any:
    answer = api.get("/_dash-layout", headers={"Referer": f"http://testserver{address}"})
    assert answer.status_code == 200
    return answer.json()


def parts(layout: Any) -> list[dict[str, Any]]:
    """Every component of a layout with its properties."""
    if isinstance(layout, list):
        return [each for part in layout for each in parts(part)]
    if not isinstance(layout, dict):
        return []
    own = layout.get("props", {})
    return [own, *parts(own.get("children"))]


def test_every_indicator_rate_and_kind_has_an_entry_in_both_languages() -> None:
    wanted = {*definitions.indicators(), *definitions.rates()}
    wanted |= {f"segment.{each}" for each in Segment} | {f"absence.{each}" for each in Absence}
    wanted |= {f"measure.{each}" for each in Measure}
    wanted |= {
        f"applicant.{cell.applicant}" for form in definitions.forms().values() for cell in form.cells if cell.applicant
    }
    glossary = definitions.glossary()
    assert wanted - set(glossary) == set()
    for entry in glossary.values():
        assert entry.name_zh, entry.code
        assert entry.name_en, entry.code
        assert not re.search(r"[\u4e00-\u9fff]", entry.name_en + entry.about_en), entry.code
        if entry.code not in wanted - {each for each in wanted if each.startswith(("seg", "abs", "mea", "app"))}:
            assert entry.about_zh, entry.code
            assert entry.about_en, entry.code


def test_an_indicator_has_unit_clause_editions_and_a_term_above_it() -> None:
    for code, indicator in definitions.indicators().items():
        entry = definitions.glossary()[code]
        assert (entry.unit, entry.clause, entry.editions) == (indicator.unit, indicator.clause, tuple(indicator.places))
        assert entry.clause
        assert entry.editions
        assert entry.term in definitions.glossary(), code
    assert definitions.term_of("requests.outcome.refused.state_secret") == "refusal", "the narrowest, not all outcomes"
    assert definitions.term_of("requests.received") == "request"
    assert definitions.term_of("rate.on_time") == "rate.on_time"
    assert definitions.term_of("nowhere") == "nowhere"


def test_what_a_term_covers_is_there() -> None:
    codes = list(definitions.indicators())
    for entry in definitions.glossary().values():
        for prefix in entry.covers:
            assert any(code == prefix or code.startswith(f"{prefix}.") for code in codes), (entry.code, prefix)
    assert definitions.glossary()["applicant.business"].editions == ("2019", "2021")
    assert definitions.glossary()["capacity"].editions == ("2014",)


def test_codes_are_told_once_and_are_anchors() -> None:
    listed = [row["term"] for row in csv.DictReader((ROOT / "dashboard/definitions/terms.csv").open(encoding="utf-8"))]
    listed += [*definitions.indicators(), *definitions.rates()]
    assert [code for code, times in Counter(listed).items() if times > 1] == []
    assert [code for code in listed if not re.fullmatch(r"[a-z][a-z0-9_.]*", code)] == []


@pytest.mark.parametrize("language", list(Language))
def test_the_page_holds_every_entry_under_its_code_once(api: TestClient, language: Language) -> None:
    found = Counter(each["id"] for each in parts(layout(api, f"/glossary?lang={language}")) if each.get("data-entry"))
    told = dict.fromkeys(definitions.glossary(), 1)
    shown = {f"part-{each}": 1 for each in Subject if any(e.subject is each for e in definitions.glossary().values())}
    assert found == told | shown


def test_a_new_row_of_the_dictionary_is_an_entry_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    new = dictionary.Indicator("oversight.visits", "", "", "次", "", "督查次数", "Visits", "表五", {"2021": "五"})
    held = definitions.indicators() | {new.code: new}
    module = importlib.import_module("dashboard.definitions.glossary")  # its name is that of a function as well
    monkeypatch.setattr(module, "indicators", lambda: held)
    entry = definitions.glossary.__wrapped__()["oversight.visits"]
    assert (entry.subject, entry.name(Language.EN), entry.editions) == (Subject.OTHER, "Visits", ("2021",))


@pytest.mark.parametrize("path", ["/", "/requests", "/data", "/findings", "/growth", "/compare"])
def test_terms_of_a_page_lead_to_entries_that_are_there(api: TestClient, path: str) -> None:
    told = layout(api, f"{path}?lang=en&theme=dark")
    links = [each["href"] for each in parts(told) if each.get("className") == "term"]
    assert links
    assert all(each.startswith("/glossary?") and "lang=en" in each and "theme=dark" in each for each in links)
    assert {each.partition("#")[2] for each in links} - set(definitions.glossary()) == set()


def test_row_labels_chart_notes_and_key_figures_are_terms(api: TestClient) -> None:
    text = json.dumps(layout(api, "/"), ensure_ascii=False)
    for code in ("disclosure.channel.website", "disclosure.total", "rate.on_time", "request"):
        assert f'#{code}"' in text, code
