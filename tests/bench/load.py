"""Readers as a load: each asks for one address after the other, with a rest between; what came of it is counted.

Only servers that the benchmark itself has started, on this machine, are ever asked.
"""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

# What is asked for next: the path, and the headers that go with it.
Ask = Callable[[random.Random], tuple[str, dict[str, str]]]


@dataclass
class Told:
    """Milliseconds of each good answer; what failed, by why; answers that turned the asker away (429, 503, 4xx)."""

    times: list[float] = field(default_factory=list)
    failed: dict[str, int] = field(default_factory=dict)
    refused: int = 0

    @property
    def p99(self) -> float:
        return sorted(self.times)[math.ceil(len(self.times) * 0.99) - 1] if self.times else math.nan

    def fail(self, why: str) -> None:
        self.failed[why] = self.failed.get(why, 0) + 1


async def readers(
    address: str, ask: Ask, count: int, rest: float, until: float, *, may_be_refused: bool = False
) -> Told:
    """`count` of them until the monotonic clock says `until`, each resting `rest` seconds on average."""
    told = Told()
    await asyncio.gather(
        *(_reader(address, ask, rest, until, random.Random(number), told, may_be_refused) for number in range(count))
    )
    return told


async def _reader(
    address: str, ask: Ask, rest: float, until: float, chance: random.Random, told: Told, may_be_refused: bool
) -> None:
    async with httpx.AsyncClient(base_url=address, timeout=30, headers={"Accept-Encoding": "gzip"}) as client:
        while time.monotonic() < until:
            path, headers = ask(chance)
            since = time.perf_counter()
            try:
                answer = await client.get(path, headers=headers)
            except httpx.HTTPError as error:
                told.fail(type(error).__name__)
            else:
                if answer.status_code == 200:
                    told.times.append((time.perf_counter() - since) * 1000)
                elif (may_be_refused and answer.status_code < 500) or (answer.status_code == 503 and may_be_refused):
                    told.refused += 1
                else:
                    told.fail(f"{answer.status_code} {path.partition('?')[0]}")
            await asyncio.sleep(chance.expovariate(1 / rest) if rest else 0)
