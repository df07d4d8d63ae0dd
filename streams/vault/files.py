"""Files that appear whole or not at all, readable by their owner only."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nacl.utils import random


@contextmanager
def appearing_whole(path: Path) -> Iterator[Path]:
    """Gives an empty draft (mode 0600) to write, and puts it at `path` when the block ends well.

    Raises `FileExistsError` when something stands there by then: a link never replaces a file, where a
    rename would. Nobody sees the draft half written, and two processes that begin together end with
    one file.
    """
    draft = path.with_name(f".{path.name}.{random(6).hex()}")
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield draft
        path.hardlink_to(draft)
        _sync(path.parent)
    finally:
        draft.unlink()


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
