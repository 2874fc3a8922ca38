# P(X <= h, Y <= k) of the standard bivariate normal, its logarithm, gradient and minus Hessian, 50 digits: python3 committeeReferences.py > committeeReferences.json
import json
from mpmath import mp, mpf, quad, erfc, exp, log, sqrt, pi, nstr

mp.dps = 50
phi = lambda x: exp(-x * x / 2) / sqrt(2 * pi)
Phi = lambda x: erfc(-x / sqrt(2)) / 2
cases = [(0.3, -0.5, 0.4), (-3, -4, -0.5), (-3, -4, 0.5), (-20, 5, 0.3), (-8, -8, 0.9), (2, 3, -0.99), (-1, 1.5, -0.97), (-12, -15, -0.6),
         (5, 6, 0.2), (-30, -10, 0.7), (0.5, -0.45, -0.9999), (-100, -90, -0.3), (-6, 6.5, -0.999), (0, 0, 0.5), (-40, 60, 0)]
out = []
for h, k, r in [tuple(map(mpf, c)) for c in cases]:
    s = sqrt(1 - r * r)
    marks = {mpf(0)}
    for e in range(-7, 3):
        for c in (1, 2, 4, 7):
            marks.add(c * mpf(10) ** e)
    if r != 0:
        turn = h - k / r  # distance from the edge at which the mass of Y turns
        for d in range(-12, 13):
            t = turn + d * s / abs(r)
            if t > 0:
                marks.add(t)
    rate = 1 + abs(h) + (abs(r) / s + 1) * (1 + abs((k - r * h) / s))  # of the exponential that the integrand is at the edge, or more
    for j in range(1, 400):
        marks.add(j / (2 * rate))
    f = lambda t: phi(h - t) * Phi((k - r * (h - t)) / s)
    top = max(f(t) for t in marks)  # quad stops at an absolute error
    Z = top * quad(lambda t: f(t) / top, sorted(marks))
    u, v = (k - r * h) / s, (h - r * k) / s
    gh, gk, d = phi(h) * Phi(u) / Z, phi(k) * Phi(v) / Z, phi(h) * phi(u) / s / Z
    row = [log(Z), gh, gk, gh * (gh + h) + r * d, gh * gk - d, gk * (gk + k) + r * d]
    out.append([float(h), float(k), float(r)] + [float(nstr(x, 17)) for x in row])
print("[\n  " + ",\n  ".join(json.dumps(o) for o in out) + "\n]")
