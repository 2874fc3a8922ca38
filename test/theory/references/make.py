"""Reference values of the six scenarios of generalized linear models, derived and computed apart from the library.

    python3 make.py > scenarios.json            (numpy 1.24, scipy 1.10; about ten minutes of two cores)

Route, deliberately not the library's:
 * Fixed points are roots of F(V) = mmse(alpha J(V)) - V, scanned in ln V and solved by Brent, at given alpha (no curve alpha(r)).
 * Spinodals solve F = 0, dF = 0 with the ANALYTIC derivative: the matched identities d mmse/dr = -E v^2 and dJ/dq = E (d^2 ln Z)^2
   turn it into the condition   alpha E[v^2] E[(d_omega^2 ln Z)^2] = 1   (v posterior variance; complex: traces over the 2 x 2 blocks),
   a root in r; nothing is maximised.  Weak recovery is the same condition at r = 0.
 * The information-theoretic transition is the alpha of equal replica free entropies, both branches re-solved at every alpha; for
   noiseless recovery it is counting (dimension of the signal = dimension of the labels, or the entropy of a discrete signal).
 * Integrals: composite Gauss-Legendre with panels graded about every feature; Laplace and uniform priors by brute-force 2-D
   quadrature over (x, observation), no truncated-Gaussian formulas; relu with noise and logistic, Poisson from their integrals.
Every value is computed twice, at 10 and at 16 nodes a panel with other panels; `accuracy` is ten times their relative difference, at
least 1e-12. Conventions: docs/notation.md (Phi = Psi_w(r) + alpha Psi_out(q) - r q/2, complex - r q; nats per unknown).
"""
import json
import multiprocessing
import sys
import time
import numpy as np
from scipy.optimize import brentq, minimize_scalar
from scipy.special import ndtr, log_ndtr, i0e, i1e, expit, gammaln

start = time.time()
LEVEL = 0  # 0 coarse, 1 fine

def order():
    return (10, 16)[LEVEL]

_gl = {}

def panels(breaks):
    """Gauss-Legendre nodes and weights on consecutive panels."""
    n = order()
    if n not in _gl:
        _gl[n] = np.polynomial.legendre.leggauss(n)
    t, w = _gl[n]
    b = np.asarray(breaks)
    h = np.diff(b)[:, None] / 2
    return (b[:-1, None] + h * (t + 1)).ravel(), (h * w).ravel()

def normal_nodes(sigma, features=((0.0, 1.0),)):
    """E f(x), x ~ N(0, sigma^2), with panels graded about each (centre, scale): nodes, weights."""
    if sigma <= 0:
        return np.zeros(1), np.ones(1)
    L = 9.0 * sigma
    step = (1.0, 0.8)[LEVEL]
    even = np.arange(0, L, step * sigma)  # 0 is a break: the even channels integrate one half only
    cuts = [-even, even, [-L, L]]
    for c, s in features:
        if s >= sigma:
            continue
        g = s * np.concatenate([np.arange(0, 12, (1.0, 0.8)[LEVEL]), 12 * (1.6, 1.45)[LEVEL] ** np.arange(0, 90)])
        g = g[g < 2 * L + abs(c)]
        cuts += [c + g, c - g]
    b = np.unique(np.concatenate(cuts))
    b = b[(b >= -L) & (b <= L)]
    keep = np.concatenate([[True], np.diff(b) > 1e-12 * sigma])
    x, w = panels(b[keep])
    w = w * np.exp(-0.5 * (x / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi))
    return x, w / w.sum()

def phi(x):
    return np.exp(-0.5 * x * x) / np.sqrt(2 * np.pi)

def hazard(x):
    """phi(x)/Phi(-x)."""
    return np.exp(-0.5 * x * x - 0.5 * np.log(2 * np.pi) - log_ndtr(-x))

# ------------------------------------------------------------------------------------------------- priors
# Each: rho, mmse(r), v2(r) = -d mmse/dr, psi(r); dim (mass of the continuous part), entropy of a discrete prior.

class Gaussian:
    kind, dim, entropy, rho = "real", 1.0, None, 1.0

    def __init__(self, var=1.0):
        self.rho = var

    def mmse(self, r):
        return self.rho / (1 + self.rho * r)

    def v2(self, r):
        return self.mmse(r) ** 2

    def psi(self, r):
        return 0.5 * self.rho * r - 0.5 * np.log1p(self.rho * r)
        # E[Y^2 r rho /(2(1+ r rho))] with E Y^2 = 1 + r rho, minus the normalisation

class Discrete:
    kind, dim = "real", 0.0

    def __init__(self, values, weights):
        self.x = np.array(values, float)
        self.p = np.array(weights, float) / np.sum(weights)
        self.rho = float(self.p @ self.x**2)
        self.mean = float(self.p @ self.x)
        self.entropy = float(-(self.p @ np.log(self.p)))

    def _moments(self, r):
        s = np.sqrt(r)
        gaps = np.diff(np.sort(self.x))
        scale = min(1.0, 1.0 / (1e-300 + s * gaps.max())) if len(gaps) else 1.0
        out = np.zeros(3)
        mids = [0.5 * (a + b) for i, a in enumerate(self.x) for b in self.x[:i]]
        for x0, p in zip(self.x, self.p):
            # Y = s x0 + xi; posterior switches halfway between two values
            feats = tuple((s * (m - x0), scale) for m in mids) if s > 0 else ((0.0, 1.0),)
            xi, w = normal_nodes(1.0, feats)
            d = self.x[:, None] - x0
            # exp(s w Y - r w^2/2) relative to w = x0: s d xi - r d^2/2
            e = np.log(self.p)[:, None] + s * d * xi - 0.5 * r * d * d
            M = e.max(0)
            pi = np.exp(e - M)
            Z = pi.sum(0)
            pi /= Z
            dm = (pi * d).sum(0)
            v = (pi * (d - dm) ** 2).sum(0)
            lnZ = M + np.log(Z) + s * x0 * xi + 0.5 * r * x0 * x0
            out += p * np.array([w @ v, w @ v**2, w @ lnZ])
        return out

    def mmse(self, r):
        return self._moments(r)[0]

    def v2(self, r):
        return self._moments(r)[1]

    def psi(self, r):
        return self._moments(r)[2]

class GaussBernoulli:
    kind, entropy = "real", None

    def __init__(self, rho):
        self.rho = self.dim = rho

    def _sides(self, r):
        """(weight, Y^2, pi, 1 - pi) over both components of the law of Y = sqrt(r) x0 + xi."""
        l0 = np.log(self.rho / (1 - self.rho)) - 0.5 * np.log1p(r)
        switch = np.sqrt(max(0.0, -2 * l0 * (1 + r) / max(r, 1e-300))) if r > 1e-3 else 0.0
        out = []
        for s, p in ((1.0, 1 - self.rho), (np.sqrt(1 + r), self.rho)):
            y, w = normal_nodes(s, ((0.0, 1.0), (switch, 1.0 / (1 + switch)), (-switch, 1.0 / (1 + switch))))
            u = l0 + 0.5 * y * y * r / (1 + r)
            out.append((p * w, y, u))
        return out

    def mmse(self, r):
        if self.rho == 1:
            return 1 / (1 + r)
        (w, y, u), _ = self._sides(r)
        return self.rho / (1 + r) + r / (1 + r) ** 2 * (w @ (expit(u) * y * y))

    def v2(self, r):
        if self.rho == 1:
            return 1 / (1 + r) ** 2
        t = 0.0
        for w, y, u in self._sides(r):
            v = expit(u) / (1 + r) + expit(u) * expit(-u) * y * y * r / (1 + r) ** 2
            t += w @ v**2
        return t

    def psi(self, r):
        if self.rho == 1:
            return 0.5 * r - 0.5 * np.log1p(r)
        return sum(w @ (np.log(1 - self.rho) + np.logaddexp(0, u)) for w, y, u in self._sides(r))

class ComplexGaussBernoulli:
    """Y = sqrt(r) x0 + xi, circular; t = |Y|^2 is exponential with mean 1 or 1 + r."""

    kind, entropy = "complex", None

    def __init__(self, rho):
        self.rho = self.dim = rho

    def _sides(self, r):
        l0 = (np.log(self.rho / (1 - self.rho)) if self.rho < 1 else 1e300) - np.log1p(r)
        out = []
        for s, p in ((1.0, 1 - self.rho), (1 + r, self.rho)):
            if p == 0:
                continue
            step = (1.0, 0.7)[LEVEL]
            b = [np.arange(0, 40 * s, step * s), [40 * s]]
            if s > 1:
                b.append(np.arange(0, min(120, 40 * s), step))
                g = 120 * (1.5, 1.4)[LEVEL] ** np.arange(60)
                b.append(g[g < 40 * s])
            t, w = panels(np.unique(np.concatenate(b)))
            w = w * np.exp(-t / s) / s
            out.append((p * w / w.sum(), t, l0 + t * r / (1 + r)))
        return out

    def mmse(self, r):
        if self.rho == 1:
            return 1 / (1 + r)
        w, t, u = self._sides(r)[0]
        return self.rho / (1 + r) + r / (1 + r) ** 2 * (w @ (expit(u) * t))

    def v2(self, r):
        """E[v^2 + |pseudo-variance|^2]."""
        if self.rho == 1:
            return 1 / (1 + r) ** 2
        tot = 0.0
        for w, t, u in self._sides(r):
            spread = expit(u) * expit(-u) * t * r / (1 + r) ** 2  # rank one, along Y
            tot += w @ ((expit(u) / (1 + r) + spread) ** 2 + spread**2)
        return tot

    def psi(self, r):
        if self.rho == 1:
            return r - np.log1p(r)
        return sum(w @ (np.log(1 - self.rho) + np.logaddexp(0, u)) for w, t, u in self._sides(r))

class Density:
    """A prior by brute force: nodes x_j and masses p_j from composite Gauss-Legendre; posterior sums over j for every Y."""

    kind, dim, entropy = "real", 1.0, None

    def __init__(self, build):
        self.build, self.cache = build, {}

    @property
    def xp(self):
        if LEVEL not in self.cache:
            x, p = self.build()
            self.cache[LEVEL] = (x, p / p.sum())
        return self.cache[LEVEL]

    @property
    def rho(self):
        x, p = self.xp
        return float(p @ x**2)

    def _moments(self, r):
        x, p = self.xp
        s = np.sqrt(r)
        span = s * np.abs(x).max() + 9
        h = (0.05, 0.037)[LEVEL]  # trapezoid over Y: the integrand is analytic in Y
        out = np.zeros(3)
        for Y in np.array_split(np.arange(-span, span + h, h), 12):
            e = s * np.outer(Y, x) - 0.5 * r * x * x
            M = e.max(1)
            k = np.exp(e - M[:, None]) * p
            Z = k.sum(1)
            m = k @ x / Z
            v = k @ x**2 / Z - m * m
            w = h * np.exp(M - 0.5 * Y * Y) / np.sqrt(2 * np.pi) * Z
            out += np.array([w @ v, w @ v**2, w @ (M + np.log(Z))])
        return out

    mmse = Discrete.mmse
    v2 = Discrete.v2
    psi = Discrete.psi


def laplace(rate=1.0):
    def build():
        b = np.concatenate([np.arange(0, 8, (0.5, 0.4)[LEVEL]), np.linspace(8, 36, (29, 36)[LEVEL])]) / rate
        x, w = panels(b)
        w = w * 0.5 * rate * np.exp(-rate * x)
        return np.concatenate([-x[::-1], x]), np.concatenate([w[::-1], w])

    return Density(build)

def uniform(lo, hi):
    return Density(lambda: panels(np.linspace(lo, hi, (13, 17)[LEVEL])))

# ----------------------------------------------------------------------------------------------- channels
# Each: J(q, V), J2(q, V) = dJ/dq = E (d^2 ln Z)^2, psi(q, V) = E ln Z; dim(V -> 0: J -> dim/V).

class GaussianNoise:
    def __init__(self, noise):
        self.noise = noise
        self.dim = 1.0 if noise == 0 else 0.0
        self.exact = noise == 0

    def J(self, q, V):
        return 1 / (self.noise + V)

    def J2(self, q, V):
        return 1 / (self.noise + V) ** 2

    def psi(self, q, V):
        return -0.5 * np.log(2 * np.pi * (self.noise + V)) - 0.5

class Sign:
    dim = 0.0

    def __init__(self, noise):
        self.noise, self.exact = noise, noise == 0

    def _x(self, q, V):
        return normal_nodes(np.sqrt(q / (V + self.noise)))

    def J(self, q, V):
        x, w = self._x(q, V)
        h = hazard(-x)
        return 2 / (V + self.noise) * (w @ (h * h * ndtr(x)))

    def J2(self, q, V):
        x, w = self._x(q, V)
        h = hazard(-x)
        return 2 / (V + self.noise) ** 2 * (w @ (ndtr(x) * (h * (h + x)) ** 2))

    def psi(self, q, V):
        x, w = self._x(q, V)
        return 2 * (w @ (ndtr(x) * log_ndtr(x)))

class Cells:
    """y tells which of the cells (e_k, e_k+1) holds z + noise; `groups` merges cells into labels (the door)."""

    dim = 0.0

    def __init__(self, edges, noise=0.0, groups=None):
        self.e = [-np.inf, *edges, np.inf]
        self.noise, self.exact = noise, noise == 0
        self.groups = groups or [[k] for k in range(len(self.e) - 1)]

    def _labels(self, q, V):
        s = np.sqrt(V + self.noise)
        om, w = normal_nodes(np.sqrt(q), tuple((c, s) for c in self.e[1:-1]) if s < np.sqrt(q) else ((0.0, 1e300),))
        for g in self.groups:
            Z = np.zeros_like(om)
            Z1 = np.zeros_like(om)
            Z2 = np.zeros_like(om)
            for k in g:
                a, b = (self.e[k] - om) / s, (self.e[k + 1] - om) / s
                fl = a > 0  # a difference of the smaller tails
                Z += np.where(fl, ndtr(-a) - ndtr(-b), ndtr(b) - ndtr(a))
                Z1 += (phi(a) - phi(b)) / s
                ap = np.where(np.isinf(a), 0, a) * phi(a)
                bp = np.where(np.isinf(b), 0, b) * phi(b)
                Z2 += (ap - bp) / s**2
            ok = Z > 1e-290
            yield w[ok], Z[ok], Z1[ok], Z2[ok]

    def J(self, q, V):
        return sum(w @ (Z1**2 / Z) for w, Z, Z1, Z2 in self._labels(q, V))

    def J2(self, q, V):
        return sum(w @ (Z * (Z2 / Z - (Z1 / Z) ** 2) ** 2) for w, Z, Z1, Z2 in self._labels(q, V))

    def psi(self, q, V):
        return sum(w @ (Z * np.log(Z)) for w, Z, Z1, Z2 in self._labels(q, V))

    def bayes_error(self, q, V):
        """Two labels: E min(p, 1-p)."""
        s = np.sqrt(V + self.noise)
        lo, hi = self.e[1], self.e[2]
        p = lambda o: ndtr((hi - o) / s) - ndtr((lo - o) / s)  # inside
        if p(0.0) <= 0.5:
            z = None
        else:
            z = brentq(lambda o: p(o) - 0.5, 0, hi + 40 * s, xtol=1e-15)
        feats = ((lo, s), (hi, s)) + (((z, min(s, np.sqrt(q))), (-z, min(s, np.sqrt(q)))) if z else ())
        om, w = normal_nodes(np.sqrt(q), tuple((c, min(t, 0.999 * np.sqrt(q))) for c, t in feats))
        return w @ np.minimum(p(om), ndtr((om - hi) / s) + ndtr((lo - om) / s))

def door(width):
    return Cells([-width, width], groups=[[0, 2], [1]])

class Abs:
    """y = |u|, u ~ N(omega, s). x = omega/sqrt s, u = sqrt s (x + t)."""

    def __init__(self, noise):
        self.noise, self.exact = noise, noise == 0
        self.dim = 1.0 if noise == 0 else 0.0

    def _grid(self, q, V):
        s = V + self.noise
        sig = np.sqrt(q / s)
        x, w = normal_nodes(sig)
        keep = x >= 0 if sig > 0 else x == x
        x, w = x[keep], w[keep] / w[keep].sum()
        far = x > 12  # there u has the sign of omega: K = 1
        xn, wn = x[~far], w[~far]
        t, wt = normal_nodes(1.0, ((0.0, 0.5),))
        return s, w[far].sum(), xn[:, None], wn, (xn[:, None] + t), wt

    def J(self, q, V):
        s, far, x, w, u, wt = self._grid(q, V)
        return (far + w @ ((u * np.tanh(u * x) - x) ** 2 @ wt)) / s

    def J2(self, q, V):
        s, far, x, w, u, wt = self._grid(q, V)
        return (far + w @ ((1 - u * u / np.cosh(np.minimum(np.abs(u * x), 300)) ** 2) ** 2 @ wt)) / s**2

    def psi(self, q, V):
        s, far, x, w, u, wt = self._grid(q, V)
        return -0.5 * np.log(2 * np.pi * s) - 0.5 + w @ (np.logaddexp(0, -2 * u * x) @ wt)

class Modulus:
    """y = |u|, u ~ CN(omega, s): Z = (2y/s) exp(-(y^2+omega^2)/s) I0(2 y omega/s). x = |omega|/sqrt s, x^2 exponential."""

    def __init__(self, noise):
        self.noise, self.exact = noise, noise == 0
        self.dim = 0.5 if noise == 0 else 0.0  # label reals per complex unknown, in units where the signal counts 1

    def _grid(self, q, V):
        s = V + self.noise
        k = q / s
        if k == 0:
            x, w = np.zeros(1), np.ones(1)
        else:
            top = np.sqrt(38 * k)
            b = [np.linspace(0, top, (25, 33)[LEVEL])]
            if k > 1:
                g = np.concatenate([np.arange(0, 10, (1.0, 0.7)[LEVEL]), 10 * (1.5, 1.4)[LEVEL] ** np.arange(80)])
                b.append(g[g < top])
            x, w = panels(np.unique(np.concatenate(b)))
            w = w * 2 * x / k * np.exp(-x * x / k)
            w /= w.sum()
        # t: nu = y/sqrt s around x, in [max(0, x - 7), x + 7]; the law of nu is Rice
        n = (14, 19)[LEVEL]
        # graded at 0, where ln y is singular
        u, wu = panels(np.concatenate([[0], 2.0 ** -np.arange(16, 0, -1) / n, np.linspace(0, 1, n + 1)[1:]]))
        lo = np.maximum(0, x - 7)
        nu = lo[:, None] + (x + 7 - lo)[:, None] * u
        wn = (x + 7 - lo)[:, None] * wu
        X = x[:, None]
        law = wn * 2 * nu * np.exp(-((nu - X) ** 2)) * i0e(2 * nu * X)
        return s, x, X, w, nu, law

    def J(self, q, V):
        s, x, X, w, nu, law = self._grid(q, V)
        R = i1e(2 * nu * X) / i0e(2 * nu * X)
        return w @ ((nu * R - X) ** 2 * law).sum(1) / s

    def J2(self, q, V):
        s, x, X, w, nu, law = self._grid(q, V)
        k = 2 * nu * X
        R = i1e(k) / i0e(k)
        small = k < 1e-6
        ks = np.where(small, 1, k)
        Rk = np.where(small, 0.5, R / ks)  # R/k
        hr = -2 + 4 * nu**2 * (1 - R**2 - Rk)
        ht = -2 + 4 * nu**2 * Rk
        return w @ ((hr**2 + ht**2) / 8 * law).sum(1) / s**2

    def psi(self, q, V):
        s, x, X, w, nu, law = self._grid(q, V)
        lnZ = np.log(2 * nu / np.sqrt(s)) - (nu - X) ** 2 + np.log(i0e(2 * nu * X))
        return w @ (lnZ * law).sum(1)

class Relu:
    """y = max(0, z) + sqrt(noise) xi. With noise: Z' = int_0^inf N(z; omega, V) d_z N(y; z, noise) dz (boundary terms cancel)."""

    def __init__(self, noise):
        self.noise, self.exact = noise, noise == 0
        self.dim = 0.5 if noise == 0 else 0.0

    def _grid(self, q, V):
        D, s = self.noise, V + self.noise
        om, w = normal_nodes(np.sqrt(q), ((0.0, np.sqrt(V)),))
        O = om[:, None]
        # y lives on N(0, D) (z < 0) and on [0, omega + 9 sqrt V] + noise
        d = np.sqrt(D)
        st = (1.0, 0.8)[LEVEL]
        g = np.concatenate([np.arange(0, 9, st), 9 * 1.5 ** np.arange(0, 40)]) * d
        top = 9 * np.sqrt(q) + 9 * np.sqrt(s) + 9 * d
        b = np.unique(np.concatenate([g[g < top], -g[g < 9 * d], [-9 * d, top], np.arange(0, top, st * np.sqrt(s))]))
        y, wy = panels(b)
        z = (O * D + y * V) / s
        sig = np.sqrt(V * D / s)
        A = np.exp(-((y - O) ** 2) / (2 * s)) / np.sqrt(2 * np.pi * s)
        P, f = ndtr(z / sig), phi(z / sig)
        N0 = np.exp(-y * y / (2 * D)) / np.sqrt(2 * np.pi * D)
        Z = N0 * ndtr(-O / np.sqrt(V)) + A * P
        Z1 = A * ((y - z) * P - sig * f) / D
        # second: boundary + int N ((y-z)^2/D^2 - 1/D); truncated second moment about y
        m2 = (y - z) ** 2 * P + sig * sig * P - sig * f * z + 2 * (z - y) * sig * f
        Z2 = phi(O / np.sqrt(V)) / np.sqrt(V) * N0 * y / D + A * (m2 / D**2 - P / D)
        ok = Z > 1e-280
        Zs = np.where(ok, Z, 1.0)
        return w, wy, np.where(ok, Z, 0.0), Z1 / Zs * ok, Z2 / Zs * ok, np.log(Zs)

    def J(self, q, V):
        if self.noise:
            w, wy, Z, g, c, l = self._grid(q, V)
            return w @ ((Z * g * g) @ wy)
        x, w = normal_nodes(np.sqrt(q / V))
        return (0.5 + w @ (hazard(x) ** 2 * ndtr(-x))) / V

    def J2(self, q, V):
        if self.noise:
            w, wy, Z, g, c, l = self._grid(q, V)
            return w @ ((Z * (c - g * g) ** 2) @ wy)
        x, w = normal_nodes(np.sqrt(q / V))
        h = hazard(x)
        return (0.5 + w @ (ndtr(-x) * (h * (h - x)) ** 2)) / V**2

    def psi(self, q, V):
        if self.noise:
            w, wy, Z, g, c, l = self._grid(q, V)
            return w @ ((Z * l) @ wy)
        x, w = normal_nodes(np.sqrt(q / V))
        return -0.25 * np.log(2 * np.pi * V) - 0.25 + w @ (ndtr(-x) * log_ndtr(-x))

class Smooth:
    """P(y|z) for countable y by a t integral: z = omega + sqrt V t."""

    dim, exact = 0.0, False

    def __init__(self, probs, scale):
        self.probs, self.scale = probs, scale

    def _labels(self, q, V):
        om, w = normal_nodes(np.sqrt(q), ((0.0, self.scale),))
        sv = np.sqrt(V)
        t, wt = normal_nodes(1.0, ((0.0, 0.5),))
        z = om[:, None] + sv * t
        for P in self.probs(z):
            Z = P @ wt
            Z1 = P @ (wt * t) / sv  # Stein
            Z2 = P @ (wt * (t * t - 1)) / V
            ok = Z > 1e-250
            yield w[ok], Z[ok], Z1[ok], Z2[ok]

    J, J2, psi = Cells.J, Cells.J2, Cells.psi

def logistic(gain=1.0):
    return Smooth(lambda z: (expit(gain * z), expit(-gain * z)), 1 / gain)

def poisson(gain=1.0, top=60):
    def probs(z):
        m = gain * np.logaddexp(0, z)
        for y in range(top):
            yield np.exp(y * np.log(m) - m - gammaln(y + 1))

    return Smooth(probs, 1.0)

# ------------------------------------------------------------------------------------- the saddle point

class Model:
    def __init__(self, prior, channel, floor=1e-13):
        self.p, self.c, self.rho = prior, channel, prior.rho
        self.half = 1.0 if prior.kind == "complex" else 0.5
        self.floor = floor
        self.V0 = prior.mmse(0.0) if prior.dim == 0 else self.rho  # prior variance
        self._J = {}

    def J(self, V):
        key = (LEVEL, V)
        if key not in self._J:
            self._J[key] = self.c.J(max(0.0, self.rho - V), V)
        return self._J[key]

    def F(self, lnV, alpha):
        V = np.exp(lnV)
        return np.log(self.p.mmse(alpha * self.J(V))) - lnV

    def roots(self, alpha, n=80):
        """All V > floor with F = 0, largest first; `stable` where F decreases through 0 in ln V."""
        g = np.log(self.V0) + np.log(self.floor) * np.linspace(0, 1, n) ** 1.5
        g[0] -= 1e-9
        f = [self.F(x, alpha) for x in g]
        # two roots between neighbours (next to a fold): look at the local minima of |F| too
        found = []
        for k in range(1, n - 1):
            if f[k - 1] * f[k] > 0 and f[k] * f[k + 1] > 0 and abs(f[k]) <= min(abs(f[k - 1]), abs(f[k + 1])):
                sgn = np.sign(f[k])
                best = minimize_scalar(lambda x: sgn * self.F(x, alpha), bounds=(g[k + 1], g[k - 1]), method="bounded", options={"xatol": 1e-9})
                if best.fun < 0:
                    found.append((best.x, sgn * best.fun))
        g, f = np.array(sorted([*zip(g, f), *found], reverse=True)).T
        out = []
        for k in range(len(g) - 1):
            if f[k] * f[k + 1] < 0:
                x = brentq(self.F, g[k + 1], g[k], args=(alpha,), xtol=1e-14, rtol=1e-14)
                out.append((float(np.exp(x)), bool(f[k] < 0)))
        # the trivial point of an even channel: V = V0 exactly
        if f[0] > 0 and self.zero_fixed():
            out.insert(0, (self.V0, True))
        perfect = f[-1] < 0 and self.c.exact and self.F(g[-1], alpha) < 0
        return out, perfect

    def zero_fixed(self):
        return abs(self.c.J(0.0, self.rho)) < 1e-12 and self.V0 == self.rho

    def phi(self, V, alpha):
        if V >= self.V0 * (1 - 1e-15) and self.zero_fixed():
            return alpha * self.c.psi(0.0, self.rho)
        q, r = self.rho - V, alpha * self.J(V)
        return self.p.psi(r) + alpha * self.c.psi(q, V) - self.half * r * q

    def phi_perfect(self, alpha):
        """Exact recovery of a discrete signal from labels that are functions of z and countable."""
        assert self.p.dim == 0 and self.c.exact
        return -self.p.entropy

    # spinodal condition at r: alpha E v^2 E (d^2 ln Z)^2 - 1 with alpha = r/J
    def G(self, lnr):
        r = np.exp(lnr)
        V = self.p.mmse(r)
        q = self.rho - V
        return np.log(r / self.c.J(q, V) * self.p.v2(r) * self.c.J2(q, V))

    def alpha_at(self, lnr):
        r = np.exp(lnr)
        V = self.p.mmse(r)
        return r / self.c.J(self.rho - V, V)

    def extrema(self, lo=-6, hi=16, n=90):
        """(alpha, 'max' | 'min') of the folds, in growing r. At a maximum of alpha(r) the low branch ends."""
        g = np.linspace(lo, hi, n)
        f = []
        for x in g:
            V = self.p.mmse(np.exp(x))
            f.append(self.G(x) if V > 1e-12 else np.nan)
        out = []
        for k in range(n - 1):
            if f[k] * f[k + 1] < 0:
                x = brentq(self.G, g[k], g[k + 1], xtol=1e-9, rtol=1e-12)
                out.append((float(self.alpha_at(x)), "max" if f[k] < 0 else "min"))
        return out

    def weak(self):
        return float(1 / (self.p.v2(0.0) * self.c.J2(0.0, self.rho)))

    def branches(self, alpha):
        """(V algorithmic, V optimal); 0 for exact recovery."""
        roots, perfect = self.roots(alpha)
        stable = [V for V, ok in roots if ok]
        alg = stable[0] if stable else 0.0
        if perfect:
            if self.p.dim == 0:
                best, top = 0.0, self.phi_perfect(alpha)
                for V in stable:
                    if self.phi(V, alpha) > top:
                        best, top = V, self.phi(V, alpha)
                return alg, best
            if alpha * self.c.dim > self.p.dim:
                return alg, 0.0
        if not stable:
            return alg, 0.0
        return alg, max(stable, key=lambda V: self.phi(V, alpha))

    def it(self, lo, hi):
        """Equal free entropies of the least and the most informed branch, lo < alpha < hi."""

        def gap(alpha):
            roots, perfect = self.roots(alpha, 60)
            stable = [V for V, ok in roots if ok]
            low = self.phi(stable[0], alpha)
            if perfect and self.p.dim == 0:
                return low - self.phi_perfect(alpha)
            return low - self.phi(stable[-1], alpha)

        return float(brentq(gap, lo, hi, xtol=1e-13, rtol=1e-13))

# ------------------------------------------------------------------------------------------- mismatched

def mismatched(posterior, teacher_nodes, rho_t, output, alpha, iterations=4000):
    """m, q, V of a student that is not the teacher: plain state evolution from zero overlap.
    posterior(a, b) -> mean, variance; teacher_nodes() -> x0, weight; output(m, q, V, rho) -> mHat/alpha, qHat/alpha, a/alpha."""
    x0, w0 = teacher_nodes()
    xi, wx = normal_nodes(1.0, ((0.0, 0.2),))
    b0, wb = np.repeat(x0, len(xi)), np.outer(w0, wx).ravel()
    bx = np.tile(xi, len(x0))

    def step(s):
        mh, qh, a = (alpha * t for t in output(*s, rho_t))
        mean, var = posterior(a, mh * b0 + np.sqrt(qh) * bx)
        return np.array([wb @ (b0 * mean), wb @ mean**2, wb @ var])

    mean, var = posterior(1e-300, 1e-300 * b0)
    s = np.array([wb @ (b0 * mean), wb @ mean**2, wb @ var])
    for _ in range(iterations):
        t = step(s)
        if np.abs(t - s).max() < 1e-15 * max(1.0, rho_t):
            return t
        s = t
    raise RuntimeError("no convergence")

def linear_output(student, teacher):
    def f(m, q, V, rho):
        return 1 / (student + V), (rho + teacher - 2 * m + q) / (student + V) ** 2, 1 / (student + V)

    return f

def sign_output(student, teacher):
    def f(m, q, V, rho):
        if q < 1e-14:  # omega = 0; teacher and student still correlate through the label
            s = V + student
            return 2 * phi(0.0) / np.sqrt(rho + teacher) * 2 * phi(0.0) / np.sqrt(s), (2 * phi(0.0)) ** 2 / s, (2 * phi(0.0)) ** 2 / s
        s, spread = np.sqrt(V + student), np.sqrt(rho - m * m / q + teacher)
        om, w = normal_nodes(np.sqrt(q), ((0.0, min(s, spread)),))
        g = hazard(-om / s) / s  # label +1; -1 by symmetry
        c = g * (g + om / s**2)
        u = m / q * om / spread
        return 2 * (w @ (phi(u) / spread * g)), 2 * (w @ (ndtr(u) * g * g)), 2 * (w @ (ndtr(u) * c))

    return f

def gb_posterior(rho):
    def f(a, b):
        u = np.log(rho / (1 - rho)) - 0.5 * np.log1p(a) + 0.5 * b * b / (1 + a)
        p, m = expit(u), b / (1 + a)
        return p * m, p / (1 + a) + p * expit(-u) * m * m

    return f

def binary_posterior(a, b):
    t = np.tanh(b)
    return t, 1 - t * t

def gaussian_posterior(var):
    def f(a, b):
        return b / (a + 1 / var), np.full_like(b, 1 / (a + 1 / var))

    return f

def laplace_nodes():
    return laplace().xp

def binary_nodes():
    return np.array([-1.0, 1.0]), np.array([0.5, 0.5])

def gaussian_nodes():
    return normal_nodes(1.0, ((0.0, 0.2),))

def lasso(rho, rate, student, teacher, alpha):
    """Soft threshold, zero temperature: teacher Gauss-Bernoulli; b is a mixture of two Gaussians, every moment closed."""
    m = q = 0.0
    # the flat start (V infinite) is singular for a MAP student; a finite start reaches the same fixed point
    V = rho
    for _ in range(20000):
        mh, qh, a = (alpha * t for t in linear_output(student, teacher)(m, q, V, rho))
        new = np.zeros(3)
        for p, var0 in ((1 - rho, 0.0), (rho, 1.0)):
            S = np.sqrt(qh + mh * mh * var0)
            k = rate / S
            # E x0 xhat by Stein in x0; E (|b| - rate)_+^2 / a^2; P(|b| > rate)
            e2 = 2 * S * S * ((1 + k * k) * ndtr(-k) - k * phi(k)) / a**2
            pr = 2 * ndtr(-k)
            new += p * np.array([mh * var0 * pr / a, e2, pr / a])
        if np.abs(new - (m, q, V)).max() < 1e-15:
            return new
        m, q, V = new
    raise RuntimeError("no convergence")

def l1(rho):
    """min over tau of rho (1 + tau^2) + (1 - rho) 2 [(1 + tau^2) Phi(-tau) - tau phi(tau)]: stationary point by Brent."""
    d = lambda t: rho * t + (1 - rho) * 2 * (t * ndtr(-t) - phi(t))
    t = brentq(d, 1e-6, 30, xtol=1e-14)
    return float(rho * (1 + t * t) + (1 - rho) * 2 * ((1 + t * t) * ndtr(-t) - t * phi(t)))

# --------------------------------------------------------------------------------------------- the table

BINARY = Discrete([-1, 1], [1, 1])


def note(*a):
    print(f"{time.time() - start:.0f}s", LEVEL, *a, file=sys.stderr)


def perceptron_rows(add):
    for name, prior in (("gaussian", Gaussian()), ("binary", BINARY)):
        for noise in (0, 0.01, 0.1):
            M = Model(prior, Sign(noise))
            for alpha in (0.3, 1, 1.4, 3, 30):
                P = {"prior": name, "noise": noise, "alpha": alpha}
                for br, V in zip(("algorithmic", "optimal"), M.branches(alpha)):
                    if br == "optimal" and not (name == "binary" and alpha in (1.4,)):
                        continue
                    q = 1 - V
                    add("perceptron", P, f"{br}.overlap", q)
                    add("perceptron", P, f"{br}.mse", V)
                    e = np.arctan2(np.sqrt(V + noise), np.sqrt(q)) / np.pi
                    add("perceptron", P, f"{br}.generalizationError", e)
                    R = q / np.sqrt(1 + noise)
                    add("perceptron", P, f"{br}.gibbsError", np.arctan2(np.sqrt((V + V * q + noise) / (1 + noise)), R) / np.pi)
                    if V > 0:
                        add("perceptron", P, f"{br}.freeEntropy", M.phi(V, alpha))
            if name == "binary":
                ex = M.extrema()
                note("perceptron", noise, ex)
                hi = max(a for a, k in ex if k == "max") if any(k == "max" for _, k in ex) else None
                lows = [a for a, k in ex if k == "min"]
                it = None
                if hi:
                    it = M.it((lows[0] if lows else 0.8) * (1 + 1e-7), hi * (1 - 1e-7))
                add("perceptron", {"prior": name, "noise": noise}, "thresholds.algorithmic", hi)
                add("perceptron", {"prior": name, "noise": noise}, "thresholds.informationTheoretic", it)


def door_rows(add):
    for name, prior in (("binary", BINARY), ("gaussian", Gaussian())):
        for width in (0.3, 0.67449, 1.2):
            c = door(width)
            M = Model(prior, c)
            P = {"prior": name, "width": width}
            wr = M.weak()
            add("symmetric-door", P, "thresholds.weakRecovery", wr)
            ex = M.extrema(lo=-9)
            note("door", name, width, wr, ex)
            if name == "binary":
                hi = max([a for a, k in ex if k == "max"] + [wr])
                add("symmetric-door", P, "thresholds.algorithmic", hi)
                p = ndtr(width) - ndtr(-width)
                H = -p * np.log(p) - (1 - p) * np.log(1 - p)
                it = np.log(2) / H if np.log(2) / H <= wr else M.it(wr * (1 + 1e-7), hi * (1 - 1e-7))
                add("symmetric-door", P, "thresholds.informationTheoretic", it)
            for alpha in (wr * 0.9, wr * 1.05, wr * 1.6, 8.0):
                alpha = round(alpha, 3)
                PP = {**P, "alpha": alpha}
                V = M.branches(alpha)[0]
                add("symmetric-door", PP, "algorithmic.mse", V)
                if V == 0:
                    e = 0.0
                elif V >= 1:
                    p = ndtr(width) - ndtr(-width)
                    e = min(p, 1 - p)
                else:
                    e = c.bayes_error(1 - V, V)
                add("symmetric-door", PP, "algorithmic.generalizationError", e)


def sensing_rows(add):
    for rho in (0.05, 0.2, 0.5, 0.9):
        add("compressed-sensing", {"rho": rho, "noise": 0}, "thresholds.l1", l1(rho))
        for noise in (0, 1e-6, 1e-4, 1e-2):
            M = Model(GaussBernoulli(rho), GaussianNoise(noise), floor=max(1e-13, 1e-3 * noise))
            P = {"rho": rho, "noise": noise}
            ex = M.extrema(lo=-4, hi=34 if noise == 0 else 24, n=70)
            note("cs", rho, noise, ex)
            highs, lows = [a for a, k in ex if k == "max"], [a for a, k in ex if k == "min"]
            if noise == 0:
                add("compressed-sensing", P, "thresholds.algorithmic", max(highs))
                add("compressed-sensing", P, "thresholds.informationTheoretic", rho)
            elif highs:
                add("compressed-sensing", P, "thresholds.algorithmic", max(highs))
                add("compressed-sensing", P, "thresholds.spinodalLow", min(lows))
                it = M.it(min(lows) * (1 + 1e-7), max(highs) * (1 - 1e-7))
                add("compressed-sensing", P, "thresholds.informationTheoretic", it)
            else:
                for k in ("algorithmic", "spinodalLow", "informationTheoretic"):
                    add("compressed-sensing", P, f"thresholds.{k}", None)
            alphas = (0.5 * rho, 1.3 * rho, 1.2) + ((0.5 * (it + max(highs)), 0.5 * (it + min(lows))) if noise and highs else ())
            for alpha in alphas:
                alpha = round(float(alpha), 5)
                alg, opt = M.branches(alpha)
                PP = {**P, "alpha": alpha}
                add("compressed-sensing", PP, "algorithmic.mse", alg)
                add("compressed-sensing", PP, "optimal.mse", opt)
                if alg > 0:
                    add("compressed-sensing", PP, "algorithmic.freeEntropy", M.phi(alg, alpha))
                if opt > 0:
                    add("compressed-sensing", PP, "optimal.freeEntropy", M.phi(opt, alpha))


def phase_rows(add):
    for field in ("real", "complex"):
        for rho in (1, 0.3):
            for noise in (0, 1e-3):
                if field == "real":
                    M = Model(GaussBernoulli(rho), Abs(noise), floor=max(1e-9, 1e-2 * noise))
                else:
                    M = Model(ComplexGaussBernoulli(rho), Modulus(noise), floor=max(1e-9, 1e-2 * noise))
                P = {"field": field, "rho": rho, "noise": noise}
                wr = M.weak()
                add("phase-retrieval", P, "thresholds.weakRecovery", wr)
                ex = M.extrema(lo=-4, hi=20 if noise == 0 else 12, n=40)
                note("pr", P, wr, ex)
                highs, lows = [a for a, k in ex if k == "max"], [a for a, k in ex if k == "min"]
                it = None
                if noise == 0:
                    it = rho / M.c.dim
                    hi = max(highs + [it])
                    add("phase-retrieval", P, "thresholds.informationTheoretic", it)
                    add("phase-retrieval", P, "thresholds.algorithmic", hi)
                elif highs or lows:
                    hi = max(highs + [wr])
                    it = M.it(min(lows) * (1 + 1e-6), hi * (1 - 1e-6))
                    add("phase-retrieval", P, "thresholds.algorithmic", hi)
                    add("phase-retrieval", P, "thresholds.informationTheoretic", it)
                extra = (0.5 * (it + hi),) if it else ()
                for alpha in (round(0.8 * wr, 3), round(1.3 * wr, 3), 1.05, 2.6, *[round(e, 4) for e in extra]):
                    alg, opt = M.branches(alpha)
                    PP = {**P, "alpha": alpha}
                    add("phase-retrieval", PP, "algorithmic.mse", alg)
                    add("phase-retrieval", PP, "optimal.mse", opt)
                    if alg > 0:
                        add("phase-retrieval", PP, "algorithmic.freeEntropy", M.phi(alg, alpha))
                    if opt > 0:
                        add("phase-retrieval", PP, "optimal.freeEntropy", M.phi(opt, alpha))


def relu_rows(add):
    for rho in (1, 0.3):
        for noise in (0, 0.01, 0.1):
            M = Model(GaussBernoulli(rho), Relu(noise), floor=1e-10)
            P = {"rho": rho, "noise": noise}
            ex = [] if noise else M.extrema(lo=-4, hi=22, n=70)
            note("relu", P, ex)
            if noise == 0:
                add("relu-regression", P, "thresholds.informationTheoretic", 2 * rho)
                add("relu-regression", P, "thresholds.algorithmic", max([a for a, k in ex if k == "max"] + [2 * rho]))
            if noise:
                M.floor = 1e-3 * noise  # mse >= rho noise/(1 + alpha): the scan is the costly part
                Model.roots.__defaults__ = (24,)
            for alpha in (0.3 * rho, 1, 2.3 * rho, 6):
                alpha = round(alpha, 6)
                alg, opt = M.branches(alpha)
                PP = {**P, "alpha": alpha}
                add("relu-regression", PP, "algorithmic.mse", alg)
                add("relu-regression", PP, "optimal.mse", opt)
                if opt > 0:
                    add("relu-regression", PP, "optimal.freeEntropy", M.phi(opt, alpha))
            Model.roots.__defaults__ = (80,)


def glm_rows(add):
    Model.roots.__defaults__ = (40,)  # one smooth branch each
    quantized = lambda bits, step, noise: Cells([step * (k - 2 ** (bits - 1)) for k in range(1, 2**bits)], noise)
    for pname, prior, cname, chan, alphas in (
        ("laplace", laplace(), "gaussian:noise=0.1", GaussianNoise(0.1), (0.5, 1, 2)),
        ("laplace:rate=2", laplace(2.0), "sign:noise=0.05", Sign(0.05), (1, 4)),
        ("uniform", uniform(-1, 1), "gaussian:noise=0.05", GaussianNoise(0.05), (0.5, 1.5)),
        ("uniform:from=0,to=2", uniform(0, 2), "gaussian:noise=0.05", GaussianNoise(0.05), (0.7,)),
        ("discrete:values=-1/0/1,weights=0.2/0.6/0.2", Discrete([-1, 0, 1], [0.2, 0.6, 0.2]), "gaussian:noise=0.2", GaussianNoise(0.2), (0.6, 1.5)),
        ("discrete:values=-1/0/2,weights=1/2/1", Discrete([-1, 0, 2], [1, 2, 1]), "gaussian:noise=0.5", GaussianNoise(0.5), (0.6, 1.5)),
        ("binary", BINARY, "logistic", logistic(), (1, 4, 12)),
        ("gaussian", Gaussian(), "logistic:gain=3", logistic(3.0), (1, 5)),
        ("gaussian", Gaussian(), "quantized:bits=2,step=0.7,noise=0.1", quantized(2, 0.7, 0.1), (1, 4)),
        ("gauss-bernoulli:rho=0.3", GaussBernoulli(0.3), "quantized:bits=3,step=0.4", quantized(3, 0.4, 0.0), (1, 3)),
        ("gaussian", Gaussian(), "poisson:gain=2", poisson(2.0, 90), (1, 4)),
    ):
        M = Model(prior, chan, floor=1e-4)
        for alpha in alphas:
            V = M.branches(alpha)[0]
            PP = {"prior": pname, "channel": cname, "alpha": alpha}
            add("glm", PP, "algorithmic.mse", V)
            add("glm", PP, "algorithmic.overlap", 1 - V / M.rho)
            add("glm", PP, "algorithmic.freeEntropy", M.phi(V, alpha))
    Model.roots.__defaults__ = (80,)
    # discrete noiseless-like first-order transition: binary through a linear channel with noise
    M = Model(BINARY, GaussianNoise(0.05))
    ex = M.extrema(lo=-4, hi=7)
    note("binary linear", ex)
    P = {"prior": "binary", "channel": "gaussian:noise=0.05"}
    hi, lo = max(a for a, k in ex if k == "max"), min(a for a, k in ex if k == "min")
    add("glm", P, "thresholds.algorithmic", hi)
    add("glm", P, "thresholds.spinodalLow", lo)
    add("glm", P, "thresholds.informationTheoretic", M.it(lo * (1 + 1e-7), hi * (1 - 1e-7)))


def mismatch_rows(add):
    for P, post, nodes, rho_t, out in (
        ({"prior": "gauss-bernoulli:rho=0.3", "channel": "gaussian:noise=0.05", "teacherPrior": "laplace", "teacherChannel": "gaussian:noise=0.1", "alpha": 1.5}, gb_posterior(0.3), laplace_nodes, 2.0, linear_output(0.05, 0.1)),
        ({"prior": "gauss-bernoulli:rho=0.3", "channel": "gaussian:noise=0.3", "teacherPrior": "laplace", "alpha": 0.8}, gb_posterior(0.3), laplace_nodes, 2.0, linear_output(0.3, 0.3)),
        ({"prior": "binary", "channel": "gaussian:noise=0.5", "teacherPrior": "gaussian", "alpha": 1.2}, binary_posterior, gaussian_nodes, 1.0, linear_output(0.5, 0.5)),
        ({"prior": "gaussian", "channel": "gaussian:noise=0.5", "teacherPrior": "binary", "teacherChannel": "gaussian:noise=0.1", "alpha": 1.2}, gaussian_posterior(1.0), binary_nodes, 1.0, linear_output(0.5, 0.1)),
        ({"prior": "gaussian:variance=2", "channel": "gaussian:noise=0.1", "teacherPrior": "gaussian", "teacherChannel": "gaussian:noise=0.4", "alpha": 0.9}, gaussian_posterior(2.0), gaussian_nodes, 1.0, linear_output(0.1, 0.4)),
        ({"prior": "gaussian", "channel": "sign:noise=0.5", "teacherChannel": "sign:noise=0.1", "alpha": 2}, gaussian_posterior(1.0), gaussian_nodes, 1.0, sign_output(0.5, 0.1)),
        ({"prior": "binary", "channel": "sign:noise=1", "teacherPrior": "gaussian", "teacherChannel": "sign:noise=0.2", "alpha": 1.5}, binary_posterior, gaussian_nodes, 1.0, sign_output(1.0, 0.2)),
        ({"prior": "gaussian", "channel": "sign:noise=0.2", "teacherPrior": "binary", "alpha": 3}, gaussian_posterior(1.0), binary_nodes, 1.0, sign_output(0.2, 0.2)),
    ):
        m, q, V = mismatched(post, nodes, rho_t, out, P["alpha"])
        note(P, m, q, V)
        add("glm", P, "algorithmic.overlap", m / rho_t)
        add("glm", P, "algorithmic.mse", rho_t - 2 * m + q)
        for k, v in (("m", m), ("q", q), ("V", V)):
            add("glm", P, f"fixedPoint.{k}", v)
    for rate, alpha in ((0.2, 0.6), (1.0, 1.5)):
        P = {"prior": f"l1:rate={rate}", "channel": "gaussian:noise=1", "teacherPrior": "gauss-bernoulli:rho=0.2", "teacherChannel": "gaussian:noise=0.01", "alpha": alpha}
        m, q, V = lasso(0.2, rate, 1.0, 0.01, alpha)
        add("glm", P, "algorithmic.mse", 0.2 - 2 * m + q)
        for k, v in (("m", m), ("q", q), ("V", V)):
            add("glm", P, f"fixedPoint.{k}", v)


SECTIONS = (perceptron_rows, door_rows, sensing_rows, phase_rows, relu_rows, glm_rows, mismatch_rows)


def at_level(task):
    global LEVEL
    section, LEVEL = task
    rows = []

    def add(scenario, params, quantity, value):
        rows.append({"scenario": scenario, "params": params, "quantity": quantity, "value": None if value is None else float(value)})

    SECTIONS[section](add)
    note("done", SECTIONS[section].__name__)
    return rows


if __name__ == "__main__":
    import warnings

    warnings.filterwarnings("ignore")
    with multiprocessing.Pool(2) as pool:
        tasks = [(k, level) for k in (4, 3, 2, 1, 0, 5, 6) for level in (1, 0)]
        done = dict(zip(tasks, pool.map(at_level, tasks, chunksize=1)))
    coarse, fine = ([row for k in range(len(SECTIONS)) for row in done[k, level]] for level in (0, 1))
    assert [c["quantity"] for c in coarse] == [f["quantity"] for f in fine]
    for c, f in zip(coarse, fine):
        if f["value"] is None or c["value"] is None:
            assert f["value"] is c["value"], f
            f["accuracy"] = 0
            continue
        # parameters rounded from computed thresholds must come out the same at both levels
        assert c["params"] == f["params"], (c, f)
        assert np.isfinite(f["value"]), f
        rel = abs(c["value"] - f["value"]) / max(abs(f["value"]), 1e-300) if f["value"] else abs(c["value"])
        f["accuracy"] = float(f"{max(1e-12, 10 * rel):.1e}")
    print("[\n" + ",\n".join(json.dumps(f) for f in fine) + "\n]")
    acc = [f["accuracy"] for f in fine]
    print(len(fine), "entries, worst accuracy", max(acc), file=sys.stderr)
