"""`train` learns the models that the package ships with from annotated data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from streams.cli.options import JsonOption
from streams.cli.output import print_json, print_table

_app = typer.Typer(
    no_args_is_help=True,
    help="Learn a model from annotated data.",
    epilog="Example: suyuan train extract train.json --out model.npz",
)


@_app.command(epilog="Example: suyuan train extract train.json --out model.npz")
def extract(
    annotated: Annotated[
        Path,
        typer.Argument(metavar="DATA", help="Annotated texts, one JSON object a line, as CAIL 2022 has."),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="MODEL.npz", help="Gets the model.")],
    as_json: JsonOption = False,
) -> None:
    """Learn to read people, substances and relations: the model of `suyuan extract`.

    Takes about a quarter of an hour, and needs the packages python-crfsuite and scikit-learn.
    """
    from streams.cli.progress import stages
    from streams.text.reader.model import save
    from streams.train.annotated import read_annotated
    from streams.train.extraction import learn

    texts = read_annotated(annotated)
    with stages() as tell:
        model = learn(texts, lambda part, done, total: tell(f"{part}: {done} of {total}"))
    save(model, out)
    _print(out, {"texts": len(texts), "kilobytes": out.stat().st_size // 1000}, as_json=as_json)


@_app.command(epilog="Example: suyuan train tips --out model.npz")
def tips(
    out: Annotated[Path, typer.Option("--out", metavar="MODEL.npz", help="Gets the model.")],
    as_json: JsonOption = False,
) -> None:
    """Learn to read tips from the made ones that come with the package.

    Takes about half an hour on one core, and needs the packages python-crfsuite and scikit-learn.
    """
    from streams.cli.progress import stages
    from streams.text.tips.model import save
    from streams.train.judging import learn_tips
    from streams.train.written import made_tips, plain_tips

    texts = list(made_tips())
    with stages() as tell:
        model = learn_tips(texts, plain_tips(), lambda part, done, total: tell(f"{part}: {done} of {total}"))
    save(model, out)
    _print(out, {"texts": len(texts), "kilobytes": out.stat().st_size // 1000}, as_json=as_json)


def _print(out: Path, figures: dict[str, int], *, as_json: bool) -> None:
    if as_json:
        print_json(figures)
    else:
        print_table(f"Learned {out}", ("", ""), [(name, f"{n:,}") for name, n in figures.items()])


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.add_typer(_app, name="train")
