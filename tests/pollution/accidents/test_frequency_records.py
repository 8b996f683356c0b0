# SPDX-License-Identifier: Apache-2.0
"""The tables behind the frequency: what they say, what is told of them, and what is refused."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from shipped_frequency import exposure, leping, records, table, values

from greenrisk.core.errors import TableError
from greenrisk.core.ledger import Ledger
from greenrisk.pollution.accidents.rates import plant_rates
from greenrisk.pollution.accidents.records import (
    INDUSTRY_NAICS,
    LEAK_FREQUENCIES,
    RMP_RATES,
    RMP_WINDOWS,
    read_records,
    weakest,
)
from greenrisk.pollution.accidents.told import (
    equipment_beside_reports,
    frequency_alternatives,
    frequency_group,
    report_windows,
    tell_frequency,
)

SHARED = Path(__file__).parents[4] / "shared"


def frames() -> list[pd.DataFrame]:
    return [
        table("epa_rmp_rates", RMP_RATES),
        table("epa_rmp_windows", RMP_WINDOWS),
        table("hj169_leak_frequencies", LEAK_FREQUENCIES),
        table("industry_naics", INDUSTRY_NAICS),
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
    rates, windows, leaks, industries = frames()
    leaks = pd.concat([leaks, leaks.iloc[:1]], ignore_index=True)
    leaks.loc[leaks["equipment"] == "pump", "unit"] = "1/hour"
    industries.loc[0, "naics"] = "999"
    with pytest.raises(TableError) as raised:
        read_records(rates, windows, leaks, industries)
    text = str(raised.value)
    for part in ("reactor, small", "pump: unit = 1/hour", "naics = 999"):
        assert part in text


def test_the_weakest_status_speaks_for_a_table():
    assert weakest(["confirmed", "unconfirmed"]) == "unconfirmed"
    assert weakest(["user", "confirmed"]) == "confirmed"
    assert weakest(["illustrative", "user"]) == "illustrative"
