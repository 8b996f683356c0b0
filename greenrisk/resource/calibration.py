# SPDX-License-Identifier: Apache-2.0
"""From tables to model cards: what ``greenrisk fit`` can fit, and what it needs for it."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from greenrisk.core.cards import Card
from greenrisk.core.errors import Fault, FitError
from greenrisk.core.library import find
from greenrisk.resource.fire_tables import read_panel

NEIGHBOURS: Final = "fires_jiangxi_neighbours_2009_2021.csv"
"""Fires of Jiangxi and its six neighbours; ships with greenrisk."""

PORTUGAL: Final = "portugal_fires_1980_2000_2014.csv.gz"
"""Single fires of Portugal; public domain, not shipped (see ``--data-dir``)."""

HOME: Final = "Jiangxi"
"""The province of the shipped cards."""


@dataclass(frozen=True)
class Fit:
    """A fit that makes one model card.

    Parameters
    ----------
    name : str
        Name of the card.
    title : str
        One line for a reader.
    needs : tuple of str
        File names of the tables.
    make : callable
        From the paths of the tables, by file name, to the card.
    """

    name: str
    title: str
    needs: tuple[str, ...]
    make: Callable[[Mapping[str, Path]], Card]

    def locate(self, data_dir: Path | None = None) -> dict[str, Path]:
        """Find the tables.

        Parameters
        ----------
        data_dir : Path, optional
            Folder of the user's tables or of data that greenrisk does not ship; searched with its subfolders,
            before the data package.

        Returns
        -------
        dict of str to Path
            Path of each needed table.

        Raises
        ------
        FitError
            With every table that is nowhere.
        """
        found, faults = {}, []
        for name in self.needs:
            path = _below(data_dir, name) or find("data", name)
            if path is None:
                place = (
                    f"Neither below {data_dir} nor in the data package." if data_dir else "It is not shipped."
                )
                faults.append(Fault(f"fit {self.name}", name, f"{place} Name its folder with --data-dir."))
            else:
                found[name] = path
        if faults:
            raise FitError(faults)
        return found

    def run(self, paths: Mapping[str, Path]) -> Card:
        """Fit and return the card.

        Parameters
        ----------
        paths : mapping of str to Path
            As :meth:`locate` returns them; a user may put a table of the same columns in place of one.

        Raises
        ------
        GreenRiskError
            If a table has faults or the fit does not converge.
        """
        return self.make(paths)


def _counts(paths: Mapping[str, Path]) -> Card:
    from greenrisk.resource.perils.fire_cards import count_card
    from greenrisk.resource.perils.fire_counts_fit import fit_counts

    return count_card("wildfire-jiangxi", fit_counts(read_panel(paths[NEIGHBOURS])), HOME, NEIGHBOURS)


def _sizes(paths: Mapping[str, Path]) -> Card:
    from greenrisk.resource.perils.fire_cards import size_card

    return size_card("fire-size-jiangxi", read_panel(paths[NEIGHBOURS]), HOME, NEIGHBOURS)


def _tail(paths: Mapping[str, Path]) -> Card:
    from greenrisk.resource.perils.fire_cards import tail_card
    from greenrisk.resource.perils.fire_size_fit import fit_tail, read_portugal

    return tail_card("fire-tail-portugal", fit_tail(*read_portugal(paths[PORTUGAL])))


FITS: Final[Mapping[str, Fit]] = {
    fit.name: fit
    for fit in (
        Fit("wildfire-jiangxi", "Yearly number of forest fires in Jiangxi", (NEIGHBOURS,), _counts),
        Fit("fire-size-jiangxi", "Size of a forest fire in Jiangxi up to 100 ha", (NEIGHBOURS,), _sizes),
        Fit("fire-tail-portugal", "Size of a forest fire above 100 ha, from Portugal", (PORTUGAL,), _tail),
    )
}
"""Every card that ``greenrisk fit`` makes."""


def to_yaml(card: Card) -> str:
    """Return a card as the text of its YAML file.

    Parameters
    ----------
    card : Card
        The card; :func:`greenrisk.core.cards.read_card` reads it back equal.
    """
    from ruamel.yaml import YAML

    content = card.model_dump(mode="json", exclude_defaults=True)
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.width = 100
    yaml.indent(mapping=2, sequence=4, offset=2)
    text = io.StringIO()
    text.write(f"# Made by `{card.fitted_by}`, and made again by a test: do not edit by hand.\n")
    yaml.dump(content, text)
    return text.getvalue()


def _below(folder: Path | None, name: str) -> Path | None:
    if folder is None:
        return None
    return next((path for path in sorted(folder.rglob(name)) if path.is_file()), None)
