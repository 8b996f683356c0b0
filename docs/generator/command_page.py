# SPDX-License-Identifier: Apache-2.0
"""The page of the command line: what ``--help`` tells, from the same objects.

Not the text of ``--help`` itself: its layout belongs to the installed version of click, and the page would change
with it.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from generator.markdown import MADE, escaped, prose, table
from greenrisk.cli.main import cli


def page() -> str:
    """Return ``docs/reference/cli.md``."""
    parts = [
        MADE,
        "# The command line\n",
        f"{first_paragraph(cli)}\n",
        prose(
            """`python -m greenrisk` is the same command. On a terminal there are colours and a
            progress bar; into a pipe or a file goes plain text, and progress goes to standard
            error."""
        ),
        table(("Exit code", "Meaning"), EXIT_CODES),
        options_table(cli),
    ]
    for name, command in cli.commands.items():
        parts += [
            f"## {name}\n",
            f"```text\n{usage(command)}\n```\n",
            *_told(command),
            options_table(command),
        ]
    return "\n".join(parts)


EXIT_CODES = (
    ("0", "All is well."),
    ("2", "The input is at fault; the message names the place and the mend, all faults at once."),
    ("1", "greenrisk is at fault. Please report it with what `--debug` prints."),
    ("130", "Interrupted; the finished parts are kept for `--resume`."),
)


def paragraphs(command: click.Command) -> list[str]:
    """Return the paragraphs of a command's help."""
    return inspect.cleandoc(command.help or "").split("\n\n")


def first_paragraph(command: click.Command) -> str:
    """Return the first paragraph of a command's help in one line."""
    return " ".join(paragraphs(command)[0].split())


def usage(command: click.Command) -> str:
    """Return how a command is called."""
    words = ["greenrisk", str(command.name), "[OPTIONS]"]
    for parameter in command.params:
        if isinstance(parameter, click.Argument):
            name = argument_name(parameter)
            words.append(name if parameter.required else f"[{name}]")
    return " ".join(words)


def argument_name(parameter: click.Argument) -> str:
    """Return the name of an argument as the help prints it."""
    if isinstance(parameter.type, click.Choice):
        return "|".join(map(str, parameter.type.choices))
    return parameter.metavar or str(parameter.name).upper()


def _told(command: click.Command) -> Iterator[str]:
    """Yield the paragraphs of the help; those that keep their lines become blocks."""
    for paragraph in paragraphs(command):
        if not paragraph.startswith("\b"):
            yield f"{escaped(paragraph)}\n"
            continue
        title, *lines = paragraph.lstrip("\b\n").splitlines()
        examples = [line.strip() for line in lines if line.startswith("  ")]
        rest = [line for line in lines if not line.startswith("  ")]
        yield f"{title}\n"
        yield "```text\n" + "\n".join(examples) + "\n```\n"
        if rest:
            yield " ".join(rest) + "\n"


def options_table(command: click.Command) -> str:
    """Return the table of a command's options."""
    group = click.Context(cli, **cli.context_settings)
    context = click.Context(command, parent=None if command is cli else group, **command.context_settings)
    rows = []
    for parameter in command.get_params(context):
        if isinstance(parameter, click.Option):
            names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
            value = "" if parameter.is_flag or parameter.count else f" {parameter.metavar or 'VALUE'}"
            rows.append((f"{names}{value}", (parameter.help or "").replace("\n", " ")))
    return table(("Option", "What it does"), rows)
