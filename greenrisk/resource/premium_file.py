# SPDX-License-Identifier: Apache-2.0
"""The premium file: the whole premium of every group that the user chose, and who pays it.

Premiums are built by county, forest type and peril, so that capital is allocated once; inside such a cell they fall on
stands by what they are paid. The rows of the file add up to the book. How stands are grouped is in
:mod:`greenrisk.resource.grouping`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from greenrisk.actuarial.allocation.segments import ratio
from greenrisk.actuarial.measures import mean_and_standard_error
from greenrisk.actuarial.premium.gross import ROWS, PremiumBuildUp, build_up
from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.core.ledger import Ledger
from greenrisk.core.variants import interval_ratio
from greenrisk.resource.exposure import Exposure
from greenrisk.resource.grouping import COLUMNS, EVERY, Grouping, PremiumFileSpec
from greenrisk.resource.robust_premium import largest_regret, robust_premium
from greenrisk.resource.subsidies_in_force import Subsidies
from greenrisk.resource.subsidy_rules import PAYERS
from greenrisk.resource.year_table import YearTable

Floats = NDArray[np.float64]

UNSURE: Final = 0.1
"""Relative simulation error of a row's pure premium from which the ledger names it (a judgement) [unitless]."""

MOST_NAMED: Final = 5
"""Rows that the ledger names."""


@dataclass(frozen=True, eq=False)
class FileSums:
    """What the simulated years say of the groups and rows of a premium file.

    Parameters
    ----------
    group : array, shape (group, 2)
        Sums over the years: claims [1] and payments [CNY].
    row_square : array, shape (row,)
        Sums over the years of the squared annual payments [CNY2].
    """

    group: Floats
    row_square: Floats


@dataclass(frozen=True, eq=False)
class RowKnowledge:
    """Pure premiums of the rows under the base cards and under joint draws of all cards, on common random numbers.

    Parameters
    ----------
    base : array, shape (row,)
        [CNY/year]
    draws : array, shape (draw, row)
        [CNY/year]
    """

    base: Floats
    draws: Floats

    def intervals(self, pure: Floats) -> tuple[Floats, Floats]:
        """Return the 90 % knowledge intervals around simulated pure premiums, the total of the book first.

        Parameters
        ----------
        pure : array, shape (1 + row,)
            Simulated pure premiums, the total first [CNY/year].

        Notes
        -----
        The value times the 5 % and 95 % quantiles of (draw / base), as for the headline figures; where the base pays
        nothing, the quantiles of the draws.
        """
        base = np.concatenate([[self.base.sum()], self.base])
        draws = np.concatenate([self.draws.sum(axis=1, keepdims=True), self.draws], axis=1)
        ends = np.empty((2, pure.size))
        for i in range(pure.size):
            factor = interval_ratio(draws[:, i], float(base[i]))
            of_draws = np.quantile(draws[:, i], [0.05, 0.95])
            ends[:, i] = of_draws if np.isnan(factor[0]) else pure[i] * np.asarray(factor)
        return ends[0], ends[1]


def cell_build_up(
    table: YearTable, exposure: Exposure, loadings: Loadings, kinds: Sequence[str]
) -> PremiumBuildUp:
    """Build up the premium by county, forest type and peril.

    Parameters
    ----------
    table : YearTable
        The simulated years.
    exposure : Exposure
        The book by segment.
    loadings : Loadings
        Expenses, commission, tax, profit, cost of capital.
    kinds : sequence of str
        Perils in the order of the table.

    Returns
    -------
    PremiumBuildUp
        Segments ``county|forest type|peril`` in the order of ``table.cell``. Its total is that of the premium by
        segment, and its cells add up to the segments.

    Notes
    -----
    A mu is insured against all perils at once: fixed expenses and sums insured of a segment are shared among its perils
    by pure premium (evenly where no year pays), so that exposures, too, add up to the book.
    """
    years, segments, perils = table.cell.shape
    book = exposure.book
    pure = table.cell.mean(axis=0)
    of_segment = pure.sum(axis=1, keepdims=True)
    share = np.where(of_segment > 0, pure / np.where(of_segment > 0, of_segment, 1.0), 1.0 / perils)

    def by_cell(amount: Floats) -> Floats:
        held = np.bincount(exposure.segment, weights=amount, minlength=segments)
        return np.asarray((held[:, None] * share).ravel())

    names = [f"{county}|{forest_type}|{kind}" for county, forest_type in exposure.segments for kind in kinds]
    return build_up(
        table.cell.reshape(years, segments * perils),
        loadings,
        names,
        {"insured_area": by_cell(book.insured_area_mu), "sum_insured": by_cell(book.sum_insured)},
    )


def premium_file(
    table: YearTable,
    exposure: Exposure,
    grouping: Grouping,
    sums: FileSums,
    premium: PremiumBuildUp,
    loadings: Loadings,
    subsidies: Subsidies,
    knowledge: RowKnowledge,
    spec: PremiumFileSpec,
) -> xr.Dataset:
    """Return the group ``/premium_file``: one row for each group, and first one for the book.

    Parameters
    ----------
    table : YearTable
        The simulated years.
    exposure : Exposure
        The book by segment.
    grouping : Grouping
        Rows and groups.
    sums : FileSums
        Claims and payments of the groups.
    premium : PremiumBuildUp
        From :func:`cell_build_up`.
    loadings : Loadings
        Those of the premium.
    subsidies : Subsidies
        The rules in force.
    knowledge : RowKnowledge
        Pure premiums of the rows under other cards.
    spec : PremiumFileSpec
        Weights of the robust premium.

    Notes
    -----
    Inside a cell (county, forest type, peril) every row of the build-up is shared by simulated payments; in a cell
    without any, by sum insured. Premiums add up over rows and over payers; areas and sums insured do over stands, but
    not over perils: every mu is insured against each of them. The robust premium exchanges the pure premium alone: the
    risk load stays, the ratios of gross premium are taken of the new one.
    """
    fine = _by_group(exposure, grouping, sums, premium)
    shares = subsidies.shares([kind for _, kind in exposure.segments])
    of_stands = np.repeat(grouping.segment_of_stands, len(grouping.kinds))
    subsidy = shares[:, of_stands] * fine[ROWS.index("gross_premium")]

    def to_rows(values: Floats, total: Floats) -> Floats:
        rows = np.stack(
            [
                np.bincount(grouping.row_of_group, weights=one, minlength=grouping.rows)
                for one in np.atleast_2d(values)
            ]
        )
        return np.concatenate([total.reshape(-1, 1), rows], axis=1)

    amount = to_rows(fine, premium.amount[:, 0])
    payers = to_rows(subsidy, subsidy.sum(axis=1))
    claims = to_rows(sums.group[:, 0] / table.years, np.array([sums.group[:, 0].sum() / table.years]))[0]
    area = _held(exposure, grouping, exposure.book.insured_area_mu)
    insured = _held(exposure, grouping, exposure.book.sum_insured)
    pure, gross = (amount[ROWS.index(name)] for name in ("pure_premium", "gross_premium"))
    low, high = knowledge.intervals(pure)
    robust = robust_premium(low, high, spec.shortfall_weight, spec.excess_weight)
    regret = largest_regret(pure, low, high, spec.shortfall_weight, spec.excess_weight)
    robust_gross = gross + (robust.premium - pure) / (1.0 - loadings.ratio)
    owner = payers[PAYERS.index("owner")]
    figures: dict[str, tuple[Floats, str]] = {
        "insured_area": (area, "mu"),
        "sum_insured": (insured, "CNY"),
        "claims": (claims, "1/year"),
        "pure_standard_error": (_standard_errors(table, sums, pure), "CNY/year"),
        "pure_low": (low, "CNY/year"),
        "pure_high": (high, "CNY/year"),
        "pure_per_mu": (ratio(pure, area), "CNY/mu"),
        "gross_per_mu": (ratio(gross, area), "CNY/mu"),
        "pure_per_mille": (1000.0 * ratio(pure, insured), "per mille"),
        "gross_per_mille": (1000.0 * ratio(gross, insured), "per mille"),
        "loss_ratio": (ratio(pure, gross), "unitless"),
        "owner_per_mu": (ratio(owner, area), "CNY/mu"),
        "owner_share": (ratio(owner, gross), "unitless"),
        "robust_pure": (robust.premium, "CNY/year"),
        "robust_gross": (robust_gross, "CNY/year"),
        "robust_per_mu": (ratio(robust_gross, area), "CNY/mu"),
        "robust_regret": (robust.regret, "CNY/year"),
        "central_regret": (regret, "CNY/year"),
    }
    labels = [dict.fromkeys(COLUMNS, EVERY), *grouping.row_labels()]
    return xr.Dataset(
        {
            "amount": (("row", "group"), amount, {"units": "CNY/year"}),
            "subsidy": (("payer", "group"), payers, {"units": "CNY/year"}),
            **{name: ("group", values, {"units": unit}) for name, (values, unit) in figures.items()},
        },
        coords={
            "row": np.array(ROWS),
            "payer": np.array(PAYERS),
            "group": np.array([EVERY, *grouping.row_names()]),
            **{column: ("group", np.array([label[column] for label in labels])) for column in COLUMNS},
        },
        attrs={
            "group_by": ", ".join(grouping.columns),
            "shortfall_weight": spec.shortfall_weight,
            "excess_weight": spec.excess_weight,
        },
    )


def _by_group(exposure: Exposure, grouping: Grouping, sums: FileSums, premium: PremiumBuildUp) -> Floats:
    """Return every row of the build-up by group, shape (row, group) [CNY/year]."""
    perils = len(grouping.kinds)
    cells = len(exposure.segments) * perils
    cell = (grouping.segment_of_stands[:, None] * perils + np.arange(perils)).ravel()
    paid = sums.group[:, 1]
    of_stands = np.bincount(
        grouping.stands, weights=exposure.book.sum_insured, minlength=grouping.segment_of_stands.size
    )
    quiet = np.bincount(cell, weights=paid, minlength=cells)[cell] <= 0
    weight = np.where(quiet, np.repeat(of_stands, perils), paid)
    share = weight / np.bincount(cell, weights=weight, minlength=cells)[cell]
    return np.asarray(premium.amount[:, 1:][:, cell] * share)


def _held(exposure: Exposure, grouping: Grouping, amount: Floats) -> Floats:
    """Return what the stands of each row hold, that of the book first, shape (1 + row,)."""
    row = grouping.row_of_stands[grouping.stands]
    held = np.bincount(row, weights=amount, minlength=len(grouping.labels))
    return np.concatenate([[amount.sum()], np.repeat(held, grouping.rows // len(grouping.labels))])


def _standard_errors(table: YearTable, sums: FileSums, pure: Floats) -> Floats:
    """Return the simulation errors of the pure premiums, shape (1 + row,) [CNY/year]."""
    years = table.years
    spread = np.maximum(sums.row_square / years - pure[1:] ** 2, 0.0)
    rows = np.sqrt(spread / (years - 1)) if years > 1 else np.full(spread.size, np.inf)
    return np.concatenate([[mean_and_standard_error(table.loss[:, 1]).standard_error], rows])


def tell_premium_file(file: xr.Dataset, ledger: Ledger) -> None:
    """Write to the ledger which rows the simulated years hardly know, and how perils share what they have in common.

    Parameters
    ----------
    file : xarray.Dataset
        The group ``/premium_file``.
    ledger : Ledger
        Takes the lines.
    """
    names = file["group"].values.astype(str)
    pure = file["amount"].sel(row="pure_premium").values
    error = file["pure_standard_error"].values

    def tell(which: Callable[[int], bool], detail: str) -> None:
        found = [str(names[i]) for i in range(1, names.size) if which(i)]
        if found:
            more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
            subject = f"premium file: {', '.join(found[:MOST_NAMED])}{more}"
            ledger.add("unreliable", subject, detail, count=len(found))

    tell(
        lambda i: not pure[i] > 0,
        "No simulated year pays there; its share of the loads is by sum insured.",
    )
    tell(
        lambda i: pure[i] > 0 and error[i] > UNSURE * pure[i],
        f"The simulation error of the pure premium is above {UNSURE:.0%} of it: simulate more years, or group coarser.",
    )
    if "peril" in file.attrs["group_by"].split(", "):
        ledger.add(
            "assumption",
            "premium file by peril",
            "Every mu is insured against each peril: rates add up over perils, areas and sums insured do not. Fixed "
            "expenses are shared by pure premium.",
        )
