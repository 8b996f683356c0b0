# SPDX-License-Identifier: Apache-2.0
"""The commands that work: run, validate, report, fit. Heavy imports stand inside the commands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from greenrisk.cli import options

if TYPE_CHECKING:
    from greenrisk.scenario.overrides import Override
    from greenrisk.scenario.schema import Scenario

TOLD = ("dropped", "unreliable")
"""Lines of the ledger that ``validate`` prints: what is not read, and what is not to be relied on."""

WIDTH = 100
"""Width of such a line [character]."""

RUNS = "runs"
"""Folder below the working folder that receives the run folders."""


def _overrides(sets: tuple[str, ...], years: str | None, seed: str | None) -> list[Override]:
    """Return the values set on the command line, each named as the user wrote it."""
    from greenrisk.scenario.overrides import Override, read_overrides

    short = [("--years", "years", years), ("--seed", "seed", seed)]
    given = [Override(f"{flag} {text}", key, _plain(text)) for flag, key, text in short if text is not None]
    return [*read_overrides(sets), *given]


def _plain(text: str) -> Any:
    from greenrisk.core.marked_yaml import parse_value

    try:
        return parse_value(text)
    except ValueError:
        return text


def _load(references: tuple[str, ...], overrides: list[Override]) -> list[Scenario]:
    """Load every scenario; raise the faults of all of them at once."""
    from greenrisk.core.errors import Faults, ScenarioError
    from greenrisk.scenario.load import load

    faults = Faults()
    hint = ""
    loaded: list[Scenario] = []
    for reference in references:
        try:
            loaded.append(load(reference, overrides))
        except ScenarioError as error:
            faults.extend(error.faults)
            hint = hint or error.hint
    faults.raise_if_any(ScenarioError, hint)
    return loaded


def _check(scenarios: list[Scenario], data_dir: str | None) -> list[dict[str, Any]]:
    """Read every table and card; return inputs and settings by scenario, or raise the faults of all at once."""
    from greenrisk.core.errors import Faults, GreenRiskError, ScenarioError

    faults = Faults()
    errors: list[GreenRiskError] = []
    checked: list[dict[str, Any]] = []
    for scenario in scenarios:
        try:
            job = scenario.prepare(data_dir)
        except GreenRiskError as error:
            errors.append(error)
            faults.extend(error.faults)
            continue
        checked.append(
            {
                "scenario": scenario.name,
                "kind": scenario.kind,
                "inputs": dict(job.inputs),
                "settings": dict(job.settings),
                "notes": [
                    {"kind": entry.kind, "subject": entry.subject, "detail": entry.detail}
                    for entry in job.ledger
                    if entry.kind in TOLD
                ],
            }
        )
    if errors:
        same = len({type(error) for error in errors}) == 1
        faults.raise_if_any(type(errors[0]) if same else ScenarioError, errors[0].hint)
    return checked


def _folder(name: str, out: str | None, several: bool, resume: bool) -> Path:
    """Return the run folder: the one asked for, or the first free ``runs/<name>``, ``runs/<name>-2``, ..."""
    if out is not None:
        return Path(out) / name if several else Path(out)
    numbered = [Path(RUNS) / (name if number == 1 else f"{name}-{number}") for number in range(1, 1000)]
    if resume:
        for folder in numbered:
            if folder.with_name(f"{folder.name}.partial").is_dir():
                return folder
    return next((folder for folder in numbered if not folder.exists()), numbered[-1])


def _told_to_resume(
    left: tuple[str, ...], out: str | None, several: bool, folder: Path, words: list[tuple[str, str | None]]
) -> str:
    """Return the command that continues an interrupted run and runs the scenarios after it.

    Parameters
    ----------
    left : tuple of str
        The interrupted scenario and those after it.
    out, several, folder
        ``--out``, whether it held a folder for each of several scenarios, and the interrupted run's folder.
    words : list of (str, str or None)
        Options as the user gave them.
    """
    import shlex

    command = ["greenrisk", "run", *left]
    if out is not None:
        # A single scenario fills --out itself; several get a folder each below it.
        command += ["--out", str(folder) if several and len(left) == 1 else out]
    for option, value in words:
        command += [option, value] if value is not None else []
    return shlex.join([*command, "--resume"])


def _check_several(scenarios: list[Scenario], out: str | None, data_dir: str | None) -> None:
    """Find the last scenario's faults before the first one's hours of work."""
    from greenrisk.core.errors import Fault, RunError

    names = [scenario.name for scenario in scenarios]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        expected = "Two of the scenarios have this name; the run folder bears it. Run them one by one."
        raise RunError([Fault("name", name, expected) for name in twice])
    _check(scenarios, data_dir)
    if out is not None:
        from greenrisk.report.store import check_out

        for name in names:
            check_out(Path(out) / name)


@click.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@click.option("--out", metavar="DIR", help=f"Run folder to make [default: {RUNS}/<name>].")
@options.settings
@click.option("--workers", default=1, metavar="N", help="Processes; the result is the same [default: 1].")
@click.option("--resume", is_flag=True, help="Continue an interrupted run.")
@options.as_json
@click.option(
    "-q",
    "--quiet",
    is_flag=True,
    help="Print the run folder only, and on standard error what not to rely on.",
)
@click.option("-v", "--verbose", is_flag=True, help="Print the ledger and the inputs, too.")
@options.debug
def run(
    scenarios: tuple[str, ...],
    out: str | None,
    sets: tuple[str, ...],
    years: str | None,
    seed: str | None,
    workers: int,
    resume: bool,
    data_dir: str | None,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Run scenarios: each a name of the library or a YAML file. Writes a run folder with the report.

    \b
    Examples:
      greenrisk run forest-jingdezhen
      greenrisk run forest-jingdezhen --years 50000 --workers 2 --out runs/long
      greenrisk run my-forest.yaml --set terms.deductible.share=0.2
      greenrisk run forest-jingdezhen --resume          after an interruption
    """
    from greenrisk import road
    from greenrisk.cli import console
    from greenrisk.cli.figures import attributes, warnings
    from greenrisk.report.store import metrics_document

    loaded = _load(scenarios, _overrides(sets, years, seed))
    several = len(loaded) > 1
    if several:
        _check_several(loaded, out, data_dir)
    documents = []
    for number, scenario in enumerate(loaded):
        folder = _folder(scenario.name, out, several, resume)
        partial = folder.with_name(f"{folder.name}.partial")
        if resume and not folder.exists() and not partial.exists():
            click.echo(f"Nothing to resume: there is no {partial}. Starting {folder}.", err=True)
        try:
            with console.progress(scenario.name, silent=quiet or as_json) as tell:
                result = road.run(
                    scenario,
                    out=folder,
                    workers=workers,
                    progress=tell,
                    resume=resume,
                    data_dir=data_dir,
                )
        except KeyboardInterrupt:
            if not partial.exists():
                raise KeyboardInterrupt("Nothing was written.") from None
            given: list[tuple[str, str | None]] = [("--set", text) for text in sets]
            given += [("--years", years), ("--seed", seed), ("--data-dir", data_dir)]
            given += [("--workers", str(workers) if workers != 1 else None)]
            command = _told_to_resume(scenarios[number:], out, several, folder, given)
            raise KeyboardInterrupt(
                f"The finished parts are kept in {partial}. This continues:\n  {command}"
            ) from None
        if as_json:
            documents.append({"scenario": scenario.name, "run": str(folder), **metrics_document(result)})
        elif quiet:
            click.echo(folder)
            for line in warnings(result.ledger, attributes(result)):
                click.echo(f"{scenario.name}: {line}", err=True)
        else:
            console.show_result(result, folder, verbose=verbose)
    if as_json:
        click.echo(
            json.dumps(documents if len(documents) > 1 else documents[0], indent=2, ensure_ascii=False)
        )


@click.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@options.settings
@options.as_json
@options.debug
def validate(
    scenarios: tuple[str, ...],
    sets: tuple[str, ...],
    years: str | None,
    seed: str | None,
    data_dir: str | None,
    as_json: bool,
) -> None:
    """Check scenarios with all their tables and cards; run nothing.

    \b
    Examples:
      greenrisk validate my-forest.yaml
      greenrisk validate forest-jingdezhen --set book=my-book.csv
    """
    from greenrisk.cli.figures import insured

    checked = _check(_load(scenarios, _overrides(sets, years, seed)), data_dir)
    if as_json:
        click.echo(json.dumps(checked if len(checked) > 1 else checked[0], indent=2, ensure_ascii=False))
        return
    for document in checked:
        count = len(document["inputs"])
        click.echo(f"{document['scenario']}: valid, with {count - 1} tables and cards.")
        if line := insured(document["settings"]):
            click.echo(line)
        for note in document["notes"]:
            text = f"Mind: {note['subject']}. {note['detail']}"
            click.echo(click.wrap_text(text, WIDTH, "  ", "    "))


@click.command()
@click.argument("folder", metavar="RUN", type=click.Path())
@options.debug
def report(folder: str) -> None:
    """Write the report of a finished run anew, from its run folder.

    \b
    Example:
      greenrisk report runs/forest-jingdezhen
    """
    import os

    from greenrisk.core.errors import Fault, RunError
    from greenrisk.report.html import render
    from greenrisk.report.store import REPORT, read

    result = read(Path(folder))
    page = render(result.tree, result.ledger.to_frame(), dict(result.manifest))
    target = Path(folder) / REPORT
    temporary = target.with_suffix(".html.writing")
    try:
        temporary.write_text(page, encoding="utf-8", newline="\n")
        os.replace(temporary, target)
    except OSError as problem:
        temporary.unlink(missing_ok=True)
        raise RunError(
            Fault(
                str(target), f"cannot be written: {problem.strerror}", "Copy the run folder elsewhere first."
            )
        ) from None
    click.echo(target)


@click.command(short_help="Fit a model card from its tables.")
@click.argument("name", required=False)
@click.option("--check", is_flag=True, help="Compare with the shipped card instead of printing.")
@click.option("--data-dir", metavar="DIR", help="Folder of large data that greenrisk does not ship.")
@options.debug
def fit(name: str | None, check: bool, data_dir: str | None) -> None:
    """Fit a model card from its tables and print it; without NAME, list the cards that can be fitted.

    \b
    Examples:
      greenrisk fit
      greenrisk fit wildfire-jiangxi > my-card.yaml
      greenrisk fit wildfire-jiangxi --check
      greenrisk fit --check                            all cards whose tables are there
    """
    from greenrisk.cli import fitting
    from greenrisk.scenario.schema import data_folder

    folder = data_folder(data_dir)
    if check:
        fitting.check(name, folder)
    elif name is None:
        fitting.show_fits()
    else:
        fitting.show_fit(name, folder)
