# SPDX-License-Identifier: Apache-2.0
"""The commands that tell what there is: list, show, schema. Heavy imports stand inside the commands."""

from __future__ import annotations

import json

import click

from greenrisk.cli import options

SECTIONS = ("scenarios", "models", "data", "kinds", "tables")


@click.command("list", short_help="List scenarios, cards, data, kinds, tables.")
@click.argument("what", required=False, type=click.Choice((*SECTIONS, "cards")))
@options.as_json
@options.debug
def list_(what: str | None, as_json: bool) -> None:
    """List the scenarios, model cards, data and kinds that greenrisk brings, and the tables that you may bring.

    `cards` is another word for `models`.

    \b
    Examples:
      greenrisk list
      greenrisk list models
    """
    from greenrisk.cli import catalogue, console

    what = "models" if what == "cards" else what
    found = {section: catalogue.section(section) for section in ((what,) if what else SECTIONS)}
    if as_json:
        document = {name: list(map(dict, section.records())) for name, section in found.items()}
        click.echo(json.dumps(document[what] if what else document, indent=2, ensure_ascii=False))
        return
    for number, section in enumerate(found.values()):
        if number:
            click.echo()
        console.show_table(section.columns, section.rows, title=section.title, keep=section.columns[:1])


@click.command(short_help="Show one of them, or the keys of a kind.")
@click.argument("name", nargs=-1, required=True, metavar="NAME")
@options.as_json
@options.debug
def show(name: tuple[str, ...], as_json: bool) -> None:
    """Show a scenario, a model card, a table, the keys of a kind, or the columns of a table to bring.

    \b
    Examples:
      greenrisk show forest-jingdezhen       a scenario
      greenrisk show wildfire-jiangxi        a model card
      greenrisk show kind forest             the keys of a scenario file
      greenrisk show kind wildfire           the keys of a peril
      greenrisk show table forest-book       the columns of the book you bring
    """
    from greenrisk.cli import catalogue, console

    page = catalogue.page(name)
    if as_json:
        click.echo(json.dumps(page.document, indent=2, ensure_ascii=False, default=str))
        return
    for number, section in enumerate(page.sections):
        if number:
            click.echo()
        if section.text:
            click.echo(section.text)
        if section.rows:
            console.show_table(section.columns, section.rows, title=section.title, keep=section.columns[:1])


@click.command()
@options.debug
def schema() -> None:
    """Print the JSON Schema of a scenario file, for editors.

    \b
    Example:
      greenrisk schema > schema.json
    A scenario whose first line is `# yaml-language-server: $schema=schema.json` is then checked as you type.
    """
    from greenrisk.scenario.schema import schema_text

    click.echo(schema_text(), nl=False)
