"""What an answer may be written as: told by how the address ends, or else by what the client accepts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.api.errors import Refused


@dataclass(frozen=True, slots=True)
class Format:
    """`weight` is how many requests one counts for; `is_file` if it is for keeping rather than for looking at."""

    ending: str
    media_type: str
    weight: int = 1
    is_file: bool = False

    @property
    def header(self) -> str:
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("text/") else self.media_type


JSON = Format("json", "application/json")
CSV = Format("csv", "text/csv", is_file=True)
XLSX = Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", 5, is_file=True)
PLOTLY = Format("plotly.json", "application/json")
SVG = Format("svg", "image/svg+xml", 10)
PNG = Format("png", "image/png", 10)
ZIP = Format("zip", "application/zip", 20, is_file=True)

OF_CHARTS = (JSON, CSV, XLSX, PLOTLY, SVG, PNG)
ACCEPTED_OF_CHARTS = (JSON, CSV, XLSX, SVG, PNG)  # a type names one format
OF_TABLES = (JSON, CSV, XLSX)


def split(name: str, known: Sequence[Format]) -> tuple[str, Format | None]:
    """`channels.plotly.json` as its name and format; None where it tells no format. Raises for one that is unknown."""
    stem, dot, ending = name.partition(".")
    if not dot:
        return stem, None
    for each in known:
        if each.ending == ending:
            return stem, each
    raise Refused(404, "api.format_unknown", known=", ".join(f".{each.ending}" for each in known))


def accepted(accept: str, known: Sequence[Format]) -> Format:
    """The one the client likes best, the first of ours among equals. Raises where it likes none."""
    ranges = [_range(part) for part in (accept.strip() or "*/*")[:1000].split(",") if part.strip()]
    weighed = [(_weight(each.media_type, ranges), -place, each) for place, each in enumerate(known)]
    weight, _, best = max(weighed, key=lambda each: each[:2])
    if weight <= 0:
        raise Refused(406, "api.not_acceptable", known=", ".join(each.media_type for each in known))
    return best


def _range(part: str) -> tuple[str, float]:
    kind, *parameters = (each.strip().lower() for each in part.split(";"))
    weight = next((each[2:] for each in parameters if each.startswith("q=")), "1")
    try:
        return kind, min(max(float(weight), 0.0), 1.0)
    except ValueError:
        return kind, 0.0


def _weight(media_type: str, ranges: Sequence[tuple[str, float]]) -> float:
    """What the most exact of the ranges that hold it says."""
    family = f"{media_type.partition('/')[0]}/*"
    for exact in (media_type, family, "*/*"):
        found = [weight for kind, weight in ranges if kind == exact]
        if found:
            return max(found)
    return 0.0
