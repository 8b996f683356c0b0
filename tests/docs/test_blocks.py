# SPDX-License-Identifier: Apache-2.0
"""Reading and running the blocks of a page: what the other tests of the docs stand on."""

from __future__ import annotations

from pathlib import Path

import pytest
from generator.blocks import read_blocks, with_outputs, with_texts
from generator.markdown import escaped, table
from generator.session import BlockFailed, Session
from generator.walk import walk

PAGE = """\
Text.

```python
x = 2
print(x, "and", x)
```

```text output
old
```

```bash exit=2
echo told; echo wrong >&2; exit 2
```

Between.

```text output
```

```yaml
only: read
```
"""


def test_blocks_know_their_language_their_words_and_their_text() -> None:
    blocks = read_blocks(PAGE)
    assert [(block.language, block.words) for block in blocks] == [
        ("python", ()),
        ("text", ("output",)),
        ("bash", ("exit=2",)),
        ("text", ("output",)),
        ("yaml", ()),
    ]
    assert blocks[1].text == "old\n"
    assert blocks[3].text == ""


def test_an_open_fence_is_an_error() -> None:
    with pytest.raises(ValueError, match="line 2 is not closed"):
        read_blocks("a\n```text\nb\n")


def test_an_output_without_a_command_is_an_error() -> None:
    with pytest.raises(ValueError, match="line 1 has no command"):
        with_outputs(read_blocks("```text output\nx\n```\n"))


def test_only_the_inside_of_the_named_blocks_is_replaced() -> None:
    blocks = read_blocks(PAGE)
    changed = with_texts(PAGE, {blocks[1]: "new\nlines\n", blocks[3]: "said\n"})
    assert changed == PAGE.replace("old\n", "new\nlines\n").replace(
        "output\n```\n\n```y", "output\nsaid\n```\n\n```y"
    )


@pytest.mark.usefixtures("bash")
def test_a_walk_runs_every_block_and_finds_what_is_stale(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(PAGE, encoding="utf-8")
    walked = walk(tmp_path / "page.md", tmp_path)
    assert list(walked.printed.values()) == ["2 and 2\n", "told\nwrong\n"]
    assert len(walked.stale()) == 2
    (tmp_path / "page.md").write_text(walked.refreshed(), encoding="utf-8")
    assert walk(tmp_path / "page.md", tmp_path).stale() == []


@pytest.mark.usefixtures("bash")
@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("```bash\nexit 3\n```\n", "line 1: ends with 3, not 0"),
        ("\n```python\n1 / 0\n```\n", "line 2: ZeroDivisionError"),
    ],
)
def test_a_block_that_fails_is_named_by_its_line(block: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(BlockFailed, match=message):
        Session(tmp_path).run(read_blocks(block)[0])


@pytest.mark.usefixtures("bash")
def test_the_folder_of_a_walk_never_gets_into_a_page(tmp_path: Path) -> None:
    block = read_blocks("```bash\npwd; echo 'a  '\n```\n")[0]
    assert Session(tmp_path).run(block) == "FOLDER\na\n"


def test_a_block_with_a_file_name_is_written_and_not_run(tmp_path: Path) -> None:
    block = read_blocks("```python file=deep/module.py\nraise SystemExit\n```\n")[0]
    assert Session(tmp_path).run(block) == ""
    assert (tmp_path / "deep" / "module.py").read_text() == "raise SystemExit\n"


def test_a_cell_keeps_its_code_and_breaks_no_table() -> None:
    assert escaped("a | b * `c*d` <e>\n f <= g") == "a \\| b \\* `c*d` \\<e> f <= g"
    assert table(("A", "B"), [("x", "y")], code=("A",)) == "| A | B |\n|---|---|\n| `x` | y |\n"
