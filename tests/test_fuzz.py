"""Documents broken at random come to a reading or a told refusal; the first of a run here, more by `make fuzz`."""

from __future__ import annotations

import pytest

from dashboard.documents.document import Block, Cell, Document, Grid, Locator
from dashboard.messages import UserError
from dashboard.schema import Mention
from tests.fuzz import judge
from tests.fuzz.__main__ import SPOILERS, document
from tests.fuzz.judge import Verdict


@pytest.mark.parametrize("suffix", SPOILERS)
def test_broken_documents_are_read_or_refused_in_words(suffix: str) -> None:
    verdicts = [judge.judge(document(1, number, suffix), suffix) for number in range(25)]
    assert [each for each in verdicts if each.defect] == []
    assert len({each.outcome for each in verdicts}) > 2  # changes that change nothing, or all, would find nothing


def test_the_same_seed_breaks_a_document_the_same_way() -> None:
    assert all(document(7, 3, suffix) == document(7, 3, suffix) for suffix in SPOILERS)
    assert document(7, 3, ".html") != document(8, 3, ".html")


def stumble(content: bytes, suffix: str) -> int:
    raise IndexError("a bug")


def shout(content: bytes, suffix: str) -> int:
    raise UserError("recognise.no_form", known="x" * 900 + "\x1b" + "Traceback")


@pytest.mark.parametrize(("reader", "told"), [(stumble, "unforeseen"), (shout, "told badly")])
def test_a_defect_is_not_overlooked(reader: object, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge, "read", reader)
    assert judge.judge(b"1", ".txt").defect.startswith(told)


def test_a_place_that_the_document_has_not_is_not_overlooked() -> None:
    grid = Grid(((Cell("5", Locator(table=1, row=1, col=1)),),))
    texts = Document((Block("共 5 条", Locator(line=1)), grid), "txt")
    judge.check_places(
        texts,
        [
            Mention(as_printed="5 条", locator="line:1/chars:2-5"),
            Mention(as_printed="5", locator="table:1/row:1/col:1"),
        ],
    )
    for wrong in ("line:1/chars:1-3", "line:1/chars:2-9", "line:2/chars:2-5", "table:1/row:1/col:2"):
        with pytest.raises(ValueError, match="not "):
            judge.check_places(texts, [Mention(as_printed="5 条", locator=wrong)])


def test_a_refusal_is_an_outcome_by_its_id() -> None:
    assert judge.judge(b"", ".txt") == Verdict("document.empty")
