"""The baseline of serving: Starlette, one route for each file named, ready bytes. `python -m tests.bench.ready FILE...`

What ends in `.gz` is served under the name without it, as gzip.
"""

from __future__ import annotations

import mimetypes
import sys
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.bench.hosting import serve


def _route(file: Path) -> Route:
    body, is_gzip = file.read_bytes(), file.suffix == ".gz"
    name = file.stem if is_gzip else file.name
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    headers = {"Content-Encoding": "gzip"} if is_gzip else {}

    async def answer(request: Request) -> Response:
        return Response(body, media_type=kind, headers=headers)

    return Route(f"/{name}", answer)


if __name__ == "__main__":
    serve(Starlette(routes=[_route(Path(each)) for each in sys.argv[1:]]))
