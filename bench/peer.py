"""The same work in NumPy and SciPy, written for the bench: vectorised GAMP, and state evolution by adaptive quadrature.
Reads one command a line on stdin (gamp | se), answers with seconds."""
import sys, time
import numpy as np
from scipy.integrate import quad
from scipy.special import log_ndtr, expit

rng = np.random.default_rng(0)
n, p, rho, noise = 2000, 2000, 0.2, 1e-2
W = rng.standard_normal((n, p)) / np.sqrt(p)
x0 = rng.standard_normal(p) * (rng.random(p) < rho)
y = W @ x0 + np.sqrt(noise) * rng.standard_normal(n)


def gamp(iterations):
    a, v, g = np.zeros(p), rho, np.zeros(n)
    for _ in range(iterations):
        V = v
        omega = W @ a - V * g
        g = (y - omega) / (V + noise)
        A = (n / p) / (V + noise)
        b = W.T @ g + A * a
        l = np.log(rho / (1 - rho)) - 0.5 * np.log1p(A) + 0.5 * b * b / (1 + A)
        w = expit(l)
        m = b / (1 + A)
        a = w * m
        v = np.mean(w * (1 / (1 + A) + (1 - w) * m * m))
    return a


phi = lambda t: np.exp(-0.5 * t * t) / np.sqrt(2 * np.pi)


def se(iterations, alpha=2.0):
    """Gauss-Bernoulli signal through a sign: one step is one integral for the channel and two for the prior."""
    q = 0.0
    for _ in range(iterations):
        V = rho - q
        s = np.sqrt(q / V)
        J = 2 / V * quad(lambda t: phi(t) * np.exp(-(s * t) ** 2 - np.log(2 * np.pi) - log_ndtr(s * t)), -9, 9)[0]
        r = alpha * J

        def overlap(t, sd):
            b = sd * t
            w = expit(np.log(rho / (1 - rho)) - 0.5 * np.log1p(r) + 0.5 * b * b / (1 + r))
            return phi(t) * (w * b / (1 + r)) ** 2

        q = rho * quad(overlap, -9, 9, args=(np.sqrt(r + r * r),))[0] + (1 - rho) * quad(overlap, -9, 9, args=(np.sqrt(r),))[0]
    return q


print("ready", flush=True)
for command in sys.stdin:
    start = time.perf_counter()
    out = gamp(20)[0] if command.strip() == "gamp" else se(20)
    print(time.perf_counter() - start, float(out), flush=True)
