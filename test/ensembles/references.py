"""mpmath, 80 digits, for spectra.test.ts: tail and Shannon transform of Marchenko-Pastur by integrating its density."""
from mpmath import mp, mpf, sqrt, log, quad, pi, cos, sin

mp.dps = 80


def row(alpha, xs):
    a, x = mpf(float(alpha)), mpf(float(xs))  # the doubles the test uses
    eta = (sqrt((1 + (a - 1) * x) ** 2 + 4 * x) - (1 + (a - 1) * x)) / (2 * x)
    V = a * log(1 + x * eta) - log(eta) - (1 - eta)
    tail = eta - (1 - min(mpf(1), a))
    lam = lambda th: 1 + a + 2 * sqrt(a) * cos(th)
    weight = lambda th: 4 * a * sin(th) ** 2 / (2 * pi * lam(th))
    if x < 1e6 and abs(a - 1) > 1e-3:  # the closed forms against the density itself
        assert abs(quad(lambda th: weight(th) / (1 + x * lam(th)), [0, pi / 2, pi]) / tail - 1) < 1e-12
        assert abs(quad(lambda th: weight(th) * log(1 + x * lam(th)), [0, pi / 2, pi]) / V - 1) < 1e-12
    return "  [%s, %s, %s, %s]" % (alpha, xs, mp.nstr(tail, 17), mp.nstr(V, 17))


for alpha in ("1e-3", "0.5", "1", "1.000001", "1e3"):
    for x in ("1e-12", "1e-3", "1", "1e3", "1e12", "1e30"):
        print(row(alpha, x) + ",")
