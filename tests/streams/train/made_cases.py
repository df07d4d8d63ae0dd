"""Made-up annotated texts, in the layout of the CAIL 2022 extraction task."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

SURNAMES, STEMS, DRUGS = "符陈林王吴周韩", "甲乙丙丁", ("海洛因", "甲基苯丙胺", "氯胺酮")
FORMS = (
    ("公诉机关指控，被告人{a}向吸毒人员{b}贩卖{d}0.5克。",
     (("sell_drugs_to", "a", "b"), ("traffic_in", "a", "d"))),
    ("经审理查明，被告人{a}在其家中容留{b}吸食{d}。", (("provide_shelter_for", "a", "b"),)),
    ("民警从被告人{a}身上查获非法持有的{d}，{b}在场。", (("posess", "a", "d"),)),
)  # fmt: skip


def rows(count: int) -> Iterator[dict[str, Any]]:
    chance = Random(5)
    for _ in range(count):
        form, relations = chance.choice(FORMS)
        one, two = chance.sample(SURNAMES, 2)
        names = {"a": one + "某" + chance.choice(STEMS), "b": two + "某", "d": chance.choice(DRUGS)}
        text = form.format(**names)
        labels = {"a": "Nh", "b": "Nh", "d": "NDR"}
        yield {
            "sentText": text,
            "entityMentions": [
                {"start": (at := text.index(name)), "end": at + len(name), "text": name, "label": labels[key]}
                for key, name in names.items()
            ],
            "relationMentions": [
                {"label": label, "em1Text": names[left], "em2Text": names[right]}
                for label, left, right in relations
            ],
        }  # fmt: skip


def write(path: Path, count: int) -> Path:
    path.write_text(
        "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows(count)), encoding="utf-8"
    )
    return path
