# SPDX-License-Identifier: Apache-2.0
"""The command ``greenrisk``: its group, and how an error ends it. Imports click alone.

Exit codes: 0 ok; 2 the input is at fault; 1 greenrisk is at fault; 130 interrupted.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from typing import Any

import click

from greenrisk import __version__
from greenrisk.cli import freeze, grade, library, options, run


class _Group(click.Group):
    """Commands in the order in which a newcomer needs them; errors told in plain words."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of registration."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; end with a message and an exit code where it fails."""
        from greenrisk.core.errors import GreenRiskError

        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except BrokenPipeError:
            # The reader of our output (``| head``) has gone; without this Python complains once more on exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)
        except KeyboardInterrupt as stop:
            click.echo(f"Interrupted.{' ' if stop.args else ''}{' '.join(map(str, stop.args))}", err=True)
            ctx.exit(130)
        except GreenRiskError as error:
            _tell(ctx, error)
            ctx.exit(error.exit_code)
        except Exception as bug:
            _confess(ctx, bug)
            ctx.exit(1)


def _tell(ctx: click.Context, error: Any) -> None:
    """Print the user's faults."""
    if options.remembered(ctx, "debug"):
        traceback.print_exc()
    if options.remembered(ctx, "json"):
        faults = [
            {"where": f.where, "what": f.what, "expected": f.expected, "unit": f.unit} for f in error.faults
        ]
        document = {"error": type(error).__name__, "faults": faults, "hint": error.hint}
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        click.echo(str(error), err=True)


def _confess(ctx: click.Context, bug: Exception) -> None:
    """Say that greenrisk is at fault, without a traceback unless it is asked for."""
    said = str(bug).splitlines()[0] if str(bug) else ""
    click.echo(f"{type(bug).__name__}: {said}".rstrip(": "), err=True)
    if options.remembered(ctx, "debug"):
        traceback.print_exc()
        click.echo("This is a fault of greenrisk, not of your input. Please report it.", err=True)
    else:
        click.echo(
            "  This is a fault of greenrisk, not of your input. Please report it with what the same command\n"
            "  prints with `--debug`.",
            err=True,
        )


@click.group(
    cls=_Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 ok, 2 the input is at fault, 1 greenrisk is at fault, 130 interrupted.",
)
@click.version_option(__version__, prog_name="greenrisk")
@options.debug
def cli() -> None:
    """Price nature insurance, pollution liability and green-bond stress in one auditable chain.

    \b
    Start here:
      greenrisk list                         what there is
      greenrisk run forest-jingdezhen        run a study; writes a report
      greenrisk grade zone-leping            grade the plants of an inventory
      greenrisk show kind forest             the keys of a scenario file
    """


for _command in (
    run.run,
    run.validate,
    library.list_,
    library.show,
    library.schema,
    run.report,
    run.fit,
    grade.grade,
    freeze.freeze,
):
    cli.add_command(_command)
