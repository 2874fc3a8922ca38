"""Independent references for piecewise-linear hidden activations: writes references.json beside it (python3 references.py, about two minutes).

posterior: mpmath at 60 digits, ln Z and moments of z and phi(z) under exp(-az z^2/2 + bz z - ax phi^2/2 + bx phi), segment by segment from
differences of erfc at that precision. errors: brute-force quadrature in all three variables, omega ~ N(0, q) by
trapezoid, z and t = sqrt(ax) phi + xi by Gauss-Legendre with the kinks as panel ends (no formula in common with the library's).
"""
import json
import os
import random

import mpmath as mp
import numpy as np

mp.mp.dps = 60
INF = float("inf")
K = 0.67449
SHAPES = {
    "linear": [(-INF, INF, 1, 0)],
    "relu": [(-INF, 0, 0, 0), (0, INF, 1, 0)],
    "leaky-relu": [(-INF, 0, 0.1, 0), (0, INF, 1, 0)],
    "leaky-fold": [(-INF, 0, -0.5, 0), (0, INF, 1, 0)],
    "abs": [(-INF, 0, -1, 0), (0, INF, 1, 0)],
    "sign": [(-INF, 0, 0, -1), (0, INF, 0, 1)],
    "hard-tanh": [(-INF, -1, 0, -1), (-1, 1, 1, 0), (1, INF, 0, 1)],
    "hard-sigmoid": [(-INF, -3, 0, 0), (-3, 3, 1 / 6, 0.5), (3, INF, 0, 1)],
    "door": [(-INF, -K, 0, 1), (-K, K, 0, -1), (K, INF, 0, 1)],
}


def posterior(segments, az, bz, ax, bx):
    need = 60 + 2 * int(mp.log10(1 + abs(mp.mpf(bz)) ** 2 / az + abs(mp.mpf(bx)) ** 2 + ax + az))
    with mp.workdps(min(need, 400)):
        az, bz, ax, bx = map(mp.mpf, (az, bz, ax, bx))
        terms = []
        for l, u, s, c in segments:
            s, c = mp.mpf(s), mp.mpf(c)
            P = az + ax * s * s
            m = (bz + s * (bx - ax * c)) / P
            root = mp.sqrt(P)
            lo, hi = (mp.mpf(l) - m) * root, (mp.mpf(u) - m) * root
            flip = hi < -lo
            a, b = (-hi, -lo) if flip else (lo, hi)
            far = lambda x: mp.mpf(0) if x == mp.inf else mp.erfc(x / mp.sqrt(2)) / 2
            pdf = lambda x: mp.mpf(0) if abs(x) == mp.inf else mp.npdf(x)
            if a > 300:  # Mills ratio by continued fraction, ratios kept
                def mills(x):
                    f = x
                    for k in range(400, 0, -1):
                        f = x + k / f
                    return 1 / f
                w = b - a
                e = mp.mpf(0) if b == mp.inf else mp.exp(-(b * b - a * a) / 2)
                mb = mp.mpf(0) if b == mp.inf else mills(b)
                scaled = mills(a) - e * mb
                logmass = mp.log(scaled) - a * a / 2 - mp.log(2 * mp.pi) / 2
                m1 = (1 - e) / scaled
                m2 = 1 + (a - (mp.mpf(0) if e == 0 else b * e)) / scaled
            else:
                mass = far(a) - far(b) if b != mp.inf else far(a)
                logmass = mp.log(mass)
                m1 = (pdf(a) - pdf(b)) / mass
                m2 = 1 + ((mp.mpf(0) if abs(a) == mp.inf else a * pdf(a)) - (mp.mpf(0) if b == mp.inf else b * pdf(b))) / mass
            if flip:
                m1 = -m1
            logw = -ax * c * c / 2 + bx * c + P * m * m / 2 + mp.log(2 * mp.pi / P) / 2 + logmass
            z1 = m + m1 / root
            zv = (m2 - m1 * m1) / P
            terms.append((logw, z1, zv, s * z1 + c, s * s * zv))
        top = max(t[0] for t in terms)
        ws = [mp.exp(t[0] - top) for t in terms]
        total = sum(ws)
        ws = [w / total for w in ws]
        z = sum(w * t[1] for w, t in zip(ws, terms))
        zv = sum(w * (t[2] + (t[1] - z) ** 2) for w, t in zip(ws, terms))
        x = sum(w * t[3] for w, t in zip(ws, terms))
        xv = sum(w * (t[4] + (t[3] - x) ** 2) for w, t in zip(ws, terms))
        return [float(v) for v in (top + mp.log(total), z, zv, x, xv)]


def phi(segments, z):
    out = np.zeros_like(z)
    for l, u, s, c in segments:
        inside = (z >= l) & (z < u)
        out[inside] = s * z[inside] + c
    return out


GL = np.polynomial.legendre.leggauss(20)


def composite(breaks):
    b = np.asarray(breaks)
    half, mid = np.diff(b) / 2, (b[1:] + b[:-1]) / 2
    return (mid[:, None] + half[:, None] * GL[0]).ravel(), (half[:, None] * GL[1]).ravel()


def errors(segments, V, ax, tau):
    """One grid of z and one of t serve every omega: the averages are matrix products."""
    q, r = max(0.0, tau - V), np.sqrt(ax)
    steep = max(abs(s) for *_, s, _ in segments)
    fine = min(np.sqrt(V), 1 / (r * steep) if r * steep > 0 else INF)  # scale of z
    kinks = [l for l, *_ in segments if np.isfinite(l)]
    reach = 8.5 * np.sqrt(tau)
    step = 0.11 * min(np.sqrt(q), np.sqrt(V)) if q else 1.0
    omega = np.zeros(1) if q == 0 else np.arange(-8.5 * np.sqrt(q), 8.5 * np.sqrt(q), step)
    weight = np.ones(1) if q == 0 else step * np.exp(-0.5 * omega**2 / q) / np.sqrt(2 * np.pi * q)
    z, dz = composite(sorted([*np.linspace(-reach, reach, 2 + int(2 * reach / (3 * fine))), *(k for k in kinks if abs(k) < reach)]))
    x = phi(segments, z)
    f = r * x
    low, high = f.min() - 8.5, f.max() + 8.5
    t, dt = composite(np.linspace(low, high, 2 + int((high - low) / 2.5)))
    p = dz[:, None] * np.exp(-0.5 * (z[:, None] - omega) ** 2 / V) / np.sqrt(2 * np.pi * V)
    u = (z[:, None] - omega) / np.sqrt(V)
    pu, pu2, px, px2 = p * u, p * u * u, p * x[:, None], p * (x * x)[:, None]
    acc = np.zeros(5)
    for i in range(0, len(t), 300):
        like = np.exp(-0.5 * (t[i : i + 300, None] - f) ** 2) / np.sqrt(2 * np.pi)
        Z = like @ p
        W = Z * weight * dt[i : i + 300, None]
        inverse = 1 / np.maximum(Z, 1e-280)
        g, m = like @ pu * inverse, like @ px * inverse
        vz, vx = like @ pu2 * inverse - g * g, like @ px2 * inverse - m * m
        e = t[i : i + 300, None] - r * m
        acc += [np.sum(W * v) for v in (g * g, vz, vx, e * e, -np.log(np.maximum(Z, 1e-280)))]
    gain, vz, vx, left, h = acc
    info = h - 0.5 * np.log(2 * np.pi * np.e)
    return dict(vz=V * vz, vx=vx, extrinsicZ=gain / (V * vz), extrinsicX=left / vx, freeEntropy=0.5 * np.log(2 * np.pi * V) - 0.5 - info)


def main():
    rng = random.Random(3)
    table = {"posterior": {}, "errors": {}}
    hard = [(1e15, 1e15, 1e15, 1e15), (1e15, -3e14, 1.0, 2.0), (1e-6, 0.5, 1e15, 7e14), (1e-6, 300.0, 0.0, 0.0), (1e-6, -2.0, 1e-3, 5.0),
            (80.0, 40.0, 1e6, 5e5), (1e5, 100.0, 1e5, -3.0), (1.0, 0.0, 1e10, 1e10), (1.0, -30.0, 4.0, 900.0), (2.0, 50.0, 0.5, -1e4),
            (1e3, 1e6, 1e3, -1e6), (1.0, 1e-8, 1e-12, 1e-6), (1e8, 1e8, 1e8, 1.2e8), (0.3, 2.0, 0.0, 3.0)]
    for name, segments in SHAPES.items():
        rows = []
        points = list(hard)
        for _ in range(12):
            az, ax = 10 ** rng.uniform(-6, 10), 10 ** rng.uniform(-6, 10)
            points.append((az, az * rng.gauss(0, 1) + az**0.5 * rng.gauss(0, 2), ax, ax * rng.gauss(0, 1) + ax**0.5 * rng.gauss(0, 3)))
        for point in points:
            rows.append([*point, *posterior(segments, *point)])
        table["posterior"][name] = rows
        print(name, flush=True)
    cases = [(1.0, 0.7, 1.0), (1.0, 30.0, 1.0), (0.5, 1.0, 1.0), (0.5, 50.0, 1.0), (0.9, 400.0, 1.0), (0.1, 8.0, 1.0), (0.03, 1e-4, 1.0),
             (0.03, 200.0, 1.0), (1.2, 3.0, 2.5), (0.3, 1500.0, 0.7)]
    for name, segments in SHAPES.items():
        table["errors"][name] = [dict(V=V, ax=ax, tau=tau, **{k: float(v) for k, v in errors(segments, V, ax, tau).items()}) for V, ax, tau in cases]
        print(name, "errors", flush=True)
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "references.json"), "w") as out:
        json.dump(table, out, indent=1)
        out.write("\n")


if __name__ == "__main__":
    main()
