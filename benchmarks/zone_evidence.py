# SPDX-License-Identifier: Apache-2.0
"""What stands behind the liability of a chemical zone: the tables of docs/explanation/pollution.md.

Run ``python benchmarks/zone_evidence.py`` to see them, with ``--write`` to put them into the page (a test checks that
they are there as computed). Nothing here is simulated: every figure is a closed form or a count of rows.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

from greenrisk.core.cards import read_card
from greenrisk.pollution.accidents.roles import SOURCES
from greenrisk.pollution.accidents.told import equipment_beside_reports, frequency_alternatives
from greenrisk.pollution.job import ZoneJob
from greenrisk.pollution.severity.alternatives import alternative_laws, with_threshold
from greenrisk.pollution.severity.beside_rmp import third_party_beside_rmp
from greenrisk.pollution.severity.caps import CAP_KINDS, Cap
from greenrisk.pollution.severity.heads import HEAD_WORDS, HEADS
from greenrisk.pollution.severity.laws import currency_factor, dependence_of, physical_cap, severity_laws
from greenrisk.pollution.severity.plausibility import mean_beside_nation
from greenrisk.pollution.severity.roles import RECORDED_HEADS, THRESHOLDS
from greenrisk.pollution.variants import Variant
from greenrisk.scenario.load import load

sys.path.insert(0, str(Path(__file__).parent))

from page_tables import run

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "explanation" / "pollution.md"
SCENARIO = "zone-leping"
SHOWN_PLANTS = ("LZ01", "LZ04", "LZ23", "LZ27")
SHOWN_INDUSTRIES = {"all": "all facilities", "325": "chemicals (325)", "3251": "basic chemicals (3251)"}
RULE_FILES = {
    ("hj941_q_bands", "status"): "bands of Q",
    ("substances", "quantity_status"): "critical quantities",
    ("substances", "medium_status"): "list of each substance (part of App. A)",
    ("media_rules", "status"): "what a list or part means for air and water",
    ("mixture_rules", "status"): "mixtures and solutions",
    ("hj941_process_points", "status"): "points of processes",
    ("hj941_control_points_air", "status"): "points of controls, air",
    ("hj941_control_points_water", "status"): "points of controls, water",
    ("hj941_event_points", "status"): "points of events",
    ("hj941_m_classes", "status"): "cuts of M",
    ("hj941_air_receptors", "status"): "air receptors",
    ("hj941_water_receptors", "status"): "water receptors",
    ("hj941_grade_matrix", "status"): "grade matrix",
    ("hj941_special_rules", "status"): "cap, windows, upgrade, higher medium",
    ("hj941_out_of_scope", "status"): "scope",
    ("gb18218_alpha", "status"): "GB 18218: people exposed",
    ("gb18218_levels", "status"): "GB 18218: levels",
    ("substances", "gb18218_status"): "GB 18218: thresholds",
}
OFFSITE = {
    "naics 325 all": "chemicals (NAICS 325)",
    "naics 3251 all": "basic chemicals (3251)",
    "naics 324 all": "refineries (324)",
    "naics 424 all": "wholesale (424)",
    "chemical Ammonia (anhydrous) all": "sites with ammonia",
}
"""Groups of US accidents of all years that the page shows."""

THRESHOLD_WORDS = ("chance of the largest, 80 %", "the same, 90 %")
"""Chance that as many amounts of the model hold one as large, by threshold of its tail."""

KNOWN = ("confirmed", "unconfirmed", "unknown")


def _table(name: str) -> pd.DataFrame:
    return pd.read_csv(ROOT / "data" / f"{name}.csv", keep_default_na=False)


def _markdown(head: list[str], rows: list[list[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def rule_rows() -> str:
    """How many rows of each rule were read in a source, how many rest on memory, how many have no value."""
    rows = []
    for (name, column), what in RULE_FILES.items():
        count = Counter(status or "unknown" for status in _table(name)[column])
        assert set(count) <= set(KNOWN), (name, count)
        rows.append([f"`{name}`", what, *(str(count[status]) for status in KNOWN)])
    return _markdown(["file", "rule", *KNOWN], rows)


def windows() -> str:
    """Reports per facility-year by window of years."""
    frame = _table("epa_rmp_windows")
    names = list(dict.fromkeys(frame["window"]))
    rows = []
    for code, words in SHOWN_INDUSTRIES.items():
        mine = frame[frame["code"].astype(str) == code].set_index("window")
        cells = [
            f"{float(mine.loc[name, 'rate_listed_per_facility_year']):.4f} ± "
            f"{float(mine.loc[name, 'rate_listed_se_per_year']):.4f}"
            for name in names
        ]
        rows.append([words, *cells])
    return _markdown(["reports a facility-year", *names], rows)


def pooling(job: ZoneJob) -> str:
    """How the rate of some plants came about."""
    base, plants = job.plan.variants[0], job.model.plants.ids.tolist()
    rates, exposure = job.model.rates(base), job.model.exposure
    rows = []
    for name in SHOWN_PLANTS:
        at = plants.index(name)
        sources = [
            "-" if math.isnan(rate) else f"{rate:.4f} ({weight:.0%})"
            for rate, weight in zip(rates.source[:, at], rates.weight[:, at], strict=True)
        ]
        years, seen = exposure.years[at], exposure.accidents[at]
        rows.append(
            [
                name,
                *sources,
                f"{rates.pooled[at]:.4f}",
                " x ".join(f"{one:.2f}" for one in rates.factor[:, at]),
                f"{rates.prior[at]:.4f}",
                f"{seen:.0f} in {years:.0f}",
                f"{rates.credibility[at]:.2f}",
                f"{rates.posterior[at]:.4f}",
            ]
        )
    by_source = [f"by {source}" for source in SOURCES]
    return _markdown(
        ["plant", *by_source, "pooled", "grade x prevention x credit", "prior", "own", "Z", "expected"], rows
    )


def sources(job: ZoneJob) -> str:
    """Accidents of the zone by each source alone, and equipment beside the reports."""
    base, exposure = job.plan.variants[0], job.model.exposure
    rates = job.model.rates(base)
    found = frequency_alternatives(exposure, base.values, rates.transfer)
    rows = [
        [str(name), f"{float(found['accidents'][k]):.2f}", str(int(found["plants"][k]))]
        for k, name in enumerate(found["alternative"].values.tolist())
    ]
    text = _markdown(["source", "accidents a year on site", "plants of which it says anything"], rows)
    ratio = equipment_beside_reports(exposure, rates).attrs["median_ratio"]
    return f"{text}\n\nMedian over plants of the rate by equipment over that of the industry's reports: {ratio:.2f}."


def severity() -> str:
    """The fits by head."""
    frame = _table("phmsa_severity_by_head")
    rows = []
    for head in RECORDED_HEADS:
        mine = frame[frame["head"] == head].sort_values("threshold_quantile")
        first = mine.iloc[0]
        rows.append(
            [
                HEAD_WORDS[HEADS.index(head)].lower(),
                f"{int(first['reports_positive']):,} of {int(first['reports']):,}",
                f"{first['lognormal_mu']:.2f} ± {first['lognormal_mu_se']:.2f}",
                f"{first['lognormal_sigma']:.2f} ± {first['lognormal_sigma_se']:.2f}",
                *(
                    f"{one['gpd_shape']:.2f} ± {one['gpd_shape_se']:.2f} ({int(one['exceedances'])})"
                    for _, one in mine.iterrows()
                ),
                f"{first['largest_usd'] / 1e6:.1f}",
            ]
        )
    columns = [
        "head",
        "reports with an amount",
        "mu",
        "sigma",
        "shape above 80 % (excesses)",
        "shape above 90 %",
        "largest, million USD",
    ]
    return _markdown(columns, rows)


def tails(job: ZoneJob, base: Variant) -> str:
    """Expected loss of an accident under both thresholds and three caps."""
    caps = {
        "physical": physical_cap(base.values).amount,
        "asset": float(np.median(job.model.plants.assets)),
        "policy": float(np.median(job.model.limit)),
    }
    laws = alternative_laws(base.values, job.model.constants, caps)
    rows = []
    for threshold in THRESHOLDS:
        for kind in CAP_KINDS:
            by_head = [one.expected() for one in laws[threshold, kind]]
            cells = [f"{1e-3 * one:,.0f}" for one in (*by_head, sum(by_head))]
            rows.append([f"{threshold[1:]} %", f"{kind}, {1e-6 * caps[kind]:,.1f} million", *cells])
    return _markdown(["tail above", "cap of each head, CNY", *map(str.lower, HEAD_WORDS), "all"], rows)


def transfer(job: ZoneJob) -> str:
    """The factors to China with their intervals."""
    card = read_card(ROOT / "models" / "zone-transfer-china-judged.yaml")
    base = job.plan.variants[0]
    rows = []
    for name, words in (("frequency_factor", "frequency"), ("severity_factor", "severity")):
        given = card.parameters[name]
        low, high = (float(end) for end in given.ends())
        rows.append(
            [words, f"{float(given.value):g}", f"{low:g} to {high:g}", f"{high / low:.0f}", given.status]
        )
    laws = severity_laws(base.values, job.model.constants, Cap("physical", physical_cap(base.values).amount))
    ratio, _ = mean_beside_nation(laws, job.facts.reality.anchors, dependence_of(base.values))
    text = _markdown(["factor", "median", "90 % interval", "fold", "status"], rows)
    return (
        f"{text}\n\nMean direct loss of an accident of the model that has one over the mean of the nation's assessed "
        f"cases: {ratio:.1f}."
    )


def fails(job: ZoneJob, base: Variant) -> str:
    """Third-party property of the model beside off-site damage at US chemical sites."""
    cap, damage = Cap("physical", physical_cap(base.values).amount), job.facts.reality.offsite_damage
    by_threshold = {}
    for threshold in THRESHOLDS:
        values = with_threshold(base.values, threshold)
        laws = severity_laws(values, job.model.constants, cap)
        by_threshold[threshold] = third_party_beside_rmp(laws, currency_factor(values), damage)
    rows = []
    for threshold, found in by_threshold.items():
        model = [_thousand(x) for x in found.sel(source="model")["quantile"].values]
        rows.append([f"the model, tail above {threshold[1:]} %", *model, *["-"] * 4])
    for name, words in OFFSITE.items():
        both = [found.sel(source=name) for found in by_threshold.values()]
        chances = [f"{float(one['chance_of_largest']):.1g}" for one in both]
        seen = [_thousand(x) for x in both[0]["quantile"].values]
        rows.append(
            [words, *seen, str(int(both[0]["positive"])), _thousand(float(both[0]["maximum"])), *chances]
        )
    levels = [f"{100 * level:.0f} %" for level in found["probability"].values.tolist()]
    head = ["positive amounts, 1,000 USD", *levels, "how many", "largest", *THRESHOLD_WORDS]
    return _markdown(head, rows)


def _thousand(amount: float) -> str:
    return f"{1e-3 * float(amount):,.0f}"


def tables() -> dict[str, str]:
    """Return every table by its mark."""
    job = load(SCENARIO).prepare()
    assert isinstance(job, ZoneJob)
    base = job.plan.variants[0]
    return {
        "rule-rows": rule_rows(),
        "windows": windows(),
        "pooling": pooling(job),
        "sources": sources(job),
        "severity": severity(),
        "tails": tails(job, base),
        "transfer": transfer(job),
        "fails": fails(job, base),
    }


if __name__ == "__main__":
    run(__doc__ or "", "zone_evidence", PAGE, tables)
