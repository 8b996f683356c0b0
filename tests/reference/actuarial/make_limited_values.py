# SPDX-License-Identifier: Apache-2.0
"""Writes limited_values.csv and law_values.csv: laws of one loss in forty digits, beside R actuar's answers.

Run ``python tests/reference/actuarial/make_limited_values.py``; needs mpmath and, for the column ``actuar``,
Rscript with the packages actuar and jsonlite (make_limited_values.R). Nothing of greenrisk or scipy is used.

``value`` of limited_values.csv is E[min(X, limit)^power] = power * integral over (0, limit) of x^(power - 1) S(x) dx,
by tanh-sinh quadrature of the survival function in 40 digits over ln x; the moments (limit inf) are the gamma and beta
function formulas of Klugman, Panjer & Willmot, Loss Models, Appendix A. law_values.csv holds cdf, sf and pdf, each
computed in 40 digits without taking one from another where that would lose the tail. Every figure is good to the 17
digits printed; ``actuar`` is double precision and loses digits by cancellation at small limits (blank: actuar has no
such function, or the limit is below the threshold, where it answers 0).
"""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import mpmath
from mpmath import mp, mpf

HERE = Path(__file__).resolve().parent
mp.dps = 40
INF = mpf("inf")


class Law:
    """Survival function, density and moments in mpmath; ``start`` is the lower end of the support."""

    def __init__(
        self, sf: Callable, cdf: Callable, pdf: Callable, moment: Callable, start=0, end=INF
    ) -> None:
        self.sf, self.cdf, self.pdf, self.moment = sf, cdf, pdf, moment
        self.start, self.end = mpf(start), mpf(end)

    def limited(self, limit: mpf, power: int) -> mpf:
        if mpmath.isinf(limit):
            return self.moment(power)
        top = min(limit, self.end)
        if top <= self.start:
            return top**power
        if self.start > 0:
            return self.start**power + mpmath.quad(
                lambda x: power * x ** (power - 1) * self.sf(x), pieces(self.start, top)
            )
        # Over t = ln x. Below top * e^-240, where S is 1 to all digits, the integral is the end of the interval.
        upper = mpmath.log(top)
        low = upper - 240
        marks = [
            low,
            *[upper - 240 + 10 * j for j in range(1, 21)],
            *[upper - 40 + 2 * j for j in range(1, 21)],
        ]
        if mpmath.isfinite(self.end) and top == self.end:
            marks = [*marks[:-1], upper - mpf("0.2"), upper]
        return mpmath.quad(
            lambda t: power * mpmath.exp(power * t) * self.sf(mpmath.exp(t)), marks
        ) + mpmath.exp(power * low)


def pieces(a: mpf, b: mpf) -> list[mpf]:
    """Cut (a, b) where x doubles."""
    marks = [a]
    while marks[-1] * 2 < b:
        marks.append(marks[-1] * 2)
    return [*marks, b]


def phi(x: mpf) -> mpf:
    return mpmath.erfc(-x / mpmath.sqrt(2)) / 2


def lognormal(mu, sigma):
    z = lambda x: (mpmath.log(x) - mu) / sigma  # noqa: E731
    return Law(
        lambda x: phi(-z(x)),
        lambda x: phi(z(x)),
        lambda x: mpmath.npdf(z(x)) / (sigma * x),
        lambda k: mpmath.exp(k * mu + (k * sigma) ** 2 / 2),
    )


def exponential(scale):
    return Law(
        lambda x: mpmath.exp(-x / scale),
        lambda x: -mpmath.expm1(-x / scale),
        lambda x: mpmath.exp(-x / scale) / scale,
        lambda k: mpmath.factorial(k) * scale**k,
    )


def gamma(shape, scale):
    return Law(
        lambda x: mpmath.gammainc(shape, x / scale, INF, regularized=True),
        lambda x: mpmath.gammainc(shape, 0, x / scale, regularized=True),
        lambda x: (x / scale) ** (shape - 1) * mpmath.exp(-x / scale) / (scale * mpmath.gamma(shape)),
        lambda k: scale**k * mpmath.rf(shape, k),
    )


def weibull(shape, scale):
    return Law(
        lambda x: mpmath.exp(-((x / scale) ** shape)),
        lambda x: -mpmath.expm1(-((x / scale) ** shape)),
        lambda x: shape / scale * (x / scale) ** (shape - 1) * mpmath.exp(-((x / scale) ** shape)),
        lambda k: scale**k * mpmath.gamma(1 + k / shape),
    )


def pareto(shape, threshold):
    return Law(
        lambda x: (threshold / x) ** shape if x > threshold else mpf(1),
        lambda x: -mpmath.expm1(shape * mpmath.log(threshold / x)) if x > threshold else mpf(0),
        lambda x: shape / x * (threshold / x) ** shape if x >= threshold else mpf(0),
        lambda k: shape * threshold**k / (shape - k) if shape > k else INF,
        start=threshold,
    )


def generalised_pareto(shape, scale, threshold):
    def exponent(x):
        y = (x - threshold) / scale
        return -y if shape == 0 else -mpmath.log1p(shape * y) / shape

    end = threshold - scale / shape if shape < 0 else INF

    def inside(x):
        return threshold < x < end

    def excess_moment(k):
        product = mpf(1)
        for j in range(1, k + 1):
            if shape * j >= 1:
                return INF
            product *= j * scale / (1 - j * shape)
        return product

    def moment(k):
        if mpmath.isinf(excess_moment(k)):
            return INF  # the highest power decides; 0 times infinity below it must not
        return sum(mpmath.binomial(k, j) * threshold ** (k - j) * excess_moment(j) for j in range(k + 1))

    return Law(
        lambda x: mpmath.exp(exponent(x)) if inside(x) else mpf(1 if x <= threshold else 0),
        lambda x: -mpmath.expm1(exponent(x)) if inside(x) else mpf(0 if x <= threshold else 1),
        lambda x: mpmath.exp((1 + shape) * exponent(x)) / scale if inside(x) else mpf(0),
        moment,
        start=threshold,
        end=end,
    )


def burr(alpha, gamma_, scale):
    def moment(k):
        if alpha * gamma_ <= k:
            return INF
        return (
            scale**k * mpmath.gamma(1 + k / gamma_) * mpmath.gamma(alpha - k / gamma_) / mpmath.gamma(alpha)
        )

    u = lambda x: (x / scale) ** gamma_  # noqa: E731
    return Law(
        lambda x: (1 + u(x)) ** -alpha,
        lambda x: -mpmath.expm1(-alpha * mpmath.log1p(u(x))),
        lambda x: alpha * gamma_ / x * u(x) * (1 + u(x)) ** (-alpha - 1),
        moment,
    )


def pareto_ii(shape, scale):
    return burr(shape, mpf(1), scale)


def loglogistic(shape, scale):
    return burr(mpf(1), shape, scale)


def inverse_gaussian(mean, shape):
    def root(x):
        return mpmath.sqrt(shape / x)

    def moment(k):
        # Jorgensen 1982: E X^k = mu^k sum_j (k-1+j)! / (j! (k-1-j)!) (mu / (2 lambda))^j.
        return mean**k * sum(
            mpmath.factorial(k - 1 + j)
            / (mpmath.factorial(j) * mpmath.factorial(k - 1 - j))
            * (mean / (2 * shape)) ** j
            for j in range(k)
        )

    def cdf(x):
        return phi(root(x) * (x / mean - 1)) + mpmath.exp(2 * shape / mean) * phi(-root(x) * (x / mean + 1))

    def sf(x):
        with mpmath.workdps(120):  # the two terms nearly cancel far out
            return phi(-root(x) * (x / mean - 1)) - mpmath.exp(2 * shape / mean) * phi(
                -root(x) * (x / mean + 1)
            )

    return Law(
        sf,
        cdf,
        lambda x: (
            mpmath.sqrt(shape / (2 * mp.pi * x**3)) * mpmath.exp(-shape * (x - mean) ** 2 / (2 * mean**2 * x))
        ),
        moment,
    )


def beta(a, b, scale):
    def inside(x):
        return 0 < x < scale

    return Law(
        lambda x: mpmath.betainc(b, a, 0, 1 - x / scale, regularized=True) if inside(x) else mpf(x <= 0),
        lambda x: mpmath.betainc(a, b, 0, x / scale, regularized=True) if inside(x) else mpf(x >= scale),
        lambda x: (
            (x / scale) ** (a - 1) * (1 - x / scale) ** (b - 1) / (scale * mpmath.beta(a, b))
            if inside(x)
            else mpf(0)
        ),
        lambda k: scale**k * mpmath.rf(a, k) / mpmath.rf(a + b, k),
        end=scale,
    )


FAMILIES: dict[str, tuple[Callable[..., Law], tuple[str, ...]]] = {
    "Lognormal": (lognormal, ("mu", "sigma")), "Exponential": (exponential, ("scale",)),
    "Gamma": (gamma, ("shape", "scale")), "Weibull": (weibull, ("shape", "scale")),
    "Pareto": (pareto, ("shape", "threshold")), "ParetoII": (pareto_ii, ("shape", "scale")),
    "GeneralisedPareto": (generalised_pareto, ("shape", "scale", "threshold")),
    "Burr": (burr, ("alpha", "gamma", "scale")), "Loglogistic": (loglogistic, ("shape", "scale")),
    "InverseGaussian": (inverse_gaussian, ("mean", "shape")), "Beta": (beta, ("a", "b", "scale")),
}  # fmt: skip
UNIT = (1e-5, 0.01, 0.25, 0.9, 1.0, 1.75, 8.0, 150.0, 1e5)
"""Limits in the size of a loss, which stands last in each of the following."""
SETTINGS: dict[str, tuple[tuple[float, ...], ...]] = {
    "Lognormal": ((0.5, 0.25, 2.0), (10.0, 1.5, 5e4), (-2.0, 3.0, 1.0)),
    "Exponential": ((1.0, 1.0), (2.5e4, 2.5e4)),
    "Gamma": ((0.3, 1000.0, 300.0), (2.0, 1.5, 3.0), (37.5, 0.2, 7.5)),
    "Weibull": ((0.4, 50.0, 100.0), (1.7, 3.0, 3.0), (6.0, 1.0, 1.0)),
    "Pareto": ((0.8, 10.0, 20.0), (1.0, 10.0, 20.0), (2.0, 1.0, 2.0), (3.7, 1e5, 1.2e5)),
    "ParetoII": ((0.7, 5.0, 5.0), (1.0, 5.0, 5.0), (2.0, 1e4, 1e4), (3.0, 2.0, 1.0), (3.5, 8e5, 3e5)),
    "GeneralisedPareto": (
        (0.0, 2.0, 0.0, 2.0), (1e-9, 2.0, 0.0, 2.0), (-0.25, 2.0, 1.0, 3.0), (-1.0, 2.0, 0.0, 1.0),
        (1 / 3, 10.0, 5.0, 20.0), (0.5, 6.975, 10.0, 24.0), (1.0, 3.0, 0.0, 3.0), (1.4, 3.0, 2.0, 5.0),
    ),
    "Burr": ((2.0, 1.5, 10.0, 7.0), (0.5, 1.2, 10.0, 20.0), (1.5, 2.0, 4000.0, 4000.0), (6.0, 0.7, 100.0, 15.0)),
    "Loglogistic": ((0.7, 3.0, 3.0), (1.0, 3.0, 3.0), (4.5, 2.0e3, 2.0e3)),
    "InverseGaussian": ((1.0, 0.2, 1.0), (5000.0, 12000.0, 5000.0), (2.0, 60.0, 2.0)),
    "Beta": ((2.0, 3.0, 1.0, 0.4), (0.5, 0.4, 1e6, 5e5), (7.5, 1.0, 20.0, 15.0)),
}  # fmt: skip
CASES = [
    (
        family,
        dict(zip(FAMILIES[family][1], numbers, strict=False)),
        tuple(float(f"{u * numbers[-1]:.6g}") for u in UNIT),
    )
    for family, settings in SETTINGS.items()
    for numbers in settings
]


def law_of(family: str, parameters: dict[str, float]) -> Law:
    return FAMILIES[family][0](*(mpf(number) for number in parameters.values()))


def text(number: mpf) -> str:
    """Seventeen digits of what rounds to the nearest double (0 below its range)."""
    return repr(float(number))


def header(what: str) -> list[str]:
    return [
        f"# {what}",
        f"# Made by make_limited_values.py with mpmath {mpmath.__version__} in {mp.dps} digits, {date.today()}.",
        "# Tolerance: value is exact to the last double; actuar (R 4.2.2, actuar 3.3-2) is double precision.",
    ]


def main() -> None:
    """Write both files."""
    rows = []
    for family, parameters, limits in CASES:
        law = law_of(family, parameters)
        for limit in (*limits, float("inf")):
            for power in (1, 2, 3):
                value = law.limited(mpf(limit), power)
                rows.append([family, json.dumps(parameters), repr(limit), power, text(value)])
    sent = "".join("\t".join(map(str, row[:4])) + "\n" for row in rows)
    answer = subprocess.run(
        ["Rscript", "--vanilla", str(HERE / "make_limited_values.R")],
        input=sent, check=True, stdout=subprocess.PIPE, text=True,
    ).stdout.split("\n")  # fmt: skip
    worst: dict[str, float] = {}
    for row, actuar in zip(rows, answer, strict=False):
        row.append("" if actuar == "NA" else actuar.replace("Inf", "inf"))
        value, other = float(row[4]), float(row[5] or "nan")
        if 0 < value < float("inf") and other == other:
            key = row[0] + row[1]
            worst[key] = max(worst.get(key, 0.0), abs(other / value - 1))
    for key, difference in sorted(worst.items()):
        print(f"{difference:.1e}  {key}")
    write("limited_values.csv", "E[min(X, limit)^power] of a loss X.",
          ["family", "parameters", "limit", "power", "value", "actuar"], rows)  # fmt: skip
    rows = []
    for family, parameters, limits in CASES:
        law = law_of(family, parameters)
        for x in limits:
            y = mpf(x)
            rows.append(
                [family, json.dumps(parameters), repr(x), text(law.cdf(y)), text(law.sf(y)), text(law.pdf(y))]
            )
    write("law_values.csv", "Distribution function, survival function and density of a loss X at x.",
          ["family", "parameters", "x", "cdf", "sf", "pdf"], rows)  # fmt: skip


def write(name: str, what: str, columns: list[str], rows: list[list]) -> None:
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        file.write("\n".join(header(what)) + "\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


if __name__ == "__main__":
    main()
