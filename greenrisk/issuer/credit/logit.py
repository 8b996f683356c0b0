# SPDX-License-Identifier: Apache-2.0
"""A logit of failure on ratios: fitted on the user's own firm-years, or refused with the reason.

Nothing is shipped fitted. A handful of firms, one failure, or ratios that part the failed from the others without
overlap identify no coefficient: that is told, and the scores are shown instead (:mod:`firm_years`). No measure of how
well a fit parts the two is given on the data it was fitted to.

References
----------
Ohlson, J. A. (1980). Financial ratios and the probabilistic prediction of bankruptcy. Journal of Accounting Research
18(1), 109-131. doi:10.2307/2490395. Shumway, T. (2001). Forecasting bankruptcy more accurately: a simple hazard model.
Journal of Business 74(1), 101-124. doi:10.1086/209665: the logit on firm-years, with errors by firm.
Peduzzi, P. et al. (1996). A simulation study of the number of events per variable in logistic regression analysis.
Journal of Clinical Epidemiology 49(12), 1373-1379. doi:10.1016/S0895-4356(96)00236-3: ten events for each variable.
Konis, K. (2007). Linear programming algorithms for detecting separated data in binary logistic regression models.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linprog
from scipy.special import expit, log_expit

from greenrisk.core.errors import Faults, FitError
from greenrisk.core.ledger import Ledger
from greenrisk.core.tables import file_rows
from greenrisk.issuer.credit.domains import Floats

EVENTS_PER_RATIO: Final = 10
"""Failed firms that each ratio needs, Peduzzi et al. (1996)."""
LEAST_FAILURES: Final = 10
LEAST_FIRMS: Final = 30


class LogitRefused(FitError):
    """The firm-years do not identify a logit of failure."""


@dataclass(frozen=True)
class FittedLogit:
    """A logit of failure within the year.

    Parameters
    ----------
    ratios : tuple of str
        Names, in the order of the coefficients.
    coefficients : ndarray, (1 + ratio,)
        Constant first [1].
    covariance : ndarray, (1 + ratio, 1 + ratio)
        Of the coefficients, firms taken as clusters [1].
    firms, failures, firm_years : int
        What it was fitted on; failures are firms.
    log_likelihood, null_log_likelihood : float
        Of the fit and of a constant alone.
    low, high : ndarray, (ratio,)
        Smallest and largest value of each ratio in the data: outside them the fit is carried on, not seen.
    """

    ratios: tuple[str, ...]
    coefficients: Floats
    covariance: Floats
    firms: int
    failures: int
    firm_years: int
    log_likelihood: float
    null_log_likelihood: float
    low: Floats
    high: Floats

    def index(self, ratios: Mapping[str, ArrayLike]) -> Floats:
        """Return the linear index a + b'x; NaN where a ratio is missing."""
        total: Floats = np.asarray(self.coefficients[0], dtype=np.float64)
        for name, b in zip(self.ratios, self.coefficients[1:], strict=True):
            total = total + b * np.asarray(ratios.get(name, np.nan), dtype=np.float64)
        return total

    def probability(self, ratios: Mapping[str, ArrayLike]) -> Floats:
        """Return the twelve-month probability of failure, 1 / (1 + exp(-index)) [1].

        Parameters
        ----------
        ratios : mapping of str to array_like
            By the names of ``ratios`` [1].
        """
        out: Floats = expit(self.index(ratios))
        return out

    def log_probability(self, ratios: Mapping[str, ArrayLike]) -> Floats:
        """Return the logarithm of the probability, exact where it underflows."""
        out: Floats = log_expit(self.index(ratios))
        return out

    def outside(self, ratios: Mapping[str, ArrayLike]) -> NDArray[np.bool_]:
        """Return where a ratio lies outside what the data showed."""
        found: NDArray[np.bool_] = np.asarray(False)
        for name, low, high in zip(self.ratios, self.low, self.high, strict=True):
            x = np.asarray(ratios.get(name, np.nan), dtype=np.float64)
            found = found | (x < low) | (x > high)
        return found

    def drawn(self, normals: ArrayLike) -> Floats:
        """Return draws of the coefficients for the knowledge interval, (draw, 1 + ratio).

        Parameters
        ----------
        normals : array_like, (draw, 1 + ratio)
            Independent standard normal numbers.
        """
        root = np.linalg.cholesky(self.covariance)
        out: Floats = self.coefficients + np.asarray(normals, dtype=np.float64) @ root.T
        return out


def fit_logit(
    frame: pd.DataFrame,
    ratios: Sequence[str],
    *,
    name: str = "firm_years",
    ledger: Ledger | None = None,
    events_per_ratio: int = EVENTS_PER_RATIO,
    least_failures: int = LEAST_FAILURES,
    least_firms: int = LEAST_FIRMS,
) -> FittedLogit:
    """Return the logit of failure on ratios, or refuse the data with every reason.

    Parameters
    ----------
    frame : DataFrame
        The user's firm-years: ``firm``, ``year``, ``failed`` (1 in the year before a failure) and the ratios, columns
        of :data:`greenrisk.issuer.credit.tables.FIRM_YEARS`.
    ratios : sequence of str
        Columns that enter.
    name : str
        What the table is called in messages.
    ledger : Ledger, optional
        Told how many firm-years lack a ratio and are left out.
    events_per_ratio, least_failures, least_firms : int
        Failed firms for each ratio, failed firms and firms that the data must have.

    Raises
    ------
    LogitRefused
        With every reason: too few firms or failures, a label that stands for the firm and not for the year, ratios that
        do not vary or depend on each other, ratios that part failed and others without overlap, no convergence.

    Notes
    -----
    ln(PD / (1 - PD)) = a + b'x by maximum likelihood; the covariance takes the years of one firm as one cluster.
    """
    wanted = list(ratios)
    faults = Faults()
    for column in ("firm", "year", "failed", *wanted):
        if column not in frame.columns:
            faults.add(f"{name}:1", column, "This column is missing.")
    if not wanted:
        faults.add(name, "ratios", "Name at least one ratio.")
    faults.raise_if_any(LogitRefused, _HINT)
    rows = file_rows(frame)
    for at in np.flatnonzero(frame.duplicated(["firm", "year"]).to_numpy())[:_MOST]:
        what = f"{frame['firm'].iat[at]}, {frame['year'].iat[at]}"
        faults.add(f"{name}:{rows[at]}", what, "This firm-year is told twice. Leave one row out.")
    whole = frame[wanted].notna().all(axis=1).to_numpy()
    used = frame[whole].reset_index(drop=True)
    lost = int((~whole).sum())
    if lost and ledger is not None:
        ledger.add("dropped", name, "Firm-years without a ratio of the logit were left out of its fit.", lost)
    by_firm = used.groupby("firm")["failed"].sum()
    firms, failures = len(by_firm), int((by_firm > 0).sum())
    if (by_firm > 1).any():
        first = str(by_firm.index[by_firm > 1][0])
        what = f"{first} fails in {int(by_firm[first])} years" + (
            f", and {int((by_firm > 1).sum()) - 1} more firms" if (by_firm > 1).sum() > 1 else ""
        )
        faults.add(
            name, what, "A firm fails once: `failed` is 1 in the year before the failure only, else 0."
        )
    if firms < least_firms:
        faults.add(
            name, f"{firms} firms", f"A logit needs {least_firms} firms or more; look at the scores instead."
        )
    need = max(least_failures, events_per_ratio * len(wanted))
    if failures < need:
        mend = f"{len(wanted)} ratios need {need} failed firms or more. Name fewer ratios or give more firms."
        faults.add(name, f"{failures} failed firm{'' if failures == 1 else 's'}", mend)
    faults.raise_if_any(LogitRefused, _HINT)
    x, y = used[wanted].to_numpy(dtype=np.float64), used["failed"].to_numpy(dtype=np.float64)
    for flat in np.flatnonzero(np.ptp(x, axis=0) == 0.0):
        faults.add(name, wanted[int(flat)], "This ratio is the same in all firm-years: leave it out.")
    faults.raise_if_any(LogitRefused, _HINT)
    centre, scale = x.mean(axis=0), x.std(axis=0)
    design = np.column_stack([np.ones(len(x)), (x - centre) / scale])
    if np.linalg.matrix_rank(design) < design.shape[1]:
        faults.add(name, ", ".join(wanted), "Some of these ratios are sums of others: leave one out.")
    elif _separated(design, y):
        mend = "They part the failed firms from the others without overlap: no finite coefficient fits. Use fewer."
        faults.add(name, ", ".join(wanted), mend)
    faults.raise_if_any(LogitRefused, _HINT)
    beta, covariance, likelihood, null = _maximum(design, y, used["firm"], name)
    # From ratios in standard deviations around their mean back to the ratios themselves.
    back = np.zeros((len(beta), len(beta)))
    back[0, 0], back[0, 1:] = 1.0, -centre / scale
    back[np.arange(1, len(beta)), np.arange(1, len(beta))] = 1.0 / scale
    return FittedLogit(
        ratios=tuple(wanted),
        coefficients=back @ beta,
        covariance=back @ covariance @ back.T,
        firms=firms,
        failures=failures,
        firm_years=len(used),
        log_likelihood=likelihood,
        null_log_likelihood=null,
        low=x.min(axis=0),
        high=x.max(axis=0),
    )


_HINT: Final = "`greenrisk show table firm-years` lists the columns. Nothing was fitted."
_MOST: Final = 10


def _separated(design: Floats, y: Floats) -> bool:
    """Whether a plane has all failures on one side and all others on the other, ties allowed."""
    signed = np.where(y > 0, 1.0, -1.0)[:, None] * design
    found = linprog(
        -signed.sum(axis=0), A_ub=-signed, b_ub=np.zeros(len(y)), bounds=(-1.0, 1.0), method="highs"
    )
    return bool(found.status == 0 and -float(found.fun or 0.0) > 1e-7 * len(y))


def _maximum(design: Floats, y: Floats, firm: pd.Series, name: str) -> tuple[Floats, Floats, float, float]:
    """Coefficients, their covariance by firm, and both log likelihoods."""
    from statsmodels.discrete.discrete_model import Logit

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        groups = pd.factorize(firm)[0]
        fit = Logit(y, design).fit(
            disp=0, maxiter=200, method="newton", cov_type="cluster", cov_kwds={"groups": groups}
        )
    if not fit.mle_retvals["converged"] or not np.all(np.isfinite(fit.bse)):
        faults = Faults()
        faults.add(name, "no maximum found", "The likelihood has none within 200 steps. Use fewer ratios.")
        faults.raise_if_any(LogitRefused, _HINT)
    return np.asarray(fit.params), np.asarray(fit.cov_params()), float(fit.llf), float(fit.llnull)
