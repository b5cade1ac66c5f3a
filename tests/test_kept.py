"""The bounded memory: what is least used goes first, and what weighs more takes more of it."""

from __future__ import annotations

from dashboard.kept import Kept


def test_what_was_used_least_lately_goes_first() -> None:
    kept: Kept[str, int] = Kept(2)
    for name, value in (("a", 1), ("b", 2)):
        kept.put(name, value)
    kept.get("a")
    kept.put("c", 3)
    assert [kept.get(name) for name in "abc"] == [1, None, 3]
    assert kept.latest() == ["c", "a"]


def test_values_weigh_together_no_more_than_was_told() -> None:
    kept: Kept[str, bytes] = Kept(10, len)
    for name, size in (("a", 4), ("b", 4), ("a", 6), ("c", 3)):
        kept.put(name, b"x" * size)
    assert [len(kept.get(name) or b"") for name in "abc"] == [6, 0, 3]
    kept.put("d", b"x" * 11)  # heavier than all that may be kept
    assert kept.latest() == []
