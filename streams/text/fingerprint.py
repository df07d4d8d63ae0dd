"""Recognising copies of a tip: the same words, whatever their spacing, punctuation or width."""

from __future__ import annotations

from schemas.ids import hash64
from streams.text.fold import prints

SHORTEST = 20
"""Shorter texts are alike by chance (“有人在酒吧卖笑气”) and get no fingerprint."""


def fingerprint(text: str) -> int | None:
    """A signed 64-bit hash that copies of a text share; None when it says too little.

    What is left of a text after taking away blanks, punctuation, emoji and redaction marks,
    with widths, letter case and traditional characters folded, is hashed by `schemas.ids.hash64`.

    >>> fingerprint("有人在解放路12号的酒吧后门卖气弹，每箱300元。") == fingerprint(
    ...     "有人在解放路１２號的酒吧後門賣氣彈 每箱300元!!!"
    ... )
    True
    >>> fingerprint("有人卖气弹") is None
    True
    """
    letters = prints(text)
    return hash64("text", letters) if len(letters) >= SHORTEST else None
