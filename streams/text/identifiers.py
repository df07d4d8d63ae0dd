"""Numbers and names in text that point to people, vehicles, accounts and parcels.

Patterns only propose places; whether a value is whole, masked or wrong is decided by
`schemas.identifiers`. Where two kinds could claim a place, the one with the stronger proof wins:
a name behind its label, then a check digit, a context word, and last a bare pattern.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from schemas.identifiers import parse
from streams.text.findings import FoundIdentifier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.text.findings import IdentifierKind

_H = "*×●"  # characters that hide a digit
_GAP = r" \-‐‑–—·.)）\u200b-\u200d\u2060\ufeff"
# Patterns begin with a set of characters, so that `re` skips to the first of them; what may not
# stand before it is tested after it.
_RUN = re.compile(
    rf"[+0-9](?<![0-9{_H}].)(?=[0-9xX{_H}{_GAP}]{{6}})[0-9xX{_H}]*(?:[{_GAP}]{{1,2}}[0-9xX{_H}]+)*"
)
_PIECE = re.compile(rf"\+?[0-9xX{_H}]+")
_FEWEST, _MOST = 7, 24  # characters of a number without its gaps
_MOST_PIECES = 6

_CITIZEN = re.compile(rf"[1-9][0-9]{{1,5}}[0-9xX{_H}]+")
_CITIZEN_WORD = re.compile(r"身份证|公民身份|证件号|身份号")
_CARD = re.compile(rf"[1-9][0-9xX{_H}]{{11,22}}")
_CARD_WORD = re.compile(
    r"卡号|银行卡|账户|账号|帐户|帐号|储蓄卡|信用卡|汇款|转账|打款|[工农建中交招商]行|邮储|信用社"
)
_MOBILE = re.compile(rf"(?:\+?86|0086)?1[3-9xX{_H}][0-9xX{_H}]{{9}}")
_LANDLINE = re.compile(rf"0[1-9][0-9xX{_H}]{{8,10}}")
_EXTENSION = re.compile(r"\s?(?:转|分机)\s?[0-9]{1,6}|-[0-9]{3,4}(?![0-9元克])")
"""A mobile with an extension is the courier's go-between number, not a person's."""
_WAYBILL = re.compile(r"[0-9]{10,20}")
_WAYBILL_WORD = re.compile(r"单号|运单|快递单|物流单|邮件号|快件|快递|包裹|物流")
_WAYBILL_LABEL = re.compile(r"(?:单号|运单|快递单|物流单|邮件号|快件号)(?:号码?|码|是|为|[:：\s]){0,4}$")
_BEFORE, _AFTER = 20, 8  # how far from a number its context word may stand
_LABEL_BEFORE = re.compile(r"(?:^|[^A-Za-z0-9_])(?:vx|wx|v|tel|phone|wechat)$", re.IGNORECASE)

_LETTERED = re.compile(
    rf"[A-Za-z](?<![0-9A-Za-z_].)[A-Za-z]{{0,4}}[0-9{_H}]{{8,20}}(?:[Cc][Nn])?(?![0-9A-Za-z{_H}])"
)
_CARRIER = re.compile(
    r"(?:SF|YT|ZTO|ZT|STO|JDVB|JDV|JDX|JD|JT|DPK|DPL|YD|BEST|HT|TT|UC)[0-9]{10,18}"
    rf"|(?:SF|YT|JD|JT|ZT)[0-9]{{1,6}}[{_H}]{{2,10}}[0-9]{{2,6}}|[A-Z]{{2}}[0-9]{{9}}CN",
    re.IGNORECASE,
)
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使]"
    rf"(?:[A-Za-z][ ·•・.\-]?[A-Za-z0-9{_H}]{{4,6}}[挂学警港澳领]?|[0-9]{{6}})(?![A-Za-z0-9])"
)
_LINK = r"(?:号码?|ID|id|账号|帐号|名|是|为|叫|同号|[:：\s\"“”'‘’「(（]){0,6}"
_WECHAT = re.compile(
    r"[微薇威徽加VvWw](?:"
    r"(?<=w)(?<![A-Za-z0-9_].)xid_(?P<internal>[A-Za-z0-9]{6,24})(?![A-Za-z0-9_])"
    r"|(?:(?<=[微薇威徽Vv])信|(?<![A-Za-z0-9_].)(?:(?<=[Ww])(?:[Ee][Cc][Hh][Aa][Tt]|[Xx])|(?<=[Vv])[Xx]))"
    rf"{_LINK}(?P<named>[A-Za-z][A-Za-z0-9_*\-]{{3,19}})(?![A-Za-z0-9_*])"
    r"|(?<=加)(?:我|他|她|好友|微|[Vv])?号?[:：\s]?"
    r"(?P<added>(?=[A-Za-z_\-]{1,19}[0-9_])[A-Za-z][A-Za-z0-9_\-]{5,19})(?![A-Za-z0-9_]))"
)


class _Number(NamedTuple):
    """A run of digits in the text, and the same without what stands between its groups."""

    start: int
    end: int
    compact: str


class Ground:
    """Which places of a text are taken by identifiers; the first claim on a place stands."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[FoundIdentifier] = []
        self._taken = bytearray(len(text))

    def free(self, start: int, end: int) -> bool:
        """Whether nothing has taken any of these places."""
        return self._taken.find(1, start, end) < 0

    def claim(self, kind: IdentifierKind, start: int, end: int, value: str | None = None) -> bool:
        """Takes a place if it is free and `kind` makes a whole or masked value of it.

        `value` is what stands there without what separates its groups.
        """
        if not self.free(start, end):
            return False
        parsed = parse(kind, self.text[start:end] if value is None else value)
        if parsed.suspect:
            return False
        self._taken[start:end] = b"\x01" * (end - start)
        self.found.append(
            FoundIdentifier(
                start=start, end=end, kind=kind, normal=parsed.normal, mask=parsed.mask, reason=parsed.reason
            )
        )
        return True


def find_identifiers(text: str) -> Ground:
    """All identifiers of a folded text, in order of place, with the ground they take."""
    ground = Ground(text)
    for match in _WECHAT.finditer(text):
        group = match.lastgroup or 0
        ground.claim("wechat", match.start(0 if group == "internal" else group), match.end(group))
    for match in _LETTERED.finditer(text):
        if _CARRIER.fullmatch(match[0]):
            ground.claim("tracking_no", match.start(), match.end())
    for match in _RUN.finditer(text):
        _claim_run(ground, match)
    for match in _PLATE.finditer(text):
        ground.claim("plate", match.start(), match.end())
    ground.found.sort(key=lambda item: item.start)
    return ground


def _claim_run(ground: Ground, run: re.Match[str]) -> None:
    """Reads a run of groups of digits from the left, each time the most groups that make sense."""
    pieces = [(piece.start(), piece.end()) for piece in _PIECE.finditer(ground.text, run.start(), run.end())]
    first = 0
    while first < len(pieces):
        taken = next((n for n in _joined(ground, pieces, first)), 0)
        first += taken or 1


def _joined(ground: Ground, pieces: list[tuple[int, int]], first: int) -> Iterator[int]:
    """Yields how many pieces from `first` on make one identifier, once it has been claimed."""
    compacts = [""]
    for start, end in pieces[first : first + _MOST_PIECES]:
        compacts.append(compacts[-1] + ground.text[start:end])
    for count in range(len(compacts) - 1, 0, -1):
        if _FEWEST <= len(compacts[count]) <= _MOST:
            number = _Number(pieces[first][0], pieces[first + count - 1][1], compacts[count])
            if _claim_number(ground, number):
                yield count
                return


def _claim_number(ground: Ground, number: _Number) -> bool:
    compact = number.compact
    before = ground.text[max(0, number.start - _BEFORE) : number.start]
    if _is_citizen(compact, before) and ground.claim("id_number", *number):
        return True
    if before and before[-1].isascii() and before[-1].isalpha() and not _LABEL_BEFORE.search(before):
        return False
    if _CARD.fullmatch(compact) and _is_card(ground.text, number, before):
        return ground.claim("bank_card", *number)
    if _WAYBILL.fullmatch(compact) and _WAYBILL_LABEL.search(before):
        return ground.claim("tracking_no", *number)
    if _MOBILE.fullmatch(compact) or _LANDLINE.fullmatch(compact):
        extension = _EXTENSION.match(ground.text, number.end)
        return ground.claim("phone", number.start, number.end, compact + (extension[0] if extension else ""))
    if _WAYBILL.fullmatch(compact) and _WAYBILL_WORD.search(before):
        return ground.claim("tracking_no", *number)
    return False


def _is_citizen(compact: str, before: str) -> bool:
    """Whether it may be an ID number: whole, or masked and as long as one or named so."""
    if not _CITIZEN.fullmatch(compact):
        return False
    return len(compact) in (15, 18) or _CITIZEN_WORD.search(before) is not None


def _is_card(text: str, number: _Number, before: str) -> bool:
    after = text[number.end : number.end + _AFTER]
    return _CARD_WORD.search(before) is not None or _CARD_WORD.search(after) is not None
