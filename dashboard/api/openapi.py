"""The API's description of itself, OpenAPI 3.1, in the reader's language: made from what the addresses are read with."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from dashboard import __version__
from dashboard.api import charts, formats, listing
from dashboard.api.answers import GUARDS, LICENCE, LICENCE_ADDRESS, LIVE
from dashboard.api.errors import MEDIA_TYPE, title
from dashboard.api.formats import Format
from dashboard.api.parameters import LANGUAGE, SNAPSHOT, THEME, Parameter, read
from dashboard.api.parameters import language as language_of
from dashboard.api.schemas import name, schemas
from dashboard.api.tables import TABLES, Table
from dashboard.charts import CHARTS
from dashboard.delivery import Cache, Stored
from dashboard.messages import Language, text

PACKAGE_PARAMETERS = (SNAPSHOT, LANGUAGE, THEME)
_HEADERS = ("ETag", "Cache-Control", "Link", "RateLimit")


class Descriptions:
    """Answers for /openapi.json?lang="""

    def __init__(self, default: Language) -> None:
        self._default = default
        self._held: dict[Language, Stored] = {}

    async def answer(self, request: Request) -> Response:
        given = read(request.url.query, (LANGUAGE,))
        language = language_of(given, self._default)
        if language not in self._held:
            body = orjson.dumps(describe(language))
            self._held[language] = Stored.of(body, formats.JSON.media_type, Cache(None), LIVE, headers=GUARDS)
        return self._held[language].answer(request)


def describe(language: Language) -> dict[str, Any]:
    """The whole document."""
    paths: dict[str, Any] = {}
    for table in TABLES.values():
        paths |= _table(table, language)
    paths |= _charts(language)
    paths["/api/v1/data.zip"] = _path(_package(language))
    paths["/api/v1/openapi.json"] = _path(_itself(language))
    paths["/api/v1/docs"] = _path(_page(language))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": text("api.title", language),
            "version": __version__,
            "description": text("api.description", language),
            "license": {"name": LICENCE, "url": LICENCE_ADDRESS},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": each, "description": text(f"api.tag_{each}", language)} for each in ("tables", "charts", "all")],
        "paths": paths,
        "components": {
            "schemas": schemas(),
            "headers": {
                each: {"description": text(f"api.header_{each.lower().replace('-', '_')}", language), "schema": {"type": "string"}}
                for each in _HEADERS
            },
        },
    }  # fmt: skip


def _table(table: Table, language: Language) -> dict[str, Any]:
    address = f"/api/v1/{table.name}"
    schema = {"$ref": f"#/components/schemas/{name(table)}List"}
    summary = f"{table.title(language)}: {text(f'api.about_{table.name}', language)}"

    def operation(own_id: str, kinds: tuple[Format, ...], said: str) -> dict[str, Any]:
        parameters = listing.parameters(table, kinds[0])
        return _operation(language, own_id, "tables", said, parameters, {kind: _schema(kind, schema) for kind in kinds})

    paths = {address: _path(operation(table.name, formats.OF_TABLES, summary))}
    for kind in formats.OF_TABLES:
        said = f"{table.title(language)} · {kind.ending.upper()}"
        paths[f"{address}.{kind.ending}"] = _path(operation(f"{table.name}_{kind.ending}", (kind,), said))
    return paths


def _charts(language: Language) -> dict[str, Any]:
    which = {
        "name": "id",
        "in": "path",
        "required": True,
        "description": text("api.parameter_id", language),
        "schema": {"type": "string", "enum": list(CHARTS)},
    }
    schema = {"$ref": "#/components/schemas/ChartData"}

    def operation(own_id: str, kinds: tuple[Format, ...], said: str) -> dict[str, Any]:
        answers = {kind: _schema(kind, schema) for kind in kinds}
        made = _operation(language, own_id, "charts", said, charts.PARAMETERS, answers)
        made["parameters"].insert(0, which)
        return made

    paths = {
        "/api/v1/charts/{id}": _path(operation("chart", formats.ACCEPTED_OF_CHARTS, text("api.about_chart", language)))
    }
    for kind in formats.OF_CHARTS:
        ending = kind.ending.replace(".", "_")
        said = text(f"api.chart_{ending}", language)
        paths[f"/api/v1/charts/{{id}}.{kind.ending}"] = _path(operation(f"chart_{ending}", (kind,), said))
    return paths


def _package(language: Language) -> dict[str, Any]:
    answers = {formats.ZIP: _schema(formats.ZIP, {})}
    return _operation(language, "data", "all", text("api.about_data", language), PACKAGE_PARAMETERS, answers)


def _itself(language: Language) -> dict[str, Any]:
    answers = {formats.JSON: {"type": "object"}}
    return _operation(language, "openapi", "all", text("api.about_openapi", language), (LANGUAGE,), answers)


def _page(language: Language) -> dict[str, Any]:
    answers = {Format("html", "text/html"): {"type": "string"}}
    return _operation(language, "docs", "all", text("api.about_docs", language), (LANGUAGE,), answers)


def _path(operation: dict[str, Any]) -> dict[str, Any]:
    return {"get": operation}


def _operation(
    language: Language,
    own_id: str,
    tag: str,
    summary: str,
    parameters: tuple[Parameter, ...],
    answers: dict[Format, dict[str, Any]],
) -> dict[str, Any]:
    statuses = [400, 404, 429, 500, 503]
    if len(answers) > 1:
        statuses.insert(2, 406)
    problem = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        "operationId": own_id,
        "tags": [tag],
        "summary": summary,
        "parameters": [each.described(language) for each in parameters],
        "responses": {
            "200": {
                "description": text("api.status_200", language),
                "headers": {each: {"$ref": f"#/components/headers/{each}"} for each in _HEADERS},
                "content": {kind.media_type: {"schema": schema} for kind, schema in answers.items()},
            },
            "304": {"description": text("api.status_304", language)},
            **{str(each): {"description": title(each, language), "content": problem} for each in statuses},
        },
    }


def _schema(kind: Format, json: dict[str, Any]) -> dict[str, Any]:
    if kind is formats.JSON:
        return json
    if kind is formats.PLOTLY:
        return {"$ref": "#/components/schemas/Figure"}
    if kind in (formats.CSV, formats.SVG):
        return {"type": "string"}
    return {"type": "string", "format": "binary"}
