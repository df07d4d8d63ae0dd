"""Where a text tells of the person it comes from: 我叫…, 我的电话…, 举报人：…, 群众…举报.

Every trigger holds a word that also ends a stretch, so stretches never overlap, and hiding one
changes no other: redacting twice is redacting once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from schemas.reference import surnames
from streams.text.reporter import MARK

if TYPE_CHECKING:
    from collections.abc import Iterator

_FIRST = "举反报爆线提来投检"
_LATER = (
    r"(?:(?<=举)报|(?<=反)映|(?<=报)警|(?<=报)案|(?<=报)料|(?<=爆)料|(?<=线)索提供|(?<=提)供|(?<=来)[电信]|(?<=投)诉"
    r"|(?<=检)举)人"
)
_PERSON = r"(?:举报|反映|报警|报案|报料|爆料|线索提供|提供|来电|来信|投诉|检举)人"
_STOP = (
    rf"[，。；！？!?;…\n\r]|,(?![0-9])|我|本人|{_PERSON}|举报|反映|群众|[市居村]民|热心人|线人|此致|署名|落款"
)
"""Ends a stretch: punctuation, and whatever begins another."""
_TOPIC = r"电话|手机|联系|号码|微信|身份证|住址|地址|家住|现住|住在|户籍"
_ACTION = r"看到|看见|发现|知道|听说|有人|这里|那里|经常|每天|每晚|昨天|昨晚|今天|今晚|刚才|想要|怀疑"
_FUNCTION_WORD = (
    r"[在想看听说昨不被把很都也才就没最这怎什于对近多目的]|来(?:举报|反映|告|报|说|找)|因为|今天|今晚|刚刚|刚才|通过|亲眼|"
    r"[向跟和][你您公他她朋警我]|去(?!病)|要(?!离)|常[在去看来]|无意|可以|可能|已经|曾[经在]|那[个里边天时]|一直|经常|知道|发现|自己|有[人一]"
)
"""What follows 我是 or 本人 when it is no name: the sentence tells of the deed and must stay."""
_SCENE = r"(?![里上中被打转跟和给没丢收群加有录拍存不]|联系)"
"""After 我的电话, 我微信: what was heard or seen on it, not its number."""
_NAME = rf"(?:(?!{_STOP}|{_TOPIC}|{_ACTION}).){{1,16}}"
_REST = rf"(?:(?!{_STOP}).){{1,40}}"
_LINK = r"(?:号码?|是|为|叫|即|在|于|[:：\s]){0,4}"
_PRIVATE = (
    r"(?:电话|手机|联系(?:方式|电话)|号码|微信|[Vv][Xx]|[Qq]{2}|邮箱|身份证|(?:家庭)?住址|地址|名字|姓名|单位|车牌"
    r"|银行卡|卡号|账号)"
)
_I = r"(?:(?<=我)|(?<=本)人)"
_TRIGGERS = (
    rf"(?:(?<=我)(?:名?叫|的名字[叫是]|姓)|(?<=本)人(?:姓名?|名?叫)|(?<=免)贵姓)[:：是\s]{{0,3}}(?P<name>{_NAME})"
    rf"|(?:(?<=我)是|(?<=本)人[是系])(?!{_FUNCTION_WORD}|{_TOPIC}|{_PRIVATE})[:：\s]{{0,2}}(?P<called>{_NAME})"
    rf"|(?<=本)人[:：\s]?(?!{_FUNCTION_WORD}|{_TOPIC}|{_ACTION})(?P<myself>{MARK}{{2,20}}|[\u3400-\u9fff·]{{2,4}})"
    r"(?=[，,。；;、\s（(]|男|女|电话|手机|住|身份证|$)"
    rf"|{_I}(?:们?家?的?|现在?的?|常用)(?:联系|现在?的?)?{_PRIVATE}{_SCENE}{_LINK}(?P<private>{_REST})"
    rf"|{_I}(?:们?家)?(?:现在?|目前|就|一直|长期)?(?:居住|租住|家住|住|家就?在|户籍)(?!的|过)"
    rf"(?:在|于|地|址|是|为|[:：\s]){{0,3}}(?P<home>{_REST})"
    rf"|{_LATER}的?(?:姓名|信息|联系方式|联系电话|电话|手机|身份证|地址|住址|资料)?号?码?[:：是为系叫\s]{{1,3}}"
    rf"(?P<given>{_REST})"
    rf"|{_LATER}的?(?:联系)?(?:电话|手机|号码)号?码?(?P<number>[0-9+][0-9\- ]{{5,20}})"
    rf"|{_LATER}的?(?:姓名|名字)?(?!{_FUNCTION_WORD})(?P<named>{MARK}{{2,20}}|[\u3400-\u9fff]{{2,4}}?)"
    r"(?=[，,、（(\s]{0,2}(?:男|女|[0-9+]|电话|手机|联系|身份证|家?住|微信|号码)|要求|申请|撤回|更正|[，,。；;]|$)"
    r"|(?:(?<=群)众|(?<=[市居村])民|(?<=热)心人|(?<=线)人)"
    r"(?!电话|匿名|来[信访电]|微信|网上|实名|多次|联名|再次|普遍|纷纷|[向的们反举报提称])"
    rf"(?P<source>(?:(?!{_STOP}|{_TOPIC}).){{2,12}}(?:[（(][^）)\n]{{0,20}}[）)])?)(?=举报|反映|来电|来信|报警|报称|报料|向|提供|称)"
    rf"|(?:(?<=此)致\s?敬礼|(?<=署)名|(?<=落)款)[\s!！。:：]{{0,6}}(?P<signed>{_NAME})"
)
# Both begin with a set of characters, so that `re` skips to the first of them.
_TRIGGER = re.compile(f"[我本免群市居村热此署落{_FIRST}](?:{_TRIGGERS})")
_CONTACT = re.compile(
    r"[联打找加回呼](?:(?<=联)系|(?<=打)给?|(?<=[找加回])|(?<=呼)叫?)\s?我(?:的?(?:电话|手机|微信|号码|号))?"
    r"(?:[:：，,。\s是为在请打加]|电话|微信){0,8}(?P<reach>[A-Za-z0-9_+][A-Za-z0-9_\- *@.]{3,30})"
)
_HINT = re.compile(
    r"[我本免群市居村热熱此署落举舉反报報爆线線提来來投检檢](?:(?<=我)|(?<=本)人|(?<=免)[贵貴]|(?<=群)[众眾]|(?<=[市居村])民"
    r"|(?<=[热熱])心|(?<=此)致|(?<=署)名|(?<=落)款|(?<=[线線])[索人]|[报報映警案料供电電信诉訴举舉]人)"
)
"""What every stretch begins with, in either script: most text is done with after one look."""
_MORE = re.compile(
    r"[ \t:：,，、;；()（）]{0,3}(?:"
    r"(?:现|家|目前)?(?:家住|家在|住址?|居住|租住|地址|户籍|电话|手机|联系(?:电话|方式)?|号码|身份证|微信|[Qq]{2}|邮箱"
    rf"|姓名){_SCENE}{_LINK}(?P<value>{_REST})"
    rf"|[\r\n]{{1,2}}(?:家住|现住|住址?|联系(?:电话|方式)|电话|手机|身份证|微信){_SCENE}{_LINK}(?P<below>{_REST})"
    r"|(?P<trait>男|女|汉族|黎族|[0-9]{1,3}岁|[今现]年[0-9]{1,3}岁?|[0-9+][0-9\- *]{6,20}|■+))"
)
"""What follows a stretch in the same breath: 我叫…，男，45岁，住…，电话…"""
_MOST_MORE = 8
_ONE_OF_US = re.compile("群众|[市居村]民|举报人")
"""我是一名群众，姓名…: what follows is about the same person."""
_THIRD_PERSON = frozenset(("given", "named", "number", "source", "signed"))
_PLACES = frozenset(("home", "trait"))
_SPELT_OUT = re.compile(r"(?:[\u3400-\u9fff] ){3}")
_NAME_FIRST = re.compile(r"[\u3400-\u9fff]{2,4}(?![\u3400-\u9fff])")
_LONG_NUMBER = re.compile(r"[0-9][0-9 \-]{5,20}[0-9]")
_PAUSE = r"[ \t,，、;；()（）\[\]【】/|—–\-]{0,3}"
_TRAITS = r"(?:[男女](?:性)?|[汉黎苗回壮]族|[0-9]{1,3}岁|(?:19|20)[0-9]{2}年出?生)"
_HIDDEN = re.compile(f"{MARK}{{2,}}")
_BEHIND_MARK = re.compile(
    rf"的?{_PAUSE}(?:(?P<trait>{_TRAITS})|(?:(?:其|[他她]的?|本人的?)?"
    r"(?:(?:联系|手机)?电话|[Tt]el|手机|(?:联系|手机|电话)?号码|联系方式|(?:身份证|银行卡|卡))号?码?(?:是|为|[:：\s]){0,3}"
    rf"(?P<number>(?:[0-9+]|{MARK}(?={MARK}))(?:[0-9{MARK}*xX]|[ \-.](?=[0-9])){{6,30}})"
    r"|(?:[他她]的?)?(?:微信|[VvWw][Xx]|V信|[Qq]{2})(?:账?号|ID|id)?(?:是|为|[:：\s]){0,3}"
    rf"(?P<account>[A-Za-z0-9_][A-Za-z0-9_\-]{{4,30}}|{MARK}{{4,30}})"
    rf"|(?<=[(（\[【])(?P<phone>1[3-9][0-9](?:[ \-]?[0-9]{{4}}){{2}}|{MARK}{{11}})(?=[)）\]】])))"
    r"(?!\s{0,2}(?:这个|是.{0,8}的|的(?:机主|人)))"
)
"""A number in the same breath with somebody who is hidden: ■■■（电话139…）. Only behind a word that says what
it is, or alone in brackets: what else stands behind a name is somebody else's, or a day, or money."""
_MOST_ELSEWHERE = 16
"""Values told in a text that are looked for in the rest of the record; further ones are hidden in place."""


def may_tell(text: str) -> bool:
    """Whether a text, folded or not, holds a word that `self_mentions` begins with."""
    return _HINT.search(text) is not None


def self_mentions(text: str, *, own_voice: bool = True) -> Iterator[tuple[int, int]]:
    """Stretches (start, end) of a folded text that tell of its author or of an informant.

    Without `own_voice` 我 and 本人 tell of nobody to be kept secret: in a police report they are
    the words of a suspect.

    >>> text = "我叫林某水，男，住大同路3号，电话13800001234。看到阿明卖冰毒"
    >>> [text[start:end] for start, end in self_mentions(text)]
    ['林某水', '男', '大同路3号', '13800001234']
    >>> list(self_mentions("我是在酒吧看到阿明卖冰毒的"))
    []
    """
    for _, start, end, _ in _stretches(text, own_voice=own_voice):
        yield start, end


def behind_marks(text: str) -> Iterator[tuple[int, int]]:
    """Numbers of a folded text that are named right behind somebody hidden: they are theirs, so hidden too.

    One mark alone is a bullet, not a name.

    >>> text = "■■■（电话13900001234，微信hid_me88）说阿明的电话是13800001234"
    >>> [text[start:end] for start, end in behind_marks(text)]
    ['13900001234', 'hid_me88']
    """
    for hidden in _HIDDEN.finditer(text):
        at = hidden.end()
        for _ in range(_MOST_MORE):
            more = _BEHIND_MARK.match(text, at)
            if more is None:
                break
            if more.lastgroup != "trait":
                yield more.span(more.lastgroup or 0)
            at = more.end()


def told_values(text: str, *, own_voice: bool = True) -> list[str]:
    """Names and numbers of the author that a folded text tells, to be hidden elsewhere too.

    Only what looks like a name (it begins with a surname) or holds a long number; places are left
    out, because what is reported often happens where its author lives.

    >>> told_values("我叫林水生，住大同路3号，电话13800001234。大同路3号楼下有人卖冰毒")
    ['林水生', '13800001234']
    """
    values: dict[str, None] = {}
    for group, _, _, told in _stretches(text, own_voice=own_voice):
        if len(values) >= _MOST_ELSEWHERE:
            break
        if group not in _PLACES:
            name = _NAME_FIRST.match(told)
            if name is not None and surnames.split(name[0])[0]:
                values[name[0]] = None
            values |= dict.fromkeys(_LONG_NUMBER.findall(told))
    return list(values)[:_MOST_ELSEWHERE]


def _stretches(text: str, *, own_voice: bool) -> Iterator[tuple[str, int, int, str]]:
    """Group, place and words of each stretch; of a text that is spelt out (我 叫 林 某) without blanks."""
    for group, start, end in _found(text, own_voice=own_voice):
        yield group, start, end, text[start:end]
    if _SPELT_OUT.search(text):
        places = [at for at, char in enumerate(text) if char != " "]
        closed_up = "".join(text[at] for at in places)
        for group, start, end in _found(closed_up, own_voice=own_voice):
            yield group, places[start], places[end - 1] + 1, closed_up[start:end]


def _found(text: str, *, own_voice: bool) -> Iterator[tuple[str, int, int]]:
    for match in _TRIGGER.finditer(text):
        group = match.lastgroup or ""
        if not own_voice and group not in _THIRD_PERSON:
            continue
        if group == "named" and MARK not in match[group] and not surnames.split(match[group])[0]:
            continue
        yield group, match.start(group), match.end(group)
        one_of_us = _ONE_OF_US.match(text, match.end())
        at = one_of_us.end() if one_of_us else match.end()
        for _ in range(_MOST_MORE):
            more = _MORE.match(text, at)
            if more is None:
                break
            yield more.lastgroup or "", more.start(more.lastgroup or 0), more.end(more.lastgroup or 0)
            at = more.end()
    if own_voice:
        for match in _CONTACT.finditer(text):
            yield "reach", match.start("reach"), match.end("reach")
