"""Draw the README's pictures: run the demo in a pseudo-terminal, press keys, draw its cells.

    make screenshots                        all pictures
    python screenshots/take.py wide help    some of them

Nothing of the reader who runs it is touched: the demo gets a home folder of its own.
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from screenshots.draw import draw
from screenshots.fonts import FontError
from screenshots.site import followed
from tests.benchmarks.generator import write_digests
from tests.tui.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.tui.xterm import Size

FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture and how to come to it.

    Attributes:
        name: The file's name without ``.png``.
        size: Columns and rows.
        steps: Keys to press, each with what the screen then shows (a regular expression).
        theme: The theme; empty for the program's own choice.
        papers: So many papers, made for the picture, are the library that is opened; 0: the demo.
        is_following: Sources on a server are followed, too.
        is_new: Nothing is there yet: the reader's first run.
        language: What the reader speaks.
    """

    name: str
    size: Size
    steps: tuple[tuple[str, str], ...]
    theme: str = ""
    papers: int = 0
    is_following: bool = False
    is_new: bool = False
    language: str = "en"


# Some papers are read, two starred, one noted. The cursor ends on one that is read already: to stay
# there for a while would mark it read, and no picture shall depend on the time it took.
_TRIAGED: Final = (
    ("rr", "20 unread"),
    ("jjs", "★ 1"),
    ("kkse", "Esc"),
    ("推导见第 3 节；与 score matching 的联系，下周组会讲。#todo", "note saved"),
    ("<esc>", "j k"),
    ("rk", "3 of 22"),
)
_TRIAGED_IN_CHINESE: Final = (
    ("rr", "未读 20"),
    ("jjs", "★ 1"),
    ("kkse", "Esc"),
    ("推导见第 3 节；与 score matching 的联系，下周组会讲。#todo", "笔记已保存"),
    ("<esc>", "j k"),
    ("rk", "3/22"),
)
_NOTE: Final = (
    "与全量微调比较：秩 r = 8 是否足够？<enter>先在 7B 模型上试。<enter><enter>"
    "Ask Wei for the ΔW spectra. #todo"
)
PICTURES: Final = (
    Picture("wide", (220, 50), _TRIAGED),
    Picture("medium", (140, 40), _TRIAGED),
    Picture("narrow", (60, 24), _TRIAGED),
    Picture("narrow-detail", (60, 24), (*_TRIAGED, ("<enter>", "Such latent"))),
    Picture(
        "notes",
        (140, 40),
        (
            ("rrrs", "★ 1"),
            ("e", "Esc"),
            (_NOTE, "note saved"),
        ),
    ),
    # The demo's Chinese says another number in this sentence, on purpose.
    Picture(
        "sentences",
        (140, 30),
        (*_TRIAGED, ("j", "4 of 22"), ("2z", "scroll"), ("]", "languages +≠ the Chinese")),
    ),
    Picture("filter", (140, 40), (*_TRIAGED, ("/", "filter"), ("模型", "of 9"))),
    Picture(
        "digests",
        (140, 40),
        (
            ("/", "Esc no filter"),
            ("扩散 OR diffusion<enter>", "[1-9] of .*扩散"),
            ("F", "Name of this view"),
            ("<c-u>扩散模型<enter>", "saved as 扩散模型"),
            ("<esc>", "of 2,000"),
            ("d", "Channels"),
            ("2023-03-06<enter>", "2023-03-06 Mon +1 of"),
            ("A", "512 papers read"),
            ("d", "‹ +March 2023"),
            ("<home>", r"扩散模型 .*unread"),
        ),
        papers=2000,
    ),
    Picture(
        "sources",
        (140, 24),
        (
            ("D", "stat.ML +address .*refuses"),
            ("jj", r"econ\.md  ·"),
        ),
        papers=2000,
        is_following=True,
    ),
    Picture("welcome", (100, 26), (), is_new=True),
    Picture("help", (140, 40), (("?", "Read and mark"),)),
    Picture("light", (140, 40), _TRIAGED, theme="digest-light"),
    Picture("chinese", (140, 40), _TRIAGED_IN_CHINESE, language="zh"),
)


def take(picture: Picture) -> Path:
    """Run the demo or a library, press the picture's keys and write its file.

    Raises:
        AssertionError: The screen never showed what a step waits for.
        FontError: A font is not installed, or none has a character.
    """
    program = Path(sys.executable).with_name("digest-tui")
    path = FOLDER / f"{picture.name}.png"
    with TemporaryDirectory() as home:
        folders = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
        environ = dict.fromkeys(folders, home) | {
            "TEXTUAL_THEME": picture.theme,
            "LANGUAGE": picture.language,
        }
        arguments = [] if picture.is_new else ["demo"]
        if picture.papers:
            write_digests(Path(home, "digests"), picture.papers)
            subprocess.run(
                [program, "add", Path(home, "digests"), "--name", "archive"],
                check=True,
                env=environ,
            )
            arguments = []
        following = (
            followed(Path(home), program, environ) if picture.is_following else nullcontext()
        )
        with following, Terminal([program, *arguments], picture.size, environ) as terminal:
            terminal.wait_for("Welcome|欢迎" if picture.is_new else r"1( of |/)[\d,]+")
            for keys, shown in picture.steps:
                terminal.send(keys)
                terminal.wait_for(shown)
            terminal.settle(0.3)
            draw(terminal.emulator.screen).save(path, optimize=True)
    return path


def main(names: Sequence[str]) -> int:
    """Take the pictures with these names, or all; return the exit code."""
    try:
        for picture in PICTURES:
            if not names or picture.name in names:
                path = take(picture)
                print(f"{path.name}  {path.stat().st_size // 1000} kB")
    except FontError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
