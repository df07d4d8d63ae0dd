"""The bar of long work."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from schemas.records import Origin
from streams.cli.progress import bytes_of, progress, with_progress

LINES = [(Origin(file="a", line=n), b"x" * 9) for n in range(1, 251)]


class Terminal(io.StringIO):
    """Standard error as a terminal."""

    def isatty(self) -> bool:
        return True


def test_every_line_comes_through_with_a_bar_or_without(monkeypatch: pytest.MonkeyPatch):
    assert list(with_progress(LINES, 2500)) == LINES
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert list(with_progress(LINES, 2500)) == LINES


def test_a_terminal_sees_records_rate_and_time_left(monkeypatch: pytest.MonkeyPatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    with progress(1000) as tell:
        tell(500, 50)
    shown = terminal.getvalue()
    assert "50 records" in shown
    assert "/s" in shown
    assert "left" in shown


def test_a_pipe_sees_nothing(capsys: pytest.CaptureFixture[str]):
    with progress(10) as tell:
        tell(5, 5)
    list(with_progress(LINES, None))
    assert capsys.readouterr() == ("", "")


def test_the_total_is_known_only_for_plain_files(tmp_path: Path):
    (tmp_path / "a").write_bytes(b"12345")
    (tmp_path / "b.gz").write_bytes(b"")
    assert bytes_of([str(tmp_path / "a"), str(tmp_path / "a")]) == 10
    assert bytes_of([str(tmp_path / "a"), "-"]) is None
    assert bytes_of([str(tmp_path / "b.gz")]) is None
    assert bytes_of([str(tmp_path / "missing")]) is None
