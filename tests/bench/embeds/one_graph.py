"""A Dash page with one graph and defaults: the figure is in the layout. `python -m tests.bench.embeds.one_graph FIGURE`"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import plotly.graph_objects as go
from dash import Dash, dcc, html

from tests.bench.hosting import serve


def create(figure: Path) -> Dash:
    app = Dash(__name__)
    app.layout = html.Div([dcc.Graph(id="chart", figure=go.Figure(json.loads(figure.read_text("utf-8"))))])
    return app


if __name__ == "__main__":
    serve(create(Path(sys.argv[1])).server, interface="wsgi")
