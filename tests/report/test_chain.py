# SPDX-License-Identifier: Apache-2.0
"""The chain of the calculation: each step rests on the parameters of the card that it means."""

from __future__ import annotations

import numpy as np
import xarray as xr

from greenrisk.report.pages.forest_chain import chain_steps, chain_title
from greenrisk.report.pages.forest_tables import CardLines, ParameterLine


def card(name: str, *parameters: str, status: str = "illustrative") -> CardLines:
    return CardLines(
        name,
        tuple(
            ParameterLine(
                f"card-{name}-{parameter}", f"Meaning of {parameter}", "1", "0 to 2", "", status, "", ""
            )
            for parameter in parameters
        ),
    )


CARDS = [
    card("tail", "shape", "scale", "family", status="confirmed"),
    card("cost", "scale"),
    card("ice-judged", "field"),
]


def links(label: str, rests_on: str) -> list[str]:
    chain = xr.Dataset(
        {
            "label": ("step", np.array([label])),
            "value": ("step", np.array([1.0])),
            "unit": ("step", np.array(["CNY/year"])),
            "note": ("step", np.array([""])),
            "rests_on": ("step", np.array([rests_on])),
            "added": ("step", np.array([False])),
        }
    )
    (step,) = chain_steps(chain, CARDS, {"snow_ice": [CARDS[2]], "wildfire": [CARDS[0]]})
    rests = step["rests"]
    assert isinstance(rests, list)
    return [link["href"] for link in rests]


def test_a_name_that_two_cards_have_is_that_of_the_card_with_the_other_names() -> None:
    assert links("Mean size", "family shape scale") == [
        "#card-tail-family", "#card-tail-shape", "#card-tail-scale",
    ]  # fmt: skip


def test_a_name_alone_is_that_of_the_card_of_which_it_is_the_larger_part() -> None:
    assert links("Pure premium for storm", "scale") == ["#card-cost-scale"]


def test_the_premium_of_a_peril_rests_on_its_own_card_too() -> None:
    assert links("Pure premium for snow and ice", "scale") == ["#card-ice-judged", "#card-cost-scale"]
    assert links("Pure premium for fire", "shape") == ["#card-tail-shape"]


def test_a_parameter_that_no_card_has_is_left_out() -> None:
    assert links("Fires a year", "unknown") == []


def test_the_title_adds_up_the_perils_or_starts_with_the_first_number() -> None:
    chain = xr.Dataset(
        {
            "label": (
                "step",
                np.array(["Fires a year", "Pure premium for fire", "Pure premium for storm", "Gross"]),
            ),
            "value": ("step", np.array([2.0, 13_500.0, 134_000.0, 400_000.0])),
            "unit": ("step", np.array(["1/year", "CNY/year", "CNY/year", "CNY/year"])),
        }
    )
    assert chain_title(chain).replace("\u00a0", " ") == (
        "Expected payments for 2 perils, CNY 148,000 a year, become a premium of CNY 400,000 a year"
    )
    assert chain_title(chain.isel(step=[0, 1, 3])).replace("\u00a0", " ") == (
        "From 2.00 fires a year to a premium of CNY 400,000 a year"
    )
