"""The baseline: the same four charts as a tutorial would build them. Callbacks fill the graphs, defaults do the rest."""

from __future__ import annotations

import sys
from pathlib import Path

import dash_bootstrap_components as dbc
import pandas as pd
import plotly.express as px
import plotly.graph_objects as go
from dash import Dash, Input, Output, dcc, html

DATA = Path(__file__).parents[2] / "data" / "facts" / "640000-2018.csv"
CHARTS = ("channels", "flow", "budget", "growth")


def create() -> Dash:
    facts = pd.read_csv(DATA)
    app = Dash(__name__, assets_folder=str(Path(__file__).parents[2] / "assets" / "none"))
    graphs = [dbc.Col(dbc.Card(dbc.CardBody([html.H5(name), dcc.Graph(id=f"chart-{name}")])), md=6) for name in CHARTS]
    app.layout = dbc.Container([html.H1("政府信息公开"), dcc.Dropdown([2018], 2018, id="year"), dbc.Row(graphs)])
    for name in CHARTS:
        app.callback(Output(f"chart-{name}", "figure"), Input("year", "value"))(lambda _, name=name: draw(facts, name))
    return app


def draw(facts: pd.DataFrame, name: str) -> go.Figure:
    values = facts[facts["measure"] == "value"]
    if name == "channels":
        rows = values[values["indicator"].str.startswith("disclosure.channel") & (values["segment"] != "all")]
        return px.bar(rows, x="value", y="indicator", color="segment", orientation="h")
    if name == "flow":
        rows = values[values["indicator"].str.match(r"requests\.outcome\.[a-z_]+$") & (values["segment"] == "all")]
        labels = ["received", *rows["indicator"]]
        link = {"source": [0] * len(rows), "target": list(range(1, len(rows) + 1)), "value": rows["value"]}
        return go.Figure(go.Sankey(node={"label": labels}, link=link))
    if name == "budget":
        rows = values[(values["indicator"] == "capacity.budget") & (values["segment"] != "all")]
        return px.bar(rows, x="value", y="indicator", color="segment", orientation="h")
    rates = facts[facts["measure"] == "yoy_rate"]
    return px.scatter(rates, x="value", y="indicator")


if __name__ == "__main__":
    from werkzeug.serving import make_server

    make_server("127.0.0.1", int(sys.argv[1]), create().server, threaded=True).serve_forever()
