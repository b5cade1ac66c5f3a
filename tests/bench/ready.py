"""The baseline of serving: Starlette, one route for each file named, ready bytes. `python -m tests.bench.ready FILE...`"""

from __future__ import annotations

import sys
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.bench.serving import serve


def _route(file: Path) -> Route:
    body = file.read_bytes()

    async def answer(request: Request) -> Response:
        return Response(body, media_type="application/octet-stream")

    return Route(f"/{file.name}", answer)


if __name__ == "__main__":
    serve(Starlette(routes=[_route(Path(each)) for each in sys.argv[1:]]))
