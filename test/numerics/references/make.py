"""Writes special.json: 50-digit values (mpmath) of every function in src/numerics/special, at exact doubles.

Provenance: run `/usr/bin/python3 make.py` (Debian python3-mpmath 1.2.1). Arguments are written as shortest round-trip decimals,
so the doubles the tests read are the doubles used here; values are rounded to 25 digits, far beyond the doubles compared.
Points: a fixed wide list for every function plus random ones of a fixed seed.
"""
import json
import os
import random

import mpmath as mp

mp.mp.dps = 50
random.seed(20240607)
mpf = mp.mpf
TINY = mpf("1e-300")


def Phi(x):
    return mp.erfc(-mpf(x) / mp.sqrt(2)) / 2


def phi(x):
    return mp.exp(-mpf(x) ** 2 / 2) / mp.sqrt(2 * mp.pi)


def interval(l, u):
    """Phi(u) - Phi(l) for l < u without cancellation: enough digits for the exponent and the gap."""
    l, u = mpf(l), mpf(u)
    if l + u < 0:
        l, u = -u, -l
    if l > 0:
        return Phi(-l) - Phi(-u)
    return 1 - Phi(-u) - Phi(l)


def truncated(l, u):
    l, u = mpf(l), mpf(u)
    with mp.workdps(140):
        z = interval(l, u)
        pl = phi(l) if mp.isfinite(l) else mpf(0)
        pu = phi(u) if mp.isfinite(u) else mpf(0)
        lp = l * pl if mp.isfinite(l) else mpf(0)
        up = u * pu if mp.isfinite(u) else mpf(0)
        mean = (pl - pu) / z
        return [mp.log(z), mean, 1 + (lp - up) / z - mean**2]


def log_diff_erf(x, y):
    x, y = mpf(min(x, y)), mpf(max(x, y))
    with mp.workdps(140):
        if x + y < 0:
            x, y = -y, -x
        d = mp.erfc(x) - mp.erfc(y) if x > 0 else mp.erf(y) - mp.erf(x)
        return mp.log(d)


def quantile(p):
    """Newton on log Phi from a crude start."""
    p = mpf(p)
    if p == mpf(1) / 2:
        return mpf(0)
    if p > mpf(1) / 2:
        return -quantile(1 - p)
    x = -mp.sqrt(-2 * mp.log(p)) if p < mpf("0.1") else mpf(-1)
    for _ in range(200):
        step = (mp.log(Phi(x)) - mp.log(p)) * Phi(x) / phi(x)
        x -= step
        if abs(step) < mpf(10) ** -48 * (1 + abs(x)):
            break
    return x


def owens(h, a):
    """(1/2 pi) exp(-h^2/2) int_0^a exp(-h^2 x^2/2)/(1 + x^2) dx, cut where the integrand changes."""
    h, a = abs(mpf(h)), mpf(a)
    s = 1 if a >= 0 else -1
    if mp.isinf(a):
        return s * Phi(-h) / 2
    a = abs(a)
    if a > 1:  # Owen's reflection, so that only the smooth range is integrated; 30 digits more for its cancellation
        with mp.workdps(mp.mp.dps + 30):
            near, far = Phi(-h), Phi(-a * h)
            return s * (near / 2 + far / 2 - near * far - owens(a * h, 1 / a))
    cuts = [mpf(0)] + sorted(c for c in (k / (1 + h) for k in (1, 3, 9, 27, 81)) if c < a) + [a]
    f = lambda x: mp.exp(-h * h * x * x / 2) / (1 + x * x)
    return s * mp.exp(-h * h / 2) * mp.quad(f, cuts, method="gauss-legendre") / (2 * mp.pi)


def bivariate(h, k, rho):
    """By Owen's T with enough digits for its cancellation."""
    with mp.workdps(170):
        h, k, rho = mpf(h), mpf(k), mpf(rho)
        s = mp.sqrt((1 - rho) * (1 + rho))
        if h == 0 and k == 0:
            return mp.mpf(1) / 4 + mp.asin(rho) / (2 * mp.pi)
        ratio = lambda x, y: (y - rho * x) / (x * s) if x else (mp.inf if y > 0 else -mp.inf)
        half = mpf(1) / 2 if h * k < 0 or (h * k == 0 and h + k < 0) else 0
        p = (Phi(h) + Phi(k)) / 2 - owens(h, ratio(h, k)) - owens(k, ratio(k, h)) - half
        return p if p > mpf("1e-110") else mpf("1e-400")  # too few digits left: dropped by ok()


wide = [0.0, 5e-324, 1e-300, 1e-20, 1e-9, 1e-4, 0.01, 0.1, 0.3, 0.45, 0.46875, 0.47, 0.5, 0.65, 0.66, 0.7, 0.9, 1.0, 1.3, 2.0, 2.7, 3.9, 4.0, 4.1, 5.5, 5.9,
        7.0, 7.9, 8.0, 8.1, 9.9, 10.0, 10.1, 15.0, 20.0, 25.9, 26.5, 30.0, 37.4, 38.4, 50.0, 100.0, 700.0, 1e3, 1e4]
wide = sorted(set(wide + [random.uniform(0, 12) for _ in range(60)] + [10 ** random.uniform(-6, 4) for _ in range(60)]))
both = sorted(set([-x for x in wide] + wide))


def ok(v):
    return v == 0 or (TINY < abs(v) < mpf("1e308"))


def table(f, points):
    rows = []
    for p in points:
        args = p if isinstance(p, (list, tuple)) else [p]
        v = f(*args)
        vs = v if isinstance(v, list) else [v]
        if all(ok(w) for w in vs):
            rows.append([["inf" if a == float("inf") else "-inf" if a == float("-inf") else a for a in args], [mp.nstr(w, 25) for w in vs]])
    return rows


ends = [0.0, 1e-12, 1e-5, 0.03, 0.2, 0.7, 1.0, 1.4, 2.0, 3.0, 4.5, 6.0, 9.0, 12.0, 20.0, 37.0, 60.0, 300.0, 1e3, 1e4]
widths = [1e-12, 1e-8, 1e-5, 1e-3, 0.03, 0.2, 0.5, 0.9, 1.3, 1.9, 2.1, 3.0, 5.0, 11.0, 100.0, 1e4]
inf = float("inf")
pairs = []
for e in ends:
    for w in widths:
        for s in (e, -e, -w / 2 + e / 3):
            if s + w > s:
                pairs.append((s, s + w))
    pairs += [(e, inf), (-e, inf), (-inf, e), (-inf, -e)]
for _ in range(200):
    c, w = random.gauss(0, 4), 10 ** random.uniform(-6, 1.2)
    pairs.append((c, c + w))
pairs = [p for p in pairs if p[0] < p[1]]

rhos = [0.0, 1e-10, 0.1, 0.5, 0.9, 0.99, 0.9999, 1 - 1e-8, 1 - 2.0**-50]
hk = [(0.0, 0.0), (0.3, -0.7), (1.0, 1.0), (-1.0, -1.0), (-1.0, 1.0), (2.5, 0.1), (-2.0, -3.0), (4.0, 4.5), (-5.0, -4.0), (-6.0, 7.0), (-8.0, -8.0), (0.0, 2.0), (0.0, -2.0), (-20.0, 3.0), (1e-3, -1e-3), (9.0, -9.0), (-1.0, -1.0000001)]
triples = [(h, k, s * r) for h, k in hk for r in rhos for s in (1, -1)]
triples += [(random.gauss(0, 2), random.gauss(0, 2), random.uniform(-1, 1)) for _ in range(60)]

probabilities = [1e-300, 1e-200, 1e-100, 1e-30, 1e-12, 1e-5, 1e-3, 0.02, 0.07, 0.0751, 0.2, 0.4, 0.499999, 0.5, 0.50001, 0.7, 0.92, 0.93, 0.999, 1 - 1e-9] + [random.random() for _ in range(50)]

log2cosh = lambda x: mp.log(mp.cosh(mpf(x)))
sums = [(0.0, 0.0), (1.0, 2.0), (-3.0, 5.0), (1e4, 1e4), (-1e4, 1e4), (-1e4, -1e4 + 1e-6), (700.0, 710.0), (-0.1, -40.0), (3.0, 3.0 + 1e-12)] + [(random.gauss(0, 30), random.gauss(0, 30)) for _ in range(40)]
small = [x for x in wide if x > 0]

TABLES = {
    "erf": table(lambda x: mp.erf(mpf(x)), both),
    "erfc": table(lambda x: mp.erfc(mpf(x)), both),
    "erfcx": table(lambda x: mp.exp(mpf(x) ** 2) * mp.erfc(mpf(x)), [x for x in both if x > -26]),
    "logErfc": table(lambda x: mp.log(mp.erfc(mpf(x))) if x > 0 else mp.log1p(-mp.erf(mpf(x))), both),
    "normalPdf": table(phi, both),
    "normalCdf": table(Phi, both),
    "logNormalCdf": table(lambda x: mp.log(Phi(x)) if x < 1 else mp.log1p(-Phi(-x)), [x for x in both if x < 37]),
    "hazard": table(lambda x: phi(x) / Phi(x), [x for x in both if x < 36]),
    "mills": table(lambda x: Phi(-x) / phi(x), [x for x in both if x > -36]),
    "inverseNormalCdf": table(quantile, probabilities),
    "logDiffErf": table(log_diff_erf, pairs + [(b, a) for a, b in pairs[::7]]),
    "logNormalInterval": table(lambda l, u: truncated(min(l, u), max(l, u))[0], pairs + [(b, a) for a, b in pairs[::7]]),
    "truncatedNormal": table(truncated, pairs),
    "logistic": table(lambda x: 1 / (1 + mp.exp(-mpf(x))), both),
    "softplus": table(lambda x: mp.log1p(mp.exp(mpf(x))), both),
    "log1pExp": table(lambda x: mp.log1p(mp.exp(mpf(x))), both[::5]),
    "logCosh": table(lambda x: mp.log(mp.cosh(mpf(x))) if abs(x) > 1e-4 else mp.log1p(2 * mp.sinh(mpf(x) / 2) ** 2), both),
    "logAddExp": table(lambda a, b: mp.log(mp.exp(mpf(a)) + mp.exp(mpf(b))), sums),
    "logGamma": table(lambda x: mp.loggamma(mpf(x)), sorted(set(small + [1 + 1e-9, 1 - 1e-9, 2 + 1e-9, 2 - 1e-9, 1 - 1e-3, 2.001, 2.999, 3.001, 9.99, 1e8]))),
    "owensT": table(owens, [(h, s * a) for h in (0.0, 1e-5, 0.1, 0.7, 1.5, 3.0, 6.0, 12.0, 30.0, -2.0) for a in (1e-8, 0.1, 0.5, 0.99, 1.0, 1.01, 2.0, 10.0, 1e4, inf) for s in (1, -1)]),
    "bivariateNormalCdf": table(bivariate, triples),
    "besselI0e": table(lambda x: mp.besseli(0, mpf(x)) * mp.exp(-abs(mpf(x))), both),
    "besselI1e": table(lambda x: mp.besseli(1, mpf(x)) * mp.exp(-abs(mpf(x))), both),
    "besselRatio": table(lambda x: mp.besseli(1, mpf(x)) / mp.besseli(0, mpf(x)), both),
}

if __name__ == "__main__":
    out = os.path.join(os.path.dirname(os.path.abspath(__file__)), "special.json")
    with open(out, "w") as f:
        f.write('{\n"provenance": "test/numerics/references/make.py, mpmath %s at %d digits or more, values to 25 digits",\n' % (mp.__version__, mp.mp.dps))
        f.write('"tables": {\n')
        f.write(",\n".join('"%s": [\n%s\n]' % (k, ",\n".join(json.dumps(r) for r in rows)) for k, rows in TABLES.items()))
        f.write("\n}\n}\n")
    print({k: len(v) for k, v in TABLES.items()})
