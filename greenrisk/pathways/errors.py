# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with a pathway: typed, so that a caller can tell one from the other."""

from __future__ import annotations

from greenrisk.core.errors import GreenRiskError


class PathwayError(GreenRiskError):
    """A pathway cannot be made of what the user gave."""


class UnitError(PathwayError):
    """A unit is unknown, or is no unit of the variable that bears it."""


class DeviationAsLevel(PathwayError):
    """A deviation from a baseline was asked for as a level, or a level as a deviation."""


class FamilyError(PathwayError):
    """Baseline and shock come from different model families, or their names are mixed up."""


class SeriesError(PathwayError):
    """No such series, or years outside those that it holds."""


class CurrencyError(PathwayError):
    """A year without deflator or rate of exchange."""


class ShockError(PathwayError):
    """A user's own shock leads out of the domain of its quantity."""


class CoverageError(PathwayError):
    """Something that the study needs is in no pathway table."""
