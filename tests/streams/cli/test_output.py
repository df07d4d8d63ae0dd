"""What commands print."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest

from streams.cli import output


def test_control_and_direction_characters_become_visible():
    assert output.plain("a\x1b[2Jb\x07\u202ec\n") == "a\\u001b[2Jb\\u0007\\u202ec\\u000a"


def test_chinese_and_marks_of_our_own_stay():
    assert output.plain("林某某 → 138****1234 线索，非证据") == "林某某 → 138****1234 线索，非证据"


def test_markup_in_a_record_is_text(capsysbinary: pytest.CaptureFixture[bytes]):
    output.print_table("t", ("label",), [("[red]林[/red]",)])
    assert "[red]林[/red]" in capsysbinary.readouterr().out.decode()


def test_a_table_in_a_pipe_has_no_colour_and_no_cut_lines(capsysbinary: pytest.CaptureFixture[bytes]):
    output.print_table("t", ("a", "b"), [("x" * 60, "y" * 60)])
    out = capsysbinary.readouterr().out
    assert b"\x1b" not in out
    assert b"x" * 60 in out


def test_the_title_of_a_narrow_table_is_not_broken_to_its_width(capsysbinary: pytest.CaptureFixture[bytes]):
    output.print_table("460100-110/1#p1 and 440800-1/7#p2: same", ("",), [(1,)])
    assert b"460100-110/1#p1 and 440800-1/7#p2: same\n" in capsysbinary.readouterr().out


def test_an_error_is_one_line_whatever_the_message(capsys: pytest.CaptureFixture[str]):
    output.print_error("first\nsecond " + "long " * 100)
    assert capsys.readouterr().err.count("\n") == 1


def test_a_hint_is_for_a_terminal_only(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    output.print_hint("look here")
    assert capsys.readouterr() == ("", "")
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys, "stderr", terminal)
    output.print_hint("look here")
    assert "look here" in terminal.getvalue()


def test_json_is_utf8_in_any_locale():
    program = "from streams.cli.output import print_json; print_json({'label': '\\u6797'})"
    done = subprocess.run(
        [sys.executable, "-X", "utf8=0", "-c", program],
        env={"LC_ALL": "POSIX", "PYTHONIOENCODING": "ascii", "PYTHONCOERCECLOCALE": "0"},
        capture_output=True,
        check=True,
    )
    assert done.stdout == '{"label":"林"}\n'.encode()
