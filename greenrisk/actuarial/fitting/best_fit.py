# SPDX-License-Identifier: Apache-2.0
"""Several families fitted to the same records, in the order of an information criterion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, overload

from numpy.typing import ArrayLike

from greenrisk.actuarial.arguments import one_of
from greenrisk.actuarial.fitting.data import LossData
from greenrisk.actuarial.fitting.fitted import SeverityFit
from greenrisk.actuarial.fitting.severity_fit import fit_severity
from greenrisk.actuarial.severity.family import Family
from greenrisk.actuarial.severity.registry import family_of
from greenrisk.core.errors import ArgumentError, Fault, Faults, FitError

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class FailedFit:
    """A family that could not be fitted.

    Parameters
    ----------
    family : str
        Its name.
    reason : str
        What was wrong and how to mend it.
    """

    family: str
    reason: str


@dataclass(frozen=True, eq=False)
class FitTable(Sequence[SeverityFit]):
    """Fits in the order of a criterion, and the families that failed with their reasons; nothing is dropped.

    It is a sequence of its fits: ``table[0]`` is the best, ``len(table)`` how many there are.

    Parameters
    ----------
    criterion : str
        ``aic`` or ``bic``.
    fits : tuple of SeverityFit
        The least value of the criterion first.
    failures : tuple of FailedFit
        In the order in which the families were given.
    """

    criterion: Literal["aic", "bic"]
    fits: tuple[SeverityFit, ...]
    failures: tuple[FailedFit, ...]

    @property
    def best(self) -> SeverityFit:
        """The fit with the least value of the criterion."""
        return self.fits[0]

    def rows(self) -> list[dict[str, str | int | float]]:
        """Return one row a fit: family, number of fitted parameters, log-likelihood, AIC, BIC, distance to the best."""
        least = getattr(self.best, self.criterion)
        return [
            {
                "family": fit.family,
                "parameters": len(fit.free),
                "log_likelihood": fit.log_likelihood,
                "aic": fit.aic,
                "bic": fit.bic,
                "distance": getattr(fit, self.criterion) - least,
            }
            for fit in self.fits
        ]

    def to_frame(self) -> pd.DataFrame:
        """Return :meth:`rows` as a ``pandas.DataFrame`` with the families as its index."""
        import pandas as pd

        return pd.DataFrame(self.rows()).set_index("family")

    @overload
    def __getitem__(self, place: int) -> SeverityFit: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[SeverityFit, ...]: ...
    def __getitem__(self, place: int | slice) -> SeverityFit | tuple[SeverityFit, ...]:
        """Return the fit at a place, 0 the best, or the fits of a slice."""
        return self.fits[place]

    def __len__(self) -> int:
        """Return how many families were fitted."""
        return len(self.fits)

    def __iter__(self) -> Iterator[SeverityFit]:
        """Return the fits one by one, the best first."""
        return iter(self.fits)

    def __repr__(self) -> str:
        """Return the lines of ``str``."""
        return str(self)

    def __str__(self) -> str:
        """One line a family: first those that were fitted, then those that were not and why."""
        lines = [f"{row['distance']:>10.2f}  {fit}" for row, fit in zip(self.rows(), self.fits, strict=True)]
        return "\n".join(
            [*lines, *(f"    failed  {failure.family}: {failure.reason}" for failure in self.failures)]
        )


def fit_best(
    data: LossData | ArrayLike,
    families: Iterable[type[Family] | str] | type[Family] | str,
    criterion: Literal["aic", "bic"] = "aic",
    *,
    fixed: Mapping[str, Mapping[str, float]] | None = None,
) -> FitTable:
    """Fit several families and order them by an information criterion.

    Parameters
    ----------
    data : LossData or array
        Records; an array is taken for exact losses [unit of the loss].
    families : iterable of types or names
        At least one, each as for :func:`greenrisk.actuarial.fitting.severity_fit.fit_severity`; a single one by itself.
    criterion : str
        ``aic`` or ``bic``.
    fixed : mapping of mappings, optional
        Parameters to hold, by name of the family.

    Raises
    ------
    ArgumentError
        On invalid records, or without a family.
    FitError
        If no family could be fitted, with the reason of each.

    Notes
    -----
    A criterion compares likelihoods of the same records: it says nothing of whether the best fit is a good one (see
    :mod:`greenrisk.actuarial.fitting.goodness`), nor of the tail beyond the largest loss.
    """
    one_of("criterion", criterion, ("aic", "bic"))
    records = data if isinstance(data, LossData) else LossData.exact(data)
    faults = Faults()
    chosen: list[type[Family]] = []
    for given in (
        (families,) if isinstance(families, str | type) or not isinstance(families, Iterable) else families
    ):
        try:
            chosen.append(family_of("families", given))
        except ArgumentError as error:
            faults.extend(error.faults)
    faults.raise_if_any(ArgumentError)
    held = dict(fixed or {})
    if not chosen:
        faults.add("families", "families = ()", "Name at least one family.")
    for name in set(held) - {family.__name__ for family in chosen}:
        faults.add("fixed", f"fixed[{name!r}]", "It is not among the families.")
    faults.raise_if_any(ArgumentError)
    fits: list[SeverityFit] = []
    failures: list[FailedFit] = []
    told: list[Fault] = []
    for family in chosen:
        try:
            fits.append(fit_severity(records, family, fixed=held.get(family.__name__)))
        except (ArgumentError, FitError) as error:
            reason = " ".join(f"{fault.what}: {fault.expected}" for fault in error.faults)
            failures.append(FailedFit(family.__name__, reason))
            told.extend(
                Fault(family.__name__, fault.what, fault.expected, fault.unit) for fault in error.faults
            )
    if not fits:
        raise FitError(told)
    fits.sort(key=lambda fit: float(getattr(fit, criterion)))
    return FitTable(criterion, tuple(fits), tuple(failures))
