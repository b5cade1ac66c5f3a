"""The queries of the other `engine*` modules in PostgreSQL's words: DuckDB's SQL in, the same question out. Asks nothing.

Values are numbered before anything is moved, so that each keeps its place; tables are named with a schema, which the
caller puts in. A query is translated once, whatever snapshot it is asked of.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import sqlglot
from sqlglot import exp

# What stands for the schema in a translated query.
_SCHEMA = "{schema}"
# What stands for a value while the query is taken apart: `$1` would begin a quoted text for sqlglot.
_VALUE = "value_of_question_"
# Texts of queries differ in how many values they list, too.
_KEPT = 512


def said(query: str, schema: str) -> str:
    """The query for a server, of the tables of one schema; its values are named 1, 2, and so on."""
    quoted = schema.replace('"', '""')
    return _translated(query).replace(f'"{_SCHEMA}"', f'"{quoted}"')


def bound(parameters: Sequence[Any]) -> dict[str, Any]:
    """The values as `said` names them."""
    return {str(place): value for place, value in enumerate(parameters, 1)}


@lru_cache(_KEPT)
def _translated(query: str) -> str:
    tree = sqlglot.parse_one(_numbered(query), dialect="duckdb").transform(_value).transform(_in_other_words)
    own = {each.alias for each in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        if isinstance(table.this, exp.Identifier) and not table.db and table.name not in own:
            table.set("db", exp.to_identifier(_SCHEMA, quoted=True))
    return tree.sql(dialect="postgres")


def _numbered(query: str) -> str:
    """Each `?` with its place in the text."""
    tokens = sqlglot.tokenize(query, dialect="duckdb")
    marks = [token.start for token in tokens if token.token_type.name == "PLACEHOLDER"]
    for place, start in reversed(list(enumerate(marks, 1))):
        query = f"{query[:start]}{_VALUE}{place}{query[start + 1 :]}"
    return query


def _value(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.Column) and node.name.startswith(_VALUE):
        return exp.Placeholder(this=node.name.removeprefix(_VALUE))
    return node


def _in_other_words(node: exp.Expression) -> exp.Expression:
    """What sqlglot leaves as it is or says in a way that uses no index; `%` would begin a value's name."""
    if isinstance(node, exp.ArrayContains):
        return exp.EQ(this=node.expression, expression=exp.Any(this=exp.paren(node.this, copy=False)))
    if isinstance(node, exp.Contains):
        return exp.GT(this=exp.func("STRPOS", node.this, node.expression), expression=exp.Literal.number(0))
    if isinstance(node, exp.Literal) and node.is_string and "%" in node.this:
        return exp.Literal.string(node.this.replace("%", "%%"))
    return node
