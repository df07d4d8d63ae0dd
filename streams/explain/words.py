"""What an explanation says, in words: English for the command line, Chinese for the picture in the file.

A term of the model without words here is shown as the model calls it; a test holds that none is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from math import floor

from msgspec import Struct

from schemas.explanations import Act, Deed, Finding, Join, PairExplanation
from streams.explain.steps import tenths


class Word(Struct, frozen=True, array_like=True):
    """One thing in two languages."""

    en: str
    zh: str


FEATURES: dict[str, Word] = {
    "id_number": Word("ID number", "身份证号"),
    "bank_card": Word("bank card", "银行卡"),
    "phone": Word("phone", "手机号"),
    "wechat": Word("WeChat", "微信号"),
    "credit_code": Word("credit code", "信用代码"),
    "licence_no": Word("licence", "许可证号"),
    "plate": Word("plate", "车牌"),
    "tracking_no": Word("tracking no", "运单号"),
    "name": Word("name", "姓名／名称"),
    "birth": Word("birth", "出生日期"),
    "gender": Word("gender", "性别"),
    "hukou": Word("hukou", "户籍地"),
    "address": Word("address", "地址"),
    "context_tracking_no": Word("at parcel", "同一寄递件"),
    "context_plate": Word("at vehicle", "同一车辆"),
    "context_case": Word("in case", "同一案件"),
    "mask_id_number": Word("masked no", "掩码号码"),
    "city": Word("city", "城市"),
    "colour": Word("colour", "颜色"),
    "type": Word("type", "类型"),
}
BLOCKS: dict[str, Word] = {
    "sound+birth": Word("sound of the name with date of birth", "姓名读音＋出生日期"),
    "surname+birth": Word("surname with date of birth", "姓＋出生日期"),
    "given+birth": Word("spelling of the given name with date of birth", "名的拼写＋出生日期"),
    "name+year": Word("name with year of birth", "姓名＋出生年份"),
    "sound+hukou": Word("sound of the name with registered place", "姓名读音＋户籍地"),
    "sound+address": Word("sound of the name with address", "姓名读音＋地址"),
    "sound+plate": Word("sound of the name with vehicle", "姓名读音＋车辆"),
    "sound+tracking_no": Word("sound of the name with parcel", "姓名读音＋寄递件"),
    "sound+case": Word("sound of the name with case", "姓名读音＋案件"),
    "name+city": Word("name with city", "名称＋城市"),
}
REASONS: dict[str, str] = {
    "two different valid ID numbers": "两个有效证件号码不同",
    "different names": "姓名不同",
    "one character of the given name differs": "名中一字不同",
    "same given name of two characters, other surname": "双字名相同，姓不同",
    "masked name fits": "掩码姓名相符",
    "masked name fits but for how it is written": "掩码姓名相符，写法有异",
    "part of the name": "姓名的一部分",
    "given and father's name in other order": "本名与父名次序不同",
    "surname and initials": "姓与名的首字母相符",
    "same nickname, not known to be of one case": "绰号相同，是否同案不明",
    "variant character": "异体字",
    "same sound and look alike": "读音相同，字形相近",
    "look alike": "字形相近",
    "romanised in Cantonese": "粤语拼写相符",
    "same name, written without its dot": "姓名相同，省略间隔号",
    "nickname fits the name": "绰号与姓名相符",
    "a nickname beside a name": "一为绰号，一为姓名",
    "same nickname": "绰号相同",
    "same name": "姓名相同",
    "alias": "别名相同",
    "romanised": "拼音写法相符",
    "same name, other order": "姓名相同，次序不同",
    "same sound": "读音相同",
    "same year of birth": "出生年份相同",
    "same month of birth": "出生年月相同",
    "same date of birth": "出生日期相同",
    "day and month swapped": "日月颠倒",
    "one digit of the date differs": "日期一位数字不同",
    "year of birth off by 1 or 10": "出生年份差 1 或 10",
    "two parts of the date agree": "日期两部分相同",
    "different dates of birth": "出生日期不同",
    "same gender": "性别相同",
    "other gender": "性别不同",
    "same county of registration": "户籍县区相同",
    "same prefecture of registration": "户籍地市相同",
    "registered elsewhere": "户籍地不同",
    "same address": "地址相同",
    "masked number does not fit": "掩码号码不符",
    "other name": "名称不同",
    "same city": "城市相同",
    "other city": "城市不同",
    "other colour": "颜色不同",
    "other type": "类型不同",
}
_HOUSEHOLD = ", as in a household"
_ALIKE = re.compile(r"address (\d+) % alike")
_CODES = re.compile(r"\b(?:id_number|bank_card|wechat|credit_code|licence_no|tracking_no)\b")
DEEDS: dict[Deed, Word] = {
    "same": Word("same", "同一"),
    "different": Word("different", "不同"),
    "unsure": Word("unsure", "不能确定"),
    "split": Word("split off {mentions}", "拆出 {mentions}"),
}
FINDINGS: dict[Finding, Word] = {
    "one_mention": Word("One: both name the same mention.", "同一：二者是同一处提及。"),
    "one_profile": Word(
        "One: both are mentions with equal features, which are compared as one.",
        "同一：二者特征完全相同，作为一个整体比较。",
    ),
    "one_entity": Word("One: both name the same entity.", "同一：二者是同一对象。"),
    "linked": Word(
        "One: they are linked directly, {bits} bits where {link} are needed.",
        "同一：直接关联，{bits} 比特，达到关联阈值 {link}。",
    ),
    "judged_same": Word("One, by a judgement: {said}.", "同一：人工判定（{said}）。"),
    "over_others": Word(
        "One, but not directly: they hang together over others, by {n} joins.",
        "同一：并非直接关联，经由他者以 {n} 次合并相连。",
    ),
    "types": Word("Not one: they are of different types, which are never one.", "不同：类型不同，从不合并。"),
    "judged_different": Word("Not one, by a judgement: {said}.", "不同：人工判定（{said}）。"),
    "exclusive": Word(
        "Not one: both have a valid ID number, and they differ. Only a judgement could join them.",
        "不同：二者均有有效证件号码且不一致，只有人工判定才能合并。",
    ),
    "guard": Word(
        "Not one: their link is good for {best} bits, but the pairs of their groups for {mean} on the mean; "
        "½·{best} + ½·{mean} = {value}, where {link} are needed.",
        "不同：二者关联 {best} 比特，但所在两组交叉配对平均 {mean}；"
        "½·{best} + ½·{mean} = {value}，未达阈值 {link}。",
    ),
    "group_exclusive": Word(
        "Not one: of what each is one with, some have valid ID numbers, and they differ. Only a judgement "
        "could join them.",
        "不同：二者各自所属对象的有效证件号码不一致，只有人工判定才能合并。",
    ),
    "too_large": Word(
        "Not one: so many hang together here that only links by a number of their own count.",
        "不同：此处牵连过多，只有凭号码的关联才算数。",
    ),
    "generic": Word(
        "Not one: what they share ({shared}) too many have who cannot be one; it says nothing of who it is.",
        "不同：二者共有的（{shared}）为过多不同的人所共用，不足以认定身份。",
    ),
    "crowded": Word(
        "Not one: what they share ({shared}) several have, so there only some pairs are compared, and not "
        "these two.",
        "不同：二者共有的（{shared}）为多人所共有，只比较其中一部分，未比较此二者。",
    ),
    "unmet": Word(
        "Not one: no block brings them together (a number, or a name with a date or place), so they were "
        "never compared.",
        "不同：没有共同的号码，也没有共同的“姓名加日期或地点”，从未比较。",
    ),
    "review": Word(
        "Not one: {bits} bits are enough to ask a person, from {review}, but not to join, from {link}.",
        "不同：{bits} 比特，达到人工复核阈值 {review}，未达关联阈值 {link}，待人工判定。",
    ),
    "unsure": Word(
        "Not one: {bits} bits are enough to ask a person, who could not say: {said}.",
        "不同：{bits} 比特，已请人工判定，不能确定（{said}）。",
    ),
    "below": Word(
        "Not one: {bits} bits are too little even to ask a person, from {review}.",
        "不同：{bits} 比特，未达人工复核阈值 {review}。",
    ),
    "outdated": Word(
        "This was decided by another version of the program, so this one cannot say why: put the records "
        "into a new store, or rebuild it.",
        "此结论由另一版本的程序作出，本版本无法说明原因：请重建数据库。",
    ),
}


def words(found: PairExplanation) -> str:
    """How it stands between two, in a sentence."""
    shared = ", ".join(_shared(what).en for what in found.shared)
    said = act_en(found.judgement) if found.judgement else ""
    return FINDINGS[found.verdict].en.format(
        bits=signed(found.bits), shared=shared, said=said, **_facts(found)
    )


def words_zh(found: PairExplanation) -> str:
    """The same in Chinese."""
    shared = "、".join(_shared(what).zh for what in found.shared)
    said = act_zh(found.judgement) if found.judgement else ""
    sentence = FINDINGS[found.verdict].zh
    return sentence.format(bits=signed_zh(found.bits), shared=shared, said=said, **_facts(found))


def _facts(found: PairExplanation) -> dict[str, str]:
    facts = {
        "link": f"{found.link_from:g}",
        "review": f"{found.review_from:g}",
        "n": str(len(found.path)),
    }
    return facts | (guard_figures(found.attempt) if found.attempt else {})


def _shared(what: str) -> Word:
    return BLOCKS.get(what) or FEATURES.get(what) or Word(what, what)


def deed_en(act: Act) -> str:
    """Who decided what, when and why, where it is clear about whom."""
    n = len(act.apart)
    deed = DEEDS[act.verdict].en.format(mentions="1 mention" if n == 1 else f"{n} mentions together")
    return f"{act.by}, {act.at[:10]}, {deed}: {act.because}"


def deed_zh(act: Act) -> str:
    """The same in Chinese."""
    n = len(act.apart)
    deed = DEEDS[act.verdict].zh.format(mentions="1 处提及" if n == 1 else f"{n} 处提及（为同一对象）")
    return f"{act.by}，{act.at[:10]}，{deed}：{act.because}"


def act_en(act: Act) -> str:
    """Who decided what about whom, when and why, and who took it back."""
    split = act.verdict == "split"
    about = f"{_some_en(act.apart)} from {_some_en(act.rest)}" if split else f"{act.a} and {act.b}"
    back = act.taken_back
    undone = f"; taken back by {back.by}, {back.at[:10]}: {back.because}" if back else ""
    return f"{deed_en(act)} ({about}){undone}"


def act_zh(act: Act) -> str:
    """The same in Chinese."""
    split = act.verdict == "split"
    about = f"{_some_zh(act.apart)} 自 {_some_zh(act.rest)} 分出" if split else f"{act.a} 与 {act.b}"
    back = act.taken_back
    undone = f"；{back.by} 于 {back.at[:10]} 撤回：{back.because}" if back else ""
    return f"{deed_zh(act)}；{about}{undone}"


def _some_en(mentions: Sequence[str]) -> str:
    """The first of some mentions, and how many there are besides, as the ledger tells it."""
    return mentions[0] if len(mentions) == 1 else f"{mentions[0]} and {len(mentions) - 1} more"


def _some_zh(mentions: Sequence[str]) -> str:
    return mentions[0] if len(mentions) == 1 else f"{mentions[0]} 等 {len(mentions)} 处"


def guard_figures(join: Join) -> dict[str, str]:
    """The figures of the guard to two places, cut and not rounded: below the threshold must look so."""
    figures = {"best": join.best, "mean": join.mean, "value": join.value}
    return {
        name: "-" if bits is None else f"{floor(bits * 100 + 1e-6) / 100:g}" for name, bits in figures.items()
    }


def signed(bits: float | None) -> str:
    """Bits with their sign and one decimal.

    >>> signed(20.0), signed(-6.0), signed(0.0)
    ('+20.0', '-6.0', '0.0')
    """
    if bits is None:
        return "-"
    shown = tenths(bits)
    return f"{shown:+.1f}" if shown else "0.0"


def signed_zh(bits: float | None) -> str:
    """The same with the sign of a number, as it is printed.

    >>> signed_zh(-6.0)
    '−6.0'
    """
    return signed(bits).replace("-", "−")


def feature(name: str) -> Word:
    """What a feature of the model is called."""
    return FEATURES.get(name) or Word(name.replace("_", " "), name)


def reason_en(why: str) -> str:
    """A reason of the model, its numbers called as people call them.

    >>> reason_en("same id_number, phone"), reason_en("same sound")
    ('same ID number, phone', 'same sound')
    """
    return _CODES.sub(lambda found: FEATURES[found[0]].en, why)


def reason_zh(why: str) -> str:
    """A reason of the model in Chinese.

    >>> reason_zh("same phone, wechat"), reason_zh("same phone, as in a household")
    ('手机号、微信号相同', '手机号相同（如同一家庭）')
    >>> reason_zh("address 91 % alike"), reason_zh("same case")
    ('地址 91% 相似', '案件相同')
    """
    if why.endswith(_HOUSEHOLD):
        return f"{reason_zh(why.removesuffix(_HOUSEHOLD))}（如同一家庭）"
    if (known := REASONS.get(why)) is not None:
        return known
    if (alike := _ALIKE.fullmatch(why)) is not None:
        return f"地址 {alike[1]}% 相似"
    return _same_kinds(why.removeprefix("same ").split(", ")) if why.startswith("same ") else why


def _same_kinds(kinds: Iterable[str]) -> str:
    named = ("案件" if kind == "case" else feature(kind).zh for kind in kinds)
    return "、".join(named) + "相同"
