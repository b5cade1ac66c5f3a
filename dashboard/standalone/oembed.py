"""oEmbed: the address of an embed comes in, the code for another page goes out, as JSON or XML (oembed.com, version 1.0)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import orjson

from dashboard.charts import draw
from dashboard.charts.embedding import WIDEST, embed_code, embed_height, embed_title
from dashboard.charts.filters import language_of
from dashboard.delivery import Cache, Stored
from dashboard.messages import Language, UserError
from dashboard.site import status_of
from dashboard.standalone.embeds import GUARDS, LIVE, Asked, Embeds

_LONGEST = 2000
_WIDTH = 640
# The smallest frame in which a chart can be read.
_LEAST = 280, 120
_JSON, _XML = "application/json", "text/xml; charset=utf-8"
_READABLE = GUARDS | {"Access-Control-Allow-Origin": "*"}


class OEmbed:
    def __init__(self, embeds: Embeds) -> None:
        self._embeds = embeds
        self._base = embeds.site.settings.address

    def answer(self, search: str) -> Stored:
        """404 for what is no embed of this site, 501 for a format that does not exist, 400 for a width that is none."""
        given = {name: values[0] for name, values in parse_qs(search[:_LONGEST]).items()}
        url = given.get("url", "")
        try:
            if given.get("format", "json") not in ("json", "xml"):
                raise UserError("oembed.format")
            asked = self._asked(url)
            told = self._told(asked, _size(given, "maxwidth", _LEAST[0]), _size(given, "maxheight", _LEAST[1]))
        except UserError as problem:
            return self._refused(problem, url)
        if given.get("format") == "xml":
            return Stored.of(_xml(told), _XML, Cache(None), LIVE, headers=_READABLE)
        return Stored.of(orjson.dumps(told), _JSON, Cache(None), LIVE, headers=_READABLE)

    def _asked(self, url: str) -> Asked:
        """Only addresses that begin as this site's own do."""
        try:
            parts, own = urlsplit(url), urlsplit(self._base)
        except ValueError as error:
            raise UserError("view.no_embed", url=url[:80]) from error
        if (parts.netloc, parts.scheme in ("http", "https")) != (own.netloc, True) or not parts.path.startswith(
            own.path
        ):
            raise UserError("view.no_embed", url=url[:80])
        return self._embeds.asked(parts.path.removeprefix(own.path), parts.query)

    def _told(self, asked: Asked, most_wide: int | None, most_high: int | None) -> dict[str, object]:
        drawing = draw(asked.snapshot, asked.chart, asked.filters)
        width = min(most_wide or _WIDTH, WIDEST)
        height = min(embed_height(drawing, width), most_high or 10**6)
        frozen = asked.filters.snapshot
        code = embed_code(self._base, drawing, asked.filters, snapshot=frozen, size=(width, height))
        return {
            "type": "rich",
            "version": "1.0",
            "title": f"{embed_title(drawing)} · {drawing.headline}",
            "provider_name": "Gongkai 公开",
            "provider_url": f"{self._base}/",
            "cache_age": 3600,
            "html": code,
            "width": width,
            "height": height,
        }

    def _refused(self, problem: UserError, url: str) -> Stored:
        language = language_of(url.partition("?")[2], Language.EN)
        status = 501 if problem.message_id == "oembed.format" else status_of(problem)
        told = {
            "type": "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": problem.say(language),
        }
        body = orjson.dumps(told)
        return Stored.of(body, "application/problem+json", Cache(None), "no-store", status, _READABLE)


def _size(given: Mapping[str, str], name: str, least: int) -> int | None:
    value = given.get(name)
    if value is None:
        return None
    if not (value.isascii() and value.isdecimal() and 0 < len(value) <= 5 and int(value) >= least):
        raise UserError("query.no_size", name=name, value=value[:20], least=least)
    return int(value)


def _xml(told: Mapping[str, object]) -> bytes:
    root = ElementTree.Element("oembed")
    for name, value in told.items():
        ElementTree.SubElement(root, name).text = "".join(each for each in str(value) if each >= " " or each in "\n\t")
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written
