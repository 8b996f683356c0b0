# SPDX-License-Identifier: Apache-2.0
"""The tables behind the frequency: what they say, what is told of them, and what is refused."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from shipped_frequency import exposure, leping, records, table, values

from greenrisk.core.errors import TableError
from greenrisk.core.ledger import Ledger
from greenrisk.core.tables import weakest
from greenrisk.pollution.accidents.rates import plant_rates
from greenrisk.pollution.accidents.records import (
    INDUSTRY_NAICS,
    LEAK_FREQUENCIES,
    RELEASE_SOURCES,
    RMP_RATES,
    RMP_WINDOWS,
    read_records,
)
from greenrisk.pollution.accidents.told import (
    equipment_beside_reports,
    equipment_shares,
    frequency_alternatives,
    frequency_group,
    report_windows,
    tell_frequency,
)
from greenrisk.pollution.inventory import Equipment
from greenrisk.pollution.tables import EQUIPMENT

SHARED = Path(__file__).parents[4] / "shared"


def frames() -> list[pd.DataFrame]:
    return [
        table("epa_rmp_rates", RMP_RATES),
        table("epa_rmp_windows", RMP_WINDOWS),
        table("hj169_leak_frequencies", LEAK_FREQUENCIES),
        table("industry_naics", INDUSTRY_NAICS),
        table("epa_rmp_release_sources", RELEASE_SOURCES),
    ]


def test_rates_are_accidents_over_facility_years_with_poisson_errors():
    rates = frames()[0]
    exposure_years = rates["facilities"] * rates["years"]
    np.testing.assert_allclose(
        rates["rate_per_facility_year"], rates["accidents"] / exposure_years, atol=5.1e-6
    )
    np.testing.assert_allclose(
        rates["rate_listed_se_per_year"], np.sqrt(rates["accidents_listed"]) / exposure_years, atol=5.1e-6
    )
    assert (rates["accidents_listed"] <= rates["accidents"]).all()


def test_rates_equal_the_reference_table_where_it_is_at_hand():
    path = SHARED / "reference" / "epa_rmp_rates.csv"
    if not path.is_file():
        pytest.skip("../shared is not here: the reference rates cannot be compared")
    theirs = pd.read_csv(path).set_index(["kind", "code"])
    ours = frames()[0].set_index(["kind", "code"])
    assert set(theirs.index) == set(ours.index)
    theirs = theirs.loc[ours.index]
    np.testing.assert_array_equal(ours["accidents_listed"], theirs["accidents_listed_naics"])
    np.testing.assert_allclose(ours["rate_listed_per_facility_year"], theirs["rate_listed_naics"], atol=1e-9)


def test_the_window_moves_the_rates_and_the_ledger_says_by_how_much():
    windows = report_windows(records(), exposure())
    chemicals = windows["rate"].sel(industry="3251")
    assert float(chemicals.sel(window="2010-2019")) > 1.3 * float(chemicals.sel(window="2014-2023"))
    ledger = Ledger()
    tell_frequency(exposure(), plant_rates(exposure(), values()), records(), windows, ledger)
    told = {entry.subject: entry for entry in ledger}
    assert "2.19 times" in told["window of the reports"].detail  # 0.01582 / 0.00722
    assert told["leak frequencies by equipment"].status == "unconfirmed"
    assert told["industry of the reports"].count == int((exposure().naics == "").sum())


def test_the_group_of_frequency_holds_every_weight_and_adds_up():
    rates = plant_rates(exposure(), values(), 1.5)
    group = frequency_group(leping().plants, exposure(), rates)
    np.testing.assert_allclose(group["source_weight"].sum("source"), 1.0)
    product = group["pooled"] * group["factor"].prod("rating_factor") * group.attrs["transfer"]
    np.testing.assert_allclose(product, group["prior"], rtol=1e-12)
    z = group["credibility"]
    own = group["own_rate"].fillna(0.0)
    np.testing.assert_allclose(z * own + (1 - z) * group["prior"], group["expected_accidents"], rtol=1e-12)
    assert all("units" in group[name].attrs for name in group if group[name].dtype.kind == "f")


def test_alternatives_are_the_zone_by_each_source_alone():
    found = frequency_alternatives(exposure(), values(), 1.0)
    for source in ("activity", "equipment", "industry", "chemical"):
        alone = plant_rates(exposure(), values(), only=source).posterior.sum()
        assert float(found["accidents"].sel(alternative=source)) == pytest.approx(alone)
    low, high = float(found["accidents"].min()), float(found["accidents"].max())
    assert low <= float(found["accidents"].sel(alternative="pooled")) <= high


def test_equipment_is_set_beside_reports_for_plants_that_list_any():
    rates = plant_rates(exposure(), values())
    found = equipment_beside_reports(exposure(), rates)
    np.testing.assert_allclose(found["ratio"], found["by_equipment"] / found["by_industry"])
    assert found.sizes["plant_with_equipment"] == int((exposure().leaks.sum(axis=1) > 0).sum())


def test_faults_of_all_tables_are_told_at_once():
    rates, windows, leaks, industries, sources = frames()
    leaks = pd.concat([leaks, leaks.iloc[:1]], ignore_index=True)
    leaks.loc[leaks["equipment"] == "pump", "unit"] = "1/hour"
    industries.loc[0, "naics"] = "999"
    with pytest.raises(TableError) as raised:
        read_records(rates, windows, leaks, industries, sources)
    text = str(raised.value)
    for part in ("reactor, small", "pump: unit = 1/hour", "naics = 999"):
        assert part in text


def test_the_weakest_status_speaks_for_a_table():
    assert weakest(["confirmed", "unconfirmed"]) == "unconfirmed"
    assert weakest(["user", "confirmed"]) == "user"
    assert weakest(["illustrative", "user"]) == "illustrative"


def test_shares_of_release_sources_are_counted_from_the_reports_where_they_are_at_hand():
    path = SHARED / "data" / "pollution" / "epa_rmp" / "accidents.csv"
    if not path.is_file():
        pytest.skip("../shared is not here: the reports cannot be counted")
    reports = pd.read_csv(path, usecols=["AccidentDate", "NAICSCode", "RS_Piping", "RS_Pump"], dtype=str)
    ours = frames()[4].set_index(["release_source", "naics", "window"])
    chemical = reports[reports["NAICSCode"].fillna("").str.startswith("325")]
    recent = reports[reports["AccidentDate"].str[:4].astype(int).between(2014, 2023)]
    for source, column in (("piping", "RS_Piping"), ("pump", "RS_Pump")):
        for key, rows in (
            (("all", "all"), reports),
            (("325", "all"), chemical),
            (("all", "2014-2023"), recent),
        ):
            row = ours.loc[(source, *key)]
            assert row["reports"] == len(rows)
            assert row["named"] == (rows[column] == "Yes").sum()
            assert row["share"] == pytest.approx(row["named"] / row["reports"], abs=5.1e-5)


def test_shares_of_equipment_by_hand_and_those_of_reports_among_matched_sources():
    equipment = Equipment(
        plant=np.array([0, 0, 1]),
        sort=np.array([EQUIPMENT.index(name) for name in ("pump", "pipe_small", "reactor")]),
        amount=np.array([4.0, 1000.0, 2.0]),
    )
    fence = {size: float(values()["accidents"][f"beyond_fence_{size}"]) for size in ("small", "large")}
    found = equipment_shares(equipment, records(), values())
    # HJ 169 Appendix E as shipped, leaks a year: a pump, a metre of narrow pipe, a reactor; small and large ones.
    rate = {
        "pump": 4.0 * (5e-4 * fence["small"] + 1e-4 * fence["large"]),
        "piping": 1000.0 * (5e-6 * fence["small"] + 1e-6 * fence["large"]),
        "process vessel": 2.0 * (1e-4 * fence["small"] + 1e-5 * fence["large"]),
    }
    for source, value in rate.items():
        assert float(found["modelled"].sel(release_source=source)) == pytest.approx(
            value / sum(rate.values())
        )
    assert float(found["modelled"].sel(release_source="storage vessel")) == 0.0
    assert np.isnan(found["modelled"].sel(release_source=["valve", "joint"])).all()
    np.testing.assert_allclose(found["reported_of_matched"].sum("release_source", skipna=True), 1.0)
    # 722, 1825, 986, 573 and 366 of 7211 reports name the five matched sources.
    piping = found["reported_of_matched"].sel(release_source="piping", slice="all, all")
    assert float(piping) == pytest.approx(1825 / (722 + 1825 + 986 + 573 + 366), abs=1e-4)


def test_a_source_of_release_with_an_unknown_equipment_is_refused():
    spoilt = frames()
    spoilt[4] = spoilt[4].assign(equipment="pipe_small boiler")
    with pytest.raises(TableError, match="equipment = boiler"):
        read_records(*spoilt)
