"""What a document must come to, whatever it holds: a reading whose every place is found again, or a told refusal."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard import documents, forms
from dashboard.documents import limits
from dashboard.documents.document import Document, Grid, Locator
from dashboard.messages import Language, UserError
from dashboard.schema import Body, Fact, Mention

SECONDS = 30.0  # less than a user waits, so that what is merely slow shows
_LONGEST = 4_000  # characters of a sentence that a person is still to read
_BODY = Body("990100", "云岭市", "Yunling", "prefecture")


@dataclass(frozen=True)
class Verdict:
    """`outcome` is `read` or the id of the refusal; `defect` is empty where all is well."""

    outcome: str
    defect: str = ""


def judge(content: bytes, suffix: str) -> Verdict:
    """Reads as a user's command does: in a worker, within limits."""
    try:
        limits.run_limited(read, content, suffix, seconds=SECONDS)
    except UserError as error:
        return Verdict(error.message_id, _told_badly(error))
    return Verdict("read")


def read(content: bytes, suffix: str) -> int:
    """The number of figures found. Raises ValueError where the reading names a place that the document has not."""
    if not content.strip():
        raise UserError("document.empty")
    document = documents.parse(content, suffix)
    reading = forms.read(document, [_BODY], new_body=True)
    check_places(document, [*reading.facts, *reading.mentions])
    return len(reading.facts)


def _told_badly(error: UserError) -> str:
    if error.message_id == "document.not_parsable":
        return f"unforeseen: {error.__cause__}"
    if error.message_id == "document.too_slow":
        return "too slow"
    if error.message_id in ("document.too_heavy", "document.broke_off"):
        return "too heavy, or native code tripped"
    named = UserError(error.message_id, **({"file": "a.txt"} | error.values))
    for language in Language:
        said = named.say(language)
        if "Traceback" in said or not said.strip():
            return f"told badly: {said[:500]}"
        if len(said) > _LONGEST:
            return f"told at {len(said)} characters: {said[:500]}"
        if any(unicodedata.category(each) in {"Cc", "Cf", "Cs"} for each in said):
            return f"told with control characters: {said[:500]!r}"
    return ""


def check_places(document: Document, found: Sequence[Fact | Mention]) -> None:
    """Raises ValueError where what was found does not stand where it says."""
    cells = {
        str(cell.locator): cell.text
        for part in document.content
        if isinstance(part, Grid)
        for row in part.rows
        for cell in row
    }
    texts = {str(block.locator): block.text for block in document.blocks}
    for each in found:
        _check_place(each, cells, texts)


def _check_place(each: Fact | Mention, cells: dict[str, str], texts: dict[str, str]) -> None:
    place = Locator.parse(each.locator)
    if place.table is not None:
        if cells.get(each.locator) != each.as_printed:
            raise ValueError(f"not at its cell: {each}")
        return
    text = texts.get(each.locator.partition("/chars:")[0])
    if text is None or place.start is None or place.end is None or not 0 <= place.start <= place.end <= len(text):
        raise ValueError(f"not in its paragraph: {each}")
    printed = text[place.start : place.end]
    if printed != each.as_printed and not each.as_printed.startswith(printed):
        raise ValueError(f"not in its words, {printed!r}: {each}")
