# SPDX-License-Identifier: Apache-2.0
from dataclasses import dataclass

import numpy as np
import pytest

from greenrisk.actuarial.fitting.coordinates import Coordinates, coordinates_of
from greenrisk.actuarial.fitting.data import LossData
from greenrisk.actuarial.fitting.severity_fit import fit_severity
from greenrisk.actuarial.severity.families import Exponential
from greenrisk.actuarial.severity.family import Domain
from greenrisk.actuarial.severity.pareto_families import GeneralisedPareto, Pareto
from greenrisk.actuarial.severity.registry import FAMILIES


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda family: family.__name__)
def test_lines_lead_back_to_the_parameters_they_came_from(family):
    values = {name: 0.3 + 0.4 * i for i, name in enumerate(family.names)}
    place = Coordinates(family, {})
    assert place.natural(place.point(values)) == pytest.approx(list(values.values()))
    step = 1e-6
    for i, name in enumerate(family.names):
        move = step * (np.arange(len(values)) == i)
        rise = place.natural(place.point(values) + move) - place.natural(place.point(values) - move)
        assert rise[i] / (2 * step) == pytest.approx(place.slopes(place.point(values))[i], rel=1e-6), name


@dataclass(frozen=True)
class Bounded(Exponential):
    """An exponential law whose scale a user holds between two bounds, under a name of its own."""

    domains = {"scale": Domain(2.0, 10.0)}  # noqa: RUF012


def test_a_parameter_between_two_bounds_is_searched_on_the_whole_line():
    place = Coordinates(Bounded, {})
    assert place.point({"scale": 6.0}) == pytest.approx([0.0])
    assert place.natural(np.array([[-50.0], [0.0], [50.0]]))[:, 0] == pytest.approx([2.0, 6.0, 10.0])
    assert place.slopes(np.array([0.0])) == pytest.approx([8 / 4])


def test_a_family_of_the_users_own_is_fitted_without_named_starts():
    fit = fit_severity([3.0, 5.0, 7.0], Bounded)
    assert fit.family == "Bounded"
    assert fit.parameters["scale"] == pytest.approx(5.0, rel=1e-9)


def test_ends_of_the_support_are_held_without_being_asked():
    data = LossData.exact([5.0, 7.0], deductible=4.0)
    assert coordinates_of(GeneralisedPareto, None, data).fixed == {"threshold": 0.0}
    assert coordinates_of(Pareto, None, data).fixed == {"threshold": 4.0}
    assert coordinates_of(Pareto, {"threshold": 3.0}, data).fixed == {"threshold": 3.0}
