# SPDX-License-Identifier: Apache-2.0
"""Tables of the user's own for the lenses: taken, and refused with row, value and mend, all at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from greenrisk.core.errors import GreenRiskError
from greenrisk.issuer.job import IssuersJob
from greenrisk.scenario.load import load
from tests.studied_issuers import SMALL, run_issuers

MOVES = """\
years,from_rating,to_rating,share,status,source
1,good,good,0.90,user,own
1,good,weak,0.08,user,own
1,good,D,0.01,user,own
1,good,NR,0.01,user,own
1,weak,good,0.10,user,own
1,weak,weak,0.80,user,own
1,weak,D,0.10,user,own
"""
QUICK = {"knowledge.draws": "0", "knowledge.tornado": "false", "credit.portfolio_years": "1000"}


def write(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def spellings(folder: Path, *left_out: str) -> str:
    """Write spellings of two grades: investment grade is good, all else weak, CC to D is default."""
    from greenrisk.core.library import library_root

    frame = pd.read_csv(library_root() / "data" / "rating_scale.csv", keep_default_na=False)
    good = frame["grade"].isin(["AAA", "AA", "A", "BBB"])
    frame["grade"] = np.where(frame["grade"] == "D", "D", np.where(good, "good", "weak"))
    own = pd.DataFrame({"rating": ["good", "weak"], "grade": ["good", "weak"], "rank": [30, 31]})
    frame = pd.concat([frame, own.assign(status="user", source="own scale")])
    frame = frame[~frame["rating"].isin(left_out)]
    return write(folder, "scale.csv", frame.to_csv(index=False))


def prepare(overrides: dict[str, str]) -> IssuersJob:
    job = load("issuers-jingdezhen", {**SMALL, **QUICK, **overrides}).prepare()
    assert isinstance(job, IssuersJob)
    return job


def faults(overrides: dict[str, str]) -> list[str]:
    with pytest.raises(GreenRiskError) as caught:
        prepare(overrides)
    return [f"{fault.where} {fault.what} {fault.expected}" for fault in caught.value.faults]


def test_own_moves_make_the_scale_and_the_groups(tmp_path):
    job = prepare(
        {
            "credit.transitions": write(tmp_path, "moves.csv", MOVES),
            "credit.rating_scale": spellings(tmp_path),
        }
    )
    assert job.model.scale.grades == ("good", "weak", "D")
    tree = run_issuers(job)
    data = tree["transitions"].to_dataset()
    # Those not rated any more are divided out of their row: 0.90/0.99, 0.08/0.99, 0.01/0.99.
    by_hand = [[0.90 / 0.99, 0.08 / 0.99, 0.01 / 0.99], [0.1, 0.8, 0.1], [0, 0, 1]]
    np.testing.assert_allclose(data["average"], by_hand, rtol=1e-12)
    assert set(tree["pd"].to_dataset()["grade"].values.ravel()) <= {"good", "weak", "D", "none"}
    assert any("moves.csv" in str(name) for name in job.inputs)


def test_own_moves_with_other_letters_ask_for_their_spellings(tmp_path):
    (fault,) = faults({"credit.transitions": write(tmp_path, "moves.csv", MOVES)})
    for wanted in ("not on the scale: good, weak", "AAA", "credit.rating_scale"):
        assert wanted in fault


def test_rows_that_do_not_sum_to_one_and_ratings_outside_are_told_with_their_rows(tmp_path):
    short = MOVES.replace("weak,weak,0.80", "weak,weak,0.70")
    (fault,) = faults({"credit.transitions": write(tmp_path, "moves.csv", short)})
    assert "moves.csv:6" in fault
    assert "weak sums to 0.9000" in fault
    strange = MOVES.replace("weak,weak,0.80", "weak,weka,0.80")
    (fault,) = faults({"credit.transitions": write(tmp_path, "moves.csv", strange)})
    assert "moves.csv:7" in fault
    assert "to_rating = weka" in fault
    assert "`weak`" in fault


def test_a_matrix_of_another_horizon_alone_is_refused(tmp_path):
    text = MOVES.replace("\n1,", "\n2,")
    (fault,) = faults({"credit.transitions": write(tmp_path, "moves.csv", text)})
    assert "years = 1" in fault


def test_a_rating_of_the_lenses_that_has_no_grade_is_told(tmp_path):
    found = faults(
        {
            "credit.transitions": write(tmp_path, "moves.csv", MOVES),
            "credit.rating_scale": spellings(tmp_path, "BB+"),
        }
    )
    assert any("no grade for" in one and "BB+" in one for one in found)


OWN = """\
issuer,rating,annual_probability
JDZ-CER-1,BB,
JDZ-CEM-1,,0.02
JDZ-CPW-1,B,0.05
"""


def test_own_ratings_are_moved_by_the_scenarios(tmp_path):
    job = prepare({"credit.own_ratings": write(tmp_path, "own.csv", OWN), "credit.overlay_clip": "0.001"})
    data = run_issuers(job)["overlay"].to_dataset()
    assert data["issuer"].values.tolist() == ["JDZ-CER-1", "JDZ-CEM-1", "JDZ-CPW-1"]
    # S&P's one-year default rate of BB, 1981-2016, without those not rated any more.
    assert float(data["own_probability"][0]) == pytest.approx(job.facts.credit.matrix.default_probability[4])
    assert data["own_probability"].values[1:].tolist() == [0.02, 0.05]
    clear = data["clipped"].sel(scenario="current-policies").values == 0
    moved = data["own_probability_moved"].sel(scenario="current-policies")
    held = np.broadcast_to(data["own_probability"].values[:, None], moved.shape)
    np.testing.assert_allclose(moved.values[clear], held[clear], rtol=1e-9)
    # Held to the clip: every score lies within its own.
    assert data.attrs["clip"] == 0.001
    annual = data["own_probability_moved"].sel(scenario="net-zero-2050")
    assert bool(np.isfinite(annual).all())
    assert float(data["clipped"].mean()) == pytest.approx(data.attrs["clipped_share"])
    assert any("the probability is taken" in entry.detail for entry in job.ledger)


def test_faults_of_own_ratings_come_together_with_their_rows(tmp_path):
    text = "issuer,rating,annual_probability\nJDZ-CER-9,BB,\nJDZ-CER-1,BBx,\nJDZ-CER-2,,\n"
    found = faults({"credit.own_ratings": write(tmp_path, "own.csv", text)})
    for row, wanted in ((2, "JDZ-CER-9"), (3, "rating = BBx"), (4, "JDZ-CER-2: empty")):
        assert any(f"own.csv:{row} " in one and wanted in one for one in found)
    assert len(found) == 3


def test_an_own_cover_table_stands_for_the_shipped_one(tmp_path):
    text = "edition,firms,rating,interest_cover_above,spread,status,source\n"
    text += "mine,small,A,4,0.01,user,own\nmine,small,B,1,0.04,user,own\nmine,small,D,,0.2,user,own\n"
    path = write(tmp_path, "cover.csv", text)
    job = prepare({"credit.cover_table": path, "credit.cover_edition": "mine"})
    (lens,) = [one for one in job.model.lenses if one.name == "interest_cover"]
    assert lens.table.bands.ratings == ("A", "B", "D")
    assert lens.table.spread.tolist() == [0.01, 0.04, 0.2]
    (fault,) = faults({"credit.cover_table": path})
    assert "2026-01 small" in fault


def firm_years(folder: Path, firms: int = 600, seed: int = 5) -> str:
    """Write firm-years in which failure follows a logit of two ratios: -3, -8 and 2."""
    rng = np.random.default_rng(seed)
    ebit, debt = rng.normal(0.06, 0.1, firms), rng.uniform(0.1, 0.9, firms)
    failed = rng.random(firms) < 1.0 / (1.0 + np.exp(3.0 + 8.0 * ebit - 2.0 * debt))
    frame = pd.DataFrame(
        {
            "firm": [f"F{k}" for k in range(firms)],
            "year": 2020,
            "failed": failed.astype(int),
            "ebit_to_assets": ebit,
            "debt_to_assets": debt,
        }
    )
    return write(folder, "firms.csv", frame.to_csv(index=False))


def test_firm_years_that_bear_a_logit_give_the_lens_its_voice(tmp_path):
    given = {
        "credit.firm_years": f"{{table: {firm_years(tmp_path)}, ratios: [ebit_to_assets, debt_to_assets]}}"
    }
    job = prepare(given)
    tree = run_issuers(job)
    fit = tree["logit"].to_dataset()
    truth = np.array([-3.0, -8.0, 2.0])
    assert (np.abs(fit["coefficient"].values - truth) < 4.0 * fit["standard_error"].values).all()
    lens = tree["lenses"].to_dataset().sel(lens="logit", scenario="current-policies")
    lines = tree["statements"].to_dataset().sel(scenario="current-policies")
    debt = (lines["debt_short"] + lines["debt_long"]) / lines["assets"]
    index = fit["coefficient"].values @ np.stack(
        [np.ones(debt.shape), (lines["ebit"] / lines["assets"]).values, debt.values]
    ).reshape(3, -1)
    by_hand = (1.0 / (1.0 + np.exp(-index))).reshape(debt.shape)
    found = lens["annual_probability"].values
    seen = ~np.isnan(found)
    assert seen.any()
    np.testing.assert_allclose(found[seen], by_hand[seen], rtol=1e-9)
    assert tree["firm_years"].attrs["refused"] == ""


def test_too_few_firms_are_refused_with_their_reasons_and_their_scores_shown(tmp_path):
    path = firm_years(tmp_path, 12)
    job = prepare({"credit.firm_years": f"{{table: {path}, ratios: [ebit_to_assets]}}"})
    tree = run_issuers(job)
    assert "logit" not in tree.children
    data = tree["firm_years"].to_dataset()
    assert data.sizes["firm_year"] == 12
    assert "12 firms" in data.attrs["refused"]
    said = tree["lens_reasons"].to_dataset()
    told = [str(text) for lens, text in zip(said["lens"].values, said["sentence"].values, strict=True)]
    assert any("12 firms" in text for text in told)
    assert bool(np.isnan(tree["lenses"].to_dataset()["annual_probability"].sel(lens="logit")).all())


def test_a_ratio_that_the_table_does_not_hold_is_a_fault(tmp_path):
    path = firm_years(tmp_path, 12)
    (fault,) = faults({"credit.firm_years": f"{{table: {path}, ratios: [sales_to_assets]}}"})
    assert "sales_to_assets" in fault
    assert "ebit_to_assets, debt_to_assets" in fault


def test_the_supplied_sample_shows_scores_without_a_fitted_default():
    name = "issuer/issuers/american_bankruptcy_sample130.csv"
    folder = Path(__file__).parents[3] / "shared/data"
    if not (folder / name).is_file():
        pytest.skip(f"../shared/data/{name} is not here")
    given = f"{{table: {folder / name}, layout: bankruptcy_sample, ratios: [ebit_to_assets]}}"
    tree = run_issuers(prepare({"credit.firm_years": given}))
    data = tree["firm_years"].to_dataset()
    assert data.sizes["firm_year"] == 130
    assert (data.attrs["firms"], data.attrs["failures"]) == (10, 1)
    assert "10 firms" in data.attrs["refused"]
    assert "1 failed firm" in data.attrs["refused"]
    assert "logit" not in tree.children
    assert not [key for key in data if "probab" in str(key) or "auc" in str(key).lower()]
