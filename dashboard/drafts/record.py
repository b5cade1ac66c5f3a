"""What is known of a draft, as records and as the JSON that is kept of them. No file is touched here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from dashboard.forms.recognise import Evidence
from dashboard.ingest.outcome import Finding, FindingKind, Outcome, Reason, Result

# What stands in the draft's tables because of the document.
TAKEN = (Outcome.READ, Outcome.REPLACED)


class Stage(StrEnum):
    """How far a document has come."""

    WAITING = "waiting"
    READING = "reading"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Told:
    """What a person says of a document that does not say it itself; empty or None where nothing is said."""

    body: str = ""
    year: int | None = None
    url: str = ""
    add_body: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """An uploaded document. `id` is the SHA-256 of its bytes, `name` the sender's word and never a path.

    `is_kept`: its bytes are here; one that was refused at the door has only its line.
    """

    id: str
    name: str
    suffix: str
    size: int
    by: str
    at: str
    is_kept: bool = True
    told: Told = Told()
    stage: Stage = Stage.WAITING
    result: Result | None = None

    @property
    def file(self) -> str:
        """Its name in the draft's folder of documents."""
        return f"{self.id}{self.suffix}"

    @property
    def is_taken(self) -> bool:
        return self.result is not None and self.result.outcome in TAKEN


@dataclass(frozen=True, slots=True)
class Prepared:
    """The snapshot of a draft, and `old`, which was live then; or the problems that kept it from being built."""

    snapshot: str
    old: str
    by: str
    at: str
    problems: tuple[Reason, ...] = ()
    count: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """`is_stale`: its tables are to be made anew before anything else. `is_in_hand`: documents are being read into them;
    where nobody is at it, that was broken off, and what they hold is not known. `wanted_by` asked for a snapshot that
    is not built yet, `built` are those built for this draft. `trouble` stopped the work, until somebody asks again.
    `set_back` are reports of the data folder, as `body-year`, that stand in its tables as in the snapshot `set_back_to`.
    """

    id: str
    by: str
    at: str
    items: tuple[Item, ...] = ()
    is_stale: bool = True
    is_in_hand: bool = False
    wanted_by: str = ""
    prepared: Prepared | None = None
    built: tuple[str, ...] = ()
    trouble: Reason | None = None
    set_back: tuple[str, ...] = ()
    set_back_to: str = ""

    def item(self, id_: str) -> Item | None:
        return next((each for each in self.items if each.id == id_), None)

    @property
    def waiting(self) -> list[Item]:
        """What is still to be read."""
        return [each for each in self.items if each.stage is not Stage.DONE]

    @property
    def has_work(self) -> bool:
        return self.trouble is None and bool(self.waiting or self.wanted_by or self.is_in_hand)

    def with_item(self, item: Item) -> Draft:
        """With it in the place of the one with the same id, else at the end."""
        if self.item(item.id) is None:
            return replace(self, items=(*self.items, item))
        return replace(self, items=tuple(item if each.id == item.id else each for each in self.items))

    def anew(self) -> Draft:
        """With everything to be read again into fresh tables; what was prepared no longer holds."""
        items = tuple(replace(each, stage=Stage.WAITING, result=None) if each.is_kept else each for each in self.items)
        return replace(self, items=items, is_stale=True, is_in_hand=False, prepared=None, trouble=None)


def to_json(draft: Draft) -> bytes:
    return json.dumps(asdict(draft), ensure_ascii=False, default=str).encode()


def from_json(content: bytes) -> Draft:
    """Raises ValueError, TypeError or KeyError for anything that `to_json` did not write."""
    told = json.loads(content)
    items = tuple(_item(each) for each in told.pop("items"))
    prepared, trouble = told.pop("prepared"), told.pop("trouble")
    built, set_back = tuple(told.pop("built")), tuple(told.pop("set_back", ()))
    return Draft(
        **told,
        items=items,
        built=built,
        set_back=set_back,
        prepared=_prepared(prepared) if prepared else None,
        trouble=_reason(trouble),
    )


def _item(told: Mapping[str, Any]) -> Item:
    named = dict(told) | {
        "told": Told(**told["told"]),
        "stage": Stage(told["stage"]),
        "result": _result(told["result"]),
    }
    return Item(**named)


def _result(told: Mapping[str, Any] | None) -> Result | None:
    if told is None:
        return None
    findings = tuple(Finding(FindingKind(each["kind"]), each["printed"], each["place"]) for each in told["findings"])
    evidence = tuple(Evidence(**each) for each in told["evidence"])
    rest = {"outcome": Outcome(told["outcome"]), "findings": findings, "evidence": evidence}
    return Result(**(dict(told) | rest | {"reason": _reason(told["reason"])}))


def _prepared(told: Mapping[str, Any]) -> Prepared:
    problems = tuple(found for each in told["problems"] if (found := _reason(each)))
    return Prepared(**(dict(told) | {"problems": problems}))


def _reason(told: Mapping[str, Any] | None) -> Reason | None:
    """A list that JSON has made of a tuple is one again: sentences join tuples."""
    if told is None:
        return None
    values = {name: tuple(each) if isinstance(each, list) else each for name, each in told["values"].items()}
    return Reason(told["message_id"], values)


def named(reason: Reason, name: str) -> Reason:
    """With the sender's name for a document in the place of ours."""
    values = dict(reason.values)
    return Reason(reason.message_id, values | {"file": name} if "file" in values else values)
