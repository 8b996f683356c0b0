# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from greenrisk.core.errors import FitError, TableError
from greenrisk.resource.fire_tables import read_panel
from greenrisk.resource.perils.fire_size import FireSizeLaw
from greenrisk.resource.perils.fire_size_fit import (
    fit_body,
    fit_large_fires,
    fit_tail,
    mean_above,
    read_portugal,
)

ROOT = Path(__file__).resolve().parents[3]
PORTUGAL = ROOT / "../shared/data/resource/portugal_fires_1980_2000_2014.csv.gz"


@pytest.fixture(scope="module")
def panel():
    return read_panel(ROOT / "data/fires_jiangxi_neighbours_2009_2021.csv")


def test_the_body_of_jiangxi_is_the_ratio_of_its_totals(panel):
    body = fit_body(panel, "Jiangxi")
    assert body.values == pytest.approx([351 / 1285, 11_119.28 / 1285])
    assert body.clusters == 13


def test_the_error_of_the_share_is_wider_than_a_binomial_one(panel):
    body = fit_body(panel, "Jiangxi")
    binomial = np.sqrt(351 / 1285 * 934 / 1285 / 1285)
    assert np.sqrt(body.covariance[0, 0]) > 2 * binomial


def test_large_fires_need_a_tail_law_for_their_area(panel):
    with pytest.raises(FitError, match="16 fires above 100 ha"):
        fit_body(panel, "Fujian")
    tail = FireSizeLaw("gamma", 0.3, 8.0, 0.001, 0.6, 169.0, 1e5)
    body = fit_body(panel, "Fujian", tail)
    area, fires = panel.area[:, 1].sum(), panel.fires[:, 1].sum()
    assert body.values[1] == pytest.approx((area - 16 * mean_above(tail)) / (fires - 16), rel=0.02)


def test_the_mean_above_100_ha_is_scipys_truncated_pareto():
    tail = FireSizeLaw("gamma", 0.3, 8.0, 0.001, 0.6, 169.0, 1e5)
    pareto = stats.genpareto(0.6, scale=169.0)
    # E[Y | Y <= 900] = (integral of sf - 900 sf(900)) / cdf(900)
    area = 169 / 0.4 * (1 - (1 + 0.6 * 900 / 169) ** (1 - 1 / 0.6))
    expected = 100 + (area - 900 * pareto.sf(900)) / pareto.cdf(900)
    assert mean_above(tail) == pytest.approx(expected, rel=1e-4)


def test_the_chance_to_exceed_100_ha_is_pooled_over_provinces(panel):
    large = fit_large_fires(panel, "Jiangxi")
    assert (large.exceeding, large.fires) == (24, 18_802)
    assert large.share == pytest.approx(24 / 18_802)
    assert large.low < large.share < large.high
    # Jiangxi's own 0 of 1,285 bound the chance by 1 - 0.05^(1/1285) = 0.0023 at 95 %: the range goes past it,
    # since provinces and years differ by more than chance.
    assert 1 - 0.05 ** (1 / 1285) < large.high < 0.01


def test_nineteen_of_the_twenty_four_large_fires_burnt_in_one_year(panel):
    large = panel.classes[:, :, 2:].sum(axis=(1, 2))
    assert large[panel.years == 2009].item() == 19


def test_a_tail_made_of_pareto_quantiles_gives_its_parameters_back():
    p = (np.arange(3000) + 0.5) / 3000
    sizes = np.tile(100 + stats.genpareto.ppf(p, 0.6, scale=169.0), 3)
    years = np.repeat([1990, 1991, 1992], 3000)
    tail = fit_tail(sizes, years)
    assert tail.fit.shape == pytest.approx(0.6, abs=0.01)
    assert tail.fit.scale == pytest.approx(169, rel=0.01)
    assert len(tail.by_year) == len(tail.by_period) == 3
    # X - u is again generalised Pareto with the same shape above any higher threshold
    assert [fit.shape for fit in tail.by_threshold.values()] == pytest.approx([0.6] * 4, abs=0.03)


def test_portugal_gives_the_tail_found_by_another_code():
    if not PORTUGAL.exists():
        pytest.skip("../shared/data/resource/portugal_fires_1980_2000_2014.csv.gz is not here")
    tail = fit_tail(*read_portugal(PORTUGAL))
    # ../shared/methods/resource.md 4.2: n 2,714, scale 169.3, shape 0.596
    assert tail.fit.count == 2714
    assert tail.fit.scale == pytest.approx(169.3, abs=0.05)
    assert tail.fit.shape == pytest.approx(0.596, abs=0.0005)
    assert tail.left_out == 1
    assert tail.years == (1980, 2000)


def test_a_file_without_its_columns_or_with_a_negative_area_is_refused(tmp_path):
    wrong = tmp_path / "a.csv"
    wrong.write_text("year,size\n1990,3\n", encoding="utf-8")
    with pytest.raises(TableError, match="columns year and total_ha"):
        read_portugal(wrong)
    wrong.write_text("year,total_ha\n1990,3\n1990,-2\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"a\.csv:3  total_ha = -2"):
        read_portugal(wrong)
