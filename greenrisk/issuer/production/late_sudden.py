# SPDX-License-Identifier: Apache-2.0
"""Late and sudden transition: companies follow their plans until a year, then must make up for what they put off.

The front door; the parts are ``quantities`` (targets and trajectories), ``profits`` (prices, carbon price, present
values), ``run`` (one block of issuers), ``study`` (checks and blocks). Written from the published method, checked on a
run of trisk.model 2.7.0; no line of that program was read for it or is in it.

References
----------
2 Degrees Investing Initiative and Theia Finance Labs: the late and sudden transition of the TRISK stress test, as its
published method describes it; answers compared with those of trisk.model 2.7.0.
PACTA for Banks, methodology document (RMI): market-share allocation, technology market-share ratio (TMSR) and sector
market-share percentage (SMSP).
Merton, R. C. (1974), see :mod:`greenrisk.issuer.credit.merton`.

Notes
-----
Departures, all told in the ledger: plans of one year are kept; a loss-maker's loss is not floored at zero; one default
a company, not one a sector, unless ``default_unit: issuer_sector``.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from greenrisk.core.ledger import Entry
from greenrisk.issuer.production.assumptions import Assumptions, carbon_paths_from, finances_from
from greenrisk.issuer.production.plans import plans_from
from greenrisk.issuer.production.result import LateSuddenResult
from greenrisk.issuer.production.spec import LateSudden
from greenrisk.issuer.production.study import LateSuddenStudy, prepare
from greenrisk.issuer.production.technology_paths import technology_paths_from


def late_sudden_study(
    spec: LateSudden,
    plans: pd.DataFrame,
    finances: pd.DataFrame,
    paths: pd.DataFrame,
    carbon_prices: pd.DataFrame | None = None,
    names: Mapping[str, str] | None = None,
) -> LateSuddenStudy:
    """Return a checked study from tables.

    Parameters
    ----------
    spec : LateSudden
        What the scenario says.
    plans, finances, paths : DataFrame
        Columns of :mod:`greenrisk.issuer.production.tables`.
    carbon_prices : DataFrame, optional
        Columns ``path``, ``year``, ``price`` [money/t CO2].
    names : mapping of str to str, optional
        What the tables are called in messages, by the names of the arguments.

    Raises
    ------
    TableError
        With the faults of a table, by row.
    ScenarioError
        With the faults of the scenario against the tables.
    """
    called = {"plans": "production_plans", "finances": "production_finances"}
    called |= {"paths": "technology_paths", "carbon_prices": "carbon_prices", **(names or {})}
    planned = plans_from(plans, called["plans"])
    money = finances_from(finances, planned.issuers, called["finances"])
    ways = technology_paths_from(paths, called["paths"])
    carbon = {} if carbon_prices is None else carbon_paths_from(carbon_prices, called["carbon_prices"])
    return prepare(spec, planned, money, ways, carbon)


def late_sudden(
    spec: LateSudden,
    plans: pd.DataFrame,
    finances: pd.DataFrame,
    paths: pd.DataFrame,
    carbon_prices: pd.DataFrame | None = None,
    assumptions: Assumptions | None = None,
) -> tuple[LateSuddenResult, tuple[Entry, ...]]:
    """Return the result of all issuers at once and the lines for the ledger.

    The parameters are those of :func:`late_sudden_study`, and the numbers of the variants. For many issuers take the
    study and its :meth:`~greenrisk.issuer.production.study.LateSuddenStudy.blocks`.
    """
    study = late_sudden_study(spec, plans, finances, paths, carbon_prices)
    found = study.run(assumptions)
    return found, study.ledger(found.findings)
