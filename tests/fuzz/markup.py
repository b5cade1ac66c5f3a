"""Changes to trees of XML and HTML: elements, attributes, texts."""

from __future__ import annotations

import copy
from collections.abc import Callable
from random import Random

from lxml import etree

from dashboard.documents.encoding import decode
from tests.fuzz import hostile, raw


def spoiled_xml(content: bytes, chance: Random) -> bytes:
    """An XML part with changed structure, still well-formed; by bytes where it is no XML."""
    try:
        root = etree.fromstring(content)
    except etree.XMLSyntaxError:
        return raw.spoiled(content, chance)
    _spoil(root, chance)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def spoiled_html(content: bytes, chance: Random) -> bytes:
    """A page with a changed tree, changed tags, entities or encoding."""
    match chance.randrange(4):
        case 0:
            return _tags(content, chance)
        case 1:
            return _encoded(content, chance)
        case _:
            root = etree.fromstring(decode(content).encode(), etree.HTMLParser(encoding="utf-8"))
            if root is None:
                return raw.spoiled(content, chance)
            _spoil(root, chance)
            return etree.tostring(root, encoding="utf-8", method="html")


def _spoil(root: etree._Element, chance: Random) -> None:
    for _ in range(chance.choice((1, 2, 5, 20))):
        elements = [each for each in root.iter() if isinstance(each.tag, str)][:20_000]
        inner = [each for each in elements if each is not root]
        if inner:
            chance.choice(_CHANGES)(chance.choice(inner), elements, chance)


def _drop(element: etree._Element, _: list[etree._Element], chance: Random) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _repeat(element: etree._Element, _: list[etree._Element], chance: Random) -> None:
    parent, times = element.getparent(), chance.choice((1, 3, 60))
    if parent is not None and sum(1 for _ in element.iter()) * times < 20_000:
        for _ in range(times):
            parent.insert(parent.index(element), copy.deepcopy(element))


def _move(element: etree._Element, elements: list[etree._Element], chance: Random) -> None:
    target = chance.choice(elements)
    if target is not element and element not in set(target.iterancestors()):
        target.insert(chance.randrange(len(target) + 1), element)


def _wrap(element: etree._Element, elements: list[etree._Element], chance: Random) -> None:
    """Inside another of itself, or of some other element, a few times or very deep."""
    parent, tag = element.getparent(), chance.choice((element.tag, chance.choice(elements).tag))
    if parent is None:
        return
    place, inner = parent.index(element), element
    for _ in range(chance.choice((1, 3, 50, 300))):
        outer = etree.Element(tag)
        outer.append(inner)
        inner = outer
    parent.insert(place, inner)


def _rename(element: etree._Element, elements: list[etree._Element], chance: Random) -> None:
    element.tag = chance.choice(elements).tag


def _set(element: etree._Element, elements: list[etree._Element], chance: Random) -> None:
    names = [*element.keys(), *chance.choice(elements).keys()]
    for name in chance.sample(names, min(len(names), 1)):
        element.set(name, hostile.attribute(chance))


def _unset(element: etree._Element, _: list[etree._Element], chance: Random) -> None:
    for name in chance.sample(element.keys(), min(len(element.keys()), 1)):
        del element.attrib[name]


def _reword(_: etree._Element, elements: list[etree._Element], chance: Random) -> None:
    worded = [each for each in elements if (each.text or "").strip()]
    if worded:
        element = chance.choice(worded)
        element.text = _allowed(hostile.spoiled(element.text or "", chance)[:100_000])


def _allowed(text: str) -> str:
    """Without the characters that XML knows no way to write."""
    return "".join(
        each
        for each in text
        if each in "\t\n\r" or " " <= each <= "\ud7ff" or "\ue000" <= each <= "\ufffd" or each > "\uffff"
    )


_CHANGES: tuple[Callable[[etree._Element, list[etree._Element], Random], None], ...] = (
    _drop, _repeat, _move, _wrap, _rename, _set, _set, _unset, _reword, _reword, _reword,
)  # fmt: skip

_TAGS = (
    b"<table>", b"</table>", b"<tr>", b"</tr>", b"<td rowspan=65535 colspan=65535>", b"<td colspan=0>", b"<th rowspan=0>", b"</td>", b"</p>", b"<p>", b"<a href=x>", b"<pre>",
    b"<ol start=99999>", b"<li>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<script>", b"</script>", b"<style>", b"<svg>", b"<template>", b"<plaintext>", b"<frameset>", b"<body>", b"</body>",
    b"&#x110000;", b"&#xD800;", b"&#0;", b"&nbsp", b"&" * 50, b"<?php ?>", b"<!DOCTYPE x [<!ENTITY y 'z'>]>&y;", b"<base href=x>", b"<caption>", b"<div hidden>", b"<div style='display:none'>", b"<font>" * 300,
)  # fmt: skip


def _tags(content: bytes, chance: Random) -> bytes:
    """Tags and entities put in, or tags taken out, as careless editors do."""
    for _ in range(chance.choice((1, 3, 10))):
        at = chance.randrange(len(content) + 1)
        at = content.find(b"<", at) if chance.random() < 0.7 else at
        end = content.find(b">", at) + 1 if chance.random() < 0.4 else at
        content = (
            content[:at]
            + (chance.choice(_TAGS) if end == at or chance.random() < 0.5 else b"")
            + content[max(end, at) :]
        )
    return content


def _encoded(content: bytes, chance: Random) -> bytes:
    """In another encoding, or saying so."""
    text = decode(content)
    claimed = chance.choice(("utf-8", "gbk", "big5", "utf-16", "shift_jis", "x-unknown", "utf-7", "9" * 500))
    text = text.replace('charset="utf-8"', f'charset="{claimed}"').replace("charset=gb", f"charset={claimed}")
    return text.encode(
        chance.choice(("utf-8", "gb18030", "big5", "utf-16", "utf-16-be", "utf-32", "utf-8-sig")), errors="replace"
    )
