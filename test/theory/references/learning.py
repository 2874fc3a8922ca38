"""Reference values of the scenarios of learning (empirical risk, random features, committees, online SGD, intrinsic dimension), derived
and computed apart from the library.

    OMP_NUM_THREADS=1 python3 learning.py [function ...] > learning.json     (numpy 2.4, scipy 1.17, mpmath 1.3; about eight minutes)

Route, deliberately not the library's where another one exists:
 * empirical risk: the saddle of the Gaussian min-max theorem (Thrampoulidis, Oymak, Hassibi 2015) in the primal variables,
     L(M, Q, V) = alpha E M_V(omega) + ...,  M_V the Moreau envelope,  nu ~ N(0, 1),  omega | nu ~ N(M nu, Q - M^2),
   its gradient by brute force on panels of (omega, nu): no integration by parts, no closed inner integral; Newton on (M, Q, V).
 * square loss: no replica at all. Ridge regression by deterministic equivalents: n - lambda/kappa = tr S (S + kappa)^-1, error
   (kappa^2 b' S (S + kappa)^-2 b + tau^2)/(1 - tr S^2 (S + kappa)^-2/n), Marchenko-Pastur by its density.
 * vanishing penalty on separable labels: the hard-margin problem, min over the angle of alpha E (k - R y nu - sqrt(1-R^2) g)_+^2/(1-R^2).
 * separability: Candes and Sur's theorem with the law of y nu on panels.
 * LASSO: soft thresholding of a Gaussian observation; mean squared error as posterior variance + (S_theta - posterior mean)^2.
 * committee, K = 2: orthant probabilities by quadrature over one preactivation (no bivariate cdf), (lambda_+, lambda_-) by Newton;
   thresholds by linear stability and by the extremum of alpha along the branch. Large K: the curve alpha(q).
 * online SGD: the brackets come from other identities than Saad and Solla's: erf from a Gaussian measure TILTED by the densities g'
   (C -> C (1 + A C)^-1, then one arcsine), relu from second moments over the orthants of R^(K+M), radially exact and by
   Gauss-Legendre on the simplex, linear and square by a tensor Gauss-Hermite rule that is exact; integration by DOP853 of scipy.
 * hidden manifold: one set of equations an eigenvalue of the features, written here for the projections of the weights, brackets by
   the same tilted measure, Marchenko-Pastur by its density.
 * intrinsic dimension: integrals of the sphere's cap by mpmath.
Every value is computed twice, on coarser and finer panels; `accuracy` is ten times the relative difference, at least 1e-11.
"""
import json
import sys
import time
import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import brentq, minimize_scalar, newton, root
from scipy.special import erf, expit, log_ndtr, ndtr

START = time.time()
LEVEL = 0  # 0 coarse, 1 fine
SQ2PI = np.sqrt(2 * np.pi)


def leggauss(n, cache={}):
    if n not in cache:
        cache[n] = np.polynomial.legendre.leggauss(n)
    return cache[n]


def panels(breaks, n=None):
    """Gauss-Legendre nodes and weights on consecutive panels of sorted breaks."""
    t, w = leggauss(n or (10, 14)[LEVEL])
    b = np.asarray(breaks, float)
    h = np.diff(b)[:, None] / 2
    return (b[:-1, None] + h * (t + 1)).ravel(), (h * w).ravel()


def cuts(lo, hi, step, kinks=(), scale=None):
    """Breaks on [lo, hi]: even ones, the kinks, and a geometric ladder down to `scale` about each kink."""
    out = [np.arange(lo, hi, step), [hi]]
    for k in kinks:
        out.append([k])
        if scale is not None and scale < step:
            g = scale * 2.0 ** np.arange(0, np.log2(step / scale) + 1)
            out += [k + g, k - g, [k - scale / 2, k + scale / 2]]
    b = np.unique(np.concatenate(out))
    b = b[(b >= lo) & (b <= hi)]
    return b[np.concatenate([[True], np.diff(b) > 1e-13 * (hi - lo)])]


def phi(x):
    return np.exp(-0.5 * x * x) / SQ2PI


def normal(kinks=(), scale=None, span=9.5):
    x, w = panels(cuts(-span, span, (1.0, 0.7)[LEVEL], kinks, scale))
    return x, w * phi(x)


# ------------------------------------------------------------------------------------------------- empirical risk
def prox(loss, omega, V, y=1.0):
    """(minimiser u of l(y, u) + (u - omega)^2/(2 V), its loss)."""
    if loss == "square":
        u = (omega + V * y) / (1 + V)
        return u, 0.5 * (y - u) ** 2
    if loss == "absolute":
        r = omega - y
        u = y + np.sign(r) * np.maximum(np.abs(r) - V, 0)
        return u, np.abs(u - y)
    if loss == "huber":  # threshold 1
        r = omega - y
        u = np.where(np.abs(r) <= 1 + V, y + r / (1 + V), omega - V * np.sign(r))
        e = np.abs(u - y)
        return u, np.where(e <= 1, 0.5 * e * e, e - 0.5)
    if loss == "hinge":  # y = 1
        u = np.where(omega >= 1, omega, np.where(omega >= 1 - V, 1.0, omega + V))
        return u, np.maximum(1 - u, 0)
    if loss == "logistic":  # y = 1: u = omega + V expit(-u), bisection and three steps of Newton's method
        lo, hi = omega, omega + V
        for _ in range(48):
            u = 0.5 * (lo + hi)
            below = u - omega < V * expit(-u)
            lo, hi = np.where(below, u, lo), np.where(below, hi, u)
        u = 0.5 * (lo + hi)
        for _ in range(3):
            t = expit(-u)
            u = u - (u - omega - V * t) / (1 + V * t * (1 - t))
        return u, np.logaddexp(0, -u)
    raise ValueError(loss)


def kinks_of(loss, V):
    return {"square": [], "logistic": [0.0, -V, np.log1p(V)], "hinge": [1 - V, 1.0], "absolute": [1 - V, 1 + V], "huber": [-V, 2 + V]}[loss]


def gradients(loss, labels, noise, M, Q, V):
    """E nu M', E (omega - M nu) M'/(Q - M^2), E M'^2, E l over the joint law of (nu, omega); sign labels: given y = 1."""
    sq = np.sqrt(Q)
    out = np.zeros(4)
    if labels == "sign":
        step = (0.8, 0.55)[LEVEL] * sq
        scale = None
        if loss == "logistic":
            scale = min((1.0, 0.5)[LEVEL], sq)
        turn = sq * np.sqrt(max(1 - M * M / Q, 1e-16) + noise)  # the sign of nu becomes known over this
        scale = min(scale or np.inf, turn)
        om, wo = panels(cuts(-9.5 * sq, 9.5 * sq, step, [0.0, *kinks_of(loss, V)], scale))
        wo = wo * np.exp(-0.5 * om**2 / Q) / (sq * SQ2PI)
        # nu given omega: N(M omega/Q, 1 - M^2/Q); the label's probability jumps (noise 0) or turns on at nu = 0
        s = np.sqrt(max(1 - M * M / Q, 1e-300))
        mean = M * om / Q
        if noise == 0:
            # nu = hi side only: panels on [max(0, mean - 9.5 s), mean + 9.5 s]
            t, w = panels(np.linspace(0, 1, (13, 19)[LEVEL]))
            lo = np.maximum(0.0, mean - 9.5 * s)
            hi = np.maximum(lo, mean + 9.5 * s)
            nu = lo[:, None] + (hi - lo)[:, None] * t
            wn = (hi - lo)[:, None] * w * np.exp(-0.5 * ((nu - mean[:, None]) / s) ** 2) / (s * SQ2PI) * 2
        else:
            t, w = panels(np.linspace(-9.5, 9.5, (25, 37)[LEVEL]))
            nu = mean[:, None] + s * t
            wn = np.broadcast_to(w * phi(t), nu.shape) * 2 * ndtr(nu / np.sqrt(noise))
        u, e = prox(loss, om, V)
        d = (om - u) / V
        W = wo[:, None] * wn
        mass = W.sum()
        assert abs(mass - 1) < 1e-9, mass
        out[0] = np.sum(W * nu * d[:, None])
        out[1] = np.sum(W * (om[:, None] - M * nu) * d[:, None]) / (Q - M * M)
        out[2] = np.sum(W * (d * d)[:, None])
        out[3] = np.sum(W * e[:, None])
        return out
    # linear labels, l(y - z): residual a = y - omega of variance s2, jointly Gaussian with nu and omega
    s2 = 1 + noise - 2 * M + Q
    s = np.sqrt(s2)
    a, w = panels(cuts(-9.5 * s, 9.5 * s, 0.6 * s, {"square": [], "absolute": [V, -V], "huber": [1 + V, -1 - V]}[loss]))
    w = w * np.exp(-0.5 * a * a / s2) / (s * SQ2PI)
    u, e = prox(loss, -a, V, 0.0)
    d = (-a - u) / V
    ad = np.sum(w * a * d) / s2  # E x d = Cov(x, a) E(a d)/Var a
    return np.array([(1 - M) * ad, ((M - Q) - M * (1 - M)) * ad / (Q - M * M), np.sum(w * d * d), np.sum(w * e)])


class Spectrum:
    """omega_k with weights (per feature) and bb_k: b' f(Omega) b = sum bb_k f(omega_k)."""

    def __init__(self, omega, weight, bb):
        self.o, self.w, self.bb = (np.asarray(x, float) for x in (omega, weight, bb))

    def explained(self):
        keep = self.o > 0
        return float(np.sum(self.bb[keep] / self.o[keep]))


ISO = Spectrum([1.0], [1.0], [1.0])


def input_side(sp, lam, mh, qh, Vh):
    D = lam + Vh * sp.o
    V = np.sum(sp.w * sp.o / D)
    M = mh * np.sum(sp.bb / D)
    Q = mh**2 * np.sum(sp.bb * sp.o / D**2) + qh * np.sum(sp.w * sp.o**2 / D**2)
    return M, Q, V


def minimiser(loss, labels, noise, alpha, lam, sp=ISO, start=None):
    """(M, Q, V, training loss) of the empirical-risk minimiser; alpha = samples per feature."""
    var = float(np.sum(sp.w * sp.o))

    def step(x):
        M, Q, V = x
        a1, a2, a3, _ = gradients(loss, labels, noise, M, Q, V)
        return np.array(input_side(sp, lam, -alpha * (a1 - M * a2), alpha * a3, alpha * a2))

    def pack(x):
        return np.array([np.arctanh(np.clip(x[0] / np.sqrt(x[1]), -1 + 1e-15, 1 - 1e-15)), np.log(x[1]), np.log(x[2])])

    def unpack(z):
        q = np.exp(z[1])
        return np.array([np.tanh(z[0]) * np.sqrt(q), q, np.exp(z[2])])

    x = np.array(start if start is not None else [0.1, 0.5, min(var / max(lam, 1e-2), 1.0)])
    for _ in range(30 if start is None else 3):
        z = 0.5 * pack(x) + 0.5 * pack(step(x))
        x = unpack(z)
    sol = root(lambda z: pack(step(unpack(z))) - z, pack(x), method="hybr", tol=1e-13)
    if np.max(np.abs(sol.fun)) > 1e-9:
        for _ in range(400):
            x = unpack(0.5 * pack(x) + 0.5 * pack(step(x)))
        sol = root(lambda z: pack(step(unpack(z))) - z, pack(x), method="hybr", tol=1e-13)
    if np.max(np.abs(sol.fun)) > 1e-8:
        raise RuntimeError(f"no fixed point: {loss} {labels} {alpha} {lam} {sol.fun}")
    M, Q, V = unpack(sol.x)
    return M, Q, V, gradients(loss, labels, noise, M, Q, V)[3]


def ridge(labels, noise, alpha, lam, sp=ISO):
    """Deterministic equivalents of ridge regression, per feature: (M, Q, test mse, training loss)."""
    c1 = np.sqrt(2 / np.pi / (1 + noise)) if labels == "sign" else 1.0
    ey2 = 1.0 if labels == "sign" else 1 + noise
    w, o, bb = sp.w, sp.o, sp.bb
    f = lambda lk: alpha - lam / np.exp(lk) - np.sum(w * o / (o + np.exp(lk)))  # kappa in units of 1/p
    lk = brentq(f, np.log(lam / alpha) - 1e-9, np.log((lam + np.sum(w * o)) / alpha + np.max(o)) + 60, xtol=1e-15, rtol=1e-15)
    k = np.exp(lk)
    df2 = np.sum(w * (o / (o + k)) ** 2)
    live = o > 0
    tau2 = ey2 - c1**2 * sp.explained()
    bias = c1**2 * k * k * np.sum(bb[live] / o[live] / (o[live] + k) ** 2)
    test = (bias + tau2) / (1 - df2 / alpha)
    M = c1 * np.sum(bb / (o + k))
    return M, test - ey2 + 2 * c1 * M, test, 0.5 * test * (lam / (alpha * k)) ** 2


def angle(M, Q, noise):
    return np.arccos(min(1.0, M / np.sqrt(Q * (1 + noise)))) / np.pi


def error_of(loss, labels, noise, alpha, lam, sp=ISO, start=None):
    if loss == "square":
        M, Q, test, train = ridge(labels, noise, alpha, lam, sp)
        return (angle(M, Q, noise) if labels == "sign" else test), train, M, Q, None
    M, Q, V, train = minimiser(loss, labels, noise, alpha, lam, sp, start)
    return (angle(M, Q, noise) if labels == "sign" else 1 + noise - 2 * M + Q), train, M, Q, [M, Q, V]


def tuned(loss, labels, noise, alpha, sp=ISO, bracket=(-8.0, 3.0)):
    memo = {"start": None}

    def f(ll):
        e, *_, st = error_of(loss, labels, noise, alpha, np.exp(ll), sp, memo["start"])
        memo["start"] = st
        return e

    grid = np.linspace(*bracket, 12)
    vals = [f(x) for x in grid]
    i = int(np.argmin(vals))
    best = minimize_scalar(f, bracket=(grid[max(i - 1, 0)], grid[i], grid[min(i + 1, 11)]), method="brent", tol=1e-7)
    return best.fun, np.exp(best.x)


def max_margin(alpha, noise=0.0):
    """Hard margin: the largest k with min_R alpha E (k - R y nu - sqrt(1 - R^2) g)_+^2/(1 - R^2) <= 1; the label error at that R."""
    s = np.sqrt(1 + noise)
    x, w = panels(cuts(-9.5, 9.5, (0.5, 0.35)[LEVEL], [0.0]))
    if noise == 0:
        keep = x > 0
        x, w = x[keep], 2 * w[keep] * phi(x[keep])
    else:
        w = w * phi(x) * 2 * ndtr(x / np.sqrt(noise))

    def f(R, k):
        c = np.sqrt(1 - R * R)
        u = (k - R * x) / c
        return alpha * np.sum(w * ((1 + u * u) * ndtr(u) + u * phi(u)))

    def least(k):
        return minimize_scalar(lambda t: f(np.tanh(t), k), bounds=(0.0, 9.0), method="bounded", options={"xatol": 1e-10})

    k = brentq(lambda k: least(k).fun - 1, 0.0, 10.0, xtol=1e-14)
    return angle(np.tanh(least(k).x), 1.0, noise)


def separability(r):
    """Samples per feature up to which labels of correlation r with the best linear feature are separable."""
    x, w = panels(cuts(-9.5, 9.5, (0.5, 0.35)[LEVEL], [0.0], 0.5 * np.sqrt(max(1 - r * r, 1e-12))))
    if r >= 1:
        return np.inf
    w = w * 2 * phi(x) * ndtr(r * x / np.sqrt(1 - r * r))
    e = lambda t: np.sum(w * ((1 + (t * x) ** 2) * ndtr(t * x) + t * x * phi(t * x)))
    # T = y z1 has positive mean: the minimum is at t <= 0
    return 1 / minimize_scalar(e, bounds=(-50, 0), method="bounded", options={"xatol": 1e-9}).fun


OUT = {}


ACCURACY = {}


def put(scenario, params, quantity, value, accuracy=None):
    if accuracy:
        ACCURACY[(scenario, json.dumps(params), quantity)] = accuracy
    OUT[(scenario, json.dumps(params), quantity)] = None if value is None else float(value)


def perceptron_erm():
    s = "perceptron-erm"

    def point(loss, alpha, lam, noise=0.0):
        e, train, M, Q, _ = error_of(loss, "sign", noise, alpha, lam)
        p = {"loss": loss, "lambda": lam, "alpha": alpha, "noise": noise}
        for k, v in (("generalizationError", e), ("trainingLoss", train), ("overlap", M), ("norm", Q)):
            put(s, p, f"algorithmic.{k}", v)

    for loss, alpha, lam, noise in (
        ("square", 3, 1, 0), ("square", 0.7, 0.01, 0.3), ("logistic", 3, 0.01, 0), ("logistic", 0.5, 1, 0.2), ("logistic", 10, 0.1, 1),
        ("hinge", 3, 0.5, 0), ("hinge", 1.5, 0.05, 0.5), ("absolute", 2, 0.3, 0), ("absolute", 4, 0.05, 0.25), ("huber", 3, 0.1, 0.1),
        ("huber", 0.8, 2, 0),
    ):  # fmt: skip
        point(loss, alpha, lam, noise)
    for loss, alpha, noise in (("square", 3, 0), ("square", 2, 0.5), ("logistic", 3, 0), ("logistic", 2, 0.5), ("hinge", 2, 0.3)):
        e, lam = tuned(loss, "sign", noise, alpha)
        put(s, {"loss": loss, "tune": "generalization", "alpha": alpha, "noise": noise}, "algorithmic.generalizationError", e)
    for alpha, noise in ((3, 0), (1, 0), (2, 0.2)):
        put(s, {"loss": "hinge", "lambda": 0, "alpha": alpha, "noise": noise}, "algorithmic.generalizationError", max_margin(alpha, noise))
    put(s, {"loss": "logistic", "lambda": 0, "alpha": 3, "noise": 0}, "algorithmic.generalizationError", max_margin(3))
    # the maximum-likelihood estimate, where it exists
    e, train, M, Q, _ = error_of("logistic", "sign", 1.0, 8, 0.0)
    p = {"loss": "logistic", "lambda": 0, "alpha": 8, "noise": 1}
    put(s, p, "algorithmic.generalizationError", e)
    put(s, p, "algorithmic.trainingLoss", train)
    put(s, p, "algorithmic.norm", Q)
    for noise in (0.1, 0.5, 1, 10):
        put(s, {"loss": "logistic", "noise": noise}, "thresholds.separability", separability(1 / np.sqrt(1 + noise)))
    put(s, {"loss": "logistic", "noise": 0}, "thresholds.separability", None)


# ------------------------------------------------------------------------------------------------- LASSO
def soft(y, t):
    return np.sign(y) * np.maximum(np.abs(y) - t, 0)


def lasso_moments(rho, sigma, theta):
    """(mse, share of nonzeros, E|w|) of S_theta(w0 + sigma xi)."""
    out = np.zeros(3)
    for share, var, gain in ((1 - rho, sigma**2, 0.0), (rho, 1 + sigma**2, 1 / (1 + sigma**2))):
        if share == 0:
            continue
        s = np.sqrt(var)
        y, w = panels(cuts(0.0, 9.5 * s, 0.5 * s, [theta, 0.0, 9.5 * s]))
        w = 2 * w * np.exp(-0.5 * y * y / var) / (s * SQ2PI)
        est = soft(y, theta)
        out += share * np.array([np.sum(w * ((est - gain * y) ** 2 + gain * sigma**2)), np.sum(w * (y > theta)), np.sum(w * np.abs(est))])
    return out


def lasso_at(rho, alpha, noise, a):
    """Fixed point at threshold theta = a sigma: (sigma, mse, share, E|w|, lambda)."""
    f = lambda ls: lasso_moments(rho, np.exp(ls), a * np.exp(ls))[0] + noise - alpha * np.exp(2 * ls)
    hi = 0.5 * np.log((rho + noise) / alpha * 50 + 50)
    ls = brentq(f, 0.5 * np.log(noise / alpha) - 1e-9, hi, xtol=1e-15, rtol=1e-15)
    sigma = np.exp(ls)
    mse, share, l1 = lasso_moments(rho, sigma, a * sigma)
    return sigma, mse, share, l1, a * sigma * (alpha - share)


def lasso_given(rho, alpha, noise, lam):
    a0 = brentq(lambda a: lasso_at(rho, alpha, noise, a)[4] - lam, lasso_floor(rho, alpha, noise), 60.0, xtol=1e-14, rtol=1e-14)
    return lasso_at(rho, alpha, noise, a0)


def lasso_floor(rho, alpha, noise):
    """Smallest a = theta/sigma with a fixed point and a penalty >= 0."""
    for a in np.linspace(3.0, 0.0, 301)[:-1]:
        try:
            if lasso_at(rho, alpha, noise, a)[4] <= 0:
                return a
        except ValueError:
            return a + 0.01
    return 1e-3


def lasso():
    s = "lasso"
    for rho, alpha, noise, lam in ((0.2, 0.5, 0.01, 0.05), (0.2, 0.7, 0.01, 0.1), (0.5, 2, 0.3, 0.4), (0.05, 0.3, 0.001, 0.01), (1, 3, 0.1, 1)):
        sigma, mse, share, l1, _ = lasso_given(rho, alpha, noise, lam)
        # minimum of the cost per unknown: C'(lambda) = E|w|; residual variance from the Onsager term, checked by that derivative
        train = 0.5 * alpha * sigma**2 * (1 - share / alpha) ** 2
        p = {"rho": rho, "alpha": alpha, "noise": noise, "lambda": lam}
        for k, v in (("mse", mse), ("sparsity", share), ("trainingLoss", train)):
            put(s, p, f"algorithmic.{k}", v)
    if LEVEL:
        cost = lambda lam: (lambda r: 0.5 * (r[0] * (0.7 - r[2])) ** 2 + lam * r[3])(lasso_given(0.2, 0.7, 0.01, lam))
        slope = (cost(0.1001) - cost(0.0999)) / 2e-4
        assert abs(slope - lasso_given(0.2, 0.7, 0.01, 0.1)[3]) < 1e-6
    for rho, alpha, noise in ((0.2, 0.7, 0.01), (0.5, 2, 0.3), (0.1, 0.4, 0.02)):
        best = minimize_scalar(lambda a: lasso_at(rho, alpha, noise, a)[1], bounds=(0.3, 4.0), method="bounded", options={"xatol": 1e-9})
        put(s, {"rho": rho, "alpha": alpha, "noise": noise, "tune": "mse"}, "algorithmic.mse", best.fun)
        put(s, {"rho": rho, "alpha": alpha, "noise": noise, "tune": "mse"}, "optimal.mse", bayes_sparse(rho, alpha, noise))
    for rho in (0.05, 0.2, 0.5, 0.9):
        f = lambda t: 2 * (1 - rho) * ((1 + t * t) * ndtr(-t) - t * phi(t)) + rho * (1 + t * t)
        best = minimize_scalar(f, bounds=(0, 5), method="bounded", options={"xatol": 1e-10})
        put(s, {"rho": rho, "noise": 0}, "thresholds.l1", best.fun)


def bayes_sparse(rho, alpha, noise):
    """mse = E posterior variance of a spike and N(0, 1) under noise of variance (mse + noise)/alpha."""

    def mmse(s2):
        tot = 0.0
        for share, var in ((1 - rho, s2), (rho, 1 + s2)):
            s = np.sqrt(var)
            y, w = panels(cuts(-9.5 * s, 9.5 * s, 0.4 * s, [3 * np.sqrt(s2), -3 * np.sqrt(s2)], 0.2 * np.sqrt(s2)))
            w = w * np.exp(-0.5 * y * y / var) / (s * SQ2PI)
            l = np.log(rho / (1 - rho)) - 0.5 * np.log((1 + s2) / s2) + 0.5 * y * y * (1 / s2 - 1 / (1 + s2))
            pi = expit(l)
            g = y / (1 + s2)
            tot += share * np.sum(w * (pi * (s2 / (1 + s2) + g * g) - (pi * g) ** 2))
        return tot

    x = np.linspace(np.log(noise * 0.01), np.log(rho), 120)
    f = lambda l: mmse((np.exp(l) + noise) / alpha) - np.exp(l)
    v = [f(t) for t in x]
    roots = [brentq(f, x[i], x[i + 1], xtol=1e-14) for i in range(len(x) - 1) if v[i] * v[i + 1] < 0]
    assert len(roots) == 1, roots
    return np.exp(roots[0])


# ------------------------------------------------------------------------------------------------- random features
def kappas(activation):
    x, w = normal([0.0])
    f = {"erf": erf, "sign": np.sign, "tanh": np.tanh, "relu": lambda z: np.maximum(z, 0)}[activation](x)
    k0, k1, k2 = np.sum(w * f), np.sum(w * x * f), np.sum(w * f * f)
    return k0, k1, k2 - k0 * k0 - k1 * k1


def marchenko_pastur(c):
    """Eigenvalues of F^T F/d over p = c d columns: nodes and weights that sum to one."""
    n = (1500, 4000)[LEVEL]
    t = (np.arange(n) + 0.5) * np.pi / n
    s = 1 + c + 2 * np.sqrt(c) * np.cos(t)
    w = 2 * np.sin(t) ** 2 / s / n
    if c > 1:
        s, w = np.append(s, 0.0), np.append(w, 1 - 1 / c)
    return s, w


def features(activation, law, c):
    _, k1, ks = kappas(activation)
    if law == "gaussian":
        s, w = marchenko_pastur(c)
    elif c <= 1:
        s, w = np.array([1.0]), np.array([1.0])
    else:
        s, w = np.array([c, 0.0]), np.array([1 / c, 1 - 1 / c])
    return Spectrum(k1**2 * s + ks, w, k1**2 * c * w * s)


def random_features():
    s = "random-features"
    for loss, activation, law, labels, alpha, width, lam, noise in (
        ("square", "erf", "gaussian", "sign", 3, 0.6, 1e-4, 0), ("square", "erf", "gaussian", "sign", 3, 3, 1e-4, 0),
        ("square", "erf", "gaussian", "sign", 3, 9, 1e-4, 0), ("square", "tanh", "gaussian", "linear", 2, 1.5, 0.01, 0.1),
        ("square", "relu", "gaussian", "linear", 1.5, 3, 1e-3, 0.2), ("square", "relu", "orthogonal", "sign", 4, 0.5, 0.1, 0.3),
        ("square", "sign", "orthogonal", "sign", 2, 3, 0.01, 0), ("square", "sign", "gaussian", "linear", 5, 1, 0.1, 0),
        ("logistic", "erf", "gaussian", "sign", 3, 3, 1e-4, 0), ("logistic", "sign", "orthogonal", "sign", 2, 2, 0.01, 0.2),
        ("logistic", "relu", "gaussian", "sign", 3, 0.7, 0.1, 0), ("logistic", "tanh", "gaussian", "sign", 1, 2, 1, 0.5),
        ("hinge", "erf", "gaussian", "sign", 2, 1.5, 0.05, 0), ("absolute", "relu", "gaussian", "linear", 3, 1, 0.1, 0.1),
        ("huber", "tanh", "orthogonal", "linear", 2, 2, 0.05, 0.5),
    ):  # fmt: skip
        e, train, *_ = error_of(loss, labels, noise, alpha / width, lam, features(activation, law, width))
        p = {"loss": loss, "activation": activation, "features": law, "labels": labels, "alpha": alpha, "width": width, "lambda": lam, "noise": noise}
        put(s, p, "algorithmic.generalizationError", e)
        put(s, p, "algorithmic.trainingLoss", train)
    for loss, activation, law, labels, alpha, width, noise in (
        ("square", "erf", "gaussian", "sign", 3, 3, 0), ("square", "relu", "gaussian", "linear", 2, 2, 0.2), ("logistic", "sign", "gaussian", "sign", 2, 2, 0.1),
    ):  # fmt: skip
        e, _ = tuned(loss, labels, noise, alpha / width, features(activation, law, width))
        p = {"loss": loss, "activation": activation, "features": law, "labels": labels, "alpha": alpha, "width": width, "tune": "generalization", "noise": noise}
        put(s, p, "algorithmic.generalizationError", e)
    for activation, law, width, noise in (
        ("erf", "gaussian", 1, 0), ("erf", "orthogonal", 1, 0), ("sign", "gaussian", 2, 0), ("relu", "gaussian", 0.5, 0.3), ("tanh", "orthogonal", 3, 0.1),
        ("sign", "orthogonal", 0.5, 0),
    ):  # fmt: skip
        sp = features(activation, law, width)
        r = np.sqrt(sp.explained() / (1 + noise))
        p = {"activation": activation, "features": law, "width": width, "noise": noise}
        put(s, p, "thresholds.separability", width * separability(r))
        put(s, p, "thresholds.interpolation", width)


# ------------------------------------------------------------------------------------------------- Gaussian covariates
def power_law(p, decay, source, visible):
    k = np.arange(1, p + 1.0)
    o = k**-decay
    o /= o.mean()  # features of mean variance one: the library's convention
    t = k ** -(1 + 2 * decay * source)
    return o, t / t.sum() * visible


def gaussian_covariate():
    s = "gaussian-covariate"
    for loss, labels, alpha, decay, source, visible, lam, noise, size in (
        ("square", "sign", 2, 1.5, 0.5, 1, 1e-4, 0, 200), ("square", "linear", 0.5, 1, 0.3, 0.9, 0.01, 0.1, 300),
        ("logistic", "sign", 2, 1.5, 0.5, 1, 1e-3, 0, 200), ("logistic", "sign", 4, 0.5, 1, 0.7, 0.1, 0.2, 100),
        ("hinge", "sign", 1, 1, 0, 1, 0.01, 0, 100), ("absolute", "linear", 2, 1, 0.5, 1, 0.01, 0.3, 100),
    ):  # fmt: skip
        o, t = power_law(size, decay, source, visible)
        sp = Spectrum(o, np.full(size, 1 / size), t * o)
        e, train, *_ = error_of(loss, labels, noise, alpha, lam, sp)
        p = {"model": "power-law", "loss": loss, "labels": labels, "alpha": alpha, "decay": decay, "source": source, "visible": visible, "lambda": lam, "noise": noise, "size": size}
        put(s, p, "algorithmic.generalizationError", e)
        put(s, p, "algorithmic.trainingLoss", train)
    o, t = power_law(150, 1.2, 0.4, 0.8)
    sp = Spectrum(o, np.full(150, 1 / 150), t * o)
    e, _ = tuned("square", "linear", 0.2, 1.5, sp, (-14.0, 3.0))
    p = {"model": "power-law", "loss": "square", "labels": "linear", "alpha": 1.5, "decay": 1.2, "source": 0.4, "visible": 0.8, "noise": 0.2, "size": 150, "tune": "generalization"}
    put(s, p, "algorithmic.generalizationError", e)
    put(s, {"model": "power-law", "visible": 0.64, "noise": 0}, "thresholds.separability", separability(0.8))
    put(s, {"model": "power-law", "visible": 0.9, "noise": 0.5}, "thresholds.separability", separability(np.sqrt(0.6)))



# ------------------------------------------------------------------------------------------------- committee machine, K = 2
class Orthants:
    """Probabilities of the labels -1, 0, 1 and their gradients at (omega_+, omega_-), posterior variances (V_+, V_-) in the rotated
    basis z_1,2 = (z_+ +- z_-)/sqrt 2."""

    def __init__(self, lp, lm):
        self.lp, self.lm = lp, lm
        self.Vp, self.Vm = 1 - lp, 1 - lm
        self.v, self.c = (self.Vp + self.Vm) / 2, (self.Vp - self.Vm) / 2
        smooth = np.sqrt(min(self.Vp, self.Vm))
        self.op = self.outer(lp, smooth)
        self.om = self.outer(lm, smooth)

    @staticmethod
    def outer(l, smooth):
        """Nodes on [0, inf) of N(0, l): every integrand is even in both variables once summed over labels."""
        if l <= 0:
            return np.zeros(1), np.ones(1)
        s = np.sqrt(l)
        x, w = panels(cuts(0.0, 9.0 * s, min((1.8, 1.3)[LEVEL] * s, (2.0, 1.6)[LEVEL] * max(smooth, 0.05))), 8)
        return x, 2 * w * np.exp(-0.5 * x * x / l) / (s * SQ2PI)

    def plus(self, wp, wm):
        """P(z_1 > 0, z_2 > 0) by quadrature over z_+: = int_0^inf dz_+ N(z_+; wp, V_+) P(|z_-| < z_+); its derivatives in wp and wm."""
        sp, sm = np.sqrt(self.Vp), np.sqrt(self.Vm)
        t, w = panels(np.linspace(0, 1, (5, 7)[LEVEL]), 10)
        lo = np.maximum(0.0, wp - 9.0 * sp)
        hi = np.maximum(wp, 0) + 9.0 * sp
        # the far tail: z_+ near 0 where wp << 0, or where |wm| forces z_+ up; relative precision is not needed below 1e-40
        hi = np.maximum(hi, 9.0 * sp)
        z = lo[..., None] + (hi - lo)[..., None] * t
        w = (hi - lo)[..., None] * w
        g = (z - wp[..., None]) / sp
        d = phi(g) / sp * w
        a, b = (z - wm[..., None]) / sm, (-z - wm[..., None]) / sm
        inner = ndtr(a) - ndtr(b)
        dm = -(phi(a) - phi(b)) / sm
        d2 = (-a * phi(a) + b * phi(b)) / self.Vm
        P = np.sum(d * inner, -1)
        return P, np.sum(d * inner * g, -1) / sp, np.sum(d * dm, -1), np.sum(d * d2, -1)

    def fields(self):
        x, wx = self.op
        y, wy = self.om
        wp, wm = np.meshgrid(x, y, indexing="ij")
        up, dn = self.plus(wp, wm), self.plus(-wp, wm)
        up, dn = list(up), [dn[0], -dn[1], dn[2], dn[3]]
        zero = [1 - up[0] - dn[0]] + [-(a + b) for a, b in zip(up[1:], dn[1:])]
        # P(0) = P(|z_+| < |z_-|): the same integral with + and - exchanged, where 1 - ... would cancel
        other = object.__new__(Orthants)
        other.Vp, other.Vm = self.Vm, self.Vp
        a, b = other.plus(wm, wp), other.plus(-wm, wp)
        zero[0], zero[1], zero[2] = a[0] + b[0], a[2] + b[2], a[1] - b[1]
        return np.outer(wx, wy), (wp, wm), (up, zero, dn)


def committee_J(lp, lm):
    """(J_+, J_-, sum P ln P, curvature E sum (d^2_- P)^2/P)."""
    o = Orthants(lp, lm)
    W, _, labels = o.fields()
    out = np.zeros(4)
    for P, dp, dm, d2 in labels:
        ok = P > 1e-60
        inv = np.where(ok, 1 / np.where(ok, P, 1), 0)
        out += [np.sum(W * dp**2 * inv), np.sum(W * dm**2 * inv), np.sum(W * P * np.log(np.where(ok, P, 1))), np.sum(W * d2**2 * inv)]
    return out


def committee_input(prior, rp, rm):
    """(lambda_+, lambda_-, Psi_w, E v_-^2)."""
    if prior == "gaussian":
        return rp / (1 + rp), rm / (1 + rm), 0.5 * (rp - np.log1p(rp) + rm - np.log1p(rm)), 1 / (1 + rm) ** 2
    # four states: (w_+, w_-) = (+-sqrt 2, 0), (0, +-sqrt 2); observations sqrt(r) w + xi
    x, w = panels(cuts(-8.5, 8.5, (0.9, 0.6)[LEVEL]), (8, 10)[LEVEL])
    w = w * phi(x)
    xp, xm = np.meshgrid(x, x, indexing="ij")
    W = np.outer(w, w)
    out = np.zeros(4)
    for wp, wm in ((np.sqrt(2), 0.0), (0.0, np.sqrt(2))):
        states = [(np.sqrt(2), 0.0), (-np.sqrt(2), 0.0), (0.0, np.sqrt(2)), (0.0, -np.sqrt(2))]
        hp, hm = rp * wp + np.sqrt(rp) * xp, rm * wm + np.sqrt(rm) * xm
        e = np.stack([a * hp + b * hm - 0.5 * (rp * a * a + rm * b * b) for a, b in states])
        m = e.max(0)
        q = np.exp(e - m)
        Z = q.sum(0)
        q = q / Z
        ep = sum(k * a for k, (a, b) in zip(q, states))
        em = sum(k * b for k, (a, b) in zip(q, states))
        em2 = sum(k * b * b for k, (a, b) in zip(q, states))
        out += 0.5 * np.array([np.sum(W * ep * ep), np.sum(W * em * em), np.sum(W * (m + np.log(Z / 4))), np.sum(W * (em2 - em * em) ** 2)])
    return out


def committee_point(prior, alpha, guess, specialised):
    """Newton in (r_+, r_-); r_- = 0 unless specialised."""
    if not specialised:
        f = lambda lr: np.log(alpha * committee_J(committee_input(prior, np.exp(lr), 0.0)[0], 0.0)[0]) - lr
        return np.exp(brentq(f, np.log(guess[0]) - 2, np.log(guess[0]) + 2, xtol=1e-13)), 0.0

    def f(z):
        rp, rm = np.exp(z)
        lp, lm, *_ = committee_input(prior, rp, rm)
        J = committee_J(lp, lm)
        return [np.log(alpha * J[0]) - z[0], np.log(alpha * J[1]) - z[1]]

    sol = root(f, np.log(guess), tol=1e-12)
    assert np.max(np.abs(sol.fun)) < 1e-8, sol.fun
    return tuple(np.exp(sol.x))


def committee_errors(lp, lm):
    """(squared error, misclassification of the most probable label)."""
    o = Orthants(lp, lm)
    W, _, (up, zero, dn) = o.fields()
    sq = np.sum(W * (up[0] + dn[0] - (up[0] - dn[0]) ** 2))
    # most probable: zero below omega_+ = t(omega_-), plus above; panels split there
    x, wx = o.om
    total = 0.0
    s = np.sqrt(lp)
    P = lambda p, m: o.plus(np.array([p]), np.array([m]))[0][0]
    for m, wm in zip(x, wx):
        h = lambda p: 2 * P(p, m) + P(-p, m) - 1  # P(+) - P(0)
        top = 9.0 * s
        t = brentq(h, 0.0, top, xtol=1e-13) if h(0.0) < 0 < h(top) else (top if h(0.0) < 0 else 0.0)
        for lo, hi in ((0.0, t), (t, top)):
            if hi - lo < 1e-12:
                continue
            p, w = panels(np.linspace(lo, hi, max(2, int((hi - lo) / (0.9 * s)) + 2)), 8)
            w = 2 * w * np.exp(-0.5 * p * p / lp) / (s * SQ2PI)
            mm = np.full_like(p, m)
            a, b = o.plus(p, mm)[0], o.plus(-p, mm)[0]
            total += wm * np.sum(w * (a if lo >= t else 1 - a - b))
    return sq, 1 - total


def committee():
    s = "committee"
    for prior, alpha, guess, special in (
        ("gaussian", 1, (1.5, 0), False), ("gaussian", 3, (4.4, 0.97), True), ("gaussian", 2.5, (3.2, 0.5), True), ("gaussian", 6, (12, 7), True),
        ("binary", 1, (1.0, 0), False), ("binary", 1.4, (1.7, 0), False), ("binary", 1.8, (2.6, 0.8), True),
    ):  # fmt: skip
        rp, rm = committee_point(prior, alpha, guess, special)
        lp, lm, psi, _ = committee_input(prior, rp, rm)
        J = committee_J(lp, lm)
        sq, wrong = committee_errors(lp, lm)
        p = {"prior": prior, "alpha": alpha}
        put(s, p, "algorithmic.overlapPlus", lp)
        put(s, p, "algorithmic.overlapMinus", lm)
        put(s, p, "algorithmic.squaredError", sq)
        put(s, p, "algorithmic.misclassification", wrong)
        put(s, p, "algorithmic.freeEntropy", psi + alpha * J[2] - 0.5 * (rp * lp + rm * lm))
    for prior, lo, hi in (("gaussian", 1.0, 6.0), ("binary", 0.8, 4.0)):
        # specialisation: alpha E sum (d_-^2 P)^2/P  E v_-^2 = 1 on the unspecialised branch alpha = r_+/J_+
        def unstable(lr):
            rp = np.exp(lr)
            lp, _, _, v2 = committee_input(prior, rp, 0.0)
            J = committee_J(lp, 0.0)
            return rp / J[0] * J[3] * v2 - 1, rp / J[0]

        lr = brentq(lambda x: unstable(x)[0], np.log(lo), np.log(hi), xtol=1e-12)
        put(s, {"prior": prior}, "thresholds.specialization", unstable(lr)[1])

    # binary: the branch of partial specialisation, by r_+ given r_-; alpha = r_-/J_-
    near = [np.log(3.5)]

    def branch(rm):
        def f(lr):
            lp, lm, *_ = committee_input("binary", np.exp(lr), rm)
            J = committee_J(lp, lm)
            return np.log(np.exp(lr) / J[0]) - np.log(rm / J[1])

        near[0] = newton(f, near[0], x1=near[0] + 0.02, tol=1e-10)
        rp = np.exp(near[0])
        lp, lm, psi, _ = committee_input("binary", rp, rm)
        J = committee_J(lp, lm)
        return rm / J[1], psi + rm / J[1] * J[2] - 0.5 * (rp * lp + rm * lm)

    best = minimize_scalar(lambda l: -branch(np.exp(l))[0], bounds=(np.log(0.7), np.log(3)), method="bounded", options={"xatol": 1e-4})
    put(s, {"prior": "binary"}, "thresholds.algorithmic", -best.fun)

    # information-theoretic: the unspecialised free entropy equals that of the truth, -2 ln 2
    def gap(alpha):
        rp, _ = committee_point("binary", alpha, (2.0, 0), False)
        lp, _, psi, _ = committee_input("binary", rp, 0.0)
        return psi + alpha * committee_J(lp, 0.0)[2] - 0.5 * rp * lp + 2 * np.log(2)

    put(s, {"prior": "binary"}, "thresholds.informationTheoretic", brentq(gap, 1.4, 1.7, xtol=1e-11))


# ------------------------------------------------------------------------------------------------- committee, K infinite
def committee_large():
    s = "committee-large"
    x, w = normal([0.0])

    def out(chi):
        """(J, Psi) of the sign channel at overlap chi."""
        V = 1 - chi
        o, wo = panels(cuts(-9.5 * np.sqrt(chi), 9.5 * np.sqrt(chi), 0.7 * np.sqrt(V), [0.0]))
        wo = wo * np.exp(-0.5 * o * o / chi) / np.sqrt(2 * np.pi * chi)
        u = o / np.sqrt(V)
        ratio = np.exp(-0.5 * u * u - 0.5 * np.log(2 * np.pi) - log_ndtr(u))
        return 2 * np.sum(wo * phi(u) * ratio) / V, 2 * np.sum(wo * ndtr(u) * log_ndtr(u))

    def inp(prior, r):
        if prior == "gaussian":
            return r / (1 + r), 0.5 * (r - np.log1p(r))
        t = np.tanh(r + np.sqrt(r) * x)
        a = r + np.sqrt(r) * x
        return np.sum(w * t), np.sum(w * (np.logaddexp(a, -a) - np.log(2))) - r / 2

    def curve(prior, r):
        q, psi = inp(prior, r)
        chi = 2 / np.pi * (1 - q + np.arcsin(q))
        dchi = 2 / np.pi * (1 / np.sqrt(1 - q * q) - 1)
        J, P = out(chi)
        alpha = r / (J * dchi)
        return alpha, q, chi, psi + alpha * P - 0.5 * r * q

    flat = out(2 / np.pi)[1]
    for prior, lo, hi in (("gaussian", 0.05, 3000.0), ("binary", 0.05, 9.0)):
        grid = np.exp(np.linspace(np.log(lo), np.log(hi), 60))
        al = [curve(prior, r)[0] for r in grid]
        i = int(np.argmin(al))
        best = minimize_scalar(lambda l: curve(prior, np.exp(l))[0], bounds=tuple(np.log(grid[[max(i - 1, 0), min(i + 1, 59)]])), method="bounded", options={"xatol": 1e-9})
        if i < 59:
            put(s, {"prior": prior}, "thresholds.spinodal", best.fun)
        top = np.log(hi)
        # the unspecialised branch has q_d = 0: alpha Psi(2/pi), its sum's overlap costs nothing per weight
        f = lambda l: (lambda c: c[3] - c[0] * flat)(curve(prior, np.exp(l)))
        if f(best.x) * f(top) < 0:
            put(s, {"prior": prior}, "thresholds.informationTheoretic", curve(prior, np.exp(brentq(f, best.x, top, xtol=1e-12)))[0])
        put(s, {"prior": prior}, "thresholds.algorithmic", None)
        if prior == "gaussian":
            for alpha in (8, 9, 20):
                l = brentq(lambda l: curve(prior, np.exp(l))[0] - alpha, best.x, top, xtol=1e-13)
                _, q, chi, F = curve(prior, np.exp(l))
                p = {"prior": prior, "alpha": alpha}
                put(s, p, "optimal.overlap", q)
                put(s, p, "optimal.generalizationError", np.arccos(np.sqrt(chi)) / np.pi)
                put(s, p, "optimal.freeEntropy", F)
                put(s, p, "algorithmic.freeEntropy", alpha * flat)
                put(s, p, "algorithmic.generalizationError", np.arccos(np.sqrt(2 / np.pi)) / np.pi)


# ------------------------------------------------------------------------------------------------- online SGD
class Brackets:
    """Gaussian averages of fields x ~ N(0, C), the K students first: e = a . g(x) with a = (-v, v*), so Delta = e.
    drift[i, b] = <g'_i x_b e>, noise[i, k] = <g'_i g'_k e^2>, slopes[i, k] = <g'_i g'_k>, second[i] = <g_i e>, risk = <e^2>/2."""

    def __init__(self, activation, C, a, K):
        n = len(C)
        self.drift, self.noise, self.slopes = np.zeros((K, n)), np.zeros((K, K)), np.zeros((K, K))
        getattr(self, activation)(C, np.asarray(a, float), K, n)

    def erf(self, C, a, K, n):
        # g' = sqrt(2/pi) exp(-x^2/2) tilts the measure: C -> (C^-1 + A)^-1 = C (1 + A C)^-1, mass det(1 + A C)^(-1/2)
        def tilted(idx):
            A = np.zeros((n, n))
            for i in idx:
                A[i, i] += 1
            B = np.eye(n) + A @ C
            T = np.linalg.solve(B.T, C.T).T
            return 0.5 * (T + T.T), (2 / np.pi) ** (len(idx) / 2) / np.sqrt(np.linalg.det(B))

        def pair(T):
            d = np.sqrt(1 + np.diag(T))
            return 2 / np.pi * np.arcsin(T / np.outer(d, d))

        for i in range(K):
            T, mass = tilted([i])
            # E x_b g(x_c) = T_bc E g'(x_c)
            self.drift[i] = mass * (T @ (a * np.sqrt(2 / np.pi / (1 + np.diag(T)))))
            for k in range(i + 1):
                T, mass = tilted([i, k])
                self.slopes[i, k] = self.slopes[k, i] = mass
                self.noise[i, k] = self.noise[k, i] = mass * (a @ pair(T) @ a)
        P = pair(C)
        self.second = (P @ a)[:K]
        self.risk = 0.5 * a @ P @ a

    def polynomial(self, C, a, K, n, g, dg):
        # degree at most 6 in all: five Gauss-Hermite nodes a dimension are exact
        x, w = np.polynomial.hermite_e.hermegauss(5)
        X = np.stack(np.meshgrid(*[x] * n, indexing="ij")).reshape(n, -1)
        W = np.prod(np.stack(np.meshgrid(*[w / w.sum()] * n, indexing="ij")).reshape(n, -1), 0)
        val, vec = np.linalg.eigh(C)
        F = vec @ (np.sqrt(np.maximum(val, 0))[:, None] * X)
        e = a @ g(F)
        d = dg(F[:K])
        self.drift = (d * W * e) @ F.T
        self.noise = (d * W * e * e) @ d.T
        self.slopes = (d * W) @ d.T
        self.second = (g(F[:K]) * W) @ e
        self.risk = 0.5 * np.sum(W * e * e)

    def linear(self, C, a, K, n):
        self.polynomial(C, a, K, n, lambda x: x, np.ones_like)

    def square(self, C, a, K, n):
        self.polynomial(C, a, K, n, lambda x: x * x, lambda x: 2 * x)

    def relu(self, C, a, K, n):
        inv, det = np.linalg.inv(C), np.linalg.det(C)
        U, W = simplex(n)
        # int_orthant x_a x_b N(x) dx = mass over the simplex of u_a u_b int r^(n+1) exp(-r^2 h/2) dr, h = u' C^-1 u
        from math import gamma

        c2 = 2 ** (n / 2) * gamma(n / 2 + 1) / ((2 * np.pi) ** (n / 2) * np.sqrt(det))
        c0 = 2 ** (n / 2 - 1) * gamma(n / 2) / ((2 * np.pi) ** (n / 2) * np.sqrt(det))
        second, risk = np.zeros(K), 0.0
        for bits in range(2 ** (n - 1)):  # the orthants -s and s have the same moments
            s = np.array([1.0 if bits >> j & 1 else -1.0 for j in range(n)])
            X = U * s[:, None]
            h = np.einsum("ab,aj,bj->j", inv, X, X)
            m2 = c2 * (X * (W * h ** (-n / 2 - 1))) @ X.T
            m0 = c0 * np.sum(W * h ** (-n / 2))
            for on in (s > 0, s < 0):
                b = a * on
                risk += 0.5 * b @ m2 @ b
                for i in range(K):
                    if on[i]:
                        self.drift[i] += m2 @ b
                        second[i] += m2[i] @ b
                        for k in range(K):
                            if on[k]:
                                self.noise[i, k] += b @ m2 @ b
                                self.slopes[i, k] += m0
        self.second, self.risk = second, risk


def simplex(n, cache={}):
    """Nodes (n x points) and weights of the simplex sum u = 1, u >= 0 with the cone measure dx = r^(n-1) dr du."""
    key = (n, LEVEL)
    if key not in cache:
        t, w = leggauss({2: (150, 250), 3: (50, 80), 4: (20, 26)}[n][LEVEL])
        t, w = (t + 1) / 2, w / 2
        T = np.stack(np.meshgrid(*[t] * (n - 1), indexing="ij")).reshape(n - 1, -1)
        W = np.prod(np.stack(np.meshgrid(*[w] * (n - 1), indexing="ij")).reshape(n - 1, -1), 0)
        U, rest = [], np.ones(T.shape[1])
        for j in range(n - 1):  # u_j = rest t_j; the Jacobian is the rest at every step
            U.append(rest * T[j])
            W = W * rest
            rest = rest * (1 - T[j])
        cache[key] = np.stack(U + [rest]), W
    return cache[key]


def sgd_run(o, start, t):
    """Integrates the equations to time t; returns (generalisation error, Q, R, v)."""
    Q0, R0, T = (np.array(start[k], float) for k in ("Q", "R", "T"))
    K, M = R0.shape
    v0 = np.array(start.get("v", np.ones(K)), float)
    vt = np.array(start.get("vTeacher", np.ones(M)), float)
    eta, eta2, s2, kap, both = o["learningRate"], o.get("secondLearningRate", 0.5), o.get("noise", 0), o.get("weightDecay", 0), o.get("train") == "both"

    def split(y):
        return y[: K * K].reshape(K, K), y[K * K : K * K + K * M].reshape(K, M), y[K * K + K * M :]

    def brackets(y):
        Q, R, v = split(y)
        return Brackets(o["activation"], np.block([[Q, R], [R.T, T]]), np.concatenate([-v, vt]), K)

    def f(_, y):
        Q, R, v = split(y)
        b = brackets(y)
        D = v[:, None] * b.drift
        dR = eta * D[:, K:] - eta * kap * R
        dQ = eta * (D[:, :K] + D[:, :K].T) + eta**2 * np.outer(v, v) * (b.noise + s2 * b.slopes) - 2 * eta * kap * Q
        dv = eta2 * b.second - eta2 * kap * v if both else np.zeros(K)
        return np.concatenate([dQ.ravel(), dR.ravel(), dv])

    y0 = np.concatenate([Q0.ravel(), R0.ravel(), v0])
    sol = solve_ivp(f, (0, t), y0, method="DOP853", rtol=(1e-9, 1e-12)[LEVEL], atol=(1e-11, 1e-14)[LEVEL])
    assert sol.success
    y = sol.y[:, -1]
    return brackets(y).risk, *split(y)


START22 = {"Q": [[0.3, 0.02], [0.02, 0.25]], "R": [[0.05, -0.02], [0.01, 0.03]], "T": [[1, 0.1], [0.1, 0.9]]}
START32 = {"Q": [[0.3, 0.02, 0.01], [0.02, 0.25, 0], [0.01, 0, 0.4]], "R": [[0.05, -0.02], [0.01, 0.03], [0, 0.04]], "T": [[1, 0], [0, 1]]}
START11 = {"Q": [[0.4]], "R": [[-0.1]], "T": [[1.2]]}
START21 = {"Q": [[0.3, 0.02], [0.02, 0.25]], "R": [[0.05], [0.01]], "T": [[1]]}
START23V = {"Q": [[0.3, 0.02], [0.02, 0.25]], "R": [[0.05, -0.02, 0], [0.01, 0.03, 0.02]], "T": [[1, 0, 0], [0, 1, 0.2], [0, 0.2, 0.8]], "v": [0.4, -0.3], "vTeacher": [1, 0.7, -0.5]}
START22V = {**START22, "v": [0.5, 0.2], "vTeacher": [1, 0.8]}


def online_sgd():
    s = "online-sgd"
    for activation, start, times, o in (
        ("erf", START22, (1, 30, 200), {"learningRate": 0.5}),
        ("erf", START32, (10, 300), {"learningRate": 1, "noise": 0.01}),
        ("erf", START22, (20, 100), {"learningRate": 1.2, "noise": 0.1, "weightDecay": 0.02}),
        ("erf", START23V, (5, 100), {"learningRate": 0.5, "secondLearningRate": 0.3, "train": "both", "noise": 0.05}),
        ("erf", START22V, (50,), {"learningRate": 0.8, "secondLearningRate": 1, "train": "both", "weightDecay": 0.01}),
        ("linear", START22, (3, 20), {"learningRate": 0.3, "noise": 0.2}),
        ("linear", START22V, (10,), {"learningRate": 0.2, "train": "both", "weightDecay": 0.05}),
        ("square", START22, (2, 15), {"learningRate": 0.02, "noise": 0.1}),
        ("square", START22V, (10,), {"learningRate": 0.02, "secondLearningRate": 0.05, "train": "both", "weightDecay": 0.1}),
        ("relu", START11, (5, 40), {"learningRate": 0.3, "noise": 0.3}),
        ("relu", START22, (1,), {"learningRate": 0.2}),
        ("relu", START21, (2, 8), {"learningRate": 0.3, "noise": 0.1, "weightDecay": 0.05}),
        ("relu", START22V, (2,), {"learningRate": 0.2, "secondLearningRate": 0.1, "train": "both", "noise": 0.02}),
    ):  # fmt: skip
        for t in times:
            e, Q, R, v = sgd_run({"activation": activation, **o}, start, t)
            p = {"activation": activation, **o, "time": t, "initial": json.dumps(start)}
            put(s, p, "algorithmic.generalizationError", e)
            put(s, p, "algorithmic.Q[0][1]" if len(Q) > 1 else "algorithmic.Q[0][0]", Q[0][-1] if len(Q) < 3 else Q[0][1])
            put(s, p, "algorithmic.R[1][0]" if len(Q) > 1 else "algorithmic.R[0][0]", R[min(1, len(Q) - 1)][0])
            if o.get("train") == "both":
                put(s, p, "algorithmic.v[0][1]", v[1])


# ------------------------------------------------------------------------------------------------- width against learning rate
def sgd_scaling():
    """The line and the borders; the risk from the start of the library's own draw (its R, Q, T at t = 0 are material, not theory):
    a student (1/p) sum g, per sample dq = gamma/(p d)(E lambda + E lambda) + gamma^2/(p^2 d) E E, samples = tau/dt."""
    s = "sgd-scaling"
    for kappa in (0, 0.3, 1):
        put(s, {"kappa": kappa}, "thresholds.noOde", -0.5 - kappa)
        put(s, {"kappa": kappa}, "thresholds.classical", -kappa)
    for params, start in SCALING:
        o = {"kappa": 0, "delta": 0.25, "size": 200, "rate": 1, "noise": 0.01, **params}
        d, p, gamma = o["size"], len(start["Q"]), o["rate"] * o["size"] ** -o["delta"]
        theta = o["kappa"] + o["delta"]
        dt = max(d ** -(1 + theta), d ** -(1 + 2 * theta))
        # as soft committees: v = 1/p and eta v = gamma/p, in time samples/d
        k = len(start["T"])
        e, *_ = sgd_run({"activation": "erf", "learningRate": gamma, "noise": o["noise"]}, {**start, "v": [1 / p] * p, "vTeacher": [1 / k] * k}, round(o["time"] / dt) / d)  # whole samples
        put(s, params, "algorithmic.risk", e)
        put(s, params, "algorithmic.learningWeight", gamma / (p * d * dt))
        put(s, params, "algorithmic.noiseWeight", gamma**2 / (p * p * d * dt))


SCALING = [
    ({"time": 5}, {"Q": [[1.3296078495725556, 0.10502276378239045], [0.10502276378239045, 1.1482851361303446]], "R": [[1.0555953588749458, 0.05565439605196496], [0.10607742706483421, 0.8473488384466349]], "T": [[1.0217273820483528, 0.043981709606163495], [0.043981709606163495, 0.8111415024187348]]}),
    ({"time": 60, "delta": 0.5, "noise": 0.1, "start": "random"}, {"Q": [[0.2401445138710166, -0.012727349728245208], [-0.012727349728245208, 0.26472896165580934]], "R": [[0.03386797682659312, 0.011672686445801404], [0.062095717458670714, 0.0362073360279002]], "T": [[1.0217273820483528, 0.043981709606163495], [0.043981709606163495, 0.8111415024187348]]}),
    ({"kappa": 0.2, "delta": -0.3, "width": 1, "time": 2}, {"Q": [[1.3296078495725556, 0.10502276378239045, 1.0496627390595878], [0.10502276378239045, 1.1482851361303446, 0.13225227384086635], [1.0496627390595878, 0.13225227384086635, 1.2934265105049798]], "R": [[1.0555953588749458, 0.05565439605196496], [0.10607742706483421, 0.8473488384466349], [1.0241786429212016, 0.0808507633992258]], "T": [[1.0217273820483528, 0.043981709606163495], [0.043981709606163495, 0.8111415024187348]]}),
]  # fmt: skip


# ------------------------------------------------------------------------------------------------- structured inputs, online
def structured(K, M, modes, Q0, T, v, vt, eta, s2, t):
    """Two independent students (2 K fields) on inputs whose covariance has eigenvalues o with weights w; u = N u_m u_n per mode.
    Per mode: q = <rho rho>, p = <sqrt N rho u>; Q = E o q, R = E p. erf units, first layer. Returns the errors."""
    o, w, u = modes  # u: modes x M x M
    n, L = 2 * K, len(o)
    a = np.concatenate([-v, vt])

    def average(q, p):
        Q, R = np.einsum("m,mkl->kl", w * o, q), np.einsum("m,mkn->kn", w, p)
        return Q, R

    def slopes(Q, R, i):
        """A_i = E d(g'_i e)/d lambda, B_i = E d(g'_i e)/d nu for one student, from E x_b g'_i e by solving C c = drift (Stein)."""
        C = np.block([[Q[i][:, i], R[i]], [R[i].T, T]])
        b = Brackets("erf", C, a, K)
        coef = np.linalg.solve(C, b.drift.T).T
        return coef[:, :K], coef[:, K:], b

    def f(_, y):
        q, p = y[: L * n * n].reshape(L, n, n), y[L * n * n :].reshape(L, n, M)
        Q, R = average(q, p)
        A, B, noise = np.zeros((n, n)), np.zeros((n, M)), np.zeros((n, n))
        for i in (np.arange(K), np.arange(K, n)):
            ai, bi, br = slopes(Q, R, i)
            A[np.ix_(i, i)], B[i] = v[:, None] * ai, v[:, None] * bi
            noise[np.ix_(i, i)] = np.outer(v, v) * (br.noise + s2 * br.slopes)
        dp = eta * (o[:, None, None] * (A @ p) + B @ u)
        half = o[:, None, None] * (A @ q) + B @ p.transpose(0, 2, 1)
        dq = eta * (half + half.transpose(0, 2, 1)) + eta**2 * o[:, None, None] * noise
        return np.concatenate([dq.ravel(), dp.ravel()])

    q0 = np.broadcast_to(Q0 / np.sum(w * o), (L, n, n))
    y0 = np.concatenate([q0.ravel(), np.zeros(L * n * M)])
    sol = solve_ivp(f, (0, t), y0, method="DOP853", rtol=(1e-8, 1e-10)[LEVEL], atol=1e-13)
    q, p = sol.y[: L * n * n, -1].reshape(L, n, n), sol.y[L * n * n :, -1].reshape(L, n, M)
    Q, R = average(q, p)
    W = np.einsum("m,mkl->kl", w, q) * np.sum(w * o)  # independent Gaussian inputs of the same variance
    kern = lambda X: (lambda d: 2 / np.pi * np.arcsin(X / np.outer(d, d)))(np.sqrt(1 + np.diag(X)))
    i = np.arange(K)
    e = Brackets("erf", np.block([[Q[:K, :K], R[:K]], [R[:K].T, T]]), a, K).risk
    both = np.concatenate([v, -v])
    P = kern(Q)
    f11, f22, f12 = v @ P[:K, :K] @ v, v @ P[K:, K:] @ v, v @ P[:K, K:] @ v
    return e, 0.5 * both @ P @ both, 0.5 * both @ kern(W) @ both, f12 / np.sqrt(f11 * f22)


def hidden_manifold():
    """Starts without overlap with the teacher (isotropic weights of norm studentScale), erf units, hidden manifold."""
    s = "hidden-manifold"
    for law, nonlinearity, ratio, K, M, eta, s2, t, scale in (
        ("orthogonal", "sign", 0.3, 1, 1, 0.2, 0, 5, 0.5), ("orthogonal", "tanh", 0.5, 2, 2, 0.3, 0.1, 20, 0.4),
        ("gaussian", "sign", 0.3, 2, 2, 0.2, 0, 10, 0.5), ("gaussian", "erf", 0.6, 1, 2, 0.5, 0.05, 4, 0.7),
    ):  # fmt: skip
        x, wt = normal([0.0])
        fx = {"sign": np.sign, "tanh": np.tanh, "erf": lambda z: erf(z / np.sqrt(2))}[nonlinearity](x)
        b, c = np.sum(wt * x * fx), np.sum(wt * fx * fx)
        # F F^T/D over N inputs: the D nonzero eigenvalues
        if law == "gaussian":
            m = (60, 90)[LEVEL]  # midpoint rule on the arc: exponential
            th = (np.arange(m) + 0.5) * np.pi / m
            g = 1 / ratio  # eigenvalues of F^T F/D, D x D, entries' ratio N/D
            sv = 1 + g + 2 * np.sqrt(g) * np.cos(th)
            ws = ratio * 2 * np.sin(th) ** 2 * g / sv / m
        else:
            sv, ws = np.array([1 / ratio]), np.array([ratio])
        sv, ws = np.append(sv, 0.0), np.append(ws, 1 - ratio)
        assert abs(ws.sum() - 1) < 1e-9 and abs(ws @ sv - 1) < 1e-9
        T = np.eye(M)
        modes = (b * b * sv + c - b * b, ws, (b * b / ratio * sv)[:, None, None] * T)
        res = structured(K, M, modes, scale**2 * c * np.eye(2 * K), T, np.ones(K), np.ones(M), eta, s2, t)
        p = {"features": law, "nonlinearity": nonlinearity, "latentRatio": ratio, "studentUnits": K, "teacherUnits": M, "learningRate": eta, "noise": s2, "time": t, "studentScale": scale, "overlap": 0, "size": 1000}
        for k, val in zip(("generalizationError", "disagreement", "disagreementIid", "studentOverlap"), res):
            put(s, p, f"algorithmic.{k}", val)


def generator_data():
    """Orthogonal features, layer upon layer of as many units: Omega = b^2 F Omega' F^T/D + 1 - b^2 keeps two eigenvalues at every depth.
    The limit of many inputs: the library's equations are those of its own drawn generator, which differ by less than 1/size."""
    s = "generator-data"
    x, wt = normal([0.0])
    for nonlinearity, depth, ratio, t, eta in (("tanh", 1, 0.3, 5, 0.2), ("tanh", 2, 0.5, 4, 0.3), ("sign", 1, 0.4, 6, 0.2)):
        fx = {"sign": np.sign, "tanh": np.tanh}[nonlinearity](x)
        b = np.sum(wt * x * fx) / np.sqrt(np.sum(wt * fx * fx))
        top, low, gain = 1 / ratio, 0.0, 1.0  # eigenvalues of the linear part inside and outside the latent span
        for _ in range(depth):
            top, low, gain = b * b * top + 1 - b * b, b * b * low + 1 - b * b, b * b * gain
        # E x c^T c x^T in that span: gain/ratio per latent direction, and N u u = gain/ratio^2
        modes = (np.array([top, low]), np.array([ratio, 1 - ratio]), np.array([gain / ratio**2, 0.0])[:, None, None] * np.eye(2))
        res = structured(2, 2, modes, 0.25 * np.eye(4), np.eye(2), np.ones(2), np.ones(2), eta, 0.0, t)
        p = {"generator": "layers", "nonlinearity": nonlinearity, "depth": depth, "latentRatio": ratio, "features": "orthogonal", "learningRate": eta, "time": t, "overlap": 0, "size": 400}
        for k, val in zip(("generalizationError", "disagreement", "disagreementIid", "studentOverlap"), res):
            put(s, p, f"algorithmic.{k}", val, 1e-3)


# ------------------------------------------------------------------------------------------------- intrinsic dimension
def intrinsic_dimension():
    """Uniform points on the sphere S^d of radius 1: C(r) the cap within chord r, exact integrals of order statistics."""
    import mpmath as mp

    mp.mp.dps = (18, 25)[LEVEL]
    s = "intrinsic-dimension"
    for d, n in ((1, 256), (2, 1024), (3, 1024), (5, 512), (10, 2000)):
        # C(r) = I_{sin^2 theta}(d/2, 1/2)/2 for theta <= pi/2; r = 2 sin(theta/2)
        total = mp.quad(lambda u: mp.sin(u) ** (d - 1), [0, mp.pi / 2, mp.pi])
        cap = lambda th: (mp.betainc(mp.mpf(d) / 2, mp.mpf(1) / 2, 0, mp.sin(th) ** 2, regularized=True) / 2 if th <= mp.pi / 2 else 1 - cap(mp.pi - th))
        density = lambda th: mp.sin(th) ** (d - 1) / total
        chord = lambda th: 2 * mp.sin(th / 2)

        def quantile(c):
            lo, hi = mp.mpf(0), mp.pi
            for _ in range(100):
                mid = (lo + hi) / 2
                if cap(mid) < c:
                    lo = mid
                else:
                    hi = mid
            return (lo + hi) / 2

        # two nearest of the n - 1 others, by the order statistics of C: r_1 has density (n-1)(1-C)^(n-2), r_2 (n-1)(n-2) C (1-C)^(n-3)
        knots = [quantile(mp.mpf(c)) for c in (0.001 / n, 0.05 / n, 0.3 / n, 1.0 / n, 3.0 / n, 8.0 / n, 20.0 / n)]
        knots = [mp.mpf(0)] + knots + [quantile(min(mp.mpf(60) / n, mp.mpf("0.6")))]
        e1 = lambda m: mp.quad(lambda t: chord(t) * (m - 1) * (1 - cap(t)) ** (m - 2) * density(t), knots + [mp.pi])
        ln1 = mp.quad(lambda t: mp.log(chord(t)) * (n - 1) * (1 - cap(t)) ** (n - 2) * density(t), knots)
        ln2 = mp.quad(lambda t: mp.log(chord(t)) * (n - 1) * (n - 2) * cap(t) * (1 - cap(t)) ** (n - 3) * density(t), knots)
        p = {"manifold": "sphere", "dimension": d, "size": n}
        put(s, p, "algorithmic.twoNN", 1 / (ln2 - ln1))
        put(s, p, "algorithmic.correlationDimension", mp.log(8) / mp.log(chord(quantile(mp.mpf(32) / n)) / chord(quantile(mp.mpf(4) / n))))
        put(s, p, "algorithmic.nearestNeighbour", mp.log(2) / mp.log(e1(n // 2) / e1(n)))


ALL = (perceptron_erm, lasso, random_features, gaussian_covariate, committee, committee_large, online_sgd, sgd_scaling, hidden_manifold, generator_data, intrinsic_dimension)


def main(which):
    global LEVEL, OUT
    results = []
    for LEVEL in (0, 1):
        OUT = {}
        for f in ALL:
            if not which or f.__name__ in which:
                t = time.time()
                f()
                print(f"level {LEVEL} {f.__name__}: {time.time() - t:.1f} s", file=sys.stderr)
        results.append(OUT)
    rows = []
    for key, v in results[1].items():
        coarse = results[0][key]
        acc = 1e-11 if v is None else max(1e-11, 10 * abs(v - coarse) / max(abs(v), 1e-300)) if v != 0 else 1e-11
        acc = float(f"{max(acc, ACCURACY.get(key, 0)):.0e}")
        scenario, params, quantity = key
        rows.append(json.dumps({"scenario": scenario, "params": json.loads(params), "quantity": quantity, "value": v, "accuracy": acc}))
    print('{"scenarios": [\n  ' + ",\n  ".join(rows) + "\n]}")
    print(f"{len(rows)} values, {time.time() - START:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
