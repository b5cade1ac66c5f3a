"""`make audit`: what production is built with, held against the licences that may be used and the flaws that are known.

Licences come from the installed packages themselves. Known flaws come from pip-audit, which asks a service on the network:
where it cannot be reached, that is an error, not a clean result. Exit codes: 0 clean, 1 findings or not to be had.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib import metadata
from pathlib import Path

PINS = Path(__file__).parent / "requirements.txt"
# Such that a public body may use, change and pass on the whole. MPL's files stay MPL's; what is LGPL's (the driver of a
# database server) is installed beside the program as it was published, and anybody can put another in its place.
ALLOWED = frozenset(
    {"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "LGPL-3.0-only", "MIT", "MIT-0", "MIT-CMU", "MPL-2.0", "PSF-2.0", "Zlib"}
)  # fmt: skip
# How packages without an expression write it.
_WRITTEN = {
    r"mit( license)?|the mit license.*": "MIT",
    r"(new |3-clause |modified )?bsd( license)?|bsd[- ]3[- ]clause( license)?.*": "BSD-3-Clause",
    r"bsd[- ]2[- ]clause( license)?.*": "BSD-2-Clause",
    r"apache(( software)? license)?(,? (version )?2(\.0)?)?|apache 2(\.0)?": "Apache-2.0",
    r"mozilla public license 2\.0 \(mpl 2\.0\)": "MPL-2.0",
    r"isc license \(iscl\)|isc license": "ISC",
    r"python software foundation license": "PSF-2.0",
}


def main(auditor: Sequence[str]) -> int:
    problems = [*licence_problems(pinned(PINS.read_text("utf-8")))]
    for problem in problems:
        print(problem, file=sys.stderr)
    if not problems:
        print("Licences: every package may be used.")
    return max(int(bool(problems)), flaws(auditor))


def pinned(requirements: str) -> list[str]:
    return re.findall(r"(?m)^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==", requirements)


def licence_problems(names: Iterable[str]) -> Iterator[str]:
    """A line for each package whose licence is not on the list, or cannot be told. What is not installed here is another system's."""
    for name in names:
        try:
            told = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue
        found = licences(told.get("License-Expression"), told.get_all("Classifier") or [], told.get("License"))
        if not found:
            yield f"{name}: it tells no licence that is known here"
        elif not any(set(choice) <= ALLOWED for choice in found):
            yield f"{name}: {' or '.join(' and '.join(sorted(choice)) for choice in found)} is not on the list"


def licences(expression: str | None, classifiers: Sequence[str], text: str | None) -> list[set[str]]:
    """The choices a user of the package has, each a set of licences that hold together."""
    if expression:
        return _choices(expression)
    named = [each.rpartition(" :: ")[2] for each in classifiers if each.startswith("License :: ")]
    # A classifier like "BSD License" tells less than the text does.
    for written in ([(text or "").strip().partition("\n")[0]], named):
        known = {found for each in written for found in _known(each)}
        if known:
            return [{each} for each in sorted(known)]
    return []


def _choices(expression: str) -> list[set[str]]:
    """Of an SPDX expression; brackets as packages use them: a choice within a sum."""
    bracketed = re.search(r"\(([^()]*)\)", expression)
    if bracketed:
        options = re.split(r"\s+OR\s+", bracketed[1])
        return [
            choice
            for option in options
            for choice in _choices(expression[: bracketed.start()] + option + expression[bracketed.end() :])
        ]
    return [set(re.split(r"\s+AND\s+", option.strip())) for option in re.split(r"\s+OR\s+", expression)]


def _known(written: str) -> Iterator[str]:
    for part in re.split(r"\s*(?:,|\bOR\b)\s*", written):
        if part in ALLOWED:
            yield part
        for pattern, name in _WRITTEN.items():
            if re.fullmatch(pattern, part.strip().lower()):
                yield name


def flaws(auditor: Sequence[str]) -> int:
    """0 where none is known of any pin; what is known is printed."""
    command = [
        *auditor,
        "--requirement",
        str(PINS),
        "--no-deps",
        "--disable-pip",
        "--strict",
        "--progress-spinner",
        "off",
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 0:
        print("Known flaws: none.")
        return 0
    if re.search(r"(?m)^Name\s+Version\s+ID", done.stdout):
        print(done.stdout)
        return 1
    last = (done.stderr.strip() or done.stdout.strip() or "nothing was said").splitlines()[-1]
    print(
        "Known flaws: not to be told, the service that knows them was not reached or does not answer for every package. "
        "Run this where there is a network.\n"
        f"pip-audit says: {last[:300]}",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["pip-audit"]))
