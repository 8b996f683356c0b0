# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pandas as pd
import pytest

from greenrisk.actuarial.glm.design import Factor, Slope, read_terms
from greenrisk.actuarial.glm.rating_fit import fit_rating_model
from greenrisk.core.errors import ArgumentError, FitError


def read(table, count=4, exposure=None, categorical=(), base_levels=None):
    return read_terms(table, np.ones(count) if exposure is None else exposure, categorical, base_levels or {})


def test_words_and_truth_values_are_factors_and_numbers_are_slopes():
    terms = read({"zone": ["B", "A", "B", "B"], "irrigated": [True, False, True, True], "age": [1, 2, 3, 4]})
    assert terms.terms == (
        Factor("zone", ("A", "B"), "B"),
        Factor("irrigated", ("False", "True"), "True"),
        Slope("age"),
    )
    assert terms.names() == ("base", "zone: A", "irrigated: False", "age")
    design = terms.design({"zone": ["A", "B"], "irrigated": [True, False], "age": [7.0, 8.0]}, 2)
    assert design.tolist() == [[1, 1, 0, 7], [1, 0, 1, 8]]


def test_numbers_can_be_factors():
    terms = read({"year": [2020, 2021, 2021, 2022]}, categorical=["year"])
    assert terms.terms == (Factor("year", ("2020", "2021", "2022"), "2021"),)


def test_the_base_has_most_exposure_not_most_rows():
    terms = read({"zone": ["A", "A", "A", "B"]}, exposure=np.array([1.0, 1.0, 1.0, 4.0]))
    assert terms.terms[0].base == "B"


def test_pandas_categories_are_factors_and_an_empty_one_is_refused():
    column = pd.Series(pd.Categorical(["A", "B", "A", "B"], categories=["A", "B", "C"]))
    with pytest.raises(FitError, match="zone: level C has no row\n  Leave it out"):
        read({"zone": column})
    numbers = pd.Series(pd.Categorical([1, 2, 1, 2]))
    assert read({"class": numbers}).terms == (Factor("class", ("1", "2"), "1"),)


def test_a_term_is_left_out_by_name():
    terms = read({"zone": ["A", "B", "A", "B"], "age": [1, 2, 3, 4]})
    assert terms.without("zone").names() == ("base", "age")


def test_a_single_level_tells_nothing():
    with pytest.raises(FitError, match="zone has the single level A\n  Leave the term out"):
        read({"zone": ["A"] * 4})


def test_missing_levels_are_refused_with_their_place():
    with pytest.raises(ArgumentError, match=r"zone\[1\] is missing \(2 in all\)"):
        read({"zone": ["A", None, "B", np.nan]})
    with pytest.raises(ArgumentError, match=r"age\[3\] = nan"):
        read({"age": [1.0, 2.0, 3.0, np.nan]})


def test_unknown_columns_and_bases_and_lengths_are_told_at_once():
    with pytest.raises(ArgumentError) as caught:
        read(
            {"zone": ["A", "B", "A", "B"], "age": [1.0, 2.0]},
            categorical=["areas"],
            base_levels={"zone": "Z", "use": "x"},
        )
    text = str(caught.value)
    assert "categorical names areas" in text
    assert "base_levels names use" in text
    assert "zone: Z\n  Levels: A, B." in text
    assert "age of length 2" in text


def test_a_column_cannot_be_called_as_the_base_rate():
    with pytest.raises(ArgumentError, match="a column called base"):
        read({"base": [1.0, 2.0, 3.0, 4.0]})


def test_nested_factors_are_refused_by_the_columns_that_depend():
    # Every district lies in one zone: the zone's column is the sum of its districts'.
    table = {"zone": ["N", "N", "S", "S"] * 5, "district": ["a", "b", "c", "d"] * 5, "age": np.arange(20) % 7}
    with pytest.raises(FitError, match=r"rank 5 of 6: .*zone: S.*district: c, district: d\n"):
        fit_rating_model(np.arange(20) + 1, table, base_levels={"zone": "N", "district": "a"})
