"""What came of each document of a batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dashboard.forms.recognise import Evidence
from dashboard.messages import Language, UserError, text


class Outcome(StrEnum):
    READ = "read"
    REPLACED = "replaced"  # it stands for an older document now
    UNCHANGED = "unchanged"  # held already
    SAME_FIGURES = "same_figures"  # another document of this body and year says the same and was there first
    OLDER = "older"  # a newer one of this body and year is held
    REFUSED = "refused"
    SKIPPED = "skipped"  # never looked into


class FindingKind(StrEnum):
    CONTRADICTION = "contradiction"
    UNMAPPED = "unmapped"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True)
class Finding:
    """A place of the document that goes against what was settled, or a cell that the form does not explain."""

    kind: FindingKind
    printed: str
    place: str = ""

    def say(self, language: Language) -> str:
        if self.kind is FindingKind.CONTRADICTION:
            return text("cli.contradiction", language, printed=self.printed, place=self.place or "–")
        message = "cli.unmapped" if self.kind is FindingKind.UNMAPPED else "ingest.ambiguous"
        return text(message, language, cell=self.printed)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, as a message id with its values: it travels between processes and is said in any language."""

    message_id: str
    values: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def of(cls, error: UserError, file: str) -> Reason:
        return cls(error.message_id, {"file": file} | error.values)

    def error(self) -> UserError:
        return UserError(self.message_id, **self.values)

    def say(self, language: Language) -> str:
        return text(self.message_id, language, **self.values)


@dataclass(frozen=True, slots=True)
class Result:
    """One document's line. Counts are None where the document was not read this time; `evidence` is what it was recognised by."""

    file: str
    outcome: Outcome
    body: str = ""
    year: int | None = None
    edition: str = ""
    title: str = ""
    facts: int | None = None
    mentions: int | None = None
    sha256: str = ""
    findings: tuple[Finding, ...] = ()
    reason: Reason | None = None
    evidence: tuple[Evidence, ...] = ()
