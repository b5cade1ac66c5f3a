"""How exact a printed figure is: `70.67 万条` stands for 706,650 up to 706,750, `近` and `余` for bounds.

Pure arithmetic on the figure as printed; knows neither reports nor charts.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

_FIGURE = re.compile(r"(\d[\d,]*)(?:\.(\d+))?\s*(%)?\s*[余多]?\s*(万亿|百万|千万|[千万亿])?\s*[余多]?\s*(元)?")
_SIZES = {None: 0, "": 0, "千": 3, "万": 4, "百万": 6, "千万": 7, "亿": 8, "万亿": 12}


def half_unit(as_printed: str, unit: str = "") -> Decimal:
    """Half of the last printed digit's worth, in `unit`: 50 for `70.67 万条`, 0.0005 for `98.7%`, 0 for `750`.

    A count printed in full is exact. A percentage never is, nor an amount of money.
    """
    match = _FIGURE.search(unicodedata.normalize("NFKC", as_printed))
    if match is None:
        return Decimal(0)
    digits, percent, size, money = len(match[2] or ""), match[3], _SIZES[match[4]], match[5]
    if percent:
        return Decimal(5).scaleb(-digits - 3)
    if unit == "万元" and money:
        size -= 4
    if not size and not digits:
        return Decimal(0)
    return Decimal(5).scaleb(size - digits - 1)
