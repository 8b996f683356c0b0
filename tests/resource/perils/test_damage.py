# SPDX-License-Identifier: Apache-2.0
"""The damage degree of burnt stands."""

from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import beta

from greenrisk.core.cards import read_card
from greenrisk.resource.book import SPECIES_GROUPS
from greenrisk.resource.perils.damage import (
    AGE_CLASSES,
    MIDDLE_FROM,
    OLD_FROM,
    age_class,
    damage_degree,
    damage_law,
)

MODELS = Path(__file__).parents[3] / "models"
VALUES: dict[str, float | str] = {
    "median_conifer": 0.6,
    "median_broadleaf": 0.4,
    "median_mixed": 0.5,
    "median_bamboo": 0.2,
    "odds_young": 2.0,
    "odds_old": 0.5,
    "concentration": 3.0,
}
CELLS = [(s, a) for s in range(len(SPECIES_GROUPS)) for a in range(len(AGE_CLASSES))]


def test_a_fire_of_median_intensity_gives_the_card_s_median_at_middle_age():
    law = damage_law(VALUES)
    species = np.arange(4)
    degree = law.degree(np.full(4, 0.5), species, np.full(4, 1))
    assert_allclose(degree, [0.6, 0.4, 0.5, 0.2], rtol=1e-9)


def test_age_moves_the_odds_of_the_median():
    law = damage_law(VALUES)
    # Conifer: odds 0.6 / 0.4 = 1.5; young 2 * 1.5 = 3, degree 3 / 4; old 0.75, degree 0.75 / 1.75.
    degree = law.degree(np.full(2, 0.5), np.zeros(2, dtype=int), np.array([0, 2]))
    assert_allclose(degree, [0.75, 0.75 / 1.75], rtol=1e-9)


@pytest.mark.parametrize(("species", "age"), CELLS)
def test_degrees_follow_a_beta_law_with_the_card_s_concentration(species: int, age: int):
    uniform = (np.arange(200_000) + 0.5) / 200_000
    where = np.full(uniform.size, species), np.full(uniform.size, age)
    degree = damage_law(VALUES).degree(uniform, *where)
    mean, concentration = degree.mean(), 3.0
    # Var of a beta law = m (1 - m) / (k + 1); its distribution function turns degrees back into intensities.
    assert_allclose(degree.var(), mean * (1 - mean) / (concentration + 1), rtol=2e-3)
    back = beta(concentration * mean, concentration * (1 - mean)).cdf(degree)
    inner = (uniform > 0.01) & (uniform < 0.99)
    assert np.abs(back - uniform)[inner].max() < 1e-3


@pytest.mark.parametrize(("species", "age"), CELLS)
def test_hotter_fires_never_damage_less_and_never_more_than_everything(species: int, age: int):
    uniform = np.linspace(0.0, np.nextafter(1.0, 0.0), 5001)
    where = np.full(uniform.size, species), np.full(uniform.size, age)
    degree = damage_law(VALUES).degree(uniform, *where)
    assert (np.diff(degree) >= 0).all()
    assert degree[0] >= 0.0
    assert degree[-1] <= 1.0


def test_all_stands_of_one_fire_share_its_intensity():
    rng = np.random.default_rng(2)
    fire = rng.random(500)
    conifer = damage_degree(fire, np.zeros(500, dtype=int), np.full(500, 20.0), VALUES)
    bamboo = damage_degree(fire, np.full(500, 3), np.full(500, 5.0), VALUES)
    assert np.argsort(conifer).tolist() == np.argsort(bamboo).tolist()


@pytest.mark.parametrize("name", SPECIES_GROUPS)
def test_age_classes_begin_at_their_first_age(name: str):
    ages = np.array(
        [0.0, MIDDLE_FROM[name] - 0.1, MIDDLE_FROM[name], OLD_FROM[name] - 0.1, OLD_FROM[name], 300.0]
    )
    species = np.full(ages.size, SPECIES_GROUPS.index(name))
    assert age_class(species, ages).tolist() == [0, 0, 1, 1, 2, 2]


def test_damage_degree_is_the_law_at_the_age_class_of_each_stand():
    rng = np.random.default_rng(3)
    uniform, species, age = rng.random(1000), rng.integers(0, 4, 1000), 80 * rng.random(1000)
    law = damage_law(VALUES)
    expected = law.degree(uniform, species, age_class(species, age))
    assert damage_degree(uniform, species, age, VALUES).tolist() == expected.tolist()


def test_no_hit_gives_no_degree():
    none = np.empty(0, dtype=np.int64)
    assert damage_degree(none.astype(float), none, none.astype(float), VALUES).size == 0


def test_the_shipped_card_says_that_it_is_judged_and_works_at_both_ends_of_every_range():
    card = read_card(MODELS / "fire-damage-judged.yaml")
    assert card.use == "wildfire.damage"
    assert {parameter.status for parameter in card.parameters.values()} == {"illustrative"}
    for name, parameter in card.parameters.items():
        for end in parameter.ends():
            table = damage_law({**card.values(), name: end}).table
            assert np.isfinite(table).all()
            assert (np.diff(table, axis=-1) >= 0).all()
            assert table.min() >= 0.0
            assert table.max() <= 1.0


def test_the_local_card_says_that_it_is_judged():
    card = read_card(MODELS / "jingdezhen-local.yaml")
    assert card.use == "wildfire.local"
    assert {parameter.status for parameter in card.parameters.values()} == {"illustrative"}
    assert {f"hazard_{name}" for name in SPECIES_GROUPS} <= set(card.parameters)
    relative = card.parameters["relative_hazard"]
    assert (relative.value, relative.ends(), relative.range.distribution) == (1.0, (0.5, 2.0), "lognormal")
