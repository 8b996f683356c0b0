# SPDX-License-Identifier: Apache-2.0
"""How often the 90 % knowledge interval of an index premium holds the true one, on made-up records.

Usage: python benchmarks/index_coverage.py [--write] [--records N] [--workers N]

Records are normal about a level: of independent years, of years that remember, with a step or with a trend. The truth
is the pure premium at the level of the last year, in closed form. A linear cover pays below the value of 1 in 5 years,
and all of it at that of 1 in 50. Tests, treatments, resamples and fits are those of an index study; premiums are
expected payments of the laws, so that no years are simulated. The GEV, which is slow to fit, is left out of the
families, and the fit of a law is not tested. Record ``i`` is that of seed ``i``; ``--write`` puts the table into
benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
from numpy.typing import NDArray
from readme_tables import publish
from scipy.special import ndtri
from scipy.stats import norm

from greenrisk.core.errors import FitError, GreenRiskError
from greenrisk.core.variants import interval_of
from greenrisk.resource.index_cover.burn import block_length
from greenrisk.resource.index_cover.changes import detect_changes
from greenrisk.resource.index_cover.closest_law import closest
from greenrisk.resource.index_cover.history_spec import Family, Treatment
from greenrisk.resource.index_cover.index_model import IndexModel
from greenrisk.resource.index_cover.index_record import IndexRecord
from greenrisk.resource.index_cover.index_study_spec import IndexPart
from greenrisk.resource.index_cover.index_variants import BURN, PART, Variant, admissible, contradicted
from greenrisk.resource.index_cover.laws import FamilyFit, IndexLaw, fit
from greenrisk.resource.index_cover.payout_spec import LinearPayout
from greenrisk.resource.index_cover.series import YearIndex
from greenrisk.resource.index_cover.treatments import OF_VERDICT, TREATMENTS, treat

Floats = NDArray[np.float64]

YEARS: Final = (13, 30, 90)
KINDS: Final = {
    "independent years": (0.0, 0.0, 0.0),
    "autocorrelation 0.4": (0.4, 0.0, 0.0),
    "step of 1 sd in the middle": (0.0, 1.0, 0.0),
    "trend of 1.5 sd in all": (0.0, 0.0, 1.5),
}
"""Autocorrelation, fall at a step, and fall along a line [standard deviations]."""
MEAN, SPREAD = 10.0, 2.0
TRIGGER, EXIT = (MEAN + SPREAD * float(ndtri(chance)) for chance in (0.2, 0.02))
PAYOUT: Final = LinearPayout(kind="linear", index="x", pays="below", trigger=TRIGGER, exit=EXIT)
FAMILIES: Final[tuple[Family, ...]] = ("normal", "lognormal", "gamma", "gumbel")
DRAWS: Final = 200
"""Resamples under the chosen treatment."""


class Found(NamedTuple):
    """What an interval of one record has done, by the parts that make it."""

    ends: Floats
    """Ends by part: resamples of the chosen treatment, those of all, with the named alternatives, shape (3, 2)."""
    central: float


def truth() -> float:
    """Return the expected payment at the level of the last year, as a share: the difference of two puts."""

    def put(strike: float) -> float:
        z = (strike - MEAN) / SPREAD
        return float((strike - MEAN) * norm.cdf(z) + SPREAD * norm.pdf(z))

    return (put(TRIGGER) - put(EXIT)) / (TRIGGER - EXIT)


def made_up(kind: str, years: int, seed: int) -> Floats:
    """Return a record whose last year has the level of the truth, shape (years,)."""
    memory, step, line = KINDS[kind]
    z = np.random.default_rng([seed, years]).standard_normal(years)
    for place in range(1, years):
        z[place] = memory * z[place - 1] + np.sqrt(1.0 - memory**2) * z[place]
    z[: years // 2] += step
    return np.asarray(MEAN + SPREAD * (z + line * (1.0 - np.arange(years) / (years - 1))))


def model_of(value: Floats, seed: int) -> IndexModel:
    """Return the cover on a record, as an index study makes it."""
    year = np.arange(value.size, dtype=np.int64) + 1900
    nothing = np.empty(0, dtype=np.int64)
    index = YearIndex("x", "m", year, value, nothing, np.empty(0), of_events=False, series=("x",))
    changes = detect_changes(year, value)
    chosen = OF_VERDICT[changes.verdict]
    block = block_length(treat(year, value, chosen, changes).value)
    part = IndexPart.model_validate(
        {
            "indices": {"x": {"kind": "season_value", "series": "x", "statistic": "mean"}},
            "covers": [{"name": "x", "payout": PAYOUT.model_dump(), "sum_insured_cny": 1.0}],
        }
    )
    record = IndexRecord({}, {"x": index}, {"x": changes}, {"x": "plain"}, {"x": chosen}, block)
    return IndexModel(part, record, {"x": "normal"}, seed)


def laws(model: IndexModel, variant: Variant) -> list[IndexLaw]:
    """Return the laws of a record or a resample, the one of the smallest AIC first."""
    value = model.fitted(variant).indices["x"].value
    fits = []
    for family in FAMILIES:
        try:
            fits.append(FamilyFit(family, fit(value, family, "below"), ""))
        except FitError as error:
            fits.append(FamilyFit(family, None, str(error)))
    best = closest(fits)
    return [best, *(one.law for one in fits if one.law is not None and one.law is not best)]


def premium(law: IndexLaw) -> float:
    """Return the pure premium as a share of the sum insured."""
    return float(law.expected_share(PAYOUT))


def interval(kind: str, years: int, seed: int) -> Found:
    """Return the interval of one record."""
    model = model_of(made_up(kind, years, seed), seed)
    chosen, verdict = model.record.treatment["x"], model.record.changes["x"].verdict
    allowed = [one for one in TREATMENTS if _allows(model, one)]

    def drawn(places: Iterable[int], treatment: Treatment) -> tuple[float, float]:
        variants = (Variant({}, treatment=treatment, law=BURN, draw=place) for place in places)
        return interval_of(np.array([premium(laws(model, one)[0]) for one in variants]))

    ends = [drawn(range(DRAWS), chosen)]
    each = DRAWS // PART
    for order, other in enumerate(admissible(allowed, [chosen], [verdict])):
        ends.append(drawn(range(DRAWS + each * order, DRAWS + each * (order + 1)), other))
    base = laws(model, Variant({}, law=BURN))
    burned = float(np.nanmean(model.fitted(Variant({}, law=BURN)).total))
    points = [burned, *(premium(law) for law in base)]
    points += [
        premium(laws(model, Variant({}, treatment=one, law=BURN))[0])
        for one in allowed
        if not contradicted(one, [verdict])
    ]
    low, high = np.array(ends).T
    parts = [ends[0], (low.min(), high.max()), (min(low.min(), *points), max(high.max(), *points))]
    return Found(np.array(parts), points[1])


def _allows(model: IndexModel, treatment: Treatment) -> bool:
    try:
        laws(model, Variant({}, treatment=treatment, law=BURN))
    except GreenRiskError:
        return False
    return True


def rows_of(records: int, workers: int) -> list[str]:
    """Return the rows of the table."""
    true = truth()
    rows = [
        "| record | years | chosen treatment's resamples | those of all treatments | with named alternatives "
        "| true premium below | above | median premium / true |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    with ProcessPoolExecutor(workers) as pool:
        for kind in KINDS:
            for years in YEARS:
                found = list(pool.map(partial(interval, kind, years), range(records), chunksize=5))
                ends = np.array([one.ends for one in found])
                held = ((ends[..., 0] <= true) & (true <= ends[..., 1])).mean(axis=0)
                below, above = (true < ends[:, 2, 0]).mean(), (true > ends[:, 2, 1]).mean()
                shares = " | ".join(f"{100 * one:.0f} %" for one in (*held, below, above))
                middle = np.median([one.central for one in found]) / true
                rows.append(f"| {kind} | {years} | {shares} | {middle:.2f} |")
                print(rows[-1], flush=True)
    return rows


def main() -> None:
    """Print the table and, if asked, write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--records", type=int, default=100)
    parser.add_argument("--workers", type=int, default=1)
    asked = parser.parse_args()
    publish({"index-coverage": rows_of(asked.records, asked.workers)}, asked.write)


if __name__ == "__main__":
    main()
