"""Kills refreshes, publications and rollbacks, and tells what each left: `python -m tests.killed FOLDER ROUNDS SEED`.

Everything is imported once; each round is a process of its own, forked from this one. Half of the rounds are killed
at a moment by chance, spread over the time that a whole one takes; then one at each step at which something is written.
Prints JSON: how many were killed, and every fault found.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from dashboard import settings
from dashboard.messages import UserError
from dashboard.snapshots import audit_log, build, pointer, releases, store
from dashboard.snapshots.audit_log import Action
from dashboard.snapshots.releases import Wish
from tests.folders import set_value

FACTS = "facts/990001-2021.csv"
_LEFT = (".building-*", ".live-*", ".pruned-*", "published/.live-*")
Work = Callable[[settings.Settings], object]
WORKS: dict[str, Work] = {
    "refresh": build.run,
    "preview": build.preview,
    "rollback": lambda held: releases.rollback(held, None, Wish()),
    "prune": lambda held: releases.prune(held, 1, Wish(), grace=0),
}


def main(folder: Path, rounds: int, seed: int) -> None:
    held = settings.load({"GONGKAI_DATA_DIR": str(folder)})
    chance, faults = random.Random(seed), []
    for value in (1, 2, 3):  # something to go back to
        _change(folder, value)
        _whole(held, build.run)
    lasted = {name: _timed(held, name, folder) for name in WORKS}
    killed = 0
    for number in range(rounds):
        name = chance.choice([*WORKS, "refresh", "refresh"])
        moment = chance.uniform(0, lasted[name] * 1.1)
        killed += _round(held, folder, name, 100 + number, lambda child, moment=moment: _after(child, moment))
        faults += [f"{name} after {moment:.4f} s: {fault}" for fault in _faults(held)]
    steps = {}
    for name in WORKS:
        steps[name] = 1
        while _round(held, folder, name, 5000 + steps[name], None, steps[name]):
            faults += [f"{name} at step {steps[name]}: {fault}" for fault in _faults(held)]
            steps[name] += 1
    _change(folder, 9999)
    _whole(held, build.run)
    faults += _faults(held)
    print(json.dumps({"killed": killed, "steps": steps, "faults": faults, "lasted": lasted}))


def _change(folder: Path, value: int) -> None:
    set_value(folder / FACTS, 2, str(value))


def _timed(held: settings.Settings, name: str, folder: Path) -> float:
    _change(folder, random.Random(name).randrange(10**6))
    before = time.monotonic()
    _whole(held, WORKS[name])
    return time.monotonic() - before


def _whole(held: settings.Settings, work: Work) -> None:
    child = _start(held, work, 0)
    if os.waitpid(child, 0)[1]:
        raise SystemExit("a round that nobody killed has failed")


def _round(
    held: settings.Settings, folder: Path, name: str, value: int, kill: Callable[[int], None] | None, step: int = 0
) -> bool:
    """Whether it was killed before it was through."""
    _change(folder, value)
    child = _start(held, WORKS[name], step)
    if kill:
        kill(child)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def _after(child: int, moment: float) -> None:
    time.sleep(moment)
    os.kill(child, signal.SIGKILL)


def _start(held: settings.Settings, work: Work, step: int) -> int:
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        if step:
            _die_at(step)
        work(held)
        status = 0
    except UserError as problem:
        # After many kills there may be nothing to go back to; all else is a fault.
        status = 0 if problem.message_id == "rollback.nothing" else 1
        print(problem, file=sys.stderr, flush=True)
    finally:
        os._exit(status)


def _die_at(step: int) -> None:
    """Kills this process just before the step at which it writes, renames, removes or syncs for the `step`-th time."""
    count = 0

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **named: object) -> object:
            nonlocal count
            count += 1
            if count == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments, **named)

        return call

    for name in ("fsync", "write", "replace", "rename", "unlink", "rmdir", "mkdir"):
        setattr(os, name, counted(getattr(os, name)))


def _faults(held: settings.Settings) -> list[str]:
    """What is not as it must be after a process was killed, before and after the next one clears up."""
    found = list(_not_whole(held))
    with releases.alone(held):
        pass
    folder = held.snapshots_dir
    found += [f"left behind: {path.name}" for pattern in _LEFT for path in folder.glob(pattern)]
    found += _not_whole(held)
    live = pointer.read(folder)
    logged = [
        each
        for each in audit_log.entries(held.data_dir)
        if each.action not in (Action.PREVIEW, Action.PRUNE, Action.DISCARD)
    ]
    if not live or logged[-1].target != live.snapshot:
        found.append(f"the log says {logged[-1].target}, live is {live}")
    marked = {each.snapshot for each in pointer.markers(folder)}
    been = {each.target for each in logged} - {each.origin for each in logged if each.action is Action.INTERRUPTED}
    redone = {each.target for each in logged if each.action is not Action.INTERRUPTED}
    found += [f"marked and never live: {name}" for name in marked - been - redone]
    return found


def _not_whole(held: settings.Settings) -> list[str]:
    folder, found = held.snapshots_dir, []
    for name in store.names(folder):
        try:
            store.verify(folder, name)
        except UserError as problem:
            found.append(str(problem))
    try:
        live = store.live_name(folder)
    except UserError as problem:
        return [*found, str(problem)]
    if live not in store.names(folder):
        found.append(f"live is {live}, which is not there")
    broken = audit_log.verify(held.data_dir).broken
    return [*found, *([f"audit log: {broken}"] if broken else [])]


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
