"""The API held against its own description: whatever it tells of itself is so, for right and for wrong questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck
from hypothesis import settings as bounded

from dashboard import settings
from dashboard.api.openapi import describe
from dashboard.app import create_app
from dashboard.messages import Language
from dashboard.snapshots import build
from tests.conftest import copy_data


class Application:
    """The whole application; made when the first test of this file runs, while the description is read before."""

    made: FastAPI

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.made(scope, receive, send)


APPLICATION = Application()
SCHEMA = schemathesis.openapi.from_dict(describe(Language.EN))
SCHEMA.app = APPLICATION


@pytest.fixture(scope="module", autouse=True)
def _application(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Iterator[None]:
    data = copy_data(tmp_path_factory.mktemp("described") / "data")
    chosen = replace(settings.load({}), data_dir=data, cache_dir=cache, api_limit=0)
    build.ensure(chosen)
    APPLICATION.made = create_app(chosen)
    yield
    del APPLICATION.made


@SCHEMA.parametrize()
@bounded(max_examples=10, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_described(case: schemathesis.Case) -> None:
    case.call_and_validate()
