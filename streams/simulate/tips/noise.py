"""What telephones and haste do to a text: pieces in, pieces out; what a mention says stays whole."""

from __future__ import annotations

from random import Random

from streams.simulate.tables import tables

_TRADITIONAL = dict(
    zip(
        "卖买给听说没货钱电话经过个这里从东气两万还时间帮运为会准备贩购认让举报长费转账处",
        "賣買給聽說沒貨錢電話經過個這裡從東氣兩萬還時間幫運為會準備販購認讓舉報長費轉賬處",
        strict=True,
    )
)


def traditional(text: str) -> str:
    """The text in traditional characters, as far as the tables of made worlds know them."""
    scripts = tables().scripts
    return "".join(
        _TRADITIONAL.get(char) or (scripts[char].traditional if char in scripts else char) for char in text
    )


def roughen(rng: Random, text: str, emoji: tuple[str, ...]) -> str:
    """Text between mentions with a line break, a blank or a sign where punctuation stood."""
    out = []
    for char in text:
        draw = rng.random()
        if char == "，" and draw < 0.25:
            out.append(rng.choice(("", " ", "\n")))
        elif char == "。" and draw < 0.4:
            out.append(rng.choice((" ", "\n", char + rng.choice(emoji), rng.choice(emoji) + " ")))
        else:
            out.append(char)
    return "".join(out)
