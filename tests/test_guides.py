"""The guide for developers, taken at its word: each example is put into a copy of the program, and what it says to run is run."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT, copy_data

GUIDE = ROOT / "docs" / "extend.md"
EXAMPLES = re.split(r"(?m)^## ", GUIDE.read_text("utf-8"))[1:]


@dataclass(frozen=True)
class Block:
    """`told` is what stands behind the language: run, write=PATH, append=PATH, or before="LINE" / replace="LINE" with in=PATH."""

    told: str
    code: str


def blocks(example: str) -> list[Block]:
    return [Block(told, code) for told, code in re.findall(r"(?ms)^```\w+ ([^\n]+)\n(.*?)^```$", example)]


def put(block: Block, program: Path) -> None:
    kind, _, place = block.told.partition("=")
    if kind == "write":
        (program / place).write_text(block.code, "utf-8")
    elif kind == "append":
        with (program / place).open("a", encoding="utf-8") as file:
            file.write(block.code)
    else:
        found = re.fullmatch(r'(before|replace)="(.*)" in=(\S+)', block.told)
        assert found, block.told
        line, path = found[2].replace('\\"', '"') + "\n", program / found[3]
        text = path.read_text("utf-8")
        assert text.count(f"\n{line}") >= 1, f"{line!r} is not in {path}"
        instead = block.code + line if found[1] == "before" else block.code
        path.write_text(text.replace(f"\n{line}", f"\n{instead}", 1), "utf-8")


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.partition("\n")[0] for example in EXAMPLES])
def test_an_example_of_the_guide_does_what_it_says(example: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "dashboard", tmp_path / "dashboard", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "assets").symlink_to(ROOT / "assets")
    copy_data(tmp_path / "data")
    told = blocks(example)
    assert [each for each in told if each.told == "run"]
    for block in told:
        if block.told != "run":
            put(block, tmp_path)
            continue
        done = subprocess.run([sys.executable, "-c", block.code], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-2000:]


def test_the_guide_has_an_example_of_each_thing_that_can_be_added() -> None:
    assert [each.partition("\n")[0] for each in EXAMPLES] == [
        "An indicator",
        "A chart",
        "A check",
        "An edition of the form",
        "A language",
    ]
