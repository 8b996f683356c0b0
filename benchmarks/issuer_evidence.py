# SPDX-License-Identifier: Apache-2.0
"""What stands behind the stress of issuers: the tables of docs/explanation/issuer.md.

Run ``python benchmarks/issuer_evidence.py`` to see them, with ``--write`` to put them into the page (a test checks that
they are there as computed). Nothing here is simulated: the shipped scenario under central cards, and counts of rows.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from greenrisk.core.ledger import Ledger
from greenrisk.issuer.attribution import attribute
from greenrisk.issuer.channels.base import Setting, effects_of
from greenrisk.issuer.channels.carbon import CarbonCost
from greenrisk.issuer.job import IssuersJob
from greenrisk.issuer.model import IssuerModel, Outcome
from greenrisk.issuer.statement_pass import roll
from greenrisk.issuer.tables import SCOPES
from greenrisk.pathways.currency import conversion
from greenrisk.scenario.load import load

sys.path.insert(0, str(Path(__file__).parent))

from page_tables import run

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "explanation" / "issuer.md"
SCENARIO = "issuers-jingdezhen"
SHOWN_ISSUERS = {"coal power": "coal power", "cement": "cement", "ceramics": "ceramics"}
"""Sectors whose first issuer the page shows."""

SHOWN_YEARS = (2025, 2030, 2035, 2040, 2050)
TRANSITION, RULES, LATE = "net-zero-2050", "local-rules", "delayed"
TABLES = {
    ("ngfs5_cut", "status"): "NGFS phase 5, China and World",
    ("pathway_variables", "status"): "names and units of variables",
    ("pathway_regions", "status"): "which country is in which region",
    ("deflators_and_rates", "deflator_status"): "US deflator since 2010",
    ("deflators_and_rates", "cny_per_usd_status"): "CNY per USD by year",
    ("currency_rates", "status"): "rates of other currencies",
    ("country_spellings", "status"): "spellings of countries",
    ("issuer_plausible_ratios", "status"): "bounds of plausible figures",
    ("env_tax_2018", "status"): "environmental protection tax: equivalents and rates",
    ("altman_scores", "status"): "Altman's scores: coefficients and zones",
    ("altman_em_ratings", "status"): "ratings beside the EM score",
    ("damodaran_ratings", "status"): "interest cover to rating and spread",
    ("rating_transitions", "status"): "moves between ratings 1981-2016",
    ("rating_scale", "status"): "spellings of ratings",
    ("issuer_carbon_medians", "status"): "carbon cost over revenue of real companies",
    ("pathway_proxies", "status"): "stand-ins for paths by technology",
}
STATUSES = ("confirmed", "unconfirmed", "illustrative")


@dataclass(frozen=True)
class Central:
    """The shipped scenario under the central cards.

    Parameters
    ----------
    model : IssuerModel
        The model.
    setting : Setting
        All issuers, base variant.
    outcome : Outcome
        What all channels do.
    """

    model: IssuerModel
    setting: Setting
    outcome: Outcome


def central(**overrides: str) -> Central:
    """Return the shipped scenario under the central cards; two underscores in a key stand for a dot."""
    keys = {"knowledge.draws": "0", "knowledge.tornado": "false"}
    keys |= {key.replace("__", "."): value for key, value in overrides.items()}
    job = load(SCENARIO, keys).prepare()
    assert isinstance(job, IssuersJob)
    model = job.model
    setting = model.setting(slice(0, len(model.issuers)), job.plan.values[:1])
    return Central(model, setting, model.outcome(setting, Ledger()))


def _markdown(head: list[str], rows: list[list[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def _first(model: IssuerModel, sector: str) -> int:
    found = model.issuers
    return next(k for k in range(len(found)) if found.sector_of(k) == sector)


def _number(value: float) -> str:
    """Three significant digits, without an exponent where a reader can do without."""
    if not np.isfinite(value):
        return "-" if np.isnan(value) else str(value)
    if value != 0.0 and abs(value) < 1e-3:
        return f"{value:.1e}"
    digits = 0 if abs(value) >= 100.0 or value == 0.0 else (1 if abs(value) >= 10.0 else 3)
    return f"{value:,.{digits}f}"


def table_rows() -> str:
    """How many rows of each table were read in a source."""
    rows = []
    for (name, column), what in TABLES.items():
        frame = pd.read_csv(ROOT / "data" / f"{name}.csv", keep_default_na=False)
        count = Counter(frame[column])
        assert set(count) <= set(STATUSES), (name, count)
        rows.append([f"`{name}`", what, *(str(count[status]) for status in STATUSES)])
    return _markdown(["file", "what", *STATUSES], rows)


def carbon_prices(found: Central) -> str:
    """Carbon prices of the scenarios that rest on a table of their own."""
    years = list(found.model.years)
    factor = conversion(load(SCENARIO).spec.price_year).factor  # type: ignore[attr-defined]
    rows = []
    for k, name in enumerate(found.model.scenarios):
        price = found.setting.driver("carbon_price")[0, k, 0]
        cells = [f"{price[years.index(y)]:,.0f} ({price[years.index(y)] / factor:,.1f})" for y in SHOWN_YEARS]
        rows.append([name, *cells])
    return _markdown(["CNY of the price year/t (US$2010/t)", *map(str, SHOWN_YEARS)], rows)


def carbon_step(found: Central) -> str:
    """The carbon channel alone, step by step, for one issuer of three sectors."""
    model, setting = found.model, found.setting
    carbon = next(channel for channel in model.channels if isinstance(channel, CarbonCost))
    at, year = model.scenarios.index(TRANSITION), list(model.years).index(2035)
    effects = effects_of(setting, (carbon,))

    def cell(values: np.ndarray, k: int) -> float:
        return float(np.broadcast_to(values, setting.shape)[0, at, k, year])

    heads, columns = [], []
    change = roll(setting, effects).change
    for sector in SHOWN_ISSUERS.values():
        k = _first(model, sector)
        line = model.issuers.line
        free = float(model.issuers.free_allocation[k]) / 1e6
        emitted = float(model.issuers.emissions[SCOPES.index("scope_1"), k]) / 1e6
        spec = carbon.spec
        decline = spec.declines.get(TRANSITION, spec.free_allocation_decline)
        left = free * (1.0 - decline) ** (2035 - int(model.issuers.year[k]))
        price = float(setting.driver("carbon_price")[0, at, k, year])
        heads.append(f"`{model.issuers.ids[k]}`, {sector}")
        columns.append(
            [
                _number(float(line("revenue")[k])),
                _number(emitted),
                _number(free),
                _number(left),
                _number(price),
                _number(emitted * price),
                f"{cell(effects.get('price'), k) - 1.0:+.1%}",
                f"{cell(effects.quantity, k) - 1.0:+.1%}",
                _number(cell(effects.get("carbon_cost"), k)),
                _number(cell(effects.get("abatement_cost"), k)),
                _number(cell(change, k)),
                _number(float(line("ebit")[k])),
            ]
        )
    names = [
        "revenue R of the statement [million CNY]",
        "emissions E [Mt CO2]",
        "free allowances of the statement [Mt CO2]",
        "free allowances F that are left of them, demand the same [Mt CO2]",
        "carbon price τ [CNY/t]",
        "τ E, were nothing free and demand the same [million CNY]",
        "selling price, dP/P",
        "quantity, dQ/Q",
        "carbon cost C' [million CNY]",
        "cost of what is avoided [million CNY]",
        "change of EBIT [million CNY]",
        "EBIT of the statement [million CNY]",
    ]
    rows = [[name, *(column[k] for column in columns)] for k, name in enumerate(names)]
    return _markdown([f"{TRANSITION}, 2035", *heads], rows)


def channel_parts(found: Central) -> str:
    """What each channel does to one issuer: alone and last in."""
    model, setting = found.model, found.setting
    k = _first(model, "coal power")
    part = Setting(**{**vars(setting), "cache": {}})
    parts = attribute(part, model.channels, model.measure)
    at, year = model.scenarios.index(RULES), list(model.years).index(2030)
    rows = []

    def cells(values: dict[str, np.ndarray]) -> list[str]:
        ebit = _number(float(values["ebit"][0, at, k, year]))
        return [ebit, f"{float(values['annual_probability'][0, at, k, year]):+.4f}"]

    measures = ("ebit", "annual_probability")
    for number, channel in enumerate(model.channels):
        alone = cells({name: parts[name].alone[number] for name in measures})
        last = cells({name: parts[name].last[number] for name in measures})
        rows.append([channel.title, alone[0], last[0], alone[1], last[1]])
    summed = cells({name: parts[name].alone.sum(axis=0) for name in measures})
    both = cells({name: parts[name].joint for name in measures})
    rest = cells({name: parts[name].interaction for name in measures})
    rows += [
        ["sum", summed[0], "", summed[1], ""],
        ["interaction", rest[0], "", rest[1], ""],
        ["**all jointly**", both[0], "", both[1], ""],
    ]
    head = [f"`{model.issuers.ids[k]}`, {RULES}, 2030"]
    return _markdown([*head, "EBIT alone", "EBIT last in", "PD alone", "PD last in"], rows)


def lenses_side_by_side(found: Central) -> str:
    """What every lens says of three issuers."""
    model, credit = found.model, found.outcome.credit
    at, year = model.scenarios.index(RULES), list(model.years).index(2030)
    heads = [_first(model, sector) for sector in SHOWN_ISSUERS.values()]
    grades = [*model.scale.grades, "-"]
    rows = []
    for name, reading in credit.lenses.readings.items():
        row = []
        for k in heads:
            value = float(np.broadcast_to(reading.value, found.setting.shape)[0, at, k, year])
            grade = grades[int(np.broadcast_to(reading.grade, found.setting.shape)[0, at, k, year])]
            zone = int(np.broadcast_to(reading.zone, found.setting.shape)[0, at, k, year])
            words = ["distress", "grey", "safe", ""][zone]
            row.append("says nothing" if np.isnan(value) else f"{_number(value)} {unit(grade, words)}")
        rows.append([name.replace("_", " "), *row])
    annual = np.broadcast_to(credit.carried.annual_probability, found.setting.shape)
    rows.append(["**carried on**, PD a year", *(_number(float(annual[0, at, k, year])) for k in heads)])
    return _markdown([f"{RULES}, 2030", *(f"`{model.issuers.ids[k]}`" for k in heads)], rows)


def unit(grade: str, zone: str) -> str:
    """Return grade and zone in brackets, whichever there is."""
    return f"({', '.join(word for word in (grade if grade != '-' else '', zone) if word)})"


def foresight(found: Central) -> str:
    """Default probability of the delayed scenario when lenders know it late, and when they know it at once."""
    model = found.model
    k, at = _first(model, "coal power"), model.scenarios.index(LATE)
    years = [2026, 2028, 2029, 2030, 2032, 2035]
    known = (int(model.years[0]),) * len(model.scenarios)
    setting = Setting(**{**vars(found.setting), "cache": {}, "known_from": known})
    at_once = model.outcome(setting)
    rows = []
    for words, outcome in (("known from its `known_from` on", found.outcome), ("known at once", at_once)):
        annual = np.broadcast_to(outcome.credit.carried.annual_probability, found.setting.shape)
        rows.append([words, *(_number(float(annual[0, at, k, list(model.years).index(y)])) for y in years)])
    return _markdown([f"`{model.issuers.ids[k]}`, {LATE}: PD of the year", *map(str, years)], rows)


def scale_rows(found: Central) -> str:
    """The common scale: default rate of each grade, and where the next begins."""
    scale = found.model.scale
    upper = [*(f"{bound:.4%}" for bound in scale.bounds), ""]
    rate = [f"{value:.4%}" for value in scale.default_rate]
    return _markdown(
        ["", *scale.grades],
        [["default rate of a year", *rate], ["PD at which the next grade begins", *upper]],
    )


def tables() -> dict[str, str]:
    """Return all tables by name."""
    found = central()
    return {
        "table-rows": table_rows(),
        "carbon-prices": carbon_prices(found),
        "carbon-step": carbon_step(found),
        "channel-parts": channel_parts(found),
        "scale": scale_rows(found),
        "lenses": lenses_side_by_side(found),
        "foresight": foresight(found),
    }


if __name__ == "__main__":
    run(__doc__ or "", "issuer_evidence", PAGE, tables)
