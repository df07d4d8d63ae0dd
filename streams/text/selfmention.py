"""Where a text tells of the person it comes from: 我叫…, 我的电话…, 举报人：…, 群众…举报.

Every trigger holds a word that also ends a stretch, so stretches never overlap, and hiding one
changes no other: redacting twice is redacting once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_PERSON = r"(?:举报|反映|报警|报案|报料|爆料|线索提供|提供|来电|来信|投诉|检举|联系)人"
_STOP = (
    rf"[，。；！？!?;…\n\r]|,(?![0-9])|我|本人|{_PERSON}|举报|反映|群众|市民|居民|村民|热心人|线人|此致|署名|落款"
)
"""Ends a stretch: punctuation, and whatever begins another."""
_TOPIC = r"电话|手机|联系|号码|微信|身份证|住址|地址|家住|现住|住在|户籍"
_ACTION = r"看到|看见|发现|知道|听说|有人|这里|那里|经常|每天|每晚|昨天|昨晚|今天|今晚|刚才|想要|要求|亲眼|怀疑"
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
_TRIGGERS = (
    rf"(?:我名?叫|我的名字[叫是]|我姓|本人姓名?|本人名?叫|免贵姓)[:：是\s]{{0,3}}(?P<name>{_NAME})",
    rf"(?:我是|本人是|本人系)(?!{_FUNCTION_WORD}|{_TOPIC}|{_PRIVATE})[:：\s]{{0,2}}(?P<called>{_NAME})",
    rf"本人[:：\s]?(?!{_FUNCTION_WORD}|{_TOPIC}|{_ACTION})(?P<myself>[\u3400-\u9fff·]{{2,4}})"
    r"(?=[，,。；;、\s（(]|男|女|电话|手机|住|身份证|$)",
    rf"(?:我|本人)(?:们?家?的?|现在?的?|常用)(?:联系|现在?的?)?{_PRIVATE}{_SCENE}{_LINK}(?P<private>{_REST})",
    rf"(?:我|本人)(?:们?家)?(?:现在?|目前|就|一直|长期)?(?:居住|租住|家住|住|家就?在|户籍)(?!的|过)"
    rf"(?:在|于|地|址|是|为|[:：\s]){{0,3}}(?P<home>{_REST})",
    rf"(?:{_PERSON})的?(?:姓名|信息|联系方式|联系电话|电话|手机|身份证|地址|住址|资料)?号?码?[:：是为系叫\s]{{1,3}}"
    rf"(?P<given>{_REST})",
    r"(?:群众|市民|居民|村民|热心人|线人)"
    r"(?!电话|匿名|来[信访电]|微信|网上|实名|多次|联名|再次|普遍|纷纷|[向的们反举报提称])"
    rf"(?P<source>(?:(?!{_STOP}|{_TOPIC}).){{2,12}})(?=举报|反映|来电|来信|报警|报称|报料|向|提供|称)",
    rf"(?:此致\s?敬礼|署名|落款)[\s!！。:：]{{0,6}}(?P<signed>{_NAME})",
)
_TRIGGER = re.compile("|".join(_TRIGGERS))
_CONTACT = re.compile(
    r"(?:联系|打给?|找|加|回|呼叫?)\s?我(?:的?(?:电话|手机|微信|号码|号))?(?:[:：，,。\s是为在请打加]|电话|微信){0,8}"
    r"(?P<reach>[A-Za-z0-9_+][A-Za-z0-9_\- *@.]{3,30})"
)
_MORE = re.compile(
    r"[ \t:：,，、;；()（）]{0,3}(?:"
    r"(?:现|家|目前)?(?:家住|住址?|居住|租住|地址|户籍|电话|手机|联系(?:电话|方式)?|号码|身份证|微信|[Qq]{2}|邮箱|姓名)"
    rf"{_SCENE}{_LINK}(?P<value>{_REST})"
    r"|(?P<trait>男|女|汉族|黎族|[0-9]{1,3}岁|[今现]年[0-9]{1,3}岁?|[0-9+][0-9\- ]{6,20}))"
)
"""What follows a stretch in the same breath: 我叫…，男，45岁，住…，电话…"""
_MOST_MORE = 8


def self_mentions(text: str) -> Iterator[tuple[int, int]]:
    """Stretches (start, end) of a folded text that tell of its author.

    >>> text = "我叫林某水，男，住大同路3号，电话13800001234。看到阿明卖冰毒"
    >>> [text[start:end] for start, end in self_mentions(text)]
    ['林某水', '男', '大同路3号', '13800001234']
    >>> list(self_mentions("我是在酒吧看到阿明卖冰毒的"))
    []
    """
    for match in _TRIGGER.finditer(text):
        yield match.span(match.lastgroup or 0)
        at = match.end()
        for _ in range(_MOST_MORE):
            more = _MORE.match(text, at)
            if more is None:
                break
            yield more.span(more.lastgroup or 0)
            at = more.end()
    for match in _CONTACT.finditer(text):
        yield match.span("reach")
