"""The baseline page: the overview's four charts as a tutorial would have them, over the same tables.

Callbacks fill the graphs with plotly express, Bootstrap lies in the assets folder, all else is as Dash has it by
default. `python -m tests.bench.tutorial DATA ASSETS`
"""

from __future__ import annotations

import sys
from pathlib import Path

import dash_bootstrap_components as dbc
import pandas as pd
import plotly.express as px
import plotly.graph_objects as go
from dash import Dash, Input, Output, callback, dcc, html

from tests.bench.hosting import serve

REPORT = "640000-2018.csv"
NAMES = Path(__file__).parents[2] / "dashboard" / "definitions" / "indicators.csv"
GROUND = "requests.outcome.refused."

facts = mentions = pd.DataFrame()


def read(data: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    names = pd.read_csv(NAMES).set_index("indicator")["name_zh"]
    rows = pd.read_csv(data / "facts" / REPORT)
    rows["name"] = rows["indicator"].map(names)
    # A figure that table and text both state stands in the table first.
    return rows.drop_duplicates(["indicator", "segment", "measure"]), pd.read_csv(data / "mentions" / REPORT)


def values(measure: str = "value") -> pd.DataFrame:
    return facts[facts["measure"] == measure]


@callback(Output("chart-channels", "figure"), Input("year", "value"))
def channels(year: int) -> go.Figure:
    rows = values()[values()["indicator"].str.startswith("disclosure.channel.")]
    totals = rows[rows["segment"] == "all"]
    parts = rows[rows["segment"] != "all"]
    rest = totals.set_index("indicator")["value"] - parts.groupby("indicator")["value"].sum()
    rest = totals.assign(segment="rest", value=totals["indicator"].map(rest))
    rows = pd.concat([parts, rest[rest["value"] > 1000]])
    fig = px.bar(rows, x="value", y="name", color="segment", orientation="h", hover_data=["as_printed"])
    fig.add_scatter(x=totals["value"], y=totals["name"], text=totals["value"], mode="text", showlegend=False)
    return fig


@callback(Output("chart-flow", "figure"), Input("year", "value"))
def flow(year: int) -> go.Figure:
    rows = values()[(values()["segment"] == "all") & values()["indicator"].str.startswith("requests.")]
    rows = rows[rows["value"] > 0].reset_index(drop=True)
    at = {code: place for place, code in enumerate(rows["indicator"])}
    links: list[tuple[int, int, float]] = []
    for code, amount in zip(rows["indicator"], rows["value"], strict=True):
        if code.startswith("requests.received."):
            links.append((at[code], at["requests.received"], amount))
        elif code.startswith("requests.closed."):
            links.append((at["requests.received"], at[code], amount))
            links.append((at[code], at["requests.answered"], amount))
        elif code.startswith(GROUND):
            links.append((at["requests.outcome.refused"], at[code], amount))
        elif code.startswith("requests.outcome."):
            links.append((at["requests.answered"], at[code], amount))
    source, target, value = zip(*links, strict=True)
    return go.Figure(go.Sankey(node={"label": rows["name"]}, link={"source": source, "target": target, "value": value}))


@callback(Output("chart-budget", "figure"), Input("year", "value"))
def budget(year: int) -> go.Figure:
    amounts = values()[(values()["indicator"] == "capacity.budget") & (values()["segment"] != "all")]
    stated = values("share")[values("share")["indicator"] == "capacity.budget"]
    computed = amounts.assign(value=amounts["value"] / amounts["value"].sum())
    rows = pd.concat([stated.assign(share="stated"), computed.assign(share="computed")])
    return px.bar(rows, x="value", y="share", color="segment", orientation="h", text_auto=".1%", hover_data=["name"])


@callback(Output("chart-growth", "figure"), Input("year", "value"))
def growth(year: int) -> go.Figure:
    counted = mentions.set_index("locator")["counts"]
    told = mentions[(mentions["measure"] == "yoy_rate") & mentions["indicator"].isna()]
    told = told.assign(name=told["subject"].map(counted)).dropna(subset="name")
    rows = pd.concat([values("yoy_rate"), told]).sort_values("value")
    points = pd.concat([rows.assign(index=100, at=year - 1), rows.assign(index=100 + 100 * rows["value"], at=year)])
    fig = px.scatter(points, x="index", y="name", color=points["at"].astype(str), hover_data=["as_printed"])
    for name, index in zip(rows["name"], 100 + 100 * rows["value"], strict=True):
        fig.add_scatter(x=[100, index], y=[name, name], mode="lines", showlegend=False)
    return fig


def create(assets: Path) -> Dash:
    app = Dash(__name__, assets_folder=str(assets))
    graphs = [
        dbc.Col(dbc.Card([dbc.CardHeader(title), dbc.CardBody(dcc.Graph(id=f"chart-{name}"))]), md=6)
        for name, title in (("channels", "公开渠道"), ("flow", "申请去向"), ("budget", "经费"), ("growth", "增长"))
    ]
    app.layout = dbc.Container(
        [html.H1("政府信息公开"), dcc.Dropdown([2018], 2018, id="year"), dbc.Row(graphs)], fluid=True
    )
    return app


if __name__ == "__main__":
    facts, mentions = read(Path(sys.argv[1]))
    serve(create(Path(sys.argv[2])).server, interface="wsgi")
