# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import numpy as np
import pytest

from greenrisk.core.cards import Card, read_card
from greenrisk.core.errors import FitError, TableError
from greenrisk.resource.calibration import FITS, NEIGHBOURS, PORTUGAL, to_yaml
from greenrisk.resource.perils.fire_counts import count_law

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT / "../shared/data"


def fitted(name):
    fit = FITS[name]
    if PORTUGAL in fit.needs and not (SHARED / "resource" / PORTUGAL).exists():
        pytest.skip(f"../shared/data/resource/{PORTUGAL} is not here; without it {name} cannot be re-fitted")
    return fit.run(fit.locate(SHARED if SHARED.exists() else None))


def numbers(card: Card) -> dict[str, float]:
    found = {f"constant {name}": value for name, value in card.constants.items()}
    for name, parameter in card.parameters.items():
        if not isinstance(parameter.value, str):
            found |= {
                name: parameter.value,
                f"{name} low": parameter.range.low,
                f"{name} high": parameter.range.high,
            }
    return found | {" ".join(pair.between): pair.value for pair in card.correlations}


def digits_apart(one: float, two: float) -> float:
    """Distance in units of the fourth significant digit (the second for a correlation, which has two)."""
    if one == two:
        return 0.0
    return abs(one - two) / 10 ** (np.floor(np.log10(abs(two))) - 3)


@pytest.mark.parametrize("name", FITS)
def test_the_committed_card_is_fitted_again_to_its_digits(name):
    made, committed = fitted(name), read_card(ROOT / "models" / f"{name}.yaml")
    ours, theirs = numbers(made), numbers(committed)
    assert ours.keys() == theirs.keys()
    # One unit of the last digit is left to rounding on another machine.
    apart = {
        key: digits_apart(ours[key], theirs[key])
        for key in ours
        if " " not in key or key.endswith(("low", "high"))
    }
    assert max(apart.values()) <= 1.0001, apart
    for pair in made.correlations:
        assert pair.value == pytest.approx(theirs[" ".join(pair.between)], abs=0.0101)
    blank = {"parameters": {}, "correlations": (), "constants": {}}
    assert made.model_copy(update=blank) == committed.model_copy(update=blank)
    for key, parameter in made.parameters.items():
        other = committed.parameters[key]
        assert (parameter.source, parameter.status, parameter.unit, parameter.meaning) == (
            other.source,
            other.status,
            other.unit,
            other.meaning,
        )


@pytest.mark.parametrize("name", FITS)
def test_a_committed_card_is_written_as_its_fit_writes_it(name):
    path = ROOT / "models" / f"{name}.yaml"
    assert to_yaml(read_card(path)) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FITS)
def test_a_card_survives_its_own_yaml(name, tmp_path):
    card = read_card(ROOT / "models" / f"{name}.yaml")
    (tmp_path / f"{name}.yaml").write_text(to_yaml(card), encoding="utf-8")
    assert read_card(tmp_path / f"{name}.yaml") == card


def test_the_uses_of_the_cards_are_those_of_the_wildfire_peril():
    uses = {name: read_card(ROOT / "models" / f"{name}.yaml").use for name in FITS}
    assert uses == {
        "wildfire-jiangxi": "wildfire.occurrence",
        "fire-size-jiangxi": "wildfire.size",
        "fire-tail-portugal": "wildfire.tail",
    }


def test_the_card_expects_fewer_fires_in_2026_than_burnt_on_average_since_2009():
    card = read_card(ROOT / "models/wildfire-jiangxi.yaml")
    mean = count_law(card.values(), card.constants, 2026).mean
    # 1,285 fires in 13 years are 98.8 a year; the last five years had 50 to 67.
    assert 30 < mean < 67


def test_joint_draws_of_the_card_keep_level_and_trend_together():
    card = read_card(ROOT / "models/wildfire-jiangxi.yaml")
    rng = np.random.default_rng(0)
    draws = [card.draw(rng.random(len(card.parameters))) for _ in range(2000)]
    level, trend = (np.array([float(draw[name]) for draw in draws]) for name in ("log_count", "trend"))
    stated = {pair.between: pair.value for pair in card.correlations}[("trend", "log_count")]
    assert np.corrcoef(level, trend)[0, 1] == pytest.approx(stated, abs=0.06)


def test_the_prior_of_the_tail_spans_the_stated_shapes_and_lowers_the_scale_with_them():
    card = read_card(ROOT / "models/fire-tail-portugal.yaml")
    shape = card.parameters["shape"]
    assert (shape.range.low, shape.range.high, shape.status) == (0.4, 1.3, "illustrative")
    assert card.correlations[0].value < -0.3


def test_a_table_that_is_nowhere_is_named(tmp_path):
    with pytest.raises(FitError) as caught:
        FITS["fire-tail-portugal"].locate(tmp_path)
    assert str(caught.value) == (
        "fit fire-tail-portugal  portugal_fires_1980_2000_2014.csv.gz\n"
        f"  Neither below {tmp_path} nor in the data package. Name its folder with --data-dir.\n"
        "1 fault."
    )


def test_a_table_is_found_in_a_subfolder_of_the_data_folder(tmp_path):
    (tmp_path / "resource").mkdir()
    (tmp_path / "resource" / PORTUGAL).write_bytes(b"")
    assert FITS["fire-tail-portugal"].locate(tmp_path) == {PORTUGAL: tmp_path / "resource" / PORTUGAL}


def test_a_users_own_table_takes_the_place_of_the_shipped_one(tmp_path):
    text = (ROOT / "data" / NEIGHBOURS).read_text(encoding="utf-8")
    own = tmp_path / "own.csv"
    own.write_text(
        text.replace("Jiangxi,2009,394,91,303,0,0,3299.82", "Jiangxi,2009,394,191,203,0,0,3299.82")
    )
    card = FITS["fire-size-jiangxi"].run({NEIGHBOURS: own})
    assert card.parameters["share_under_1ha"].value == pytest.approx(451 / 1285, abs=5e-5)


def test_a_users_table_with_faults_is_refused_before_the_fit(tmp_path):
    own = tmp_path / "own.csv"
    own.write_text("province,year,fires\nJiangxi,2009,394\n")
    with pytest.raises(TableError, match="fires_under_1ha"):
        FITS["wildfire-jiangxi"].run({NEIGHBOURS: own})
