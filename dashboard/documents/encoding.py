"""Bytes of a text file -> str, by what the bytes are: what a file says of its own encoding is often wrong."""

from __future__ import annotations

from dashboard.messages import UserError

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_ONE_BROKEN_IN = 50


def decode(content: bytes, declared: str = "") -> str:
    """UTF-8 if it is, else GB18030 (which holds GBK and GB2312); Big5 only where the text says so.

    A text cut off or patched together keeps its few broken characters as U+FFFD; raises UserError for bytes
    that are no text.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    if b"\0" in content:
        raise UserError("document.not_text")
    big5 = ["big5"] if declared.lower().startswith("big5") else []
    for encoding in ["utf-8", *big5, "gb18030"]:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    guesses = [content.decode(encoding, errors="replace") for encoding in ("utf-8", "gb18030")]
    text = min(guesses, key=lambda guess: guess.count("\ufffd"))
    if text.count("\ufffd") * _ONE_BROKEN_IN > len(text):
        raise UserError("document.not_text")
    return text
