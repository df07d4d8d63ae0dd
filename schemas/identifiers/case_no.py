"""Numbers of cases (案件编号): target cases like `2019-551`, filing numbers, named task forces.

The year of a target case (目标案件) is that of its number, not the year it was solved.
"""

from __future__ import annotations

import re

from schemas.identifiers.mask import hides
from schemas.identifiers.parsed import Parsed, fold, too_long

KIND = "case"
_JUNK = re.compile(r"[\s\"'“”‘’「」『』《》]+")
_KIND_OF_CASE = "(?:毒品)?(?:目标案件|目标专案|专案|案件编号|案件|案)?"
_ISSUER = re.compile(rf"^(?:公安部|部督|部级|省级|省厅|省督)?{_KIND_OF_CASE}[::]?")
_TARGET = re.compile(rf"((?:19|20)\d{{2}})[-‐‑–—―_/](\d{{1,5}})号?{_KIND_OF_CASE}", re.ASCII)
_BRACKETED = str.maketrans("[]【】()", "〔〕〔〕〔〕")
_POLICE = re.compile(r"[AJ]\d{22}", re.ASCII)
_LOOSE = re.compile(r"[0-9A-Z\u4e00-\u9fff〔〕.·/-]{3,60}")
_HAS_DIGIT = re.compile(r"\d", re.ASCII)


def parse(text: str) -> Parsed:
    """Normal form: `2019-551`, with at least three digits behind the year; other numbers upper case
    without spaces and quotes.

    >>> parse("“2019—0551”专案").normal, parse("公安部2019-551号目标案件").normal
    ('2019-551', '2019-551')
    """
    if too_long(text):
        return Parsed(KIND, text, reason="too long")
    if hides(text):
        return Parsed(KIND, text, reason="partly hidden: it may be any of several cases")
    value = _JUNK.sub("", fold(text).upper())
    target = _TARGET.fullmatch(_ISSUER.sub("", value))
    if target is not None:
        return Parsed(KIND, text, normal=f"{target[1]}-{int(target[2]):03d}")
    value = value.translate(_BRACKETED)
    if _POLICE.fullmatch(value) or _is_name(value):
        return Parsed(KIND, text, normal=value)
    return Parsed(KIND, text, reason="not a case number")


def _is_name(value: str) -> bool:
    """Filing numbers (`琼公禁立字〔2019〕12号`) and named cases (`…专案`) are compared as they are."""
    return bool(_LOOSE.fullmatch(value)) and (bool(_HAS_DIGIT.search(value)) or value.endswith("案"))
