"""A text as the reader of relations sees it: who and what in which order, and the words that tell.

Mentions become one sign each (people 人, substances 毒, quantities 量, times 时, places 地), people in a
list (甲、乙和丙) one sign together; of the words only those that say who did what to whom are kept,
each under one name for all that mean the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import accumulate

from msgspec import Struct

from streams.text.reader.mentions import KINDS, Mention
from streams.text.reader.words import any_of

SIGN = dict(zip(KINDS, "\ue000\ue001\ue002\ue003\ue004", strict=True))
SHOWN = dict(zip(SIGN.values(), "人毒量时地", strict=True))
_P, _D = SIGN["person"], SIGN["substance"]
_WORDS = {
    "卖": "贩卖|出售|卖出|卖与|倒卖|销售|卖|售",
    "买": "购买|购得|购入|购进|求购|收购|买|购",
    "容留": "容留|容纳|收留",
    "供": "提供|免费",
    "吸": "吸食|烫吸|烤吸|吸毒|注射|食用|吸",
    "查": "查获|缴获|搜出|收缴|扣押|查扣|起获|搜获|搜查|搜缴|扣缴|提取|缴|查到|发现",
    "持": "非法持有|持有|藏匿|藏放|隐藏|携带|存放|随身|放置|藏|丢弃|丢|扔",
    "含": "检出|检见|检验|鉴定|含有|成分|成份|均为|系",
    "交": "交给|交付|递给|送给|送到|送至|转交|给予|给|交",
    "钱": "毒资|现金|人民币|价格|元|支付|付款|赃款",
    "约": "电话|微信|短信|约定|商定|要求|让其|谈好",
    "联系": "联系|联络",
    "运": "运输|运送|邮寄|快递|运|带到|带至|驾车|驾驶",
    "抓": "抓获|当场|现场|人赃|逮捕|归案",
    "指": "指控|认为|构成|触犯|追究",
    "刑": "贩卖毒品罪|非法持有毒品罪|容留他人吸毒罪|运输毒品罪",
    "证": "证言|证实|供述|陈述|笔录|辨认",
    "被告": "被告人|被告|犯罪嫌疑人|嫌疑人",
    "客": "吸毒人员|购毒人员|吸毒者|购毒者|吸毒人|购毒人|买家|毒友|证人|买毒人员|涉毒人员|朋友",
    "警": "公安民警|民警|公安机关|公安人员|公安局|派出所|警察|侦查",
    "用于": "用于|准备|欲|企图|意图|待",
    "自用": "自己吸食|供自己|自吸",
    "向": "向",
    "从": "从",
    "将": "将|把",
    "与": "与|和|跟|同",
    "被": "被",
    "由": "由",
    "在": "在",
    "到": "到|至|来到|前往",
    "处": "处|手中|手上|那里|手里",
    "身": "身上|身边|口袋|裤袋|包内|车内|衣|裤|手提包",
    "家": "住处|家中|家里|家|租住|住房|房间|住所|出租屋|出租房|宿舍|暂住|宾馆|酒店|房",
    "租": "承租|租赁|租用|租|经营|登记入住|开房|入住|开了",
    "疑": "疑似|可疑|嫌疑物",
    "俗": "俗称|俗名|又称|绰号|别名|外号|即",
    "另案": "另案处理|另案|在逃|已判|另处",
    "等": "等人|等",
    "共": "共同|伙同|一起|一同|共谋|合伙|同案|结伙",
    "帮": "帮助|帮忙|代为|代购|居间|介绍|受",
    "抵": "抵债|抵押|抵|赊|欠|赠送|赠",
    "后": "随后|之后|后",
    "多次": "多次|次|先后",
    "他": "其|自己|本人",
    "他人": "他人|别人|对方",
    "众": "二人|三人|四人|五人|六人|两人|双方|上述人员|上述人",
    "该": "该|上述|其中|剩余部分",
    "邀": "邀请|邀约|叫来|邀|叫上|约到|打电话叫",
    "许": "同意|答应|允许|默许|表示",
    "出资": "出资|凑钱|集资",
    "得": "取得|获得|拿到|得到|收取|收到|拿|取",
    "剩": "剩余|剩下|余下|另|还",
    "毒品": "毒品",
    "交易": "交易",
    "来源": "来源|上家|下家|货源",
    "量": "净重|重|共计|约",
}  # fmt: skip
_WORD_OF = {word: name for name, words in _WORDS.items() for word in words.split("|")}
_PAUSES = {
    char: sign
    for sign, chars in {",": "，,", ";": "；;", ".": "。\n", ":": "：:", "(": "（(", ")": "）)"}.items()
    for char in chars
}
CODES: tuple[str, ...] = ("", *SHOWN.values(), *",;.:()", *sorted(set(_WORDS) - set(SHOWN.values())))
"""The names of tokens; a code is a place in this list. The model knows them by their places."""
CODE: Mapping[str, int] = {name: n for n, name in enumerate(CODES)}
_CODE_OF = {
    **{word: CODE[name] for word, name in (_WORD_OF | _PAUSES).items()},
    **{sign: CODE[name] for sign, name in SHOWN.items()},
}
_ASIDE = r"(?:（[^（）。]{0,14}）)?"
_TOKEN = re.compile(
    rf"({_P}{_ASIDE}(?:(?:、|及|和|与|以及|及其|及被告人|，和|，与|跟){_P}{_ASIDE})+"
    rf"|{_D}(?:[（(“”\"、和及与]{{1,2}}(?:俗称|俗名|又称|即|俗称的)?[：“\"]?{_D}[”\"）)]{{0,2}})+"
    rf"|{any_of((*_WORD_OF, *SHOWN, *_PAUSES))})"
)
"""Every alternative begins with a character, none with a class: so the search skips what begins none."""


class Scene(Struct, frozen=True):
    """The masked text, and of each token its code, where it begins and ends, the first mention that it
    stands for (-1: none) and how many."""

    masked: str
    names: tuple[str, ...]
    codes: list[int]
    starts: list[int]
    ends: list[int]
    first: list[int]
    held: list[int]


def scene_of(text: str, mentions: Sequence[Mention]) -> Scene:
    """What a text says with its mentions (in order, not overlapping) masked."""
    masked = _masked(text, mentions)
    parts = _TOKEN.split(masked)
    bounds, words = list(accumulate(map(len, parts))), parts[1::2]
    codes = [_CODE_OF.get(word) or _CODE_OF[word[0]] for word in words]
    held = [_signs(word) if word[0] in SHOWN else 0 for word in words]
    met = accumulate(held, initial=0)
    first = [number if many else -1 for number, many in zip(met, held, strict=False)]
    names = tuple(text[m.start : m.end] for m in mentions)
    return Scene(masked, names, codes, bounds[:-1:2], bounds[1::2], first, held)


def _signs(word: str) -> int:
    return 1 if len(word) == 1 else sum(char in SHOWN for char in word)


def _masked(text: str, mentions: Sequence[Mention]) -> str:
    """The text with a sign for each mention; signs of its own are taken out."""
    text = _OWN.sub("□", text)
    parts: list[str] = []
    at = 0
    for mention in mentions:
        parts += (text[at : mention.start], SIGN[mention.kind])
        at = mention.end
    return "".join((*parts, text[at:]))


_OWN = re.compile(f"[{''.join(SHOWN)}]")
