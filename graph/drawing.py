"""What every picture of ours is made of: the frame, text, colours, and the notice.

Plain SVG without scripts or outside references: it opens in a browser, prints, and goes into a file. All
text is escaped. Colours keep a contrast of at least 4.5 to 1 on white.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from graph.xml import escape
from schemas.entities import NOTICE

FONTS = (
    "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei','WenQuanYi Micro Hei',sans-serif"
)
INK, SOFT, LINE, STRONG = "#1c2733", "#536171", "#6b7c8f", "#c62828"

_PIECE = re.compile(r"(?:[!-~]+|.)[，。；：、！？）》」』”’…]*", re.DOTALL)
"""A word or a Chinese character with the marks behind it, which do not begin a line."""

Point = tuple[float, float]


def opening(size: Point, title: str, definitions: str, description: str = "") -> Iterator[str]:
    """The head of a document on white: what a screen reader says of it is its title and description."""
    across, down = size
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {across:g} {down:g}" width="{across:g}" '
        f'height="{down:g}" role="img" font-family="{FONTS}">'
    )
    yield f"<title>{escape(title)}</title>"
    if description:
        yield f"<desc>{escape(description)}</desc>"
    yield definitions
    yield f'<rect width="{across:g}" height="{down:g}" fill="#ffffff"/>'


def say(at: Point, text: str, size: int, colour: str = INK, more: str = "") -> str:
    """A line of text; `more` is further attributes, ours."""
    return f'<text x="{at[0]:g}" y="{at[1]:g}" font-size="{size}" fill="{colour}"{more}>{escape(text)}</text>'


def notice(right: float, y: float) -> str:
    """That a lead is not evidence, in a frame that ends at `right`."""
    return (
        f'<g><rect x="{right - 128:g}" y="{y - 21:g}" width="128" height="31" rx="5" fill="#fdecea" '
        f'stroke="{STRONG}"/>'
        + say((right - 64, y), NOTICE, 15, STRONG, ' text-anchor="middle" font-weight="700"')
        + "</g>"
    )


def wrapped(text: str, columns: int) -> Iterator[str]:
    """The text in lines of a width, broken at spaces; a word that is longer by more than 8 is cut."""
    line = ""
    for word in text.split(" "):
        if line and columns_of(f"{line} {word}") > columns:
            yield cut(line, columns + 8)
            line = word
        else:
            line = f"{line} {word}".strip()
    yield cut(line, columns + 8)


def folded(text: str, columns: int) -> Iterator[str]:
    """The text in lines of a width, broken between Chinese characters and never inside a word that fits.

    >>> list(folded("同一：直接关联，+31.2 比特", 14))
    ['同一：直接关', '联，+31.2 比特']
    """
    line = ""
    for piece in _PIECE.findall(text):
        if line and columns_of(line + piece) > columns:
            yield line.rstrip()
            line = piece.lstrip()
        else:
            line += piece
        while columns_of(line) > columns:
            kept = cut(line, columns + 1).removesuffix("…") or line[0]
            yield kept
            line = line[len(kept) :]
    yield line.rstrip()


def columns_of(text: str) -> int:
    """In columns: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def cut(text: str, columns: int) -> str:
    """The text cut to a width, with an ellipsis.

    >>> cut("海口市龙华区某某气体经营部", 12), cut("林小强", 12)
    ('海口市龙华…', '林小强')
    """
    if columns_of(text) <= columns:
        return text
    kept = ""
    for char in text:
        if columns_of(kept + char) > columns - 1:
            break
        kept += char
    return kept + "…"
