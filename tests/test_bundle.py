"""The bundle: made from the tree, installed where there is no network. With the wheels of the command line alone, to be quick;
`make bundle-check` does the same with all of them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

# What `gongkai --version` imports, and what the program itself is installed with.
NEEDED = ("typer", "click", "rich", "shellingham", "markdown-it-py", "mdurl", "pygments", "annotated-doc", "babel", "orjson",
          "hatchling", "tomlkit", "editables", "packaging", "pathspec", "pluggy", "trove-classifiers", "typing-extensions")  # fmt: skip
WITHOUT_ROUTE = ["unshare", "--net", "--map-root-user"]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle unpacked; the archive is removed again."""
    folder = tmp_path_factory.mktemp("bundle")
    pins = re.split(r"(?m)^(?=[A-Za-z0-9])", (ROOT / "deploy" / "requirements.txt").read_text("utf-8"))
    chosen = [pin for pin in pins if re.match(r"[A-Za-z0-9-]*", pin)[0].lower() in NEEDED]  # type: ignore[index]  # each pin begins with a name
    assert len(chosen) >= len(NEEDED) - 1
    (folder / "some.txt").write_text("".join(chosen), "utf-8")
    source = folder / "source"
    # A tree of its own, without git, so that nothing is written beside the real one.
    shutil.copytree(
        ROOT,
        source,
        ignore=shutil.ignore_patterns(".git", ".venv", "tests", "snapshots", "build", "dist", "*_cache", ".hypothesis"),
    )
    made = subprocess.run(
        [source / "deploy" / "bundle", str(folder / "some.txt")], capture_output=True, text=True, cwd=source,
        env=os.environ | {"PYTHON": str(ROOT / ".venv" / "bin" / "python")},
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    [archive] = (source / "dist").iterdir()
    with tarfile.open(archive) as opened:
        opened.extractall(folder, filter="data")
    [unpacked] = folder.glob("gongkai-*")
    return unpacked


def install(bundle: Path, prefix: Path, *before: str) -> subprocess.CompletedProcess[str]:
    command = [*before, str(bundle / "install.sh"), "--prefix", str(prefix), "--no-service"]
    return subprocess.run(
        command, capture_output=True, text=True, env={"PATH": os.environ["PATH"], "HOME": str(prefix.parent)}
    )


def test_a_bundle_holds_source_wheels_and_the_hash_of_every_file(bundle: Path) -> None:
    assert {"dashboard", "assets", "data", "deploy", "wheels", "install.sh", "pyproject.toml"} <= {
        path.name for path in bundle.iterdir()
    }
    assert len(list((bundle / "wheels").glob("*.whl"))) >= len(NEEDED) - 1
    listed = {line.partition("  ./")[2] for line in (bundle / "SHA256SUMS").read_text("utf-8").splitlines()}
    held = {path.relative_to(bundle).as_posix() for path in bundle.rglob("*") if path.is_file()}
    assert listed == held - {"SHA256SUMS"}


@pytest.mark.skipif(
    not shutil.which("unshare") or subprocess.run([*WITHOUT_ROUTE, "true"], capture_output=True).returncode != 0,
    reason="this machine allows no network namespace of its own",
)
def test_it_installs_in_a_network_namespace_without_a_route(bundle: Path, tmp_path: Path) -> None:
    done = install(bundle, tmp_path / "gongkai", *WITHOUT_ROUTE)
    assert done.returncode == 0, done.stderr
    version = re.search(r'(?m)^version = "(.*)"$', (ROOT / "pyproject.toml").read_text("utf-8"))
    assert version
    assert done.stdout.rstrip().endswith(version[1])
    assert (tmp_path / "gongkai").is_symlink(), "so that an earlier version is one link away"


def test_a_damaged_bundle_installs_nothing(bundle: Path, tmp_path: Path) -> None:
    broken = Path(shutil.copytree(bundle, tmp_path / bundle.name))
    (broken / "dashboard" / "settings.py").write_text("# changed\n", "utf-8")
    done = install(broken, tmp_path / "gongkai")
    assert (done.returncode, "damaged" in done.stderr) == (1, True)
    assert [path.name for path in tmp_path.iterdir()] == [bundle.name]


def test_a_bundle_for_another_machine_says_so(bundle: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(bundle, tmp_path / bundle.name))
    (other / "PLATFORM").write_text("cp39-linux-riscv64\n", "utf-8")
    sums = subprocess.run(
        "find . -type f ! -name SHA256SUMS -print0 | xargs -0 sha256sum", shell=True, cwd=other, capture_output=True
    )
    (other / "SHA256SUMS").write_bytes(sums.stdout)
    done = install(other, tmp_path / "gongkai")
    assert (done.returncode, "cp39-linux-riscv64" in done.stderr) == (1, True)
