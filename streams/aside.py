"""Moving a store aside, so that its owner begins anew: from the log, which holds everything that came in."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from schemas.errors import StoreLocked, StoreUnavailable

_PARTS = ("-wal", "-shm", "")
"""What SQLite keeps beside the file goes with it, and first: the file alone would lack the last batches."""


def move_aside(store: Path, stamp: str) -> Path | None:
    """Rename a store to `NAME.STAMP` and give its new path; None when there was none.

    Whatever is wrong with it: it is not opened. Its vault stays, since the log's boxes fit it alone. Raises
    `StoreLocked` while a process writes to it, `StoreUnavailable` when it cannot be renamed.
    """
    if not store.exists():
        return None
    aside = store.with_name(f"{store.name}.{stamp}")
    try:
        lock = os.open(f"{store}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for part in _PARTS:
                old = store.with_name(store.name + part)
                if old.exists():
                    old.rename(aside.with_name(aside.name + part))
        finally:
            os.close(lock)
    except BlockingIOError as error:
        raise StoreLocked(f"another process writes to {store.name}; stop it before it is rebuilt") from error
    except OSError as error:
        raise StoreUnavailable(f"{store.name} cannot be moved aside: {error.strerror}") from error
    return aside
