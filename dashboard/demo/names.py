"""Made-up names, in Chinese and English. Each says that it is fictional, so that nobody takes a body for a real one."""

from __future__ import annotations

from dataclasses import dataclass

_SYLLABLES = (
    "岫xiu 霁ji 澜lan 汐xi 砚yan 屿yu 岚lan 筠yun 菀wan 蘅heng 霖lin 霭ai 皓hao 曦xi 晖hui 昀yun 朔shuo 翎ling 翊yi 翡fei "
    "琅lang 玥yue 珩heng 瑾jin 璟jing 琬wan 瑄xuan 澍shu 泓hong 澈che 漪yi 潋lian 芷zhi 苒ran 葳wei 蕤rui 榆yu 梓zi 槿jin 楹ying"
)
_KINDS = (
    ("教育局", "Education Bureau"), ("财政局", "Finance Bureau"), ("民政局", "Civil Affairs Bureau"),
    ("司法局", "Justice Bureau"), ("公安局", "Public Security Bureau"), ("水利局", "Water Resources Bureau"),
    ("农业农村局", "Agriculture Bureau"), ("交通运输局", "Transport Bureau"), ("生态环境局", "Environment Bureau"),
    ("自然资源局", "Natural Resources Bureau"), ("住房和城乡建设局", "Housing Bureau"), ("卫生健康委员会", "Health Commission"),
    ("市场监督管理局", "Market Regulation Bureau"), ("文化和旅游局", "Culture Bureau"), ("应急管理局", "Emergency Bureau"),
    ("审计局", "Audit Bureau"), ("统计局", "Statistics Bureau"), ("商务局", "Commerce Bureau"),
    ("医疗保障局", "Healthcare Security Bureau"), ("林业和草原局", "Forestry Bureau"),
)  # fmt: skip
_ENDINGS = {"province": ("省", "Province"), "prefecture": ("市", "City"), "county": ("县", "County")}
_FICTIONAL, _FICTIONAL_EN = "（虚构）", " (fictional)"
MOST_DEPARTMENTS = len(_KINDS)


@dataclass(frozen=True, slots=True)
class Name:
    """`plain` and `plain_en` are without the word that says it is fictional; what stands below is named after them."""

    plain: str
    plain_en: str

    @property
    def full(self) -> str:
        return self.plain + _FICTIONAL

    @property
    def full_en(self) -> str:
        return self.plain_en + _FICTIONAL_EN


def place(number: int, level: str) -> Name:
    """The place of that number: another one for each number."""
    syllables = _SYLLABLES.split()
    count = len(syllables)
    picked, rest = [number % count], number // count
    # Another syllable in front of the second, so that names near each other do not all begin or end alike.
    picked.append((rest + picked[0] * 7 + 1) % count)
    if rest >= count:
        picked.append(rest // count % count)
    told = [syllables[each] for each in picked]
    ending, ending_en = _ENDINGS[level]
    word = "".join(each[0] for each in told)
    return Name(word + ending, f"{''.join(each[1:] for each in told).capitalize()} {ending_en}")


def department(above: Name, number: int) -> Name:
    kind, kind_en = _KINDS[number]
    return Name(above.plain + kind, f"{above.plain_en} {kind_en}")
