"""What production is built with: every licence may be used; a service that is not reached is no clean result."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit_of_dependencies", ROOT / "deploy" / "audit.py")
    assert spec
    assert spec.loader
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_every_package_of_production_may_be_used(audit: ModuleType) -> None:
    names = audit.pinned((ROOT / "deploy" / "requirements.txt").read_text("utf-8"))
    assert len(names) > 50
    assert list(audit.licence_problems(names)) == []


@pytest.mark.parametrize(
    ("expression", "classifiers", "text", "may_be_used"),
    [
        ("MIT", [], None, True),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", [], None, True),
        ("MIT OR GPL-3.0-only", [], None, True),
        ("MIT AND GPL-3.0-only", [], None, False),
        ("AGPL-3.0-or-later", [], None, False),
        (None, ["License :: OSI Approved :: BSD License"], None, True),
        (None, ["License :: OSI Approved :: GNU General Public License v3 (GPLv3)"], None, False),
        (None, [], "BSD 3-Clause License\n\nCopyright", True),
        (None, [], "Proprietary", False),
        (None, [], None, False),
    ],
)
def test_a_licence_is_read_as_packages_write_it(
    audit: ModuleType, expression: str | None, classifiers: list[str], text: str | None, may_be_used: bool
) -> None:
    found = audit.licences(expression, classifiers, text)
    assert any(choice <= audit.ALLOWED for choice in found) is may_be_used


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        ("", 0, "Known flaws: none."),
        ("print('Name Version ID\\nfoo 1.0 CVE-1'); raise SystemExit(1)", 1, "CVE-1"),
        ("raise ConnectionError('no route to host')", 1, "not reached"),
    ],
)
def test_known_flaws_are_told_and_a_service_out_of_reach_is_an_error(
    audit: ModuleType, tmp_path: Path, capfd: pytest.CaptureFixture[str], body: str, code: int, said: str
) -> None:
    stands_in = tmp_path / "auditor.py"
    stands_in.write_text(body, "utf-8")
    assert audit.flaws([sys.executable, str(stands_in)]) == code
    out, err = capfd.readouterr()
    assert said in out + err
