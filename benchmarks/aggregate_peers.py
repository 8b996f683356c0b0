# SPDX-License-Identifier: Apache-2.0
"""The two aggregate laws of the benchmark as each system is asked for them; one system and setting a process.

Usage: python benchmarks/aggregate_peers.py CASE

It prints one line of JSON: the time of the first call and the least time [s] from the parameters to the four figures,
after the imports, and the figures. Imports stand inside the functions, so that a process holds one system only. What
greenrisk imports nowhere is in the extra ``bench``.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import sys
import time
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from plain_aggregate import (
    ANNUAL_LIMIT,
    COEFFICIENT_OF_VARIATION,
    LAYER_ATTACHMENT,
    LAYER_LIMIT,
    risks,
    simulate_plainly,
)

MEAN_NUMBER, MEAN_LOSS = 10.0, 50_000.0
ENOUGH = 4.0
"""Seconds after which a call is not repeated."""
MOST = 7
"""Most calls of one case."""
Figures = dict[str, float]


def of_sample(losses: np.ndarray) -> Figures:
    """The four figures of simulated years."""

    def tail(level: float) -> float:
        at_risk = np.quantile(losses, level, method="inverted_cdf")
        return float(at_risk + np.maximum(losses - at_risk, 0.0).mean() / (1 - level))

    return {
        "mean": float(losses.mean()),
        "VaR 99.5": float(np.quantile(losses, 0.995, method="inverted_cdf")),
        "TVaR 99": tail(0.99),
        "TVaR 99.9": tail(0.999),
    }


def of_greenrisk(loss) -> Figures:
    return {
        "mean": loss.mean(),
        "VaR 99.5": float(loss.value_at_risk(0.995).value),
        "TVaR 99": float(loss.tail_value_at_risk(0.99).value),
        "TVaR 99.9": float(loss.tail_value_at_risk(0.999).value),
    }


def greenrisk_portfolio() -> Callable[[], Figures]:
    from greenrisk.actuarial.aggregate.compound import CompoundDistribution, Portfolio
    from greenrisk.actuarial.frequency.counts import Poisson
    from greenrisk.actuarial.severity.families import Lognormal

    book = risks()

    def work() -> Figures:
        parts = [
            CompoundDistribution(
                Poisson(rate),
                Lognormal.from_mean_cv(mean, COEFFICIENT_OF_VARIATION).layer(LAYER_LIMIT, LAYER_ATTACHMENT),
            )
            for rate, mean in zip(book.frequency.tolist(), book.mean.tolist(), strict=True)
        ]
        return of_greenrisk(Portfolio(parts).aggregate(annual_limit=ANNUAL_LIMIT))

    return work


def greenrisk_single() -> Callable[[], Figures]:
    from greenrisk.actuarial.aggregate.compound import CompoundDistribution
    from greenrisk.actuarial.frequency.counts import Poisson
    from greenrisk.actuarial.severity.families import Lognormal

    def work() -> Figures:
        severity = Lognormal.from_mean_cv(MEAN_LOSS, COEFFICIENT_OF_VARIATION)
        return of_greenrisk(CompoundDistribution(Poisson(MEAN_NUMBER), severity).aggregate())

    return work


def aggregate_law(program: Callable[[], str], **grid: float) -> Callable[[], Figures]:
    """The ``aggregate`` package on a program in its own language."""
    from aggregate import build

    def work() -> Figures:
        law = build(program(), **grid)
        return {
            "mean": float((law.xs * law.agg_density).sum()),
            "VaR 99.5": float(law.q(0.995)),
            "TVaR 99": float(law.tvar(0.99)),
            "TVaR 99.9": float(law.tvar(0.999)),
        }

    return work


def portfolio_by_exposure() -> str:
    """The layer told with the exposure, so that ``aggregate`` cuts the layered loss into its grid: its better way."""
    book = risks()
    rates, means = (" ".join(f"{x:.17g}" for x in numbers) for numbers in (book.frequency, book.mean))
    return (
        f"agg Portfolio [{rates}] claims {LAYER_LIMIT:.0f} xs {LAYER_ATTACHMENT:.0f} "
        f"sev lognorm [{means}] cv {COEFFICIENT_OF_VARIATION:g} ! poisson "
        f"aggregate net of 1e12 xs {ANNUAL_LIMIT:.0f}"
    )


def portfolio_by_reinsurance() -> str:
    """The layer told as reinsurance of each occurrence: the loss from ground up is cut into the grid, then ceded."""
    book = risks()
    rates, means = (" ".join(f"{x:.17g}" for x in numbers) for numbers in (book.frequency, book.mean))
    return (
        f"agg Ceded [{rates}] claims sev lognorm [{means}] cv {COEFFICIENT_OF_VARIATION:g} "
        f"occurrence ceded to {LAYER_LIMIT:.0f} xs {LAYER_ATTACHMENT:.0f} poisson "
        f"aggregate ceded to {ANNUAL_LIMIT:.0f} xs 0"
    )


def single() -> str:
    return (
        f"agg Single {MEAN_NUMBER:g} claims sev lognorm {MEAN_LOSS:g} cv {COEFFICIENT_OF_VARIATION:g} poisson"
    )


def gemact_figures(model) -> Figures:
    """The four figures of a ``gemact`` model; it has no TVaR, which follows from its limited expected value."""
    law = model.dist[0]
    mean = float(law.mean())

    def tail(level: float) -> float:
        at_risk = float(np.ravel(law.ppf(level))[0])
        return at_risk + (mean - float(np.ravel(law.lev(at_risk))[0])) / (1 - level)

    at_risk = float(np.ravel(law.ppf(0.995))[0])
    return {"mean": mean, "VaR 99.5": at_risk, "TVaR 99": tail(0.99), "TVaR 99.9": tail(0.999)}


def gemact_portfolio(method: str, nodes: int, size: int) -> Callable[[], Figures]:
    """``gemact`` has no mixture: it is given the mixed law as 20,000 straight pieces over the layer."""
    from gemact import Frequency, Layer, LossModel, PolicyStructure, Severity
    from scipy.special import ndtr

    book = risks()

    def work() -> Figures:
        total = book.frequency.sum()
        inside = np.geomspace(LAYER_ATTACHMENT, LAYER_ATTACHMENT + LAYER_LIMIT, 20_000)
        cdf = np.zeros(inside.size)
        for rate, mu, sigma in zip(book.frequency, book.mu, book.sigma, strict=True):
            cdf += rate / total * ndtr((np.log(inside) - mu) / sigma)
        table = {"points": np.r_[0.0, inside, 1e9], "cumprobs": np.r_[0.0, cdf, 1.0]}
        layer = Layer(deductible=LAYER_ATTACHMENT, cover=LAYER_LIMIT, aggr_cover=ANNUAL_LIMIT)
        return gemact_figures(
            LossModel(
                frequency=Frequency("poisson", {"mu": total}),
                severity=Severity("pwl", table),
                policystructure=PolicyStructure(layer),
                aggr_loss_dist_method=method,
                n_aggr_dist_nodes=size,
                n_sev_discr_nodes=nodes,
                sev_discr_method="localmoments",
            )
        )

    return work


def gemact_single(method: str, size: int, top: float, tilt: bool = False) -> Callable[[], Figures]:
    from gemact import Frequency, LossModel, Severity

    variance = np.log1p(COEFFICIENT_OF_VARIATION**2)

    def work() -> Figures:
        severity = {"shape": np.sqrt(variance), "scale": MEAN_LOSS * np.exp(-variance / 2)}
        return gemact_figures(
            LossModel(
                frequency=Frequency("poisson", {"mu": MEAN_NUMBER}),
                severity=Severity("lognormal", severity),
                aggr_loss_dist_method=method,
                n_aggr_dist_nodes=size,
                n_sev_discr_nodes=size,
                sev_discr_step=top / size,
                sev_discr_method="localmoments",
                tilt=tilt,
            )
        )

    return work


def numpy_portfolio(years: int) -> Callable[[], Figures]:
    return lambda: of_sample(np.concatenate(list(simulate_plainly(risks(), years, 1))))


def numpy_single(years: int) -> Callable[[], Figures]:
    variance = np.log1p(COEFFICIENT_OF_VARIATION**2)

    def work() -> Figures:
        rng = np.random.default_rng(1)
        number = rng.poisson(MEAN_NUMBER, years)
        losses = rng.lognormal(np.log(MEAN_LOSS) - variance / 2, np.sqrt(variance), number.sum())
        return of_sample(np.bincount(np.repeat(np.arange(years), number), losses, years))

    return work


CASES: dict[str, tuple[str, str, Callable[[], Callable[[], Figures]]]] = {
    "portfolio-greenrisk": ("greenrisk", "as it comes", greenrisk_portfolio),
    "portfolio-aggregate": (
        "aggregate", "defaults (2^16)", lambda: aggregate_law(portfolio_by_exposure),
    ),
    "portfolio-aggregate-18": (
        "aggregate", "2^18, step 100", lambda: aggregate_law(portfolio_by_exposure, log2=18, bs=100),
    ),
    "portfolio-aggregate-20": (
        "aggregate", "2^20, step 25", lambda: aggregate_law(portfolio_by_exposure, log2=20, bs=25),
    ),
    "portfolio-aggregate-ceded": (
        "aggregate", "2^18, step 125, layer as reinsurance",
        lambda: aggregate_law(portfolio_by_reinsurance, log2=18, bs=125),
    ),
    "portfolio-gemact": (
        "gemact", "FFT, 2^16, 5,001 nodes in the layer", lambda: gemact_portfolio("fft", 5_001, 2**16),
    ),
    "portfolio-gemact-fine": (
        "gemact", "FFT, 2^18, 20,001 nodes in the layer", lambda: gemact_portfolio("fft", 20_001, 2**18),
    ),
    "portfolio-gemact-recursion": (
        "gemact", "recursion, 8,192, 1,001 nodes in the layer",
        lambda: gemact_portfolio("recursion", 1_001, 8_192),
    ),
    "portfolio-numpy": ("numpy", "all losses of 1m years", lambda: numpy_portfolio(1_000_000)),
    "single-greenrisk": ("greenrisk", "as it comes", greenrisk_single),
    "single-aggregate": ("aggregate", "defaults (2^16)", lambda: aggregate_law(single)),
    "single-aggregate-20": (
        "aggregate", "2^20, step 100", lambda: aggregate_law(single, log2=20, bs=100),
    ),
    "single-gemact": ("gemact", "FFT, 2^18, step 200", lambda: gemact_single("fft", 2**18, 200 * 2**18)),
    "single-gemact-tilted": (
        "gemact", "FFT, 2^18, step 200, tilted", lambda: gemact_single("fft", 2**18, 200 * 2**18, True),
    ),
    "single-gemact-recursion": (
        "gemact", "recursion, 8,192, step 2,000", lambda: gemact_single("recursion", 8_192, 2_000 * 8_192),
    ),
    "single-numpy": ("numpy", "all losses of 1m years", lambda: numpy_single(1_000_000)),
}  # fmt: skip
"""System, setting and work of each case."""


def installed(case: str) -> bool:
    """Whether the system of a case can be imported here."""
    return find_spec(CASES[case][0]) is not None


def main() -> None:
    """Run one case and print what it found."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    work = CASES[sys.argv[1]][2]()
    times: list[float] = []
    figures: Figures = {}
    while len(times) < MOST and sum(times) < ENOUGH:
        with contextlib.redirect_stdout(io.StringIO()):
            begin = time.perf_counter()
            figures = work()
            times.append(time.perf_counter() - begin)
    print(json.dumps({"first": times[0], "best": min(times), "calls": len(times), **figures}))


if __name__ == "__main__":
    main()
