"""Messages of noiseless likelihoods of narrow inputs, z ~ N(0, 1) known to precision az: extrinsic = 1/v - az.

abs: |z| leaves the sign open, v = E z^2 sech^2(omega z/V); sign: v = V (1 - V J), J = (2/V) E phi(x)^2/Phi(x).
Trapezoid sums on windows of 12 standard deviations, halved until 12 digits stay.
"""
import numpy as np
from scipy.special import log_ndtr


def halved(f, n):
    a = f(n)
    for _ in range(4):
        n *= 2
        b = f(n)
        if abs(b / a - 1) < 1e-13:
            return b
        a = b
    return b


def normal(x, s=1.0):
    return np.exp(-0.5 * (x / s) ** 2) / (s * np.sqrt(2 * np.pi))


def abs_message(az):
    V = 1 / az
    q, s = 1 - V, np.sqrt(V)

    def v(n):
        w = np.linspace(-16 * s, 16 * s, n)  # beyond, sech^2 has died
        t = np.linspace(-12, 12, n)
        total = 0.0
        for wk in w:
            z = wk + s * t
            a = np.minimum(np.abs(wk * z / V), 300)
            total += normal(wk, np.sqrt(q)) * np.sum(normal(t) * z * z / np.cosh(a) ** 2)
        return total * (w[1] - w[0]) * (t[1] - t[0])

    return 1 / halved(v, 801) - az


def sign_message(az):
    V = 1 / az
    r = np.sqrt(V / (1 - V))

    def J(n):
        x = np.linspace(-38, 38, n)
        f = normal(x * r) * r * np.exp(-x * x - np.log(2 * np.pi) - log_ndtr(x))
        return 2 / V * np.sum(f) * (x[1] - x[0])

    j = halved(J, 2001)
    return j / (1 - V * j)


for az in (2, 80, 1e4):
    print("abs", az, repr(abs_message(az)))
for az in (2, 80, 1e5):
    print("sign", az, repr(sign_message(az)))
