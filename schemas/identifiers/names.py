"""Names of people (姓名): normal form, keys, masks and nicknames, and how they may be read aloud.

Errors in typed Chinese are mostly of sound, then of shape, so a name has keys for both: `key`
folds traditional characters, `sound_key` and `readings` go by pronunciation. `pypinyin` misreads
surnames by default (曾 as céng), so surnames have readings of their own.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from itertools import product
from typing import Any

from schemas.reference import surnames

_DOTS = dict.fromkeys(map(ord, "•・.‧∙⋅･。．"), "·")
_PUNCTUATION = "·.,、;:"
_SPACES = re.compile(r"\s+")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff〇]+")
_MASK_CHARS = str.maketrans(dict.fromkeys("×✱﹡∗•●■□◇？?xX", "*"))
_MASK = re.compile(r"[某*×✱﹡∗●■□◇？?]|(?<=[\u4e00-\u9fff])[xX]{1,3}")
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_TRIAL_NAME = re.compile(rf"([\u4e00-\u9fff]{{1,2}}?)某{{0,2}}([{_STEMS}]|[0-9]{{1,2}}|[A-Z])")
_NICKNAME = re.compile(
    "(?:阿|老|小|大|肥|胖|细|黑|矮|瘦|死|烂|光头|刀疤|眼镜|麻子)[\u4e00-\u9fffA-Z]{1,2}"
    "|[\u4e00-\u9fffA-Z]{1,2}(?:哥|姐|叔|婶|嫂|爷|伯|总|老板|老大|佬|婆|嘴|鬼)"
    "|[\u4e00-\u9fff]{1,2}(?:先生|女士|小姐|太太|师傅|老师|经理|医生|队长|阿姨|大哥|大姐)"
    "|[\u4e00-\u9fffA-Z](?:仔|妹|弟|少|头|子|儿|毛|娃)"
    "|[A-Z]{1,6}"
    "|[一二三四五六七八九十]{1,2}(?:哥|姐|爷|弟|妹|叔|少|娃|毛|嫂)"
    "|(?:光头|刀疤|眼镜|麻子|矮子|胖子|瘦子|黑子|疯子|瘸子|哑巴|老板|老大)"
    "|([\u4e00-\u9fff])\\1"
)
_GIVEN_TOO, _LOOKS = "妹弟", "高黄白"
_USUAL_SURNAME = 1.0
"""Bearers per mille."""
_AS_THEY_ARE = "乾"
"""In names 乾 is qián and is simplified to nothing; 干 (gān) is for what is dry."""
_MAX_READINGS = 24
_MAX_SOUND_KEYS = 4
_LONGEST = 64
_LONGEST_GIVEN = 3


@lru_cache(maxsize=1 << 13)
def normalise(name: str) -> str:
    """The name for display and comparison: NFKC, no spaces in Chinese, one kind of middle dot.

    >>> normalise("符 玮 强"), normalise("买买提•艾力"), normalise("Li  Wei")
    ('符玮强', '买买提·艾力', 'Li Wei')
    """
    if len(name) <= 4 and _HAN.fullmatch(name):
        return unicodedata.normalize("NFC", name)
    folded = unicodedata.normalize("NFKC", name)
    if not _has_han(folded):
        return _SPACES.sub(" ", folded).strip()
    bare = _SPACES.sub("", folded)
    if len(bare) > 2 and any(ord(char) in _DOTS for char in bare[1:-1]):
        bare = bare[0] + bare[1:-1].translate(_DOTS) + bare[-1]
    return bare.strip(_PUNCTUATION)


def _has_han(text: str) -> bool:
    return _HAN.search(text) is not None


@cache
def _simplify(char: str) -> str:
    return char if char in _AS_THEY_ARE else str(_converter().convert(char))


@cache
def _converter() -> Any:
    import opencc  # noqa: PLC0415  its dictionaries load on construction, and few runs need them

    return opencc.OpenCC("t2s")


@lru_cache(maxsize=1 << 14)
def key(name: str) -> str:
    """The name as a key: normal form, simplified character by character, case folded.

    For keys only, never for display: a person may write their name with traditional characters.

    >>> key("範偉強"), key("符玮强") == key("符瑋強")
    ('范伟强', True)
    """
    return "".join(map(_simplify, normalise(name))).casefold()


def is_masked(name: str) -> bool:
    """Whether a name hides characters (林某某, 林**, 林XX) or is a trial name (林某甲, 王某1).

    >>> [is_masked(n) for n in ("林某某", "林*强", "林某甲", "林小强", "林乙")]
    [True, True, True, False, False]
    """
    return _MASK.search(name) is not None


@lru_cache(maxsize=1 << 16)
def is_nickname(name: str) -> bool:
    """Whether this reads as a nickname (绰号): a claim inside one case or source, never a key.

    >>> [is_nickname(n) for n in ("阿明", "老王", "强哥", "光头", "王先生", "符玮强", "王小明")]
    [True, True, True, True, True, False, False]
    """
    plain = normalise(name).upper()
    return len(plain) <= 1 or (_NICKNAME.fullmatch(plain) is not None and not _may_be_given(plain))


def _may_be_given(plain: str) -> bool:
    """Whether what looks like a nickname is a usual surname with 妹 or 弟, which many are given (吴妹).

    Not 高妹: she is tall.
    """
    return (
        len(plain) == 2
        and plain[1] in _GIVEN_TOO
        and plain[0] not in _LOOKS
        and surnames.share(plain[0]) >= _USUAL_SURNAME
    )


def compatible(left: str, right: str) -> bool:
    """Whether two names, of which one or both are masked, could be of one person. Symmetric.

    One 某 or 某某 at the end stands for a given name of any length; inside a name each mask hides
    one character. The letter of a trial name (林某甲) hides the given name, it is no part of it.

    >>> compatible("林某某", "林小强"), compatible("林某", "林小强"), compatible("符某强", "符玮强")
    (True, True, True)
    >>> compatible("林某某", "陈小强"), compatible("林某甲", "林某乙"), compatible("林小强", "林小张")
    (False, False, False)
    """
    if not is_masked(left) and not is_masked(right):
        return key(left) == key(right)
    one, two = _mask_form(left), _mask_form(right)
    if one[1] and two[1] and one[1] != two[1]:
        return False
    return _forms_meet(one[0], two[0])


@lru_cache(maxsize=1 << 16)
def _mask_form(name: str) -> tuple[str, str]:
    """The name with `*` for each hidden character and `…` for a hidden given name; the marker."""
    plain = key(name).upper()
    trial = _TRIAL_NAME.fullmatch(plain)
    if trial is not None and "某" in plain:
        return trial[1] + "…", trial[2]
    folded = plain.replace("某", "*").translate(_MASK_CHARS)
    if folded.endswith("*"):
        return folded.rstrip("*") + "…", ""
    return folded, ""


def _forms_meet(left: str, right: str) -> bool:
    """`…` stands only at the end and hides one to three characters, or what another `…` hides."""
    one, two = left.removesuffix("…"), right.removesuffix("…")
    if len(one) > len(two):
        left, right, one, two = right, left, two, one
    hidden = len(two) - len(one)
    if left == one and (hidden or right != two):
        return False
    if left != one and right == two and not 1 <= hidden <= _LONGEST_GIVEN:
        return False
    return _heads_meet(one, two[: len(one)])


def _heads_meet(left: str, right: str) -> bool:
    return all(a == b or "*" in (a, b) for a, b in zip(left, right, strict=True))


@cache
def _char_readings(char: str) -> tuple[str, ...]:
    """All tone-less readings of one character, the most usual first; other signs read as they are."""
    # The package first: whoever comes while another thread loads it has to wait until its styles are there.
    from pypinyin import Style  # noqa: PLC0415  takes 0.1 s to load
    from pypinyin.constants import PINYIN_DICT  # noqa: PLC0415  as above
    from pypinyin.style import convert  # noqa: PLC0415  as above

    known = PINYIN_DICT.get(ord(char), "")
    toneless = (convert(one, Style.NORMAL, True) for one in known.split(",") if one)
    return tuple(dict.fromkeys(reading.replace("ü", "v") for reading in toneless)) or (char,)


@cache
def surname_readings(surname: str) -> tuple[str, ...]:
    """The readings of a surname, joined by a space when it has two characters."""
    own = surnames.readings(surname)
    if own:
        return own
    if len(surname) == 1:
        return _char_readings(surname)[:2]
    return (" ".join(_char_readings(char)[0] for char in surname),)


def readings(name: str) -> tuple[tuple[str, ...], ...]:
    """Every way a name may be read, as tuples of syllables without tones, the likeliest first.

    At most 24; the surname by its own readings, given names by all readings of their characters.

    >>> readings("单强")[0], ("qin", "mei") in readings("覃美"), ("tan", "mei") in readings("覃美")
    (('shan', 'qiang'), True, True)
    """
    surname, given = surnames.split(key(name)[:_LONGEST])
    heads = [tuple(reading.split(" ")) for reading in surname_readings(surname)] if surname else [()]
    tails = _capped_product([_char_readings(char) for char in given])
    whole = ((*head, *tail) for tail in tails for head in heads)
    return tuple(dict.fromkeys(whole))[:_MAX_READINGS]


def _capped_product(choices: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """All combinations, with choices cut to the first reading from where they would be too many."""
    total, kept = 1, []
    for options in choices:
        options = options if total * len(options) <= _MAX_READINGS else options[:1]
        total *= len(options)
        kept.append(options)
    return list(product(*kept))


@lru_cache(maxsize=1 << 16)
def sound_key(name: str) -> str:
    """One pronunciation without tones, for blocking: surname reading and first given readings.

    >>> sound_key("曾伟强"), sound_key("曾玮强"), sound_key("单雄信")
    ('zengweiqiang', 'zengweiqiang', 'shanxiongxin')
    """
    surname, given = surnames.split(key(name)[:_LONGEST])
    head = surname_readings(surname)[0].replace(" ", "") if surname else ""
    return head + "".join([_char_readings(char)[0] for char in given])


@lru_cache(maxsize=1 << 16)
def sound_keys(name: str) -> tuple[str, ...]:
    """The pronunciations by which to look for a name: of its usual readings, at most four.

    The first is `sound_key`. Unlike `readings` these leave out what only a dictionary knows.

    >>> sound_keys("覃小强"), sound_keys("林乐")
    (('qinxiaoqiang', 'tanxiaoqiang'), ('linle', 'linyue'))
    """
    surname, given = surnames.split(key(name)[:_LONGEST])
    heads, chars = surnames.readings(surname), [surnames.given_readings(char) for char in given]
    if len(heads) < 2 and not any(chars):
        return (sound_key(name),)
    heads = heads or surname_readings(surname)[:1] if surname else ("",)
    tails = _capped_product([two or _char_readings(char)[:1] for two, char in zip(chars, given, strict=True)])
    usual = (head.replace(" ", "") + "".join(tail) for tail in tails for head in heads)
    return tuple(dict.fromkeys((sound_key(name), *usual)))[:_MAX_SOUND_KEYS]
