# SPDX-License-Identifier: Apache-2.0
"""Baseline and shock of one model family; names that look alike are told apart."""

from __future__ import annotations

import pytest

from greenrisk.core.ledger import Ledger
from greenrisk.pathways.errors import FamilyError
from greenrisk.pathways.families import check_family, family_of, look_alikes, tell_look_alikes

GCAM = [
    ("NGFS2023GCAM", "NGFS2023GCAM_CP"),
    ("NGFS2023GCAM", "NGFS2023GCAM_NZ2050"),
    ("NGFS2023_GCAM", "NGFS2023_GCAM_CP"),
    ("NGFS2023_GCAM", "NGFS2023_GCAM_NZ2050"),
    ("NGFS2023_REMIND", "NGFS2023_REMIND_CP"),
]


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("REMIND-MAgPIE 3.3-4.8", "REMIND-MAgPIE 3.3-4.8"),
        ("NiGEM NGFS v1.24.2[REMIND-MAgPIE 3.3-4.8]", "REMIND-MAgPIE 3.3-4.8"),
        ("REMIND", "REMIND-MAgPIE 3.3-4.8"),
        ("NiGEM", "REMIND-MAgPIE 3.3-4.8"),
        (
            "REMIND-MAgPIE 3.3-4.8 IntegratedPhysicalDamages (median)",
            "REMIND-MAgPIE 3.3-4.8 IntegratedPhysicalDamages (median)",
        ),
        ("GCAM 6.0 NGFS", "GCAM 6.0 NGFS"),
    ],
)
def test_a_family_is_the_model_and_version_behind_the_numbers(model: str, family: str) -> None:
    assert family_of(model) == family


def test_one_family_is_accepted() -> None:
    check_family(GCAM[0], GCAM[1], GCAM)


def test_two_families_are_refused_and_the_look_alike_of_the_right_one_is_offered() -> None:
    with pytest.raises(FamilyError) as raised:
        check_family(GCAM[0], GCAM[3], GCAM, where="s.yaml:4:3")
    assert str(raised.value).splitlines()[:2] == [
        "s.yaml:4:3  NGFS2023_GCAM_NZ2050 (NGFS2023_GCAM) against NGFS2023GCAM_CP (NGFS2023GCAM)",
        "  Baseline and shock must be of one model family: `NGFS2023GCAM` and `NGFS2023_GCAM` are two. "
        "Did you mean `NGFS2023GCAM_NZ2050`?",
    ]


def test_look_alikes_differ_by_marks_blanks_and_capitals_alone() -> None:
    names = [scenario for _, scenario in GCAM]
    assert look_alikes("NGFS2023GCAM_CP", names) == ("NGFS2023_GCAM_CP",)
    assert look_alikes("Net Zero 2050", ["NetZero2050", "net zero 2050", "Net Zero 2040"]) == (
        "NetZero2050",
        "net zero 2050",
    )
    ledger = Ledger()
    tell_look_alikes(["NGFS2023GCAM_CP", "NGFS2023_REMIND_CP"], names, ledger)
    assert [(line.subject, line.detail) for line in ledger] == [
        ("NGFS2023GCAM_CP", "Taken as written; the tables hold also `NGFS2023_GCAM_CP`.")
    ]
