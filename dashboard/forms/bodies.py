"""Names against the list of bodies: by name, alias or division code; a name it does not hold becomes a proposed row.

A city's name inside a department's is not the department: 云岭市财政局 is never taken for 云岭市.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from dashboard.forms.titles import bare_name
from dashboard.schema import Body

_LEVELS = [
    ("province", ("省", "自治区", "北京市", "天津市", "上海市", "重庆市", "特别行政区")),
    ("department", ("局", "厅", "委", "办", "部", "室", "委员会", "办公室", "办公厅", "中心", "院", "处", "队", "站", "署", "社", "会")),
    ("county", ("县", "区", "旗", "镇", "乡", "街道", "街道办事处")),
    ("prefecture", ("市", "州", "盟", "地区")),
]  # fmt: skip


def match(words: str, bodies: Iterable[Body]) -> Body | None:
    """The body of this name, alias or code; None where there is none or several have it."""
    wanted = bare_name(words)
    if not wanted:
        return None
    found = [each for each in bodies if wanted == each.body or wanted in _bare_names(each.name, each.aliases)]
    return found[0] if len(found) == 1 else None


def publisher_of(words: str, bodies: Iterable[Body]) -> Body | None:
    """The body whose government or general office these words name: 云岭市 for 云岭市人民政府办公室."""
    place = words.removesuffix("办公室").removesuffix("办公厅")
    return match(place, bodies) if place != words or words.endswith("政府") else None


def propose(name: str, code: str, bodies: Iterable[Body]) -> Body:
    """The row that would make this body known. Its parent is the known body that its code or its name begins with."""
    known = list(bodies)
    return Body(body=code, name=name, level=_level(name, code), parent=_parent(name, code, known))


@lru_cache(maxsize=2**14)  # each document of a batch asks every body of the country for its names
def _bare_names(name: str, aliases: str) -> frozenset[str]:
    return frozenset(bare_name(each) for each in (name, *aliases.split("|")) if each)


def _level(name: str, code: str) -> str:
    for level, endings in _LEVELS:
        if name.endswith(endings):
            # 自治区 is told from 市辖区 by its name alone; a county-level 市 by its code alone.
            return "county" if level == "prefecture" and len(code) == 6 and not code.endswith("00") else level
    return "department"


def _parent(name: str, code: str, known: list[Body]) -> str:
    above = [code[:4] + "00", code[:2] + "0000"] if len(code) == 6 else []
    codes = {each.body for each in known}
    by_code = next((each for each in above if each in codes and each != code), "")
    inside = [each for each in known if each.name in name and each.name != name]
    return by_code or max((each for each in inside), key=lambda each: len(each.name), default=Body("", "", "", "")).body
