# SPDX-License-Identifier: Apache-2.0
"""Writes portfolio_200.json and lognormal_10.json: two aggregate laws by two methods that share nothing but the input.

Run ``python tests/reference/actuarial/make_aggregate_laws.py`` (numpy, scipy, numba; five minutes). Nothing of
greenrisk is used, neither of the two methods is greenrisk's (Fourier transform of local moments with exponential
tilting), and no step is dyadic.

Method A, recursion (Panjer 1981): the severity is rounded to the nearest node (masses are differences of the survival
function at half nodes, half cells at the two ends of a layer), the compound law follows by the recursion, and
F(x-) / 2 + F(x) / 2 and E[(S - x)+] at common nodes x are extrapolated over four steps h, h/2, h/4, h/8 in powers of
h^2. Between the common nodes F is a polynomial of degree seven.

Method B, Laplace inversion: with rate density r(y) of claims in excess of the attachment (y > 0, not cut at the
limit L), A(s) its transform and B(s) that of r(L + y), the transform of the sum of the layered claims is
exp(-A(0)) sum_j exp(-s j L) (B(0) - B(s))^j / j! exp(A(s)). Each term is smooth in x > j L and is inverted along
Talbot's contour with the weights of Weideman (2006); A and B are integrals along a rotated ray, by double exponential
quadrature. The atoms at multiples of L need no care: each F is inverted between its jumps.

Panjer, H. H. (1981). Recursive evaluation of a family of compound distributions. ASTIN Bulletin 12(1), 22-26.
Weideman, J. A. C. (2006). Optimizing Talbot's contours for the inversion of the Laplace transform. SIAM Journal on
Numerical Analysis 44(6), 2342-2362.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path

import numba
import numpy as np
import scipy
from scipy.optimize import brentq
from scipy.special import ndtr

HERE = Path(__file__).resolve().parent
VARIANCE = math.log(10.0)  # of ln X where the coefficient of variation is 3
SIGMA = math.sqrt(VARIANCE)
LEVELS = (0.9, 0.99, 0.995, 0.999)


class Book:
    """Rates and lognormal severities, the occurrence layer and the annual cap."""

    def __init__(self, rates, means, limit: float, attachment: float, cap: float) -> None:
        self.rates, self.mu = np.asarray(rates), np.log(means) - VARIANCE / 2
        self.limit, self.attachment, self.cap = limit, attachment, cap

    def rate_above(self, x: np.ndarray) -> np.ndarray:
        """Number of claims a year above x."""
        with np.errstate(divide="ignore"):
            t = (np.log(np.asarray(x, dtype=float)) - self.mu[:, None]) / SIGMA
        return self.rates @ ndtr(-t)

    def rate_density(self, x: np.ndarray) -> np.ndarray:
        """Density of the number of claims a year, for complex x."""
        flat = np.log(x.ravel())
        out = np.empty(flat.size, dtype=complex)
        for begin in range(0, flat.size, 2000):
            part = flat[begin : begin + 2000]
            t = (part - self.mu[:, None]) / SIGMA
            out[begin : begin + 2000] = self.rates @ (
                np.exp(-t * t / 2 - part) / (SIGMA * math.sqrt(2 * math.pi))
            )
        return out.reshape(x.shape)

    def mean(self) -> float:
        """Exact mean of the sum of layered claims, before the cap."""
        return self.below(self.attachment + self.limit) - self.below(self.attachment)

    def below(self, d: float) -> float:
        """Sum of rate * E[min(X, d)] in closed form."""
        whole = np.exp(self.mu + VARIANCE / 2)
        if math.isinf(d):
            return float(self.rates @ whole)
        if d == 0:
            return 0.0
        t = (math.log(d) - self.mu) / SIGMA
        return float(self.rates @ (whole * ndtr(t - SIGMA) + d * ndtr(-t)))


@numba.njit
def panjer(rate_times_mass: np.ndarray, total: float, size: int) -> np.ndarray:
    """g_s = sum_j j r_j g_(s-j) / s; r_j are the rates of claims of j steps, r_0 of those rounded to nothing."""
    top = rate_times_mass.size - 1
    weight = np.empty(top + 1)
    for j in range(top + 1):
        weight[j] = j * rate_times_mass[j]
    g = np.zeros(size)
    g[0] = math.exp(rate_times_mass[0] - total)
    for s in range(1, size):
        found = 0.0
        for j in range(1, min(s, top) + 1):
            found += weight[j] * g[s - j]
        g[s] = found / s
    return g


def recursion(
    book: Book, coarse: float, nodes: np.ndarray, top: float
) -> tuple[np.ndarray, np.ndarray, float]:
    """Extrapolated F and E[(min(S, cap) - x)+] at the nodes (multiples of ``coarse``), and the last correction to F."""
    tables = []
    for halving in range(4):
        step = coarse / 2**halving
        size = round(top / step) + 1
        last = min(book.limit, top + step)
        number = round(last / step)
        edges = np.concatenate(([0.0], (np.arange(number) + 0.5) * step))
        above = book.rate_above(book.attachment + edges)
        masses = -np.diff(above, append=above[-1] if math.isinf(book.limit) else 0.0)
        # Edges 0, h/2, 3h/2, ...: the first difference belongs to node 0, the last (all above) to the limit.
        total = float(above[0])
        g = panjer(masses, total, size)
        cumulative = np.cumsum(g)
        at = np.rint(nodes / step).astype(int)
        middle = cumulative[at] - g[at] / 2
        # E[(S - x)+] - E[(S - top)+] = (top - x) - integral of F: the trapezium rule is exact on a step function
        # whose value at a jump is the middle of the jump.
        integral = np.concatenate(([0.0], np.cumsum(cumulative[:-1]))) * step
        tables.append(np.concatenate((middle, integral[at])))
    corrections = []
    while len(tables) > 1:
        power = 4.0 ** (5 - len(tables))
        better = [(power * fine - rough) / (power - 1) for rough, fine in pairwise(tables)]
        corrections.append(float(np.max(np.abs(better[-1] - tables[-1])[: nodes.size])))
        tables = better
    cdf, integral = np.split(tables[0], 2)
    return cdf, integral, corrections[-1]


def weideman(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Nodes z and weights w of F(x) ~ Re sum w exp(z) f(z / x) / x, upper half only."""
    theta = (2 * np.arange(count // 2) + 1) * np.pi / count
    cot = 1 / np.tan(0.6407 * theta)
    z = count * (0.5017 * theta * cot - 0.6122 + 0.2645j * theta)
    dz = count * (0.5017 * cot - 0.5017 * 0.6407 * theta / np.sin(0.6407 * theta) ** 2 + 0.2645j)
    return z, 2 * dz / (1j * count)


def transforms(book: Book, s: np.ndarray, start: float) -> np.ndarray:
    """Integral over y > 0 of exp(-s y) r(start + y) dy, for complex s with Im s > 0, along arg y = -arg(s) / 2."""
    t = np.linspace(-4.6, 4.6, 1841)
    y = np.exp(np.pi / 2 * np.sinh(t))
    jacobian = y * np.pi / 2 * np.cosh(t) * (t[1] - t[0])
    keep = (y > 1e-25) & (y < 1e25)
    y, jacobian = y[keep], jacobian[keep]
    scale = 1e5
    out = np.empty(s.size, dtype=complex)
    for k, value in enumerate(s):
        turn = np.exp(-0.5j * np.angle(value))
        out[k] = np.sum(
            np.exp(-value * turn * y * scale) * book.rate_density(start + turn * y * scale) * jacobian
        )
        out[k] *= turn * scale
    return out


def inversion(book: Book, x: float, order: int, count: int = 36) -> float:
    """F (order 1), its integral from 0 (order 2) or its density (order 0) at x, off the multiples of the limit."""
    z, w = weideman(count)
    total = (
        float(book.rate_above(np.array([book.attachment]))[0]) if book.attachment else float(book.rates.sum())
    )
    found = 0.0
    for j in range(int(x // book.limit) + 1 if math.isfinite(book.limit) else 1):
        rest = x - j * book.limit if j else x
        s = z / rest
        log_part = transforms(book, s, book.attachment) - total
        factor = np.ones_like(s)
        if j:
            end = book.attachment + book.limit
            beyond = float(book.rate_above(np.array([end]))[0])
            factor = (beyond - transforms(book, s, end)) ** j / math.factorial(j)
        # The atom at 0 of the term j = 0 (and its like at j L) has no decay; it is inverted by hand.
        atom = math.exp(-total) * (beyond**j / math.factorial(j) if j else 1.0)
        image = (np.exp(log_part) * factor - atom) / s**order
        found += float(np.real(np.sum(w * np.exp(z) * image))) / rest
        if order:
            found += atom * rest ** (order - 1)
    return found


def polynomial(nodes: np.ndarray, values: np.ndarray) -> Callable[[float], float]:
    """The polynomial through eight nodes, by barycentric weights."""
    from scipy.interpolate import BarycentricInterpolator

    middle, half = nodes.mean(), np.ptp(nodes) / 2
    curve = BarycentricInterpolator((nodes - middle) / half, values)
    return lambda x: float(curve((x - middle) / half))


def measure(
    book: Book, coarse: float, top: float, levels: tuple[float, ...], points: tuple[float, ...]
) -> dict:
    """Both methods' answers and their differences."""
    nodes = np.arange(round(top / coarse) + 1) * coarse
    cdf, integral, correction = recursion(book, coarse, nodes, top)
    mean = book.mean()
    capped = math.isfinite(book.cap)
    cap_index = round(book.cap / coarse) if capped else -1

    def stop_loss_from(area_to_x: float, x: float, area_to_cap: float) -> float:
        return (book.cap - x) - (area_to_cap - area_to_x) if capped else mean - x + area_to_x

    areas = (float(integral[cap_index]), inversion(book, book.cap * (1 - 1e-15), 2)) if capped else (0.0, 0.0)
    cap_below = (float(cdf[cap_index]), 0.0) if capped else (1.0, 1.0)
    result: dict = {"mean_before_cap": mean, "last_correction_of_cdf": correction}
    result["mean"] = stop_loss_from(0.0, 0.0, areas[0]) if capped else mean
    if capped:
        result["methods_differ_mean"] = abs(stop_loss_from(0.0, 0.0, areas[1]) / result["mean"] - 1)
    quantiles = {}
    for level in levels:
        key = f"{level:g}"
        if capped and level > cap_below[0]:
            quantiles[key] = {"value_at_risk": book.cap, "kind": "atom", "tail_value_at_risk": book.cap}
            continue
        index = int(np.searchsorted(cdf, level))
        part = slice(index - 4, index + 4)
        f, area = polynomial(nodes[part], cdf[part]), polynomial(nodes[part], integral[part])
        value = brentq(
            lambda x, f=f, level=level: f(x) - level, nodes[index - 1], nodes[index], xtol=1e-9, rtol=1e-15
        )
        tail = value + stop_loss_from(area(value), value, areas[0]) / (1 - level)
        density = inversion(book, value, 0)
        other = value
        for _ in range(3):
            other -= (inversion(book, other, 1) - level) / density
        other_tail = other + stop_loss_from(inversion(book, other, 2), other, areas[1]) / (1 - level)
        quantiles[key] = {
            "value_at_risk": value,
            "kind": "interpolated",
            "tail_value_at_risk": tail,
            "density": density,
            "methods_differ": {
                "value_at_risk": abs(other / value - 1),
                "tail_value_at_risk": abs(other_tail / tail - 1),
            },
        }
    result["quantiles"] = quantiles
    curve = []
    for x in points:
        index = round(x / coarse)
        limited = x - float(integral[index])
        # The largest payment of a year exceeds x where a claim exceeds attachment + x.
        largest = (
            math.exp(-float(book.rate_above(np.array([book.attachment + x]))[0])) if x < book.limit else 1.0
        )
        apart = {
            "cdf": abs(inversion(book, x, 1) - float(cdf[index])),
            "limited_expected_value": abs((x - inversion(book, x, 2)) / limited - 1),
        }
        entry = {
            "x": x,
            "cdf": float(cdf[index]),
            "limited_expected_value": limited,
            "cdf_of_largest": largest,
        }
        curve.append({**entry, "methods_differ": apart})
    result["curve"] = curve
    return result


def write(name: str, what: str, setting: dict, found: dict, more: dict) -> None:
    facts = {
        "what": what,
        "made_by": f"make_aggregate_laws.py with numpy {np.__version__}, scipy {scipy.__version__}, numba "
        f"{numba.__version__}, {date.today()}; values of method A (Panjer, extrapolated), checked by method B "
        "(Laplace inversion)",
        "tolerance": "relative 1e-9 on amounts, absolute 1e-11 on probabilities; the entries methods_differ say how "
        "far the two methods are apart",
        "setting": setting,
    }
    (HERE / name).write_text(json.dumps({**facts, **found, **more}, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Write both files."""
    i = np.arange(200)
    book = Book(0.05 + 0.45 * i / 199, 30_000 * 10 ** (((37 * i) % 200) / 199), 5e6, 1e5, 2e7)
    points = tuple(k * 2.5e6 / 3 for k in range(1, 24) if k % 6)  # off the atoms
    found = measure(book, 5e6 / (3 * 2**10), 2e7, LEVELS, points)
    reaching, full = book.rate_above(np.array([1e5, 5.1e6]))
    zero = math.exp(-reaching)
    write(
        "portfolio_200.json",
        "min(sum of min(max(X - attachment, 0), limit), annual cap) of 200 independent Poisson risks i = 0..199",
        {
            "frequency": "0.05 + 0.45 i / 199",
            "severity": "lognormal, cv 3, mean 30000 * 10^(((37 i) mod 200) / 199)",
            "limit": 5e6,
            "attachment": 1e5,
            "annual_cap": 2e7,
        },
        found,
        {
            "claims_reaching_the_layer_per_year": float(reaching),
            "full_limit_claims_per_year": float(full),
            "atoms_below_cap": [
                {"point": j * 5e6, "probability": zero * full**j / math.factorial(j)} for j in range(4)
            ],
        },
    )
    single = Book([10.0], [50_000.0], math.inf, 0.0, math.inf)
    points = tuple(k * 1e5 for k in (1, 2, 3, 5, 8, 10, 15, 20, 30, 50))
    found = measure(single, 250 / 3, 5.2e6, LEVELS, points)
    write(
        "lognormal_10.json",
        "Sum of N losses, N Poisson with mean 10, each lognormal",
        {"frequency": "Poisson, mean 10", "severity": "lognormal, mean 50000, cv 3"},
        found,
        {"atoms": [{"point": 0.0, "probability": math.exp(-10.0)}]},
    )


if __name__ == "__main__":
    main()
