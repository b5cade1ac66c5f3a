"""The baseline of starting: the smallest FastAPI application, served as ours is. `python -m tests.bench.hello`"""

from __future__ import annotations

from fastapi import FastAPI

from tests.bench.hosting import serve

app = FastAPI()


@app.get("/")
def hello() -> str:
    return "hello"


if __name__ == "__main__":
    serve(app)
