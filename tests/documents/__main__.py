"""`python -m tests.documents` writes every named report in every format, and what its tables say as CSV."""

from __future__ import annotations

from tests.documents import named
from tests.documents.writers import WRITERS


def main() -> None:
    for each in named.reports():
        for suffix, write in WRITERS.items():
            each.file(suffix).write_bytes(write(each.report))
        each.file(".csv").write_text(named.as_csv(each.report), "utf-8")
        print(each)


if __name__ == "__main__":
    main()
