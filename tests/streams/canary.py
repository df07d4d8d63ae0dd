"""A made-up tipster who must be found nowhere, every way to tell of them, and a search of all bytes.

The values are such that nothing else holds them by chance.
"""

from __future__ import annotations

import base64
import json
import unicodedata
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from stdnum.iso7064 import mod_11_2

from tests.streams.made_up import line, record, tip

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

NAME = "鄢雀屏"
PHONE = "19945670123"
ID_NUMBER = "11022819700229017"[:-3] + "563"
ID_NUMBER += mod_11_2.calc_check_digit(ID_NUMBER)
ADDRESS = "槟榔里七弄四十九号之二"
VALUES = (NAME, PHONE, ID_NUMBER, ADDRESS)
PIECES = (*VALUES, NAME[1:], PHONE[3:], ID_NUMBER[6:], ADDRESS[:5], ADDRESS[5:])
"""What would give them away: the values and their telling halves."""

REPORTER = {"name": NAME, "phone": PHONE, "id_number": ID_NUMBER, "address": ADDRESS, "anonymous": True}
SELLER = {"ref": "p", "name": "林小满", "phones": ["13800001234"], "id_number": "460106199003070013"}
TOLD = f"我是{NAME}，电话{PHONE}，身份证{ID_NUMBER}，住{ADDRESS}。我看到林小满在酒吧卖冰毒。"


def wide(text: str) -> str:
    """The text in full-width digits and letters."""
    return "".join(chr(ord(char) + 0xFEE0) if char.isascii() and char.isalnum() else char for char in text)


def spaced(text: str, between: str = " ") -> str:
    return between.join(text)


SPELLINGS = (
    TOLD,
    wide(TOLD),
    f"我是{spaced(NAME)}，电话{PHONE[:3]} {PHONE[3:7]} {PHONE[7:]}，看到林小满卖冰毒",
    f"我叫{NAME}，电话：{wide(PHONE[:3])}-{wide(PHONE[3:7])}-{wide(PHONE[7:])}。",
    f"本人{NAME}，身份证号{ID_NUMBER[:6]} {ID_NUMBER[6:14]} {ID_NUMBER[14:]}，家住{ADDRESS}。",
    f"举报人：{NAME}；联系电话：+86 {PHONE}；地址：{ADDRESS}",
    f"群众{NAME}举报，酒吧有人卖冰毒，请联系我{PHONE}",
    spaced(f"我是{NAME}，电话：{wide(PHONE)}"),
    f"我是举报人{NAME}。",
    f"我是一名群众，姓名{NAME}，电话{PHONE}",
    f"我是{NAME}\n电话{PHONE}\n住{ADDRESS}\n酒吧有人卖冰毒",
    f"来电人{NAME}{PHONE}报称",
    f"我的电话是{wide(spaced(PHONE))}，我叫{spaced(NAME, '　')}，我住在{spaced(ADDRESS)}",
    f"{NAME}先生看到的，可打{spaced(PHONE, '-')}找他，他住{ADDRESS}",
)
TOLD_ALONE = SPELLINGS[:-1]
"""Those that tell of their author even when the record has no reporter."""


def good() -> Iterator[dict[str, Any]]:
    """Usable records that hold the tipster in every place where a sender may put them."""
    for number, text in enumerate(SPELLINGS):
        yield tip(f"said-{number}", reporter=REPORTER, text=text, persons=[SELLER])
    for number, text in enumerate(TOLD_ALONE):
        yield tip(f"alone-{number}", text=text, persons=[SELLER])
    themself = {"name": NAME, "phones": [PHONE, wide(PHONE)], "id_number": ID_NUMBER, "address": ADDRESS}
    buys = {
        "from": "p",
        "to": "q",
        "kind": "supplied",
        "substance": "冰毒",
        "place": ADDRESS,
        "at": "2019-06-01",
    }
    yield tip(
        "person",
        reporter=REPORTER,
        persons=[SELLER, {"ref": "q", "aliases": [NAME, f"{NAME}先生"], "wechat": [PHONE], **themself}],
        vehicles=[{"ref": "v", "plate": "琼A12345", "colour": NAME, "driver": "q"}],
        organisations=[{"ref": "o", "name": f"{NAME}商行", "address": ADDRESS}],
        parcels=[
            {"ref": "b", "sender": "p", "recipient": "q", "recipient_address": ADDRESS, "sent_at": PHONE}
        ],
        venues=[{"ref": "n", "name": NAME, "address": spaced(ADDRESS)}],
        lots=[{"ref": "l", "substance": "冰毒", "quantity": 1, "unit": "克", "marks": [NAME], "form": PHONE}],
        relations=[buys],
        unit=f"{NAME}记录",
    )
    yield tip(
        "unknown",
        reporter=REPORTER,
        persons=[{**SELLER, "note": {"at": PHONE, "kind": NAME, "region": [ADDRESS, {"role": ID_NUMBER}]}}],
        grade={"source": "F", "information": 6, "said_by": NAME},
        occurred={"from": "2019-06", "told": f"{NAME} {PHONE}"},
        extra={NAME: [PHONE, int(PHONE), {"deep": [[ADDRESS]]}], "x": ID_NUMBER, "y": float(PHONE)},
        reporter_note=f"{NAME}很紧张",
        举报人电话=PHONE,
    )
    lot = {"ref": "l", "substance": "冰毒", "quantity": 2, "unit": "克", "held_by": "p"}
    yield record("seizure", "s", reporter=REPORTER, text=f"据{NAME}举报", persons=[SELLER], lots=[lot])
    yield record("interception", "check", reporter=REPORTER, checkpoint=NAME, vessel=PHONE, persons=[SELLER])
    yield tip("gone", reporter=REPORTER, text=TOLD)
    yield record("withdrawal", "gone", reported_at="2019-06-09T10:00:00+08:00",
                 reason=f"举报人{NAME}，电话{PHONE}，要求撤回")  # fmt: skip


def bad() -> dict[str, bytes]:
    """For every reason a record that is refused for it and holds the tipster."""
    told = {"reporter": REPORTER, "text": TOLD}
    return {
        "encoding": line(tip("e", **told)) + b"\xff",
        "json": line(tip("j", **told))[:-1],
        "schema": line(tip("s", **told, persons=[{"ref": "p", "role": NAME, "gender": PHONE}])),
        "too_large": line(tip("l", **told, extra=f"{NAME}{PHONE}" * 20_000)),
        "reference": line(tip("r", **told, vehicles=[{"ref": "v", "driver": PHONE, "owner": NAME}])),
        "purpose": line(tip("p", **told, purpose="health")),
        "time": line(tip("t", **told, occurred=f"{NAME} {PHONE}")),
        "conflict": line(tip("said-0", reporter=REPORTER, text=f"{TOLD}又是我{NAME}")),
    }


def found_in(content: bytes) -> list[str]:
    """Which pieces of the tipster stand in some bytes, in any form in which somebody could read them."""
    plain = _plain(content.decode("utf-8", "ignore"))
    lowered = content.lower()
    return [
        piece
        for piece in PIECES
        if _plain(piece) in plain or any(form.lower() in lowered for form in _forms(piece))
    ]


def _plain(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isalnum())


def _forms(piece: str) -> Iterator[bytes]:
    utf8 = piece.encode()
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "gb18030", "big5"):
        yield piece.encode(encoding, "replace")
    if not piece.isascii():
        yield json.dumps(piece)[1:-1].encode()
        yield piece.encode("ascii", "xmlcharrefreplace")
        yield quote(piece).encode()
    yield utf8.hex().encode()
    for shift in range(3):  # the middle, which is the same whatever stands before and after
        whole = base64.b64encode(b"\0" * shift + utf8)
        yield whole[(4 if shift else 0) : len(whole) - 4]


def files_that_tell(folder: Path) -> dict[str, list[str]]:
    """Of all files below a folder those that hold a piece, and which."""
    found = {str(path): found_in(path.read_bytes()) for path in folder.rglob("*") if path.is_file()}
    return {path: pieces for path, pieces in found.items() if pieces}


def texts_that_tell(texts: Iterable[str]) -> list[str]:
    return [text for text in texts if found_in(text.encode())]
