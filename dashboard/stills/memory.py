"""How much memory a process and all it has started take, as Linux tells it; nothing is known elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_PROCESSES = Path("/proc")
_SHARE = re.compile(rb"^Pss:\s+(\d+) kB", re.MULTILINE)


def of_tree(root: int) -> int:
    """Megabytes of a process and its descendants, what several share counted once; 0 where the system does not tell."""
    kilobytes = sum(own(process) for process in tree(root))
    return kilobytes // 1024


def tree(root: int) -> list[int]:
    """A process and its descendants."""
    parents = dict(_parents())
    found = [root]
    for each in found:
        found += [process for process, parent in parents.items() if parent == each]
    return found


def _parents() -> Iterator[tuple[int, int]]:
    for folder in _PROCESSES.glob("[0-9]*"):
        try:
            # The name, in brackets, may hold anything.
            told = (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:  # gone meanwhile
            continue
        yield int(folder.name), int(told[1])


def own(process: int) -> int:
    """Kilobytes that one process takes, with its share of what several share; 0 where the system does not tell."""
    try:
        share = _SHARE.search((_PROCESSES / str(process) / "smaps_rollup").read_bytes())
    except OSError:
        return 0
    return int(share[1]) if share else 0
