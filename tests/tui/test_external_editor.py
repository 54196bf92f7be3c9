"""The note in the reader's own editor: which one, what it gets, and that nothing it wrote is lost."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from storage.errors import MarksError
from storage.marks import TinyDBMarkStore
from tests.marks import store_in
from tests.tui.papers import ADAM, ATTENTION
from tests.tui.reader import Reader, reading
from tui.app import DigestApp
from tui.external_editor import EditorError, Ending, NoteFile, Written, editor_command, write
from tui.widgets.notes_pane import NoteView

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from storage.marks import MarkChange

Editor = Callable[[str], list[str]]


@pytest.fixture(autouse=True)
def _own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    for name in ("VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)


def left_over(folder: Path) -> list[str]:
    """What lies in the folder of temporary files, the texts of files."""
    return [path.read_text("utf-8") for path in (folder / "tmp").rglob("*") if path.is_file()]


@pytest.fixture
def editor(tmp_path: Path) -> Editor:
    """An editor that does what a shell script says; the note's path is ``$1``."""

    def make(body: str) -> list[str]:
        script = tmp_path / "scribe"
        script.write_text(f"#!/bin/sh\n{body}\n", "utf-8")
        script.chmod(0o755)
        return [str(script)]

    return make


def written_by(command: Sequence[str], note: str = "before") -> Written:
    with Ending() as ending:
        return write(NoteFile("2404.02882", note), command, ending)


class TestWhichEditor:
    @pytest.mark.parametrize(
        ("environ", "command"),
        [
            ({"VISUAL": "code --wait", "EDITOR": "vi"}, ["code", "--wait"]),
            ({"VISUAL": " ", "EDITOR": "'/my programs/ed' -x \"a b\""}, ["/my programs/ed", "-x", "a b"]),
            ({"VISUAL": "''", "EDITOR": "emacs"}, ["emacs"]),
        ],
    )  # fmt: skip
    def test_the_one_that_is_named(self, environ: dict[str, str], command: list[str]) -> None:
        assert editor_command(environ) == command

    @pytest.mark.parametrize(
        ("there", "chosen"),
        [(["vi", "nano", "vim"], "nano"), (["vi", "vim"], "vim"), (["vi"], "vi")],
    )
    def test_else_one_that_is_there(self, tmp_path: Path, there: list[str], chosen: str) -> None:
        for name in there:
            (tmp_path / name).touch(0o755)
        assert editor_command({"PATH": str(tmp_path)}) == [chosen]

    def test_none_at_all_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(EditorError, match="There is no editor: name yours"):
            editor_command({"PATH": str(tmp_path)})

    def test_what_is_no_command_is_said(self) -> None:
        with pytest.raises(
            EditorError, match=r"EDITOR is no command \(No closing quotation\): 'vim"
        ):
            editor_command({"EDITOR": "'vim"})


class TestWhatItGets:
    @pytest.mark.parametrize(
        ("key", "name"),
        [
            ("2404.02882", "2404.02882.md"),
            ("math/0211159", "math_0211159.md"),
            ("text:论文/../x y", "text____.._x_y.md"),
        ],
    )
    def test_a_private_file_called_as_the_paper(self, key: str, name: str) -> None:
        file = NoteFile(key, "甲\n乙")
        assert file.path.name == name
        assert file.path.stat().st_mode & 0o777 == 0o600
        assert file.path.parent.stat().st_mode & 0o777 == 0o700
        assert file.path.read_bytes() == "甲\n乙\n".encode()

    def test_no_place_for_it_is_said(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("tempfile.tempdir", "/nowhere")
        with pytest.raises(EditorError, match=r"There is no place for the note's file: .*/nowhere"):
            NoteFile("2404.02882", "x")


class TestWhatComesBack:
    @pytest.mark.parametrize(
        ("before", "file", "text"),
        [
            ("a", b"a\n", None),
            ("a", b"a", None),
            ("a", b"a\nb\n", "a\nb"),
            ("a\n", b"a\n\n", "a\n\n"),
            ("a", b"a\r\nb\r\n", "a\nb"),
            ("a\r\nb", b"a\r\nb\r\nc", "a\r\nb\r\nc"),
            ("a", "\ufeff甲".encode(), "甲"),
            ("a", b"", ""),
            ("\ud800", b"\xed\xa0\x80\n", None),
        ],
    )
    def test_is_the_text_without_what_editors_add(
        self, before: str, file: bytes, text: str | None
    ) -> None:
        note = NoteFile("1", before)
        note.path.write_bytes(file)
        assert note.read() == text

    def test_what_was_written_is_the_note(self, editor: Editor) -> None:
        found = written_by(editor('printf "甲 #todo\n" > "$1"'))
        assert (found.text, found.said, found.failed) == ("甲 #todo", "", False)

    def test_a_file_put_in_its_place_counts(self, editor: Editor) -> None:
        found = written_by(editor('printf new > "$1.tmp"; mv "$1.tmp" "$1"'))
        assert found.text == "new"

    def test_nothing_written_changes_nothing(
        self, editor: Editor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tui.external_editor._AT_ONCE", 0)
        found = written_by(editor("exit 0"))
        assert (found.text, found.said) == ("before", "the note is as it was")
        assert left_over(tmp_path) == []

    def test_one_that_does_not_wait_is_guessed(self, editor: Editor) -> None:
        found = written_by(editor("exit 0"))
        assert found.text == "before"
        assert found.said == "scribe ended at once; can it wait, as EDITOR='code --wait'?"

    @pytest.mark.parametrize(
        ("body", "said"),
        [
            ('printf mine > "$1"; exit 3', "scribe failed with code 3; not saved, but kept in {}"),
            ('printf "\\377" > "$1"', "What scribe wrote is no UTF-8; not saved, but kept in {}"),
            (
                ': > "$1"; kill -TERM $$',
                "scribe was ended by SIGTERM; not saved, but kept in {}",
            ),
        ],
    )
    def test_what_is_not_taken_is_kept_and_its_place_told(
        self, editor: Editor, tmp_path: Path, body: str, said: str
    ) -> None:
        found = written_by(editor(body))
        (kept,) = [path for path in (tmp_path / "tmp").rglob("*") if path.is_file()]
        assert (found.text, found.said) == ("before", said.format(kept))
        assert found.failed
        assert found.file is None

    def test_what_was_written_before_a_signal_counts(self, editor: Editor) -> None:
        found = written_by(editor('printf mine > "$1"; kill -KILL $$'))
        assert (found.text, found.said, found.failed) == (
            "mine",
            "scribe was ended by SIGKILL",
            False,
        )

    def test_a_file_that_is_gone_is_said(self, editor: Editor, tmp_path: Path) -> None:
        found = written_by(editor('rm "$1"'))
        assert found.text == "before"
        assert found.said == (
            "scribe left no file to read (No such file or directory); the note is as it was"
        )
        assert list((tmp_path / "tmp").iterdir()) == []

    def test_a_failure_that_wrote_nothing_is_said(self, editor: Editor, tmp_path: Path) -> None:
        found = written_by(editor("exit 1"))
        assert (found.text, found.said) == (
            "before",
            "scribe failed with code 1; the note is as it was",
        )
        assert left_over(tmp_path) == []


class TestWhatCannotBeStarted:
    def test_not_there(self, tmp_path: Path) -> None:
        found = written_by([str(tmp_path / "scribe")])
        assert found.said == "scribe cannot be started (No such file or directory): see EDITOR"
        assert (found.text, found.failed, left_over(tmp_path)) == ("before", True, [])

    def test_not_executable(self, tmp_path: Path) -> None:
        (tmp_path / "scribe").touch(0o644)
        found = written_by([str(tmp_path / "scribe")])
        assert found.said == "scribe cannot be started (Permission denied): see EDITOR"

    def test_no_program(self, tmp_path: Path) -> None:
        (tmp_path / "scribe").write_bytes(b"\x00\x01")
        (tmp_path / "scribe").chmod(0o755)
        found = written_by([str(tmp_path / "scribe")])
        assert found.said == "scribe cannot be started (Exec format error): see EDITOR"


def test_signals_are_dealt_with_as_before_when_it_has_ended(editor: Editor) -> None:
    numbers = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    written_by(editor("exit 0"))
    assert [signal.getsignal(number) for number in numbers] == before


def test_a_signal_that_came_before_the_editor_ends_it_too(editor: Editor) -> None:
    with Ending() as ending:
        os.kill(os.getpid(), signal.SIGTERM)
        found = write(NoteFile("1", "before"), editor("exec sleep 60"), ending)
    assert found.said == "scribe was ended by SIGTERM; the note is as it was"


def test_an_editor_that_will_not_end_is_killed(
    editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.external_editor._PATIENCE", 0.1)
    body = "trap '' TERM; kill -TERM $PPID; while :; do sleep 0.05; done"
    assert written_by(editor(body)).said == "scribe was ended by SIGKILL; the note is as it was"


@pytest.fixture
def _lent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pretend that there is a terminal to be lent."""

    @contextmanager
    def suspend(_: DigestApp) -> Iterator[None]:
        yield

    monkeypatch.setattr(DigestApp, "suspend", suspend)


def shown_note(reader: Reader) -> str:
    return reader.app.query_one(NoteView).render_line(1).text.rstrip()


def use(monkeypatch: pytest.MonkeyPatch, command: Sequence[str]) -> None:
    monkeypatch.setenv("EDITOR", command[0])


@pytest.mark.usefixtures("_lent")
class TestInTheReader:
    async def test_it_is_saved_shown_and_one_step_to_undo(
        self, tmp_path: Path, editor: Editor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        use(monkeypatch, editor('printf "%s and more" "$(cat "$1")" > "$1"'))
        async with reading(tmp_path) as reader:
            await reader.press("e", *"mine", "escape", "E")
            assert reader.on_disk(ATTENTION)["note"] == "mine and more"
            assert shown_note(reader) == "mine and more"
            assert "✎" in reader.rows[0]
            assert left_over(tmp_path) == []
            await reader.press("ctrl+z")
            assert reader.on_disk(ATTENTION)["note"] == "mine"
            await reader.press("U")
            assert reader.on_disk(ATTENTION)["note"] == "mine and more"

    async def test_ctrl_o_takes_along_what_was_typed(
        self, tmp_path: Path, editor: Editor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        use(monkeypatch, editor('printf "%s, seen" "$(cat "$1")" > "$1"'))
        async with reading(tmp_path) as reader:
            await reader.press("j", "e", *"typed", "ctrl+o")
            assert reader.on_disk(ADAM)["note"] == "typed, seen"
            assert not reader.on_disk(ATTENTION).get("note")
            assert reader.table.has_focus

    async def test_a_failure_is_said_and_the_note_as_it_was(
        self, tmp_path: Path, editor: Editor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        use(monkeypatch, editor("exit 7"))
        async with reading(tmp_path) as reader:
            await reader.press("e", *"mine", "escape", "E")
            assert reader.hint == "scribe failed with code 7; the note is as it was"
            assert reader.on_disk(ATTENTION)["note"] == "mine"
            await reader.press("ctrl+z")
            assert not reader.on_disk(ATTENTION)["note"]

    async def test_what_the_store_refuses_is_kept_and_offered_again(
        self, tmp_path: Path, editor: Editor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store = store_in(tmp_path)
        use(monkeypatch, editor('printf "%s precious" "$(cat "$1")" > "$1"'))
        async with reading(tmp_path, store=store) as reader:
            with monkeypatch.context() as patch:
                patch.setattr(TinyDBMarkStore, "apply", refuse)
                await reader.press("E")
                await reader.settle()
                (kept,) = (tmp_path / "tmp").rglob("*.md")
                assert kept.read_text("utf-8") == " precious"
                assert reader.hint == f"The note is not saved, but kept in {kept}"
            await reader.press("E")
            assert reader.on_disk(ATTENTION)["note"] == " precious precious"

    async def test_an_emptied_note_is_no_note(
        self, tmp_path: Path, editor: Editor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        use(monkeypatch, editor('printf "\n \n" > "$1"'))
        async with reading(tmp_path) as reader:
            await reader.press("e", *"mine", "escape", "E")
            assert not reader.on_disk(ATTENTION)["note"]
            assert "✎" not in reader.rows[0]
            assert left_over(tmp_path) == []


def refuse(_store: TinyDBMarkStore, _changes: Sequence[MarkChange]) -> None:
    raise MarksError("the marks cannot be written: no space left")


async def test_a_terminal_that_cannot_be_lent_is_said(
    tmp_path: Path, editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, editor("exit 0"))
    async with reading(tmp_path) as reader:
        await reader.press("E")
        assert reader.hint == "This terminal cannot be lent to an editor."
        assert left_over(tmp_path) == []
        await reader.press("j")
        assert reader.table.current == ADAM


async def test_no_editor_at_all_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    async with reading(tmp_path) as reader:
        await reader.press("E", "j")
        assert reader.table.current == ADAM
        await reader.press("E")
        assert reader.hint.startswith("There is no editor")
