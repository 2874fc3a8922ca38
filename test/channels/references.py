"""Writes references.json: ln Z, d_omega ln Z and -d^2_omega ln Z of the channels at 80 digits, rounded to doubles.

Closed forms of Z_y(omega, V) as mixtures of Gaussians and Gaussian masses (piecewise-linear channels) and the Rice law (modulus,
omega real), differentiated by mpmath; independent of the formulas in src/channels.  python3 test/channels/references.py
"""
import json, os
from mpmath import mp, mpf, erfc, sqrt, exp, log, pi, inf, besseli, diff, isinf

mp.dps = 80

def Q(x):
    if isinf(x):
        return mpf(0) if x > 0 else mpf(1)
    return erfc(x / sqrt(mpf(2))) / 2

def mass(l, u):
    return Q(l) - Q(u) if l > 0 else (Q(-u) - Q(-l) if u < 0 else 1 - Q(u) - Q(-l))

def pdf(x, v):
    return exp(-x * x / (2 * v)) / sqrt(2 * pi * v)

def piecewise(segments, before, after):
    def Z(V, w, y):
        V = V + before
        total = mpf(0)
        for l, u, s, c in segments:
            l, u, s, c = mpf(l), mpf(u), mpf(s), mpf(c)
            if after == 0 and s == 0:
                if y == c:
                    total += mass((l - w) / sqrt(V), (u - w) / sqrt(V))
            elif after == 0:
                z = (y - c) / s
                atom = any(t[2] == 0 and mpf(t[3]) == y for t in segments)
                if l <= z < u and not atom:
                    total += pdf(z - w, V) / abs(s)
            else:
                S = s * s * V + after
                m = w + V * s * (y - s * w - c) / S
                sd = sqrt(V * after / S)
                total += pdf(y - s * w - c, S) * mass((l - m) / sd, (u - m) / sd)
        return total
    return Z

def rice(before):
    def Z(V, r, y):
        S = V + before
        return 2 * y / S * exp(-(y * y + r * r) / S) * besseli(0, 2 * y * r / S)
    return Z

I = 'inf'
N = '-inf'
relu = [(N, 0, 0, 0), (0, I, 1, 0)]
leaky = [(N, 0, mpf('0.1'), 0), (0, I, 1, 0)]
absolute = [(N, 0, -1, 0), (0, I, 1, 0)]
hard = [(N, -1, 0, -1), (-1, 1, 1, 0), (1, I, 0, 1)]
sign = [(N, 0, 0, -1), (0, I, 0, 1)]
K = mpf(0.67449)
door = [(N, -K, 0, 1), (-K, K, 0, -1), (K, I, 0, 1)]
cells = [(N, mpf(-1), 0, mpf(-1.5)), (-1, 0, 0, mpf(-0.5)), (0, 1, 0, mpf(0.5)), (1, I, 0, mpf(1.5))]
Vs = [1e-12, 1e-4, 0.3, 1.0, 50.0, 1e6]

def points(omegas, labels, Vs=Vs):
    return [(V, w, y) for V in Vs for w in omegas for y in labels]

W = [-3.0, -0.4, -1e-3, 0.0, 2e-6, 0.25, 1.7]
cases = [
    ('sign', {}, piecewise(sign, mpf(0), mpf(0)), points([-1e4, -3.0, -1e-5, 0.0, 0.5, 8.0], [1.0, -1.0])),
    ('sign', {'noise': 0.25}, piecewise(sign, mpf(0.25), mpf(0)), points([-20.0, -0.5, 0.0, 3.0], [1.0, -1.0])),
    ('symmetric-door', {}, piecewise(door, mpf(0), mpf(0)), points([-30.0, -0.7, 0.0, 0.1, 0.67448, 0.9], [1.0, -1.0])),
    ('quantized', {}, piecewise(cells, mpf(0), mpf(0)), points([-8.0, -0.99, 0.0, 0.3, 1.2], [-1.5, -0.5, 0.5, 1.5])),
    ('relu', {}, piecewise(relu, mpf(0), mpf(0)), points(W, [0.0, 0.3, 2.0])),
    ('relu', {'noise': 0.1}, piecewise(relu, mpf(0), mpf(0.1)), points(W, [-0.5, 0.01, 1.5])),
    ('relu', {'noise': 1e-8}, piecewise(relu, mpf(0), mpf(1e-8)), points(W, [-1e-4, 2e-5, 0.3])),
    ('leaky-relu', {'noise': 0.02}, piecewise([(N, 0, mpf(0.1), 0), (0, I, 1, 0)], mpf(0), mpf(0.02)), points(W, [-0.3, 0.02, 1.0])),
    ('hard-tanh', {'noise': 0.05}, piecewise(hard, mpf(0), mpf(0.05)), points(W, [-1.2, 0.4, 0.97])),
    ('hard-tanh', {}, piecewise(hard, mpf(0), mpf(0)), points(W, [-1.0, 0.4, 1.0])),
    ('abs', {}, piecewise(absolute, mpf(0), mpf(0)), points(W, [1e-3, 0.4, 1.7])),
    ('abs', {'noise': 0.3}, piecewise(absolute, mpf(0.3), mpf(0)), points(W, [1e-3, 0.4, 1.7])),
    ('abs', {'noise': 0.01, 'noiseAfter': 0.04}, piecewise(absolute, mpf(0.01), mpf(0.04)), points(W, [-0.3, 0.1, 1.2])),
    ('modulus', {}, rice(mpf(0)), points([1e-8, 0.02, 0.4, 1.7], [1e-3, 0.4, 1.7])),
    ('modulus', {'noise': 0.2}, rice(mpf(0.2)), points([1e-8, 0.02, 0.4, 1.7], [1e-3, 0.4, 1.7])),
]

rows = []
for name, params, Z, pts in cases:
    out = []
    for V, w, y in pts:
        v, o, lab = mpf(V), mpf(w), mpf(y)
        sd = sqrt(v)
        z0 = Z(v, o, lab)
        if z0 == 0:
            continue
        # Derivatives in units of sd: central differences of order 2 at 1e-18 with 80 (and more) digits are exact to doubles.
        extra = int(abs(o) / sd) if abs(o) / sd < 200 else 200
        mp.dps = 110 + extra
        f = lambda t: log(Z(v, o + sd * t, lab))
        h = mpf(10) ** -18
        if abs(f(mpf(0))) < mpf(10) ** -40:  # a certain label: ln Z and its derivatives live this many digits down
            mp.dps += 600
        a, b, c = f(-h), f(mpf(0)), f(h)
        g, k = (c - a) / (2 * h) / sd, -(c - 2 * b + a) / h ** 2 / sd ** 2
        if name == 'modulus':  # d_conj(omega) = f'/2, and -(f'' + f'/r)/4
            g, k = g / 2, (k - g / o) / 4
        mp.dps = 80
        values = [float(b), float(g), float(k)]
        if all(abs(x) < 1e300 for x in values):
            out.append([V, w, y] + values)
    rows.append({'channel': name, 'params': params, 'rows': out})
    print(name, params, len(out))
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'references.json'), 'w') as file:
    file.write('[\n' + ',\n'.join(json.dumps(r) for r in rows) + '\n]\n')
