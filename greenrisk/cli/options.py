# SPDX-License-Identifier: Apache-2.0
"""Options that several commands share. Imports click alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def _remember(name: str) -> Callable[[click.Context, click.Parameter, bool], bool]:
    def callback(context: click.Context, _: click.Parameter, value: bool) -> bool:
        if value:
            context.find_root().ensure_object(dict)[name] = True
        return value

    return callback


def remembered(context: click.Context, name: str) -> bool:
    """Whether a shared flag was given, before or after the command's name."""
    return bool(context.find_root().ensure_object(dict).get(name))


def debug(command: Command) -> Command:
    """Add ``--debug``."""
    return click.option(
        "--debug",
        is_flag=True,
        expose_value=False,
        callback=_remember("debug"),
        help="Show the traceback of an error.",
    )(command)


def as_json(command: Command) -> Command:
    """Add ``--json``."""
    return click.option(
        "--json",
        "as_json",
        is_flag=True,
        callback=_remember("json"),
        help="Print JSON instead of text; errors too.",
    )(command)


def settings(command: Command) -> Command:
    """Add the options that set values over a scenario's, and ``--data-dir``."""
    for option in (
        click.option(
            "--data-dir",
            metavar="DIR",
            help="Folder of large data that greenrisk does not ship [default: $GREENRISK_DATA].",
        ),
        click.option("--seed", metavar="N", help="Seed of all random numbers; short for --set seed=N."),
        click.option("--years", metavar="N", help="Years to simulate; short for --set years=N."),
        click.option(
            "--set",
            "sets",
            multiple=True,
            metavar="KEY=VALUE",
            help="Set a value over the scenario's, e.g. --set terms.deductible.share=0.2. May be repeated.",
        ),
    ):
        command = option(command)
    return command
