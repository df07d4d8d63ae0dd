"""Words that fill a field and say nothing: 不详, 无名氏, N/A. What says nothing is not compared."""

from __future__ import annotations

from schemas.identifiers.parsed import fold

_BLANK = frozenset(
    {
        "", "无", "空", "暂无", "没有", "不详", "未知", "不明", "不清楚", "不知道", "待查", "待核", "待定",
        "未登记", "未提供", "身份不明", "姓名不详", "地址不详", "住址不详", "匿名", "无名", "无名氏",
        "无名男", "无名女", "某人", "男子", "女子", "一男子", "一女子", "男", "女", "嫌疑人",
        "犯罪嫌疑人", "陌生人",
        "n/a", "na", "nil", "none", "null", "unknown", "anonymous",
    }
)  # fmt: skip
_FRAME = " -—–_/\\.。,，*?？()（）[]【】<>《》"


def says_nothing(text: str) -> bool:
    """Whether a value only says that nothing is known.

    >>> [says_nothing(text) for text in ("不详", "（未知）", " N/A ", "--", "林某某", "符玮强")]
    [True, True, True, True, False, False]
    """
    return fold(text).casefold().strip(_FRAME) in _BLANK
