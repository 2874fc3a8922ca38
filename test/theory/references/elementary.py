"""Reference values of the mean-field magnet and of scalar denoising, derived and computed apart from the library.

    python3 elementary.py > elementary.json            (mpmath 1.3, numpy 2.4; seconds)

Route, deliberately not the library's:
 * curie-weiss: no equation of state. The exact partition function of N spins is a sum over the number of spins up; in the limit the
   equilibrium is the maximum of its exponent ln binom - beta E per spin. States are the stationary points of that function, bracketed on a
   grid of 4000 magnetisations and bisected, stability its numerical second derivative. The dynamics ends at the first
   state uphill of the start: the heat-bath chain climbs its own free entropy. Spinodals: the field at which the two lower stationary points
   merge, the extremum of (atanh m)/beta - J m over m, solved for beta by bisection.
 * scalar-denoising: Bayes' formula by brute quadrature over (x0, y), no conjugate formulas: posterior moments are themselves sums over
   atoms and integrals over densities; twice, on coarser and finer panels, which must agree to 1e-12.
`accuracy` is 1e-11 throughout: mpmath works at 25 digits.
"""
import json
import sys
import numpy as np
from mpmath import mp, mpf, sqrt, log, atanh, diff

mp.dps = 25
OUT = []


def put(scenario, params, quantity, value):
    OUT.append({"scenario": scenario, "params": params, "quantity": quantity, "value": None if value is None else float(value), "accuracy": 1e-11})


# ------------------------------------------------------------------------------------------------- the magnet
def entropy(m):
    part = lambda p: -p * log(p) if p > 0 else mpf(0)
    return part((1 + m) / 2) + part((1 - m) / 2)


def magnet(beta, J, h, start):
    b, j, f = mpf(beta), mpf(J), mpf(h)
    phi = lambda m: entropy(m) + b * j * m * m / 2 + b * f * m
    slope = lambda m: -atanh(m) + b * j * m + b * f
    n = 4000
    grid = [mpf(2 * k + 1) / n - 1 for k in range(n)]
    values = [slope(m) for m in grid]
    states = []
    for k in range(n - 1):
        if values[k] == 0 or values[k] * values[k + 1] < 0:
            lo, hi = grid[k], grid[k + 1]
            for _ in range(90):
                mid = (lo + hi) / 2
                if slope(mid) * slope(lo) > 0:
                    lo = mid
                else:
                    hi = mid
            states.append((lo + hi) / 2)
    curved = lambda m: diff(phi, m, 2) < 0
    up = slope(mpf(start)) > 0
    ahead = [m for m in states if (m > start) == up and m != start]
    end = min(ahead) if up else max(ahead)
    best = max((m for m in states if curved(m)), key=phi)
    if abs(phi(best) - phi(end)) < mpf(10) ** -18:
        best = end
    p = {"beta": beta, "coupling": J, "field": h, "start": start}
    for name, m in (("algorithmic", end), ("optimal", best)):
        put("curie-weiss", p, f"{name}.magnetization", m)
        put("curie-weiss", p, f"{name}.energy", -j * m * m / 2 - f * m)
        put("curie-weiss", p, f"{name}.freeEntropy", phi(m))


def spinodal(J, h):
    """least beta at which max over m > 0 of J m - atanh(m)/beta reaches |h|."""
    j, f = mpf(J), abs(mpf(h))

    def reach(b):
        lo, hi = mpf(0), 1 - mpf(10) ** -20
        gold = (sqrt(mpf(5)) - 1) / 2
        top = lambda m: j * m - atanh(m) / b
        for _ in range(120):
            a, c = hi - gold * (hi - lo), lo + gold * (hi - lo)
            if top(a) > top(c):
                hi = c
            else:
                lo = a
        return top((lo + hi) / 2)

    lo, hi = 1 / j, mpf(200) / j
    for _ in range(70):
        mid = (lo + hi) / 2
        if reach(mid) > f:
            hi = mid
        else:
            lo = mid
    return (lo + hi) / 2


def curie_weiss():
    for case in ((1.2, 1, 0, 0.5), (1.02, 1, 0, -0.3), (1.5, 1, -0.08, 1), (2, 1, 0.3, -1), (0.7, 1.2, 0.1, -1), (3, 0.5, 0.02, -0.9), (0.4, 1, 0.25, 0)):
        magnet(*case)
    for J, h in ((1, -0.1), (1, 0.4), (2, 0.05), (1, 0.9)):
        put("curie-weiss", {"coupling": J, "field": h}, "thresholds.spinodal", spinodal(J, h))
        put("curie-weiss", {"coupling": J, "field": h}, "thresholds.critical", None)
    put("curie-weiss", {"coupling": 1, "field": 1.2}, "thresholds.spinodal", None)
    put("curie-weiss", {"coupling": 2.5, "field": 0}, "thresholds.critical", mpf(1) / mpf("2.5"))
    put("curie-weiss", {"coupling": 2.5, "field": 0}, "thresholds.spinodal", None)


# ------------------------------------------------------------------------------------------------- scalar denoising
def panels(breaks, n):
    t, w = np.polynomial.legendre.leggauss(n)
    b = np.unique(np.asarray(breaks, float))
    h = np.diff(b)[:, None] / 2
    return (b[:-1, None] + h * (t + 1)).ravel(), (h * w).ravel()


def grid(reach, n):
    return panels(np.concatenate([np.arange(-reach, reach + 0.1, 0.25)]), n)


def law(spec, n):
    """Places and weights of a prior: atoms, and a density on panels."""
    x, w = grid(32, n)  # as far as an observation at the end of a Laplace tail draws the mean of a Gaussian
    bell = w * np.exp(-x * x / 2) / np.sqrt(2 * np.pi)
    if spec == "binary":
        return np.array([1.0, -1.0]), np.array([0.5, 0.5])
    if spec == "binary:p=0.2":
        return np.array([1.0, -1.0]), np.array([0.2, 0.8])
    if spec == "gaussian":
        return x, bell
    if spec == "laplace":
        x, w = grid(40, n)
        return x, w * np.exp(-abs(x)) / 2
    if spec == "gauss-bernoulli:rho=0.2":
        return np.concatenate([[0.0], x]), np.concatenate([[0.8], 0.2 * bell])
    raise ValueError(spec)


def moments(y, x, w, v):
    """Density of y, posterior mean and variance by Bayes' formula; exponents relative to their largest, so that nothing underflows."""
    e = -((y[:, None] - x) ** 2) / (2 * v)
    top = e.max(1, keepdims=True)
    p = np.exp(e - top) * w
    z = p.sum(1)
    p = p / z[:, None]
    mean = p @ x
    return z * np.exp(top[:, 0]) / np.sqrt(2 * np.pi * v), mean, (p * (x - mean[:, None]) ** 2).sum(1)


def denoise(teacher, student, noise, ratio):
    found = []
    for n in (10, 14):
        y, wy = grid(42 if teacher == "laplace" else 20, n)
        x, w = law(teacher, n)
        density, x0, spread = moments(y, x, w, noise)
        _, guess, believed = moments(y, *law(student or teacher, n), noise * ratio)
        weight = wy * density
        found.append([weight @ f for f in ((x0 - guess) ** 2 + spread, x0 * guess, guess**2, believed)])
    p = {"prior": teacher, "noise": noise, "noiseRatio": ratio}
    if student:
        p["studentPrior"] = student
    for name, coarse, fine in zip(("mse", "overlap", "selfOverlap", "variance"), *found):
        assert abs(coarse / fine - 1) < 1e-12, (p, name, coarse, fine)
        put("scalar-denoising", p, f"algorithmic.{name}", fine)


def scalar_denoising():
    for case in (
        ("binary", "", 1, 1),
        ("binary", "", 0.3, 2),
        ("binary:p=0.2", "binary", 0.8, 1),
        ("binary", "gaussian", 0.5, 1),
        ("gaussian", "binary", 0.5, 0.5),
        ("gauss-bernoulli:rho=0.2", "", 0.2, 1),
        ("gauss-bernoulli:rho=0.2", "gaussian", 0.2, 3),
        ("laplace", "", 0.4, 1),
        ("laplace", "gauss-bernoulli:rho=0.2", 1.5, 0.7),
    ):
        denoise(*case)


if __name__ == "__main__":
    curie_weiss()
    print("magnet done", file=sys.stderr)
    scalar_denoising()
    print('{"scenarios": [\n  ' + ",\n  ".join(json.dumps(r) for r in OUT) + "\n]}")
    print(len(OUT), "entries", file=sys.stderr)
