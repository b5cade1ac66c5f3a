"""What a quantity counts, in a few words, from the words that stand around it in its clause.

`培训政务公开工作干部450名` counts 培训政务公开工作干部; in `审批项目信息4522个、核准…` it is 审批项目信息.
"""

from __future__ import annotations

import re

from dashboard.forms.quantities import Quantity

_LONGEST = 24
_SILENT = 8  # so many quantities in a row without a word are no sentence
_CLAUSE = re.compile(r"[，。；：！？,;:!?]")
_ASIDE = re.compile(r"（(?!区|单位|市|社区)[^（）]*）|\((?!区|单位|市|社区)[^()]*\)|《(?:[^《》]|《[^》]*》)*》")
_LEAD = re.compile(
    r"^(?:[、和及与并]|其中|同时|另外|此外|一是|二是|三是|四是|五是|共|分别|先后|累计|全年|等|将|对|由|从|在|为|"
    r"到|至|年|约|已|的|当年|[）)]|(?:全区|全省|全市)?(?:各级)?行政机关|全区|自治区(?:人民)?政府(?!各|及|办公厅|系统|“)|本年度?|\d{4}\s*年(?:\d{1,2}\s*月)?|[—–~-]+|\s|□|[“”])+"
)
_TAIL = re.compile(
    r"(?:扩展[为到]|精简[至到]|压缩[至到]|缩短[至到]|控制在|共计|共有|共|合计|达到|达|(?<!行)为|有|等|了|占|的|约|近|至|到|在|从|由|将|平均|压缩|缩短|累计|超过|[、，：:\s—]|\d++\s*%?)++$"  # possessive: a long number must not be split in every way
)
_NOUN_ENDS = re.compile(
    r"[，。；：、！？,;:（(）)\s\d]|[“”对]|同时|实现|建成|同步|录入|公示|列入|纳入|免费|扩展|精简|压缩|缩短|全部|均|已|进行|得到|等|被|列入|予以|的|与|和|内"
)
_CLOSED = re.compile("[）)](?<![区位市][）)])")
_COUNTED_BY_NOUN = frozenset(
    ["个", "项", "类", "级", "家", "条", "名", "位", "张", "份", "次", "场", "批", "起", "户", "小时"]
)


def counts(sentence: str, found: list[Quantity], index: int) -> str:
    """A short name for what found[index] counts; never empty: where its own clause is silent, the one before speaks."""
    for number in range(index, max(-1, index - _SILENT), -1):
        name = _own(sentence, found, number)
        if name:
            parent = _bracket_owner(sentence, found, number)
            whole = _own(sentence, found, parent) if parent is not None else ""
            return f"{whole}：{name}" if whole else name
    lead = sentence[: found[0].start]
    return _shorten(_LEAD.sub("", _ASIDE.sub("", lead))) or sentence.strip()[:_LONGEST]


def _own(sentence: str, found: list[Quantity], index: int) -> str:
    """What the words of its own clause call found[index]; empty where they are silent."""
    quantity = found[index]
    previous_end = found[index - 1].end if index else 0
    before = _before(sentence[previous_end : quantity.start])
    after = _after(sentence, found, index)
    return f"{_shorten(before)}层级" if quantity.unit == "级" and before else _trim(before, after)


def _bracket_owner(sentence: str, found: list[Quantity], index: int) -> int | None:
    """The quantity that found[index] is a part of: `公告24053条（工程建设交易10741条…）`."""
    start = found[index].start
    opened = max(sentence.rfind("（", 0, start), sentence.rfind("(", 0, start))
    if opened < 0 or _CLOSED.search(sentence, opened, start):
        return None
    owners = range(index - 1, max(-1, index - _SILENT), -1)
    return next((number for number in owners if found[number].end == opened), None)


def _before(text: str) -> str:
    clause = _CLAUSE.split(_drop_open_bracket(_ASIDE.sub("", text)))[-1]
    return _TAIL.sub("", _LEAD.sub("", clause))


def _drop_open_bracket(text: str) -> str:
    """What follows an opened bracket; the brackets of （区） and （单位） are part of a name and stay."""
    return re.split(r"[（(](?!区|单位|市|社区)", text)[-1]


def _after(sentence: str, found: list[Quantity], index: int) -> str:
    """The noun behind the measure word; behind `12 类` in `12 类 40 项市场监管事项` it is that of the next quantity."""
    quantity = found[index]
    for following in found[index + 1 : index + _SILENT]:
        if sentence[quantity.end : following.start].strip(" —-–~至"):
            break
        quantity = following
    if quantity.unit not in _COUNTED_BY_NOUN:
        return ""
    rest = sentence[quantity.end : quantity.end + 2 * _LONGEST].lstrip(" ")
    localities = re.match(r"市、县[（(]区[)）]|县[（(]市[)）]", rest)
    if localities:
        return localities[0]
    quoted = re.match(r"“([^”]{1,12})”", rest)
    if quoted:
        return quoted[1]
    return _NOUN_ENDS.split(rest, maxsplit=1)[0][:12]


def _trim(before: str, after: str) -> str:
    quoted = re.search(r".{0,4}“([^”]*)”$", before)
    if quoted:
        return (quoted[0] if len(quoted[1]) < 8 else quoted[1]) + after
    if after and before.endswith(("和", "及", "与")):
        before = ""
    if after and before.count("、") >= 2:  # 贺兰县、平罗县、……、海原县5个县：the last of the list stands for it
        last = before.rsplit("、", maxsplit=1)[-1].removesuffix("等")
        return f"{last}等{after}" if len(last) <= 10 else after
    return _shorten(before, _LONGEST - len(after)) + after


def _shorten(text: str, longest: int = _LONGEST) -> str:
    """The last words of `text`; cut at a 、 where one is near, since the last item is what is counted."""
    text = _balance(text.strip(" 、，").replace(" ", ""))
    if len(text) <= longest:
        return text
    tail = text[-longest:]
    cut = max(tail.find("“", 0, 6) - 1, tail.find("、"))
    return _balance((tail[cut + 1 :] if 0 <= cut < longest - 4 else tail).strip("、"))


def _balance(text: str) -> str:
    """Without a quotation mark that lost its partner."""
    return text if text.count("“") == text.count("”") else text.replace("“", "").replace("”", "")
