"""Changes to lines of text and Markdown."""

from __future__ import annotations

from random import Random

from tests.fuzz import hostile, raw

_MARKS = (
    "\t",
    "\t" * 3_000,
    "|",
    "| --- |",
    "|-|-|\n|1|2|",
    "# ",
    "######",
    "**",
    "*" * 500,
    "`",
    "`" * 501,
    "[a](b)",
    "[" * 800,
    "\\" * 301,
    "<br>",
    "\f",
    "\x0b",
    "\x85",
    "\u2028",
)


def spoiled(content: bytes, chance: Random) -> bytes:
    if chance.random() < 0.15:
        return raw.spoiled(content, chance)
    try:
        text, encoding = content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        text, encoding = content.decode("gb18030"), "gb18030"
    lines = text.splitlines()
    for _ in range(chance.choice((1, 2, 5, 20))):
        _change(lines, chance)
    if chance.random() < 0.1:
        encoding = chance.choice(("utf-16", "utf-8-sig", "big5", "utf-32", "utf-7"))
    return chance.choice(("\n", "\n", "\r\n", "\r", "\n\n")).join(lines).encode(encoding, errors="replace")


def _change(lines: list[str], chance: Random) -> None:
    at = chance.randrange(len(lines)) if lines else 0
    match chance.randrange(8):
        case 0:
            del lines[at : at + chance.choice((1, 5, 40))]
        case 1:
            lines[at:at] = lines[at : at + chance.choice((1, 5, 40))] * chance.choice((1, 3, 40))
        case 2:
            chance.shuffle(lines) if chance.random() < 0.05 else lines.insert(at, hostile.sentence(chance))
        case 3:
            lines.insert(at, chance.choice(_MARKS))
        case 4:
            lines[at : at + 2] = ["".join(lines[at : at + 2])]
        case 5:
            lines[at : at + 1] = [each.replace("\t", chance.choice(("", "|", "\t\t"))) for each in lines[at : at + 1]]
        case _:
            lines[at : at + 1] = [hostile.spoiled(each, chance)[:100_000] for each in lines[at : at + 1]]
