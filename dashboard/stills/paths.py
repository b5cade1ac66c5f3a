"""The outlines of an SVG: a `d` attribute in, moved, measured and written short. Knows nothing of colours or elements."""

from __future__ import annotations

import re
from collections.abc import Iterator

# How many numbers each command takes; those of A are radii, turn, two flags and the end.
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
_TOKEN = re.compile(r"([MLHVCSQTAZmlhvcsqtaz])|([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|([\s,]+)")

Step = tuple[str, tuple[float, ...]]
Box = tuple[float, float, float, float]  # left, top, right, bottom


def read(d: str) -> list[Step]:
    """The commands with their numbers, one command a step. Raises ValueError for what is no path."""
    steps: list[Step] = []
    command, numbers = "", list[float]()
    place = 0
    while place < len(d):
        token = _TOKEN.match(d, place)
        if token is None:
            raise ValueError(f"no path: {d[place : place + 20]!r}")
        place = token.end()
        if token[1]:
            _finish(steps, command, numbers)
            command, numbers = token[1], []
        elif token[2]:
            numbers.append(float(token[2]))
    _finish(steps, command, numbers)
    return steps


def _finish(steps: list[Step], command: str, numbers: list[float]) -> None:
    if not command:
        if numbers:
            raise ValueError("a path begins with a command")
        return
    takes = _TAKES[command.upper()]
    if (len(numbers) % takes if takes else len(numbers)) or (takes and not numbers):
        raise ValueError(f"{command} with {len(numbers)} numbers")
    for start in range(0, len(numbers) or 1, takes or 1):
        # Further pairs after a move are lines.
        name = {"M": "L", "m": "l"}.get(command, command) if start else command
        steps.append((name, tuple(numbers[start : start + takes])))


def rectangle(x: float, y: float, width: float, height: float) -> list[Step]:
    return [("M", (x, y)), ("H", (x + width,)), ("V", (y + height,)), ("H", (x,)), ("Z", ())]


def moved(steps: list[Step], dx: float, dy: float) -> list[Step]:
    return [(command, _shifted(command, numbers, dx, dy)) for command, numbers in steps]


def _shifted(command: str, numbers: tuple[float, ...], dx: float, dy: float) -> tuple[float, ...]:
    if command.islower() or command == "Z":
        return numbers
    if command == "H":
        return (numbers[0] + dx,)
    if command == "V":
        return (numbers[0] + dy,)
    if command == "A":
        return (*numbers[:5], numbers[5] + dx, numbers[6] + dy)
    return tuple(number + (dy if index % 2 else dx) for index, number in enumerate(numbers))


def box(steps: list[Step]) -> Box:
    """What the outline lies within; control points and whole radii counted, so rather too large than too small."""
    xs, ys = [], []
    for x, y, margin in _points(steps):
        xs += [x - margin, x + margin]
        ys += [y - margin, y + margin]
    return min(xs, default=0), min(ys, default=0), max(xs, default=0), max(ys, default=0)


def _points(steps: list[Step]) -> Iterator[tuple[float, float, float]]:
    x = y = 0.0
    for command, numbers in steps:
        ox, oy = (x, y) if command.islower() else (0.0, 0.0)
        kind = command.upper()
        if kind == "Z":
            continue
        if kind == "H":
            x = ox + numbers[0]
        elif kind == "V":
            y = oy + numbers[0]
        elif kind == "A":
            yield x, y, 2 * max(numbers[:2])
            x, y = ox + numbers[5], oy + numbers[6]
        else:
            for index in range(0, len(numbers) - 2, 2):
                yield ox + numbers[index], oy + numbers[index + 1], 0
            x, y = ox + numbers[-2], oy + numbers[-1]
        yield x, y, 0


def disc(steps: list[Step]) -> tuple[float, float, float] | None:
    """Middle and radius where the outline is one circle, as plotly draws the mark of a point: from its right, over its top."""
    if [command for command, _ in steps] != ["M", "A", "A", "Z"]:
        return None
    (right, middle), first, second = (numbers for _, numbers in steps[:3])
    radius = first[0]
    x = right - radius
    turns = (radius, radius, 0.0, 1.0, 1.0, x, middle - radius), (radius, radius, 0.0, 0.0, 1.0, right, middle)
    is_circle = all(abs(a - b) < 0.01 for a, b in zip((*first, *second), (*turns[0], *turns[1]), strict=True))
    return (x, middle, radius) if is_circle else None


def has_area(steps: list[Step]) -> bool:
    """Whether filling it shows anything: lines of two points enclose nothing."""
    corners = 0
    for command, _ in steps:
        corners = 0 if command in "Mm" else corners + 1
        if command in "CcSsQqTtAa" or corners >= 2:
            return True
    return False


def written(steps: list[Step]) -> str:
    """As short as it can be said, to a tenth of a pixel."""
    said = []
    previous = ""
    for command, numbers in steps:
        told = "" if command == previous and command not in "Mm" else command
        said.append(_with(told, numbers))
        previous = command
    return "".join(said)


def _with(command: str, numbers: tuple[float, ...]) -> str:
    parts = command
    for index, number in enumerate(numbers):
        short = shortest(number)
        # A minus parts as well as a space does, and so does a command.
        parts += short if (command and not index) or short.startswith("-") else f" {short}"
    return parts


def shortest(number: float) -> str:
    """Rounded to tenths: 12.0 is 12, 0.5 is .5."""
    short = f"{round(number, 2):.2f}".rstrip("0").removesuffix(".")
    if short in ("-0", "0"):
        return "0"
    return short.replace("0.", ".", 1) if short.startswith(("0.", "-0.")) else short
