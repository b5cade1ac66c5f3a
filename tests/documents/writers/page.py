"""Reports as web pages: plain ones, and such as portals serve them."""

from __future__ import annotations

import html

from tests.documents import build
from tests.documents.description import Description, Dress, is_heading
from tests.documents.tables import Table, Td
from tests.documents.writers.text import label_lines

_MENU = ("首页", "政务公开", "办事服务", "互动交流")
_BESIDE = ("政策文件", "统计数据", "通知公告", "人事任免", "财政预决算")


def to_html(report: Description) -> bytes:
    return shown(report).encode(report.dress.encoding)


def shown(report: Description) -> str:
    dress = report.dress
    article = "\n".join(
        _paragraph(part, dress) if isinstance(part, str) else _table(part, dress) for part in build.parts(report)
    )
    body = _portal(article) if dress.is_portal else f'<ul class="nav">{_links(_MENU)}</ul><div>{article}</div>'
    return (
        f'<!DOCTYPE html>\n<html><head><meta charset="{dress.claimed}"><title>{report.title}_{report.body}人民政府</title>'
        f"</head>\n<body>{body}</body></html>\n"
    )


def _links(words: tuple[str, ...]) -> str:
    return "".join(f'<li><a href="/{number}">{word}</a></li>' for number, word in enumerate(words))


def _portal(article: str) -> str:
    """Menus above and beside, a trail of links, buttons and a foot, all held in place by tables."""
    trail = " &gt; ".join(f'<a href="/{word}">{word}</a>' for word in ("首页", "政府信息公开", "年度报告"))
    foot = "<p>主办：云岭市人民政府办公室　网站标识码：9900000001　备案号：云ICP备00000000号</p>"
    return (
        f'<table width="1000"><tr><td colspan="2"><ul id="menu">{_links(_MENU)}</ul></td></tr>\n'
        f"<tr><td>您现在的位置：{trail}</td><td>字号：<a href='#'>大</a> <a href='#'>小</a></td></tr>\n"
        f'<tr><td valign="top"><div class="sidebar"><ul>{_links(_BESIDE)}</ul></div></td>\n'
        f'<td><div id="zoom">{article}</div><p><a href="#">打印本页</a> <a href="#">关闭窗口</a></p></td></tr></table>\n'
        f'<div class="footer">{foot}</div><script>var total = 12345;</script>'
    )


def _paragraph(text: str, dress: Dress) -> str:
    tag = "h3" if is_heading(text) else "p"
    if dress.is_nested:
        return f"<{tag}><span>&nbsp;&nbsp;&nbsp;&nbsp;<span><font>{html.escape(text)}</font></span></span></{tag}>"
    return f"<{tag}>{html.escape(text)}</{tag}>"


def _table(table: Table, dress: Dress) -> str:
    rows = [f"<tr>{''.join(_cell(cell, dress) for cell in row)}</tr>" for row in table]
    drawn = f'<table border="1">\n{chr(10).join(rows)}\n</table>'
    return f"<table><tr><td>{drawn}</td></tr></table>" if dress.is_framed else drawn


def _cell(cell: Td, dress: Dress) -> str:
    span = (f' rowspan="{cell.rows}"' if cell.rows > 1 else "") + (f' colspan="{cell.cols}"' if cell.cols > 1 else "")
    text = "<br>".join(html.escape(line) for line in label_lines(cell, dress.label_width))
    if dress.is_nested:
        text = f"<p><span>{text or '&nbsp;'}</span><span>&nbsp;</span></p>"
    return f"<td{span}>{text}</td>"
