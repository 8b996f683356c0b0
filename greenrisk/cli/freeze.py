# SPDX-License-Identifier: Apache-2.0
"""The command ``greenrisk freeze``: prints the parameters that standardised indices of a scenario hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from greenrisk.cli import options

if TYPE_CHECKING:
    from greenrisk.core.marked_yaml import KeyPath
    from greenrisk.resource.index_cover.freezing import Frozen
    from greenrisk.resource.index_cover.index_study_spec import IndexPart
    from greenrisk.scenario.schema import Scenario


@click.command(short_help="Print the parameters that SPI and SPEI of a scenario hold.")
@click.argument("scenario")
@click.option(
    "--check", is_flag=True, help="Compare the scenario's parameters with those that its data give now."
)
@click.option(
    "--data-dir",
    metavar="DIR",
    help="Folder of large data that greenrisk does not ship [default: $GREENRISK_DATA].",
)
@options.debug
def freeze(scenario: str, check: bool, data_dir: str | None) -> None:
    """Fit the SPI and SPEI of SCENARIO on their calibration windows and print `frozen:` for each.

    Paste the lines into the scenario before the cover begins. A run uses them and never fits anew, so that data that
    come in later cannot move the trigger.

    \b
    Examples:
      greenrisk freeze my-drought.yaml
      greenrisk freeze my-drought.yaml --check
    """
    from pathlib import Path

    from greenrisk.core.errors import Fault, ScenarioError
    from greenrisk.core.ledger import Ledger
    from greenrisk.core.sources import Sources
    from greenrisk.resource.index_cover.freezing import freeze as fit
    from greenrisk.scenario.load import load
    from greenrisk.scenario.schema import data_folder

    loaded = load(scenario)
    base = loaded.path.parent if loaded.path else Path.cwd()
    sources = Sources(base, loaded.where, Ledger(), data_folder(data_dir))
    part, at = _part(loaded.spec)
    found = {} if part is None else fit(part, loaded.spec.underwriting_year, sources, at)
    sources.raise_if_any()
    if not found:
        mend = "This scenario has no index of kind `spi` or `spei`: there is nothing to freeze."
        raise ScenarioError(Fault(loaded.where(), f"kind: {loaded.kind}", mend))
    if check:
        _compare(loaded, found, at)
    else:
        _print(found, at)


def _part(spec: object) -> tuple[IndexPart | None, KeyPath]:
    """Return the indices of a scenario, and the key that holds them."""
    from greenrisk.resource.index_cover.index_study_spec import IndexPart

    if isinstance(spec, IndexPart):
        return spec, ()
    for name, value in vars(spec).items():
        if isinstance(value, IndexPart):
            return value, (name,)
    return None, ()


def _print(found: dict[str, Frozen], at: KeyPath) -> None:
    """Print the lines of the scenario that hold the parameters."""
    lines = [*map(str, at), "indices"]
    for depth, key in enumerate(lines):
        click.echo(f"{'  ' * depth}{key}:")
    indent = "  " * len(lines)
    for name, one in found.items():
        first, last = one.calibration
        click.echo(f"{indent}{name}:")
        click.echo(f"{indent}  frozen:  # fitted on {first} to {last}")
        for key, values in one.parameters.model_dump().items():
            click.echo(f"{indent}    {key}: [{', '.join(f'{value:.10g}' for value in values)}]")


def _compare(scenario: Scenario, found: dict[str, Frozen], at: KeyPath) -> None:
    """Print which indices are as their data give them; raise ScenarioError where one is not."""
    from greenrisk.core.errors import Fault, ScenarioError
    from greenrisk.core.marked_yaml import key_text
    from greenrisk.resource.index_cover.indices.standardised import SAME

    faults = []
    for name, one in found.items():
        path = (*at, "indices", name)
        held = key_text((*path, "frozen"))
        if one.relative != one.relative:
            mend = "Paste what `greenrisk freeze` prints."
            faults.append(Fault(scenario.where(path), f"{held} is missing", mend))
        elif one.relative > SAME:
            mend = (
                f"The data give other parameters now: up to {one.relative:.2g} apart, and a month's index up to "
                f"{one.change:.2g}. They were revised, or the window is another. A cover in force keeps its own; a new "
                "one takes what `greenrisk freeze` prints."
            )
            faults.append(Fault(scenario.where((*path, "frozen")), held, mend))
        else:
            click.echo(f"{name}: as the data give it.")
    if faults:
        raise ScenarioError(faults)
