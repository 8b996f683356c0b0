# SPDX-License-Identifier: Apache-2.0
"""The group ``/experience`` of a result: own years beside the model, weights, levels before and after."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from greenrisk.resource.experience import Experience
from greenrisk.resource.experience_expected import FIRE, LEVELS
from greenrisk.resource.experience_levels import Levels, Line
from greenrisk.resource.experience_table import ALL
from greenrisk.resource.pilot import Pilot
from greenrisk.resource.vocabulary import PERIL_WORDS

if TYPE_CHECKING:
    import xarray as xr


def ratio_words(line: Line) -> str:
    """Return actual against expected in words.

    Parameters
    ----------
    line : Line
        A peril's experience.
    """
    if line.update is None:
        return "nothing to compare with"
    low, high = line.update.ratio_interval()
    return (
        f"{line.ultimate:,.0f} CNY against {line.expected:,.0f} expected, {line.update.ratio:.2f} times (90 % "
        f"{low:.2f} to {high:.2f})"
    )


def experience_group(experience: Experience, levels: Levels, pilot: Pilot) -> xr.Dataset:
    """Return the group ``/experience``.

    Parameters
    ----------
    experience : Experience
        Own years, developed.
    levels : Levels
        What they say.
    pilot : Pilot
        What they were compared with.

    Returns
    -------
    xarray.Dataset
        By ``peril`` (``all`` last): ``years``, ``expected``, ``incurred``, ``ultimate`` [CNY], ``ratio`` of ultimate
        to expected with ``ratio_low``, ``ratio_high`` (what these years alone leave open, 90 %), ``claims``
        (independent claims that they are worth), ``credibility``, ``prior_median``, ``prior_low``, ``prior_high`` and
        ``posterior_median``, ``posterior_low``, ``posterior_high`` (level relative to the cards' values, 90 %)
        [unitless], ``parameter``, ``sentence``; by ``year`` and ``peril``: ``paid_by_year``, ``incurred_by_year``,
        ``ultimate_by_year``, NaN where only the total is known, ``expected_by_year`` [CNY]; by ``year``:
        ``insured_area`` [mu], ``sum_insured``, ``premium`` [CNY], ``to_ultimate``, ``loss_ratio`` [unitless].
    """
    import xarray as xr  # slow to import, and only asked for here

    def by_peril(values: list[float], units: str) -> tuple[str, np.ndarray, dict[str, str]]:
        return "peril", np.array(values, dtype=np.float64), {"units": units}

    lines = levels.lines
    intervals = [
        line.update.ratio_interval() if line.update is not None else (math.nan, math.nan) for line in lines
    ]
    ranges = {
        f"{name}_{end}": by_peril([getattr(line, name).quantile(level) for line in lines], "unitless")
        for name in ("prior", "posterior")
        for end, level in (("low", 0.05), ("median", 0.5), ("high", 0.95))
    }
    whole = experience.ultimate
    amounts = {
        "paid_by_year": experience.paid,
        "incurred_by_year": experience.incurred,
        "ultimate_by_year": whole,
        "expected_by_year": levels.expected,
    }
    of_year = {
        "insured_area": (experience.insured_mu, "mu"),
        "sum_insured": (experience.sum_insured, "CNY"),
        "premium": (experience.premium, "CNY"),
        "to_ultimate": (experience.to_ultimate, "unitless"),
        "loss_ratio": (
            np.divide(
                whole[:, -1],
                experience.premium,
                out=np.full(experience.years.size, math.nan),
                where=experience.premium > 0,
            ),
            "unitless",
        ),
    }
    return xr.Dataset(
        {
            "years": by_peril([float(line.years) for line in lines], "year"),
            "expected": by_peril([line.expected for line in lines], "CNY"),
            "incurred": by_peril([line.incurred for line in lines], "CNY"),
            "ultimate": by_peril([line.ultimate for line in lines], "CNY"),
            "ratio": by_peril(
                [line.update.ratio if line.update is not None else math.nan for line in lines], "unitless"
            ),
            "ratio_low": by_peril([low for low, _ in intervals], "unitless"),
            "ratio_high": by_peril([high for _, high in intervals], "unitless"),
            "claims": by_peril(
                [line.update.claims if line.update is not None else math.nan for line in lines], "1"
            ),
            "credibility": by_peril([line.credibility for line in lines], "unitless"),
            **ranges,
            "parameter": ("peril", np.array([_parameters(line.kind) for line in lines])),
            "sentence": ("peril", np.array([_sentence(line) for line in lines])),
            **{name: (("year", "peril"), values, {"units": "CNY"}) for name, values in amounts.items()},
            **{name: ("year", values, {"units": units}) for name, (values, units) in of_year.items()},
        },
        coords={
            "peril": [line.kind for line in lines],
            "year": ("year", experience.years, {"units": "year"}),
        },
        attrs={
            "table": experience.name,
            "status": experience.status,
            "note": "Levels are relative to the values of the cards. Weights by Buhlmann's credibility: knowledge "
            f"variance over knowledge and process variance, the latter from {pilot.years:,} simulated years.",
        },
    )


def _parameters(kind: str) -> str:
    """Return which parameters make the level of a peril."""
    if kind == ALL:
        return ""
    names = " and ".join(LEVELS[kind][1])
    return names if kind == FIRE else f"scale x {names}"


def _sentence(line: Line) -> str:
    """Return a peril's experience in one sentence."""
    word = PERIL_WORDS[line.kind]
    if line.years == 0:
        return f"{word}: no year by peril; the level has a weight of {line.credibility:.2f} from the totals."
    posterior = [line.posterior.quantile(level) for level in (0.5, 0.05, 0.95)]
    return (
        f"{word}: {line.years} years, {ratio_words(line)}; weight {line.credibility:.2f}, level now {posterior[0]:.2f} "
        f"times the cards' ({posterior[1]:.2f} to {posterior[2]:.2f})."
    )
