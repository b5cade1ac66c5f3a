"""`python -m tests.fuzz --minutes 5 --seed 1 --format html --keep broken/`: exit code 1 where a defect was found."""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from tests.fuzz import archive, markup, pages, plain
from tests.fuzz.judge import Verdict, judge
from tests.fuzz.samples import sample

SPOILERS: dict[str, Callable[[bytes, Random], bytes]] = {
    ".txt": plain.spoiled,
    ".md": plain.spoiled,
    ".html": markup.spoiled_html,
    ".docx": archive.spoiled,
    ".pdf": pages.spoiled,
    ".xlsx": archive.spoiled,
}
_OF_ONE_SAMPLE = 10  # documents made out of each whole one, which cost more than the changes


def main() -> int:
    options = _options()
    suffixes = [f".{options.format}"] if options.format else list(SPOILERS)
    counts: Counter[tuple[str, str]] = Counter()
    defects = 0
    for number, suffix, content in _within(options.minutes, _documents(options.seed, options.first, suffixes)):
        verdict = judge(content, suffix)
        counts[suffix, verdict.outcome] += 1
        if verdict.defect:
            defects += 1
            _keep(options.keep, f"{options.seed}-{number}{suffix}", content, verdict)
    _tell(counts, defects, options.seed)
    return 1 if defects else 0


def document(seed: int, number: int, suffix: str) -> bytes:
    """Document `number` of a run: a whole one, or most often one with changes."""
    chance = Random(f"{seed} {number}")
    whole = sample(suffix, seed * 1_000_003 + number // (_OF_ONE_SAMPLE * len(SPOILERS)))
    return whole if chance.random() < 0.05 else SPOILERS[suffix](whole, chance)


def _documents(seed: int, first: int, suffixes: list[str]) -> Iterator[tuple[int, str, bytes]]:
    number = first
    while True:
        suffix = list(SPOILERS)[number % len(SPOILERS)]
        if suffix in suffixes:
            yield number, suffix, document(seed, number, suffix)
        number += 1


def _within(minutes: float, made: Iterator[tuple[int, str, bytes]]) -> Iterator[tuple[int, str, bytes]]:
    end = time.monotonic() + 60 * minutes
    for each in made:
        if time.monotonic() > end:
            return
        yield each


def _keep(folder: Path | None, name: str, content: bytes, verdict: Verdict) -> None:
    print(f"{name}: {verdict.outcome}: {verdict.defect.strip().splitlines()[-1][:300]}", flush=True)
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        (folder / f"{name}.why").write_text(f"{verdict.outcome}\n{verdict.defect}\n", encoding="utf-8")


def _tell(counts: Counter[tuple[str, str]], defects: int, seed: int) -> None:
    for suffix in SPOILERS:
        outcomes = sorted(((n, outcome) for (s, outcome), n in counts.items() if s == suffix), reverse=True)
        if outcomes:
            print(f"{suffix} {sum(n for n, _ in outcomes)}: {', '.join(f'{outcome} {n}' for n, outcome in outcomes)}")
    print(f"seed {seed}: {sum(counts.values())} documents, {defects} defects")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first document, to go on with a run")
    parser.add_argument("--format", choices=[suffix.lstrip(".") for suffix in SPOILERS])
    parser.add_argument("--keep", type=Path, help="folder for the documents that were read or told badly")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
