"""The judge's clues in words, for people who check a reading."""

from __future__ import annotations

_WAYS = {"→": "甲 before 乙", "←": "乙 before 甲"}
_PARTS = (
    ("全", "all between them is “{}”"),
    ("中", "between them “{}”"),
    ("前", "before both “{}”"),
    ("后", "behind both “{}”"),
    ("左<", "right before the first “{}”"),
    ("左>", "right behind the first “{}”"),
    ("右<", "right before the second “{}”"),
    ("右>", "right behind the second “{}”"),
    ("双后", "before and behind the second “{}”"),
    ("双", "behind the first and before the second “{}”"),
    ("左", "around the first “{}”"),
    ("右", "around the second “{}”"),
    ("r", "words in a row: {}"),
    ("c", "words in a row, without pauses: {}"),
    ("隔", "clauses and people between: {}"),
    ("句", "sentences between: {}"),
    ("人", "other people between: {}"),
    ("甲代", "甲 is a pronoun{}"),
    ("乙代", "乙 is a pronoun{}"),
    ("代", "pronouns between: {}"),
)
_WHOLE = (
    ("rule back ", "a rule reads it the other way round: {}"),
    ("rule 甲 ", "a rule reads of 甲 and another: {}"),
    ("rule 乙 ", "a rule reads of another and 乙: {}"),
    ("rule ", "a rule reads: {}"),
    ("后甲", "behind 甲 “{}”"),
    ("后乙", "behind 乙 “{}”"),
    ("前甲", "before 甲 “{}”"),
    ("前乙", "before 乙 “{}”"),
    ("毒", "drugs: {}"),
    ("钱", "money: {}"),
    ("数", "people in the text, and which of them: {}"),
    ("位", "which of the people they are: {}"),
)
_WHERE = {"间": "between them", "句": "in the sentence", "文": "in the text", "无": "none"}


def spoken(clue: str) -> str:
    """What a clue of a deal says.

    >>> spoken("→中卖给")
    '甲 before 乙: between them “卖给”'
    >>> spoken("毒间"), spoken("rule sold_to asserted")
    ('drugs: between them', 'a rule reads: sold_to asserted')
    """
    way = _WAYS.get(clue[:1])
    if way is None:
        head, words = next(((head, words) for head, words in _WHOLE if clue.startswith(head)), ("", "{}"))
        rest = clue[len(head) :]
        return words.format(_WHERE.get(rest, rest) if head in ("毒", "钱") else rest)
    head, words = next(((head, words) for head, words in _PARTS if clue.startswith(head, 1)), ("", "{}"))
    return f"{way}: {words.format(clue[1 + len(head) :])}"
