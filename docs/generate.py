# SPDX-License-Identifier: Apache-2.0
"""Makes the generated pages and refreshes what README and tutorials quote.

python docs/generate.py --check            says which page is not what it would be; exit code 1
python docs/generate.py --write            writes all of them (about ten minutes)
python docs/generate.py --write --quick    only what needs no run
python docs/generate.py --write --only docs/tutorials/zone.md    only the pages named
python docs/generate.py --pytest           runs the tests and quotes their last line in the README
python docs/generate.py --itr FOLDER       runs the ITR companies with data in FOLDER and quotes the run in the README

What docs/explanation quotes is made by forest_evidence.py, zone_evidence.py, issuer_evidence.py and
wetland_evidence.py in benchmarks/.
"""

from __future__ import annotations

import argparse
import difflib
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from generator import catalogue_pages, command_page, python_page, run_folder_page
from generator.blocks import read_blocks, with_texts
from generator.readme import README_RUNS, itr_output, pytest_output
from generator.walk import itr_run, walk

ROOT = Path(__file__).resolve().parents[1]

REFERENCE: dict[str, Callable[[], str]] = {
    "docs/reference/cli.md": command_page.page,
    "docs/reference/scenario.md": catalogue_pages.scenario_page,
    "docs/reference/tables.md": catalogue_pages.tables_page,
    "docs/reference/nomenclature.md": catalogue_pages.nomenclature_page,
    "docs/reference/cards.md": catalogue_pages.cards_page,
    "docs/reference/data.md": catalogue_pages.data_page,
    "docs/reference/ledger.md": catalogue_pages.ledger_page,
    "docs/reference/python.md": python_page.page,
    "docs/reference/actuarial.md": python_page.actuarial_page,
    "docs/reference/issuer.md": python_page.issuer_page,
    "docs/reference/index-cover.md": python_page.resource_page,
}
"""Pages that need no run."""

WALKED_TOGETHER = {"README.md", "docs/reference/run-folder.md"}
"""Pages that one walk of the README makes."""


def walked_pages() -> list[str]:
    """Return the pages whose blocks are run: tutorials and how-to guides."""
    folders = (ROOT / "docs/tutorials", ROOT / "docs/how-to")
    return [path.relative_to(ROOT).as_posix() for folder in folders for path in sorted(folder.glob("*.md"))]


def pages(wanted: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield the path and the text of every page that is wanted, as it ought to be."""
    for name, make in REFERENCE.items():
        if name in wanted:
            yield name, make()
    if not WALKED_TOGETHER.isdisjoint(wanted):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            yield "README.md", walk(ROOT / "README.md", folder).refreshed()
            yield (
                "docs/reference/run-folder.md",
                run_folder_page.page(*(folder / run for run in README_RUNS)),
            )
    for walked in walked_pages():
        if walked in wanted:
            with tempfile.TemporaryDirectory() as name:
                yield walked, walk(ROOT / walked, Path(name)).refreshed()


def main(arguments: list[str] | None = None) -> int:
    """Check or write the pages; return the exit code."""
    every = [*REFERENCE, *sorted(WALKED_TOGETHER), *walked_pages()]
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--check", action="store_true")
    what.add_argument("--write", action="store_true")
    what.add_argument("--pytest", action="store_true")
    what.add_argument("--itr", metavar="FOLDER", type=Path)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", nargs="+", metavar="PAGE", choices=every)
    chosen = parser.parse_args(arguments)
    if chosen.pytest:
        return _quote_tests()
    if chosen.itr:
        return _quote_itr(chosen.itr)
    stale = 0
    for name, text in pages(chosen.only or (REFERENCE if chosen.quick else every)):
        path = ROOT / name
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        if text == old:
            continue
        stale += 1
        if chosen.write:
            path.write_text(text, encoding="utf-8")
            print(f"{name}: written")
        else:
            change = difflib.unified_diff(
                old.splitlines(), text.splitlines(), name, "as it ought to be", lineterm=""
            )
            print("\n".join(list(change)[:60]))
    if stale and chosen.check:
        print("Refresh with `python docs/generate.py --write`.")
    return 1 if stale and chosen.check else 0


def _quote_itr(data: Path) -> int:
    """Run the ITR companies and quote what is printed."""
    path = ROOT / "README.md"
    before = path.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        text = itr_run(Path(name), data.resolve())
    path.write_text(with_texts(before, {itr_output(read_blocks(before)): text}), encoding="utf-8")
    return 0


def _quote_tests() -> int:
    """Run the tests and quote their last line; the page stays as it was where one fails."""
    path = ROOT / "README.md"
    before = path.read_text(encoding="utf-8")
    block = pytest_output(read_blocks(before))
    # One of the tests looks at the quoted line, so a line must be there before they have run.
    path.write_text(with_texts(before, {block: "1 passed in 1.00s\n"}), encoding="utf-8")
    words = [sys.executable, "-m", "pytest", "-n", "auto", "--dist", "loadfile"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    last = done.stdout.rstrip().splitlines()[-1].strip("= ")
    after = before if done.returncode else with_texts(before, {block: f"{last}\n"})
    path.write_text(after, encoding="utf-8")
    print(done.stdout[-4000:] if done.returncode else last)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
