"""Writes outputSide.json: the output side of the replica equations of risk minimisation in 20 digits (mpmath), for test/theory/risk/outputSide.test.ts.

y = sign(z0 + sqrt(noise) xi), (z0, omega) jointly Gaussian with variances rho, q and covariance m; `gap` = rho q - m^2 is given. By symmetry y = 1:
  P = 2 Phi(m omega / sqrt(q (gap + noise q))),  qHat = E P g^2,  VHat = -E P dg/domega,  mHat = E 2 phi(..) / sqrt(gap/q + noise) g
Linear labels: u = y - omega ~ N(0, mse + noise), VHat = mHat = E dg/du, qHat = E g^2.
"""
import json
import math
import os
from mpmath import mp, mpf, sqrt, exp, erfc, pi

mp.dps = 22
Phi = lambda x: erfc(-x / sqrt(mpf(2))) / 2
phi = lambda x: exp(-x * x / 2) / sqrt(2 * pi)


def hinge(V):
    g = lambda w: mpf(1) if w < 1 - V else (mpf(0) if w > 1 else (1 - w) / V)
    c = lambda w: 1 / V if 1 - V < w < 1 else mpf(0)
    return g, c, [1 - V, mpf(1)]


def absolute(V, y=1):  # |y - z|
    g = lambda w: mpf(1) if w < y - V else (mpf(-1) if w > y + V else (y - w) / V)
    c = lambda w: 1 / V if y - V < w < y + V else mpf(0)
    return g, c, [y - V, y + V]


def huber(V, y=1):  # delta = 1
    e = 1 + V
    g = lambda w: mpf(1) if w < y - e else (mpf(-1) if w > y + e else (y - w) / e)
    c = lambda w: 1 / e if y - e < w < y + e else mpf(0)
    return g, c, [y - e, y + e]


def logistic(V):
    def eta(w):
        # bisection in doubles, then Newton from next to the root
        W, U = float(w), float(V)
        lo, hi = W, W + U
        for _ in range(120):
            mid = (lo + hi) / 2
            if mid - W < U / (1 + math.exp(min(mid, 700.0))):
                lo = mid
            else:
                hi = mid
        e = mpf((lo + hi) / 2)
        for _ in range(4):
            s = 1 / (1 + exp(e))
            e -= (e - w - V * s) / (1 + V * s * (1 - s))
        return e

    last = [None, None]

    def g(w):
        if last[0] != w:
            last[0], last[1] = w, 1 / (1 + exp(eta(w)))
        return last[1]

    def c(w):
        s = g(w)
        return s * (1 - s) / (1 + V * s * (1 - s))

    # fields of evenly spaced eta, where the operator bends
    return g, c, [e + -V / (1 + exp(mpf(e))) for e in range(-60, 61, 2)]


LOSSES = {"hinge": hinge, "absolute": absolute, "huber": huber, "logistic": logistic}


def legendre(n):
    xs, ws = [], []
    for i in range(n):
        x = mp.cos(pi * (i + mpf(3) / 4) / (n + mpf(1) / 2))
        for _ in range(8):
            p0, p1 = mpf(1), x
            for k in range(2, n + 1):
                p0, p1 = p1, ((2 * k - 1) * x * p1 - (k - 1) * p0) / k
            d = n * (x * p1 - p0) / (x * x - 1)
            x -= p1 / d
        xs.append(x)
        ws.append(2 / ((1 - x * x) * d * d))
    return list(zip(xs, ws))


RULE = legendre(30)


def nodes(breaks, scale, turn):
    """Gauss-Legendre with 30 nodes between the breaks, multiples of the scale, and points graded towards 0 (where odds turn) and the breaks."""
    cuts = {mpf(0)} | {scale * mpf(k) / 2 for k in range(-24, 25)}
    step = turn / 2
    while step < 12 * scale:
        cuts |= {step, -step}
        step *= mpf(3) / 2 if step > 2 * turn else 2
    cuts |= set(breaks)
    cuts = sorted(c for c in cuts if abs(c) <= 12 * scale)
    for a, b in zip(cuts, cuts[1:]):
        for x, w in RULE:
            yield (a + b) / 2 + (b - a) / 2 * x, w * (b - a) / 2


def sign_case(name, noise, m, q, gap, V):
    g, c, breaks = LOSSES[name](V)
    spread = gap + noise * q
    k = m / sqrt(q * spread)
    turn = min(1 / abs(k), sqrt(q))
    a, b, v = mpf(0), mpf(0), mpf(0)
    for w, weight in nodes(breaks, sqrt(q), turn):
        weight *= phi(w / sqrt(q)) / sqrt(q)
        slope = g(w)
        a += weight * 2 * phi(k * w) / sqrt(spread / q) * slope
        odds = weight * 2 * Phi(k * w)
        b += odds * slope**2
        v += odds * c(w)
    return a, b, v


def linear_case(name, variance, V):
    g, c, breaks = LOSSES[name](V, 0)
    b, v = mpf(0), mpf(0)
    for w, weight in nodes(breaks, sqrt(variance), sqrt(variance)):
        weight *= phi(w / sqrt(variance)) / sqrt(variance)
        b += weight * g(w) ** 2
        v += weight * c(w)
    return v, b, v


rows = []
V_ALL = ["1e-12", "1e-6", "0.01", "1", "30", "1e4", "1e12"]
for name in ["hinge", "absolute", "huber", "logistic"]:
    for V in V_ALL:
        # (noise, overlap cosine defect gap/q, q)
        for noise, defect, q in [("0", "0.5", "1"), ("0.3", "0.2", "4"), ("0", "1e-10", "2"), ("0", "0.1", "900"), ("1", "0.9", "1e-4")]:
            q, defect = mpf(q), mpf(defect)
            gap = defect * q
            m = sqrt(q - gap)
            # doubles are what the code sees
            m, gap, q_ = mpf(float(m)), mpf(float(gap)), mpf(float(q))
            if name == "logistic" and (V not in ("1e-6", "30", "1e12") or noise == "1"):
                continue
            h = sign_case(name, mpf(float(noise)), m, q_, gap, mpf(float(V)))
            rows.append(["sign", name, float(noise), float(m), float(q_), float(gap), float(V)] + [mp.nstr(x, 17) for x in h])
for name in ["absolute", "huber"]:
    for V in V_ALL:
        for variance in ["0.5", "1e-8", "1e4"]:
            h = linear_case(name, mpf(float(variance)), mpf(float(V)))
            rows.append(["linear", name, float(variance), 0, 0, 0, float(V)] + [mp.nstr(x, 17) for x in h])
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "outputSide.json"), "w") as f:
    f.write("[\n" + ",\n".join("  " + json.dumps(r) for r in rows) + "\n]\n")
