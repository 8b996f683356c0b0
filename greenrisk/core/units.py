# SPDX-License-Identifier: Apache-2.0
"""Units of the house: conversion happens at the door only.

Inside the package money is CNY (float64, of a stated price year), area is hectare in hazard and mu in
policy terms, and a variable name or ``attrs["units"]`` says which.
"""

from __future__ import annotations

from typing import Final

MU_PER_HA: Final = 15.0
"""Mu (亩) in a hectare: 1 mu = 1/15 ha. Source: Chinese legal units, State Council order of 1984-02-27."""

KM_PER_DEGREE: Final = 111.195
"""Length of a degree of latitude on a sphere of radius 6,371.0 km [km]."""
