# SPDX-License-Identifier: Apache-2.0
"""What an accident costs under each head: a chance of nothing, and the law of a positive amount up to its cap.

What lives here: the laws, built from the numbers of the cards, and their expected values in closed form. What does
not: dependence between heads and fast draws (:mod:`greenrisk.pollution.severity.draws`), the terms of a policy
(:mod:`greenrisk.pollution.liability`).

References
----------
Pickands, J. (1975), Statistical inference using extreme order statistics, Annals of Statistics 3, 119-131 (the tail).
Klugman, S. A., Panjer, H. H. and Willmot, G. E. (2012), Loss Models, 4th ed. (spliced laws, limited expected values).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import keep, number, numbers, one_of, probability
from greenrisk.actuarial.kinds import instance
from greenrisk.actuarial.severity.families import Lognormal
from greenrisk.actuarial.severity.law import Severity
from greenrisk.actuarial.severity.modified import Capped
from greenrisk.actuarial.severity.pareto_families import GeneralisedPareto
from greenrisk.actuarial.severity.spliced import Spliced
from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.pollution.severity.caps import CAP_KINDS, Cap
from greenrisk.pollution.severity.heads import HEADS
from greenrisk.pollution.severity.roles import JUDGED_HEADS, RECORDED_HEADS, THRESHOLDS

Floats = NDArray[np.float64]
Values = Mapping[str, float | str]


@dataclass(frozen=True)
class HeadLaw:
    """The law of one head of one accident.

    Parameters
    ----------
    head : str
        One of :data:`~greenrisk.pollution.severity.heads.HEADS`.
    share_positive : float
        Probability that the head costs anything, in [0, 1] [unitless].
    law : Capped
        Law of a positive amount, with the cap as an atom [CNY].
    """

    head: str
    share_positive: float
    law: Capped

    def __post_init__(self) -> None:
        """Refuse an unknown head, a share that is no probability and a law without a cap."""
        keep(
            self,
            head=lambda name, given: one_of(name, given, HEADS),
            share_positive=lambda name, given: probability(name, given, open_interval=False),
            law=lambda name, given: instance(
                name, given, Capped, "Cap the law: Capped(law, amount). Its mean may be infinite without."
            ),
        )
        if not math.isfinite(self.law.limit):
            raise ArgumentError(
                Fault(
                    "law",
                    f"cap of {self.head} = inf",
                    "The cap must be finite: without it the mean may be infinite.",
                    "CNY",
                )
            )

    def expected(self) -> float:
        """Return the expected loss of an accident under this head, zeros included [CNY]."""
        return self.share_positive * self.law.mean()

    def expected_within(self, limit: ArrayLike, attachment: float = 0.0) -> Floats:
        """Return E[min(max(X - attachment, 0), limit)], zeros included, in closed form.

        Parameters
        ----------
        limit : array
            Limits >= 0, inf: none but the cap; the shape of the answer [CNY].
        attachment : float
            Deductible, >= 0 [CNY].
        """
        limits = numbers("limit", limit, least=0.0, infinite=True, unit="CNY")
        attachment = number("attachment", attachment, least=0.0, unit="CNY")
        if attachment >= self.law.limit:
            return np.zeros_like(limits)
        layer = self.law.layer(attachment=attachment) if attachment > 0.0 else self.law
        return np.asarray(self.share_positive * layer.limited_expected_value(limits))

    def exceeds(self, amount: ArrayLike) -> Floats:
        """Return P(X > amount) of an accident, zeros included [unitless].

        Parameters
        ----------
        amount : array
            >= 0 [CNY].
        """
        return np.asarray(self.share_positive * self.law.sf(numbers("amount", amount, least=0.0, unit="CNY")))

    def amount(self, beyond: ArrayLike) -> Floats:
        """Return the amount that is exceeded with a given probability, zeros included [CNY].

        Parameters
        ----------
        beyond : array
            Probability of a greater loss, in [0, 1] [unitless].
        """
        q = numbers("beyond", beyond, least=0.0, most=1.0, unit="unitless")
        if self.share_positive == 0.0:
            return np.zeros_like(q)
        paid = self.law.isf(np.minimum(q / self.share_positive, 1.0))
        return np.where(q < self.share_positive, paid, 0.0)[()]


def severity_laws(
    values: Mapping[str, Values], constants: Mapping[str, Mapping[str, float]], cap: Cap
) -> tuple[HeadLaw, ...]:
    """Return the laws of all heads in CNY, in the order of ``HEADS``.

    Parameters
    ----------
    values : mapping of str to mapping
        Parameter values by role (``severity``, ``bodily``, ``legal``, ``transfer``); see
        :data:`~greenrisk.pollution.severity.roles.SEVERITY_ROLES`.
    constants : mapping of str to mapping
        Constants of the card of role ``severity``.
    cap : Cap
        The most that one head of one accident costs.

    Returns
    -------
    tuple of HeadLaw

    Raises
    ------
    ArgumentError
        If there is no cap, the threshold is unknown, or a number makes no law.

    Notes
    -----
    A recorded head: zero with 1 - p; else lognormal(mu, sigma) truncated at the threshold u with 1 - w, generalised
    Pareto above it with w = exceedances / positive reports. USD become CNY by severity factor * CNY per USD, which
    shifts mu and scales u and the tail. A judged head is lognormal in CNY; no factor is applied to it.
    """
    given = uncapped_laws(values, constants)
    if not isinstance(cap, Cap):
        endless = [head for head, (_, law) in given.items() if not math.isfinite(law.mean())]
        why = f" The mean of {', '.join(endless)} is infinite without it." if endless else ""
        mend = f"A cap is needed, Cap(kind, amount) with kind {' | '.join(CAP_KINDS)}.{why}"
        raise ArgumentError(Fault("cap", f"cap = {cap!r}", mend, "CNY"))
    return tuple(HeadLaw(head, share, Capped(law, cap.amount)) for head, (share, law) in given.items())


def uncapped_laws(
    values: Mapping[str, Values], constants: Mapping[str, Mapping[str, float]]
) -> dict[str, tuple[float, Severity]]:
    """Return share of positive amounts and their law without a cap, by head in the order of ``HEADS``.

    Parameters
    ----------
    values, constants : mapping
        As for :func:`severity_laws`.

    Raises
    ------
    ArgumentError
        If the threshold is unknown or a number makes no law.
    """
    to_cny = currency_factor(values)
    laws: dict[str, tuple[float, Severity]] = {}
    for head in HEADS:
        if head in RECORDED_HEADS:
            laws[head] = _recorded_law(head, values["severity"], constants["severity"], to_cny)
        else:
            judged = values[JUDGED_HEADS[head]]
            median = number(f"{head}: median", float(judged["median"]), above=0.0, unit="CNY")
            law = Lognormal(math.log(median), float(judged["sigma"]))
            laws[head] = (float(judged["share_positive"]), law)
    return laws


def currency_factor(values: Mapping[str, Values]) -> float:
    """Return what a USD of the reports is in CNY of an accident in China: severity factor * CNY per USD [CNY/USD].

    Parameters
    ----------
    values : mapping
        As for :func:`severity_laws`; the role ``transfer`` is used.
    """
    transfer = values["transfer"]
    return number("severity_factor", float(transfer["severity_factor"]), above=0.0, unit="unitless") * number(
        "cny_per_usd", float(transfer["cny_per_usd"]), above=0.0, unit="CNY/USD"
    )


def dependence_of(values: Mapping[str, Values]) -> float:
    """Return the correlation of the normal scores of any two heads, in [0, 1) [unitless].

    Parameters
    ----------
    values : mapping
        As for :func:`severity_laws`; the role ``severity`` is used.
    """
    given = float(values["severity"]["dependence"])
    return number("dependence", given, least=0.0, below=1.0, unit="unitless")


def physical_cap(values: Mapping[str, Values]) -> Cap:
    """Return the physical cap of the card of role ``severity``.

    Parameters
    ----------
    values : mapping
        As for :func:`severity_laws`.
    """
    return Cap("physical", float(values["severity"]["physical_cap"]))


def recapped(laws: tuple[HeadLaw, ...], cap: Cap) -> tuple[HeadLaw, ...]:
    """Return the same laws under another cap.

    Parameters
    ----------
    laws : tuple of HeadLaw
        As from :func:`severity_laws`.
    cap : Cap
        The other cap; it may be higher than the one before.
    """
    return tuple(replace(law, law=Capped(law.law.base, cap.amount)) for law in laws)


def _recorded_law(
    head: str, values: Values, constants: Mapping[str, float], to_cny: float
) -> tuple[float, Severity]:
    """Return share and law of a head of the reports, in CNY."""
    at = one_of("tail_threshold", str(values["tail_threshold"]), THRESHOLDS)[1:]
    weight = constants[f"{head}_exceedances_{at}"] / constants[f"{head}_positive"]
    threshold = float(constants[f"{head}_threshold_{at}"]) * to_cny
    scale = number(f"{head}_scale_{at}", float(values[f"{head}_scale_{at}"]), above=0.0, unit="USD")
    body = Lognormal(float(values[f"{head}_mu"]) + math.log(to_cny), float(values[f"{head}_sigma"]))
    tail = GeneralisedPareto(float(values[f"{head}_shape_{at}"]), scale * to_cny, threshold)
    return float(values[f"{head}_share_positive"]), Spliced(body, tail, threshold, weight)
