"""The bar of long work."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from streams.cli.progress import progress, stages, with_progress
from streams.inputs import read_lines


class Terminal(io.StringIO):
    """Standard error as a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def file(tmp_path: Path) -> str:
    """A file of 250 lines."""
    (tmp_path / "lines").write_bytes(b"123456789\n" * 250)
    return str(tmp_path / "lines")


def test_every_line_comes_through_with_a_bar_or_without(file: str, monkeypatch: pytest.MonkeyPatch):
    without = list(with_progress(read_lines(file)))
    assert len(without) == 250
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert list(with_progress(read_lines(file))) == without


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


def test_a_pipe_sees_nothing(file: str, capsys: pytest.CaptureFixture[str]):
    with progress(10) as tell:
        tell(5, 5)
    list(with_progress(read_lines(file)))
    assert capsys.readouterr() == ("", "")


def test_stages_are_said_at_a_terminal_only(monkeypatch: pytest.MonkeyPatch):
    with stages() as tell:
        tell("reading")
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    with stages() as tell:
        tell("reading")
    assert "reading" in screen.getvalue()
