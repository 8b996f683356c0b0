# SPDX-License-Identifier: Apache-2.0
"""Hierarchical credibility (Jewell): risks in groups, groups in larger groups, to any depth."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import one_of
from greenrisk.actuarial.credibility.variance import (
    credibility_factor,
    excess_spread,
    iterative_between,
    labels_of_risks,
    observe,
    pooled_between,
)
from greenrisk.actuarial.labels import aligned
from greenrisk.actuarial.printing import figure, name_of, table
from greenrisk.actuarial.reading import quoted
from greenrisk.core.errors import ArgumentError, Fault, Faults

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

Estimator = Literal["averaged", "pooled", "iterative"]
"""Variance between the members of the groups of a level: mean of the groups' own unbiased estimates, each at least 0
(Bühlmann and Gisler); unbiased from all groups together (Ohlsson); or the fixed point of the pseudo-estimator."""


@dataclass(frozen=True)
class Level:
    """One level of the hierarchy: its members, from those below.

    Parameters
    ----------
    name : str
        Name of the level; that of the rows is "risk".
    labels : tuple, length member
        Path of each member from the top level down to its own label; for a risk the label of its row in a DataFrame,
        else its number.
    parent : array of int, shape (member,)
        Place of each member's group in the level above; 0 for the highest level.
    mean : array, shape (member,)
        Own means, weighted with the credibilities of the members below; NaN where nothing was observed.
    weight : array, shape (member,)
        What each member weighs: its exposure for a risk, the sum of the credibilities below for a group.
    factor : array, shape (member,)
        Credibilities [unitless].
    premium : array, shape (member,)
        factor * mean + (1 - factor) * premium of the group above.
    between : float
        Variance between members of one group, >= 0.
    """

    name: str
    labels: tuple[Hashable, ...]
    parent: Ints
    mean: Floats
    weight: Floats
    factor: Floats
    premium: Floats
    between: float

    @property
    def no_credibility(self) -> bool:
        """Whether members of one group differ no more than by chance."""
        return self.between == 0.0

    def to_frame(self) -> pd.DataFrame:
        """Return own mean, weight, credibility and premium as a ``pandas.DataFrame``, a row for each member."""
        import pandas as pd

        columns = {
            "mean": self.mean,
            "weight": self.weight,
            "credibility": self.factor,
            "premium": self.premium,
        }
        names = pd.Index([name_of(label) for label in self.labels], name=self.name)
        return pd.DataFrame(columns, index=names)

    def __repr__(self) -> str:
        """One row a member, and the variance between them."""
        columns = zip(self.labels, self.mean, self.weight, self.factor, self.premium, strict=True)
        cells = [(name_of(i), figure(m), figure(w), f"{z:.4f}", figure(p)) for i, m, w, z, p in columns]
        told = ": they differ no more than by chance" if self.no_credibility else ""
        return "\n".join(
            [
                table((self.name, "mean", "weight", "credibility", "premium"), cells),
                f"variance between members of one group {figure(self.between)}{told}",
            ]
        )


@dataclass(frozen=True)
class Hierarchy:
    """Credibility premiums of every level.

    Parameters
    ----------
    levels : tuple of Level
        From the highest groups down to the risks.
    collective : float
        Collective mean.
    within : float
        Variance of an observation of unit weight.
    estimator : {"averaged", "pooled", "iterative"}
        How the variances between members were estimated.
    """

    levels: tuple[Level, ...]
    collective: float
    within: float
    estimator: Estimator

    @property
    def premium(self) -> Floats:
        """Premiums of the risks, shape (risk,)."""
        return self.levels[-1].premium

    def __repr__(self) -> str:
        """One table a level, from the highest down, and what the credibilities rest on."""
        last = f"collective mean {figure(self.collective)}, variance within {figure(self.within)} ({self.estimator})"
        return "\n\n".join([*(repr(level) for level in self.levels), last])


@dataclass(frozen=True)
class _Members:
    """Members of one level with their own means, before the premiums come down."""

    mean: Floats
    weight: Floats
    factor: Floats
    between: float


def hierarchical(
    ratios: ArrayLike,
    weights: ArrayLike | None,
    groups: Mapping[str, Sequence[Hashable]],
    *,
    estimator: Estimator = "averaged",
) -> Hierarchy:
    """Return hierarchical credibility premiums.

    Parameters
    ----------
    ratios, weights : array, shape (risk, period)
        As for :func:`greenrisk.actuarial.credibility.models.buhlmann_straub`.
    groups : mapping of str to sequence, or DataFrame, length risk
        Label of each risk at each level, from the highest level down. A label counts within its higher group.
    estimator : {"averaged", "pooled", "iterative"}
        How the variances between the members of groups are estimated.

    Raises
    ------
    ArgumentError
        If there is no level, a level has not one label a risk, or the tables are bad.
    FitError
        If fewer than two risks were observed, or none of them twice.

    Notes
    -----
    From the risks up: at each level the members of a group have means X_j, weights w_j and, of X_j sqrt(w_j), the
    variance v; the variance b between them is estimated, z_j = w_j / (w_j + v / b), and the group goes up with the mean
    sum z X / sum z, the weight sum z and the variance b. Where b = 0 the group goes up as one risk: with the mean and
    the sum of the weights w and the variance v. From the collective mean down: z_j X_j + (1 - z_j) * premium of the
    group. With one group that holds all risks the answer is that of Bühlmann and Straub.

    References
    ----------
    Jewell, W. S. (1975), The use of collateral data in credibility theory: a hierarchical model, Giornale dell'Istituto
    Italiano degli Attuari 38, 1-16. Bühlmann, H. and Gisler, A. (2005), A Course in Credibility Theory, Springer,
    chapter 6. Ohlsson, E. (2005), Simplified estimation of structure parameters in hierarchical credibility, ASTIN
    Colloquium, Zürich.
    """
    one_of("estimator", estimator, get_args(Estimator))
    if not hasattr(groups, "keys"):
        mend = "A mapping of levels was expected, from the highest down: {'region': [label of each risk]}."
        raise ArgumentError(Fault("groups", f"groups = {quoted(groups)}", mend))
    columns = {str(name): groups[name] for name in groups.keys()}  # noqa: SIM118
    aligned(ratios=ratios, weights=weights, **{f"groups[{name!r}]": given for name, given in columns.items()})
    seen = observe(ratios, weights)
    names, labels, parents = _tree(columns, labels_of_risks(ratios, weights))
    found: list[_Members] = []
    mean, weight, variance = seen.mean, seen.weight, seen.within
    for parent in reversed(parents):
        held = np.flatnonzero(weight > 0.0)
        members = [held[parent[held] == g] for g in range(int(parent.max()) + 1)]
        between = _between(mean, weight, variance, [place for place in members if place.size], estimator)
        factor = credibility_factor(weight, variance, between)
        found.append(_Members(mean, weight, factor, between))
        by = factor if between > 0.0 else weight
        if between > 0.0:
            variance = between
        weight = np.asarray(np.bincount(parent, weights=by, minlength=len(members)), dtype=np.float64)
        sums = np.bincount(parent, weights=by * mean, minlength=len(members))
        mean = np.divide(sums, weight, out=np.zeros_like(weight), where=weight > 0.0)
    premium = mean
    levels = []
    for name, paths, parent, own in zip(names, labels, parents, reversed(found), strict=True):
        premium = (
            np.where(own.weight > 0.0, own.factor * own.mean, 0.0) + (1.0 - own.factor) * premium[parent]
        )
        told = np.where(own.weight > 0.0, own.mean, np.nan)
        levels.append(Level(name, paths, parent, told, own.weight, own.factor, premium, own.between))
    return Hierarchy(tuple(levels), float(mean[0]), seen.within, estimator)


def _between(
    mean: Floats, weight: Floats, variance: float, groups: Sequence[Ints], estimator: Estimator
) -> float:
    if estimator == "iterative":
        return iterative_between(mean, weight, variance, groups)
    if estimator == "pooled":
        return max(pooled_between(mean, weight, variance, groups), 0.0)
    spreads = [excess_spread(mean[g], weight[g], variance) for g in groups if g.size > 1]
    return float(np.mean([max(excess / room, 0.0) for excess, room in spreads])) if spreads else 0.0


def _tree(
    groups: Mapping[str, Sequence[Hashable]], labels_of_rows: tuple[Hashable, ...]
) -> tuple[list[str], list[tuple[Hashable, ...]], list[Ints]]:
    """Return names, labels and parents of the levels, the highest first, the risks last."""
    faults, risks = Faults(), len(labels_of_rows)
    if not groups:
        faults.add(
            "groups",
            "no level",
            "At least one level of groups was expected; without any use buhlmann_straub.",
        )
    for name, column in groups.items():
        if len(column) != risks:
            faults.add(
                "groups", f"{name}: {len(column)} labels", f"One for each of the {risks} risks was expected."
            )
    faults.raise_if_any(ArgumentError)
    columns = list(groups.values())
    names, labels, parents = [*groups, "risk"], [], []
    above: list[int] = [0] * risks
    for depth in range(1, len(columns) + 1):
        places: dict[tuple[Hashable, ...], int] = {}
        own = [places.setdefault(path, len(places)) for path in zip(*columns[:depth], strict=True)]
        parent = np.zeros(len(places), dtype=np.int64)
        parent[own] = above
        labels.append(tuple(places))
        parents.append(parent)
        above = own
    return names, [*labels, labels_of_rows], [*parents, np.asarray(above, dtype=np.int64)]
