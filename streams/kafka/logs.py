"""Logs of workers: one JSON object a line on standard error, with record ids and no personal data."""

from __future__ import annotations

import logging
import sys
from typing import Any, TextIO

import msgspec
import structlog

_THEIRS = ("faust", "mode", "aiokafka", "kafka", "asyncio")
_QUIET = 10.0
_TALKATIVE = ("faust", "mode")
"""Libraries whose messages may show the bytes of a record; only their wording is kept."""


def configure(worker: str, stream: TextIO | None = None) -> None:
    """Set logging up for this process; called once, by the command that runs a worker."""
    structlog.configure(
        processors=[
            lambda _, __, event: {"worker": worker, **event},
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(serializer=_line),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers[:] = [_Forward(logging.ERROR)]
    root.setLevel(logging.ERROR)
    for name in _THEIRS:
        logging.getLogger(name).setLevel(logging.ERROR)


def log() -> Any:
    """The logger; its events are names, what belongs to them are keywords."""
    return structlog.get_logger()


def _line(event: Any, **_: Any) -> str:
    return msgspec.json.encode(event, enc_hook=str).decode()


class _Forward(logging.Handler):
    """What libraries log, without what they put into it when that may be a record.

    While a broker is away they say the same many times a second; it is passed on once in `_QUIET` seconds.
    """

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self._said: dict[tuple[str, str], float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        about = (record.name, str(record.msg))
        if record.created - self._said.get(about, 0.0) < _QUIET:
            return
        self._said[about] = record.created
        library = record.name.partition(".")[0]
        said = str(record.msg) if library in _TALKATIVE else record.getMessage()
        raised = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        log().warning("library", logger=record.name, severity=record.levelname, said=said, raised=raised)
