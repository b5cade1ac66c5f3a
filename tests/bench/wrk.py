"""wrk, which asks as fast as it is answered: its command line goes out, rate, latencies and failures come in."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS = 16
GZIP = {"Accept-Encoding": "gzip"}
ABSENT = "left out, wrk is not installed (Debian: apt-get install wrk)."
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True)
class Run:
    """`rate` in answers a second, times in milliseconds; `failed`: no good answer, no answer in two seconds, no connection."""

    rate: float
    p99: float
    longest: float
    failed: int


def is_there() -> bool:
    return bool(shutil.which("wrk"))


def run(address: str, headers: Mapping[str, str], seconds: int, script: Path | None = None) -> Run:
    """One thread, 16 connections. `script`, in Lua, tells what is asked for instead of the address' path."""
    options = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    scripted = ["--script", str(script)] if script else []
    size = ["--threads", "1", "--connections", str(CONNECTIONS), "--duration", f"{seconds}s", "--latency"]
    told = subprocess.run(["wrk", *size, *scripted, *options, address], capture_output=True, text=True, check=True)
    return _read(told.stdout)


def in_turn(paths: list[str], file: Path, pause: int = 0) -> Path:
    """A script that asks for one path after the other; each connection rests `pause` milliseconds between two."""
    listed = ",".join(f'"{path}"' for path in paths)
    file.write_text(
        f"local paths, made, at = {{{listed}}}, {{}}, 0\n"
        "function init() for i, path in ipairs(paths) do made[i] = wrk.format(nil, path) end end\n"
        "function request() at = at % #made + 1 return made[at] end\n"
        + (f"function delay() return {pause} end\n" if pause else "")
    )
    return file


def _read(told: str) -> Run:
    failed = sum(int(count) for count in re.findall(r"Non-2xx or 3xx responses: (\d+)", told))
    errors = re.search(r"Socket errors: (.*)", told)
    failed += sum(map(int, re.findall(r"\d+", errors[1]))) if errors else 0
    latency = re.search(rf"Latency +{_TIME} +{_TIME} +{_TIME}", told)
    p99, rate = re.search(rf"99% +{_TIME}", told), re.search(r"Requests/sec: +([\d.]+)", told)
    assert latency and p99 and rate, told
    return Run(float(rate[1]), _milliseconds(*p99.groups()), _milliseconds(*latency.groups()[4:6]), failed)


_TIME = r"([\d.]+)(us|ms|s|m)"


def _milliseconds(number: str, unit: str) -> float:
    return float(number) * _UNITS[unit]
