"""Reference values of graphs of modules (multi-layer networks, generative priors, rotationally invariant layers, hidden
activations), derived and computed apart from the library.

    OMP_NUM_THREADS=1 python3 graphs.py > graphs.json        (numpy 1.24, scipy 1.10; about twenty minutes of one core)

Route, deliberately not the library's (which passes Gaussian messages between modules):
 * i.i.d. layers: state evolution of multi-layer AMP (Manoel et al. 2017). V_l = mean variance of h_(l-1), A_(l-1) =
   (n_l/n_(l-1)) J_l(V_l, A_l), J = (1 - v_z/V)/V, and the free entropy as mutual informations and couplings,
     Phi = - I_X(A_0) - sum_l R_l I_l(V_l, A_l) + R_L Psi_out(V_L) + (1/2) sum_l R_(l-1) A_(l-1) V_l,   H(Y)/n_0 = - Phi,
   I_l(V, A) = I(h_l; b | omega) the mutual information of h_l = phi(z) and b = A h_l + sqrt(A) xi given z ~ N(omega, V).
 * rotationally invariant layers: the coupling (1/2) A V becomes -(1/2) E ln(a_x + a_z lambda) - (1/2) ln v_x + (alpha/2) ln(V/v_z),
   and with Gaussian noise alone the R-transform: r = R(-v/D)/D, I = I_X(r) + (1/2) int_0^(v/D) R(-w) dw - r v/2.
 * a hidden activation is the scalar channel z -> y = phi(z) + xi/sqrt(a) at given omega: its moments and its entropy by brute force
   on panels of (omega, y, z) (`brute`: no truncated Gaussians, no error functions). Where V or 1/a vanish (noiseless recovery) the
   integral over z of a piecewise-linear phi is done in closed form (`segments`), which `brute` confirms where both are possible.
 * thresholds: maximum of the curve alpha(A) of fixed points, by Brent.
`accuracy` is ten times the relative change when every panel is halved or the order raised, at least 1e-11.
"""
import json
import sys
import time
import numpy as np
from scipy.optimize import brentq, minimize_scalar, root
from scipy.special import ndtr, log_ndtr, i0e, i1e

START = time.time()
LEVEL = 0  # 0 coarse, 1 fine
SQ2PI = np.sqrt(2 * np.pi)
INF = np.inf


def leggauss(n, cache={}):
    if n not in cache:
        cache[n] = np.polynomial.legendre.leggauss(n)
    return cache[n]


def panels(breaks, n=None):
    """Gauss-Legendre nodes and weights on the consecutive panels of each row of sorted breaks."""
    t, w = leggauss(n or (8, 12)[LEVEL])
    b = np.asarray(breaks, float)
    h = np.diff(b, axis=-1)[..., None] / 2
    x = (b[..., :-1] + b[..., 1:])[..., None] / 2 + h * t
    return x.reshape(b.shape[:-1] + (-1,)), (h * w).reshape(b.shape[:-1] + (-1,))


def gauss(x, v):
    return np.exp(-x * x / (2 * v)) / np.sqrt(2 * np.pi * v)


def xlogx(p):
    return np.where(p > 1e-300, p * np.log(np.maximum(p, 1e-300)), 0.0)


def split(lo, hi, step, kinks):
    inner = [k for k in kinks if lo < k < hi]
    b = [lo, *inner, hi]
    out = [np.linspace(x, y, max(1, int(np.ceil((y - x) / step))) + 1)[:-1] for x, y in zip(b[:-1], b[1:])]
    return np.append(np.concatenate(out), hi)


# ---------------------------------------------------------------- hidden activations
K = 0.67449
SEGMENTS = {  # from, to, slope, offset
    "linear": [(-INF, INF, 1, 0)],
    "relu": [(-INF, 0, 0, 0), (0, INF, 1, 0)],
    "leaky-relu": [(-INF, 0, 0.1, 0), (0, INF, 1, 0)],
    "abs": [(-INF, 0, -1, 0), (0, INF, 1, 0)],
    "sign": [(-INF, 0, 0, -1), (0, INF, 0, 1)],
    "hard-tanh": [(-INF, -1, 0, -1), (-1, 1, 1, 0), (1, INF, 0, 1)],
    "door": None,  # sign(|z| - K) or its opposite, filled in below
}
DOOR = 1  # value inside
SEGMENTS["door"] = [(-INF, -K, 0, -DOOR), (-K, K, 0, DOOR), (K, INF, 0, -DOOR)]


def kinks_of(name):
    return [s[0] for s in SEGMENTS.get(name, [(-INF,)])[1:]]


def value(name, z):
    if name == "tanh":
        return np.tanh(z)
    out = np.zeros_like(z)
    for lo, hi, s, o in SEGMENTS[name]:
        out = np.where((z >= lo) & (z < hi), s * z + o, out)
    return out


def second_moment(name, tau):
    b = split(-12 * np.sqrt(tau), 12 * np.sqrt(tau), np.sqrt(tau) / 2, kinks_of(name))
    z, w = panels(b, 16)
    return float(np.sum(w * gauss(z, tau) * value(name, z) ** 2))


def brute(name, V, a, tau):
    """(v_z, v_x, I(x; y | omega)) by quadrature over omega, y and z. Modulus: z complex, omega = |omega|, z -> its modulus."""
    q = max(tau - V, 0.0)
    cut = 8.6
    n = (8, 12)[LEVEL]
    modulus = name == "modulus"
    sd = np.sqrt(V / 2) if modulus else np.sqrt(V)
    sq = np.sqrt(q / 2) if modulus else np.sqrt(q)
    sy = 1 / np.sqrt(a)
    kinks = [] if modulus else kinks_of(name)
    lo, hi = (0.0 if modulus else -cut * sq), cut * sq
    ends = split(lo, hi, sd * 0.7, []) if q > 0 else np.array([0.0, 0.0])
    total = np.zeros(3)
    for c, d in zip(ends[:-1], ends[1:]):
        om, wo = panels([c, d], n)
        wo = wo * (2 * om / q * np.exp(-om**2 / q) if modulus else gauss(om, q))
        zl, zh = c - cut * sd, d + cut * sd
        if modulus:
            zl = max(zl, 0.0)
        step = 0.8 * min(sd, sy)
        z, wz = panels(split(zl, zh, step, kinks), n)
        x = z if modulus else value(name, z)
        y, wy = panels(split(x.min() - cut * sy, x.max() + cut * sy, 0.8 * sy, []), n)
        M = gauss(y[:, None] - x[None, :], 1 / a)
        ref = x[len(x) // 2]
        o = om[:, None]
        if modulus:
            arg = 2 * z[None, :] * o / V
            G = wz * 2 * z / V * np.exp(-((z[None, :] - o) ** 2) / V) * i0e(arg)
            mean = z[None, :] * i1e(arg) / i0e(arg)  # along omega, phase averaged
            g1, g2 = G * (mean - o), G * (z[None, :] ** 2 - 2 * o * mean + o * o)
        else:
            G = wz * gauss(z[None, :] - o, V)
            g1, g2 = G * (z[None, :] - o), G * (z[None, :] - o) ** 2
        p = G @ M.T
        r = np.where(p > 1e-280, 1 / np.maximum(p, 1e-280), 0)
        z1, x1 = g1 @ M.T, (G * (x - ref)) @ M.T
        z2, x2 = g2.sum(1)[:, None], (G * (x - ref) ** 2).sum(1)[:, None]  # integrals over y of the second moments
        vz = z2[:, 0] - (z1 * z1 * r) @ wy
        vx = x2[:, 0] - (x1 * x1 * r) @ wy
        if name in ("sign", "door"):  # two values: 4 p(+) p(-)
            up = (G * (x > 0)) @ M.T
            down = (G * (x < 0)) @ M.T
            vx = (4 * up * down * r) @ wy
        info = -xlogx(p) @ wy - 0.5 * np.log(2 * np.pi * np.e / a)
        total += np.array([wo @ vz, wo @ vx, wo @ info])
    return total


def graded(width, reach, step):
    k = np.arange(0, reach + step / 2, step) * width
    return np.concatenate([-k[:0:-1], k])


def segments(name, V, a, tau):
    """The same as `brute`, the integral over z of each linear piece in closed form."""
    q = max(tau - V, 1e-300)
    seg = SEGMENTS[name]
    smax = max(abs(s[2]) for s in seg)
    step = (1.0, 0.75)[LEVEL]
    feats = [graded(np.sqrt(q), 9, step)]
    for k in kinks_of(name):
        feats += [k + graded(np.sqrt(V), 10, step)]
        if smax:
            feats += [k + graded(np.sqrt(V + 1 / (a * smax**2)), 10, step)]
    b = np.unique(np.concatenate(feats))
    edge = 9 * np.sqrt(q)
    b = np.append(np.insert(b[(b > -edge) & (b < edge)], 0, -edge), edge)
    if kinks_of(name) and (name in ("abs", "sign", "hard-tanh", "door", "linear")):
        b = np.insert(b[b > 0], 0, 0.0)
        double = 2.0
    else:
        double = 1.0
    om, wo = panels(b)
    wo = wo * gauss(om, q) * double
    o = om[:, None]
    yb = []
    for lo, hi, s, off in seg:
        yb += [s * o + off + graded(np.sqrt(s * s * V + 1 / a), 9, 1.5 if LEVEL == 0 else 1.0)[None, :]]
        for k in (lo, hi):
            if np.isfinite(k) and s:
                cc = 1 / (1 / V + a * s * s)
                yb += [off + (k / cc - o / V) / (a * s) + graded(1 / (a * abs(s) * np.sqrt(cc)), 9, 1.5)[None, :]]
    vals = np.unique([s * k + off for lo, hi, s, off in seg for k in (lo, hi) if np.isfinite(k)])
    for x in vals:
        yb += [x + graded(1 / np.sqrt(a), 9, 1.5 if LEVEL == 0 else 1.0)[None, :] + 0 * o]
    yb = np.concatenate(yb, axis=1)
    lowest = np.min([s * o + off - 9.5 * np.sqrt(s * s * V + 1 / a) for _, _, s, off in seg], axis=0)
    highest = np.max([s * o + off + 9.5 * np.sqrt(s * s * V + 1 / a) for _, _, s, off in seg], axis=0)
    if len(vals):
        lowest = np.minimum(lowest, vals[0] - 9.5 / np.sqrt(a))
        highest = np.maximum(highest, vals[-1] + 9.5 / np.sqrt(a))
    yb = np.sort(np.clip(yb, lowest, highest), axis=1)
    y, wy = panels(yb)
    keep = np.any(wy > 0, axis=0)
    y, wy = y[:, keep], wy[:, keep]
    here = value(name, om)[:, None]
    p, z1, z2, x1, x2, up, down = (np.zeros_like(y) for _ in range(7))
    for lo, hi, s, off in seg:
        c = 1 / (1 / V + a * s * s)
        rc = np.sqrt(c)
        shift = c * a * s * (y - off - s * o)
        al, be = (lo - o - shift) / rc, (hi - o - shift) / rc
        P = np.where(al > 0, ndtr(-al) - ndtr(-be), ndtr(be) - ndtr(al))
        fa = np.exp(-al * al / 2) / SQ2PI
        fb = np.exp(-be * be / 2) / SQ2PI
        D1 = fa - fb
        D2 = (al * fa if np.isfinite(lo) else 0) - (be * fb if np.isfinite(hi) else 0)
        E0 = gauss(y - s * o - off, s * s * V + 1 / a)
        u1 = E0 * (shift * P + rc * D1)
        u2 = E0 * (shift * shift * P + 2 * shift * rc * D1 + c * (P + D2))
        k = s * o + off - here
        p += E0 * P
        if off > 0:
            up += E0 * P
        else:
            down += E0 * P
        z1 += u1
        z2 += u2
        x1 += s * u1 + k * E0 * P
        x2 += s * s * u2 + 2 * s * k * u1 + k * k * E0 * P
    r = np.where(p > 1e-280, 1 / np.maximum(p, 1e-280), 0)
    vz = np.sum(wy * (z2 - z1 * z1 * r), axis=1)
    vx = np.sum(wy * (x2 - x1 * x1 * r), axis=1)
    if name in ("sign", "door"):  # two values: 4 p(+) p(-)
        vx = np.sum(wy * 4 * up * down * r, axis=1)
    info = -np.sum(wy * xlogx(p), axis=1) - 0.5 * np.log(2 * np.pi * np.e / a)
    return np.array([wo @ vz, wo @ vx, wo @ info])


def hidden(name, V, a, tau):
    if name == "linear":
        v = 1 / (1 / V + a)
        return np.array([v, v, 0.5 * np.log1p(a * V)])
    return brute(name, V, a, tau) if name == "tanh" else segments(name, V, a, tau)


# ---------------------------------------------------------------- priors: (mmse, mutual information) at precision r
def prior(name, r):
    if name == "gaussian":
        return np.array([1 / (1 + r), 0.5 * np.log1p(r)])
    if r == 0:
        return np.array([float(name[1]) if name[0] == "gb" else 1.0, 0.0])
    if name == "binary":  # y = x + xi/sqrt r
        y, w = panels(1 + graded(1 / np.sqrt(r), 10, 0.5), 16)
        w = w * gauss(y - 1, 1 / r)
        lo = np.logaddexp(r * y, -r * y)
        return np.array([np.sum(w / np.cosh(np.minimum(r * y, 300)) ** 2), r - np.sum(w * (lo - np.log(2)))])
    rho = name[1]  # Gauss-Bernoulli, slab of variance 1
    wide, thin = 1 + 1 / r, 1 / r
    b = np.unique(np.concatenate([graded(np.sqrt(wide), 10, 0.25), graded(np.sqrt(thin), 14, 0.25)]))
    y, w = panels(b, 16)
    p1, p0 = rho * gauss(y, wide), (1 - rho) * gauss(y, thin)
    p = p0 + p1
    pi = p1 / p
    m = y / wide
    var = pi / (1 + r) + pi * (1 - pi) * m * m
    return np.array([np.sum(w * p * var), -np.sum(w * xlogx(p)) - 0.5 * np.log(2 * np.pi * np.e / r)])


def prior_moment(name):
    return name[1] if name[0] == "gb" else 1.0


# ---------------------------------------------------------------- last layers: (J, Psi_out) at z ~ N(omega, V), omega ~ N(0, q)
def last(name, V, tau, noise):
    q, V = max(tau - V, 0.0), V + noise
    rv = np.sqrt(V)
    if name == "linear":
        return np.array([1 / V, -0.5 * np.log(2 * np.pi * np.e * V)])
    if name == "leaky-relu":  # invertible: half of the labels are shrunk by 0.1
        return np.array([1 / V, -0.5 * np.log(2 * np.pi * np.e * V) - 0.5 * np.log(0.1)])
    rq = np.sqrt(max(q, 1e-300))
    kinks = kinks_of(name)
    edge = 9 * rq
    b = np.unique(np.concatenate([graded(rq, 9, 0.5)] + [k + graded(rv, 12, 0.5) for k in kinks]))
    b = np.append(np.insert(b[(b > -edge) & (b < edge)], 0, -edge), edge)
    om, wo = panels(b, (12, 20)[LEVEL])
    wo = wo * gauss(om, rq**2)
    if name == "abs":
        s = om / rv
        keep = np.abs(s) < 12
        u, wu = panels(graded(1.0, 9.5, 0.25), (8, 12)[LEVEL])
        t = s[keep][:, None] + u
        arg = np.abs(s[keep][:, None] * t)
        e = np.exp(-2 * arg)
        v = np.sum(wo[keep][:, None] * wu * gauss(u, 1.0) * t * t * 4 * e / (1 + e) ** 2)  # in units of V
        # ln p(y|omega) = ln N(y; |omega|, V) + ln(1 + exp(-2 |omega| y/V)), y = |z|
        tt = s[:, None] + u
        # where sign(omega z) < 0, N(y; omega, V) + N(y; -omega, V) with z itself as the first term
        ln = -u * u / 2 + np.logaddexp(0.0, -2 * s[:, None] * tt)
        psi = np.sum(wo[:, None] * wu * gauss(u, 1.0) * ln) - 0.5 * np.log(2 * np.pi * V)
        return np.array([(1 - v) / V, psi])
    J = psi = 0.0
    for lo, hi, s, off in SEGMENTS[name]:
        al, be = (lo - om) / rv, (hi - om) / rv
        P = np.where(al > 0, ndtr(-al) - ndtr(-be), ndtr(be) - ndtr(al))
        fa = np.exp(-al * al / 2) / SQ2PI
        fb = np.exp(-be * be / 2) / SQ2PI
        D1 = fa - fb
        D2 = (al * fa if np.isfinite(lo) else 0) - (be * fb if np.isfinite(hi) else 0)
        if s == 0:  # an atom of probability P
            J += np.sum(wo * np.where(P > 0, D1**2 / np.maximum(P, 1e-300), 0)) / V
            psi += np.sum(wo * xlogx(P))
        else:  # z is read exactly
            J += np.sum(wo * (P + D2)) / V
            psi += np.sum(wo * (-(P + D2) / 2 - P * 0.5 * np.log(2 * np.pi * V * s * s)))
    return np.array([J, psi])


def conditional_entropy(name, tau, noise):
    """H(Y | z) per label, z ~ N(0, tau): the same channel at q = tau, V = 0."""
    if noise == 0:
        return 0.0
    return -last(name, 0.0, tau, noise)[1]


# ---------------------------------------------------------------- spectra of A^T A: nonzero eigenvalues, their weights, share of zeros
def orthogonal(alpha):
    """Orthonormal rows, or orthonormal columns times sqrt(alpha)."""
    if alpha <= 1:
        return np.array([1.0]), np.array([alpha]), 1 - alpha
    return np.array([alpha]), np.array([1.0]), 0.0


def geometric(alpha, condition, n=200):
    """ln lambda uniform over 2 ln(condition) on a share min(1, alpha) of the eigenvalues, mean of all = alpha."""
    t, w = leggauss(n)
    u = (t + 1) / 2 * 2 * np.log(condition)
    lam = np.exp(-u)
    w = w / 2 * min(1.0, alpha)
    return lam * alpha / np.sum(w * lam), w, max(0.0, 1 - alpha)


# ---------------------------------------------------------------- networks
def network(prior_name, layers, weights="iid", start=1e-4, given=None):
    """layers: (phi, ratio, noise); weights: "iid" or the spectrum as a function of the ratio. Returns mse of every layer, H(Y)/n_0, I(h_(L-1); Y)/n_0, Phi."""
    spectrum = weights
    L = len(layers)
    alpha = [l[1] for l in layers]
    R = np.concatenate([[1.0], np.cumprod(alpha)])
    tau = [prior_moment(prior_name)]
    for phi, _, noise in layers[:-1]:
        tau.append(second_moment(phi, tau[-1] + noise))

    def visit(A, V):
        """A[l] acts on h_l, V[l] is the variance of z_(l+1) around omega (None: that of h_l); mse of h_l, J of z_(l+1), informations."""
        v, info, J = np.zeros(L), np.zeros(L), np.zeros(L)
        v[0], info[0] = prior(prior_name, A[0])
        used = v if V is None else V
        for l in range(1, L):
            phi, _, noise = layers[l - 1]
            W = used[l - 1] + noise
            vz, v[l], info[l] = hidden(phi, W, A[l], tau[l - 1] + noise)
            J[l - 1] = (1 - vz / W) / W
        phi, _, noise = layers[-1]
        J[-1], psi = last(phi, used[-1], tau[-1], noise)
        return v, info, J, psi

    def update(s):
        """One iteration on the logarithms of A (i.i.d.) or of A and V (orthogonal)."""
        s = np.exp(s)
        if weights == "iid":
            return np.log(np.array(alpha) * visit(s, None)[2])
        A, V = s[:L], s[L:]
        v, _, J, _ = visit(A, V)
        An, Vn = np.zeros(L), np.zeros(L)
        for l in range(L):
            vz = V[l] - V[l] ** 2 * J[l]
            ax, az, al = 1 / v[l] - A[l], 1 / vz - 1 / V[l], alpha[l]
            lam, w, zero = spectrum(al)
            d = ax + az * lam
            An[l] = 1 / (np.sum(w / d) + (zero / ax if zero else 0.0)) - ax
            Vn[l] = 1 / (al / np.sum(w * lam / d) - az)
        return np.log(np.concatenate([An, Vn]))

    if given is None:
        s = np.log(np.concatenate([np.full(L, start), np.array(tau) * 0.999])[: L if weights == "iid" else 2 * L])
        for _ in range(2000):
            new = update(s)
            change = np.max(np.abs(new - s))
            s = new
            if change < 1e-3:
                break
        # Newton polish (the slope of the iteration at the fixed point is < 1: the same branch)
        sol = root(lambda t: update(t) - t, s, method="hybr", options={"xtol": 1e-13})
        assert np.max(np.abs(sol.fun)) < 1e-9 and np.max(np.abs(sol.x - s)) < 0.1, (sol.fun, sol.x - s)
        s = sol.x
    else:  # finer quadrature, from the root of the coarse one
        s = given
        for _ in range(2):
            s = update(s)
    A, V = np.exp(s[:L]), (np.exp(s[L:]) if weights != "iid" else None)
    v, info, J, psi = visit(A, V)
    V = v if V is None else V
    free = -np.sum(R[:L] * info) + R[L] * psi
    for l in range(L):
        if weights == "iid":
            free += 0.5 * R[l] * A[l] * V[l]
        else:
            vz = V[l] - V[l] ** 2 * J[l]
            ax, az, al = 1 / v[l] - A[l], 1 / vz - 1 / V[l], alpha[l]
            lam, w, zero = spectrum(al)
            logs = np.sum(w * np.log(ax + az * lam)) + (zero * np.log(ax) if zero else 0.0)
            free += R[l] * (-0.5 * logs - 0.5 * np.log(v[l]) + 0.5 * al * np.log(V[l] / vz))
    phi, _, noise = layers[-1]
    return {
        "mse": v.tolist(),
        "entropy": float(-free),
        "mutualInformation": float(-free - R[L] * conditional_entropy(phi, tau[-1], noise)),
        "root": s,
    }


def both(f, *args, **kw):
    """Coarse, then fine from the coarse root."""
    global LEVEL
    LEVEL = 0
    x = f(*args, **kw)
    LEVEL = 1
    y = f(*args, given=x["root"], **kw)
    LEVEL = 0
    return x, y


# ---------------------------------------------------------------- generative priors: s = phi(W z), y = channel(A s)
def curve(phi, latent, A, channel="abs", noise=0.0):
    """alpha and mse of the fixed point at which the data act on s with precision A."""
    tau = second_moment(phi, 1.0)

    def gap(lnA0):
        V = 1 / (1 + np.exp(lnA0))
        vz = hidden(phi, V, A, 1.0)[0]
        return np.log((1 - vz / V) / V / latent) - lnA0

    hi = np.log(A / latent + 1e-3) + 1
    lo = hi - 1
    while gap(lo) < 0:
        lo -= 1
    V = 1 / (1 + np.exp(brentq(gap, lo, hi, xtol=1e-12)))
    v = hidden(phi, V, A, 1.0)[1]
    return A / last(channel, v, tau, noise)[0], v


def threshold(phi, latent, lo, hi):
    """First local maximum of alpha(A): the algorithmic threshold; alpha is flat there."""
    grid = np.linspace(np.log(lo), np.log(hi), 5)
    al = [curve(phi, latent, np.exp(t))[0] for t in grid]
    i = next(i for i in range(1, 4) if al[i] >= al[i - 1] and al[i] > al[i + 1])
    best = minimize_scalar(lambda t: -curve(phi, latent, np.exp(t))[0], bracket=tuple(grid[i - 1 : i + 2]), tol=1e-4)
    return -best.fun, best.x


# ---------------------------------------------------------------- rotationally invariant, Gaussian noise: the R-transform
def rotational_gaussian(prior_name, alpha, noise, spectrum):
    lam, w, zero = spectrum

    def g(x):
        return np.sum(w / (x + lam)) + (zero / x if zero else 0.0)

    def R(u):  # R-transform at -u
        f = lambda lx: np.log(g(np.exp(lx))) - np.log(u)
        x = np.exp(brentq(f, -60, 40 - min(0, np.log(u)), xtol=1e-14))
        return np.sum(w * lam / (x + lam)) / u  # = 1/g - x

    rho = prior_moment(prior_name)
    F = lambda lv: np.log(prior(prior_name, R(np.exp(lv) / noise) / noise)[0]) - lv
    # the uninformed branch: the largest root
    top = np.log(rho) if zero else min(np.log(rho), np.log(noise * g(1e-12)))
    grid = np.linspace(top - 1e-9, top - 14, 300)
    vals = [F(t) for t in grid]
    i = next(i for i in range(299) if vals[i] * vals[i + 1] < 0)
    v = np.exp(brentq(F, grid[i + 1], grid[i], xtol=1e-14))
    r = R(v / noise) / noise
    edges = np.concatenate([[0], v / noise * np.exp(np.linspace(-14, 0, 29))])
    u, wu = panels(edges, 12)
    integral = np.sum(wu * np.array([R(t) for t in u]))
    info = prior(prior_name, r)[1] + 0.5 * integral - r * v / 2
    return {"mse": float(v), "freeEntropy": float(-info - 0.5 * alpha * np.log(2 * np.pi * np.e * noise))}


# ---------------------------------------------------------------- the table
ROWS, POINTS = [], []


def add(scenario, params, quantity, coarse, fine):
    scale = max(abs(fine), 1e-300)
    if quantity.endswith("freeEntropy") or quantity.endswith("entropy"):
        scale = max(1.0, scale)
    accuracy = float(max(10 * abs(coarse - fine) / scale, 1e-11))
    row = {"scenario": scenario, "params": params, "quantity": quantity, "value": float(fine), "accuracy": accuracy}
    ROWS.append(row)
    print(f"{time.time() - START:7.1f} s", *row.values(), file=sys.stderr, flush=True)


def law(name):
    return f"gauss-bernoulli:rho={name[1]}" if name[0] == "gb" else name


def word(layers):
    return ";".join(f"{phi}{':slope=0.1,' if phi == 'leaky-relu' else ':'}ratio={ratio},noise={noise}" for phi, ratio, noise in layers)


NETWORKS = [
    ("gaussian", [("relu", 2, 0.1)], "iid"),
    ("gaussian", [("sign", 3, 0.1)], "iid"),
    ("gaussian", [("hard-tanh", 2, 0.1)], "iid"),
    (("gb", 0.3), [("abs", 2, 0.1)], "iid"),
    ("gaussian", [("relu", 2, 0), ("linear", 1, 0.1)], "iid"),
    ("gaussian", [("sign", 2, 0), ("linear", 1, 0.1)], "iid"),
    ("gaussian", [("tanh", 1, 0.01), ("linear", 2, 0.05)], "iid"),
    (("gb", 0.3), [("abs", 3, 0.05), ("linear", 1, 0.1)], "iid"),
    ("gaussian", [("leaky-relu", 2, 0.02), ("leaky-relu", 1.5, 0.05)], "iid"),
    ("gaussian", [("hard-tanh", 1.5, 0), ("sign", 2, 0)], "iid"),
    (("gb", 0.3), [("hard-tanh", 1.5, 0.05), ("relu", 1.2, 0), ("linear", 1, 0.02)], "iid"),
    ("gaussian", [("sign", 3, 0.1)], "orthogonal"),
    ("gaussian", [("relu", 2, 0), ("linear", 1, 0.1)], "orthogonal"),
    (("gb", 0.3), [("leaky-relu", 1.5, 0), ("hard-tanh", 0.8, 0.1), ("linear", 1.2, 0.05)], "orthogonal"),
]
GENERATIVE = [  # channel, phi, k/d, alpha, noise, depth
    ("abs", "relu", 0.1, 0.08, 0, 1),
    ("abs", "relu", 0.1, 0.11, 0, 1),
    ("abs", "relu", 0.3, 0.2, 0.01, 1),
    ("abs", "relu", 0.3, 0.6, 0.01, 1),
    ("abs", "linear", 0.5, 0.3, 0, 1),
    ("abs", "linear", 0.5, 0.45, 0, 1),
    ("abs", "linear", 0.5, 1.0, 0.01, 1),
    ("abs", "sign", 0.5, 0.8, 0.05, 1),
    ("linear", "relu", 0.1, 0.3, 0.1, 1),
    ("linear", "relu", 0.3, 0.5, 0.01, 1),
    ("linear", "relu", 0.3, 0.15, 0, 1),
    ("linear", "linear", 0.2, 0.5, 0.1, 1),
    ("linear", "sign", 0.5, 0.6, 0.1, 1),
    ("linear", "sign", 0.5, 0.3, 0, 1),
    ("linear", "relu", 0.4, 0.5, 0.01, 2),
]
ROTATIONAL = [  # prior, channel, noise, spectrum, its spec, alpha
    (("gb", 0.1), "linear", 1e-4, lambda al: geometric(al, 100), "geometric-spectrum:condition-number=100", 0.5),
    (("gb", 0.1), "linear", 0.01, orthogonal, "row-orthogonal", 0.4),
    (("gb", 0.3), "linear", 0.1, lambda al: geometric(al, 10), "geometric-spectrum:condition-number=10", 2),
    ("gaussian", "linear", 0.1, orthogonal, "row-orthogonal", 1.5),
    ("binary", "sign", 0, orthogonal, "row-orthogonal", 0.5),
    ("binary", "sign", 0, lambda al: geometric(al, 30), "geometric-spectrum:condition-number=30", 1),
    ("gaussian", "sign", 0, orthogonal, "row-orthogonal", 1.6),
    (("gb", 0.3), "sign", 0, lambda al: geometric(al, 10), "geometric-spectrum:condition-number=10", 0.8),
    ("gaussian", "abs", 0.1, orthogonal, "row-orthogonal", 2),
]
# from where to where to look for the maximum; at k/d = 0.5 a relu has none below its supremum 0.5, approached as A -> infinity
THRESHOLDS = [("linear", 0.2, 0.2, 20), ("linear", 0.5, 0.5, 50), ("relu", 0.1, 0.6, 8), ("relu", 0.3, 7, 40)]
ACTIVATIONS = ["relu", "abs", "sign", "hard-tanh", "door", "leaky-relu", "tanh", "modulus"]


def multilayer():
    for x, layers, weights in NETWORKS:
        params = {"prior": law(x), "layers": word(layers), "weights": weights}
        a, b = both(network, x, layers, orthogonal if weights == "orthogonal" else "iid")
        for l in range(len(layers)):
            add("multilayer", params, f"algorithmic.mse[{l}]", a["mse"][l], b["mse"][l])
        for q in ("entropy", "mutualInformation"):
            add("multilayer", params, f"algorithmic.{q}", a[q], b[q])


def generative():
    for channel, phi, latent, alpha, noise, depth in GENERATIVE:
        params = {"activation": phi, "latentRatio": latent, "alpha": alpha, "noise": noise, "depth": depth}
        layers = [(phi, latent ** (-1 / depth), 0)] * depth + [(channel, alpha, noise)]
        a, b = both(network, "gaussian", layers)
        name = "generative-phase-retrieval" if channel == "abs" else "generative-compressed-sensing"
        add(name, params, "algorithmic.mse", a["mse"][-1], b["mse"][-1])


def thresholds():
    global LEVEL
    for phi, latent, lo, hi in THRESHOLDS:
        LEVEL = 0
        a, lnA = threshold(phi, latent, lo, hi)
        LEVEL = 1
        b = curve(phi, latent, np.exp(lnA))[0]
        LEVEL = 0
        add("generative-phase-retrieval", {"activation": phi, "latentRatio": latent, "noise": 0}, "thresholds.algorithmic", a, b)
        ROWS[-1]["accuracy"] = max(ROWS[-1]["accuracy"], 1e-8)


def rotational():
    for x, channel, noise, spectrum, spec, alpha in ROTATIONAL:
        c = {"linear": f"gaussian:noise={noise}", "sign": "sign", "abs": f"abs:noise={noise}"}[channel]
        params = {"prior": law(x), "channel": c, "ensemble": spec, "alpha": alpha}
        a, b = both(network, x, [(channel, alpha, noise)], spectrum)
        a, b = ({"mse": r["mse"][0], "freeEntropy": -r["entropy"]} for r in (a, b))
        if channel == "linear":
            a = rotational_gaussian(x, alpha, noise, spectrum(alpha))
        for q in ("mse", "freeEntropy"):
            add("rotational-glm", params, f"algorithmic.{q}", a[q], b[q])
    # weak recovery of |z|: J = 2 q/(1 + noise)^2 near q = 0, and orthonormal columns times sqrt(alpha) answer q = (alpha - 1) J
    for spec, line in (("gaussian-iid", 0.605), ("row-orthogonal", 1.605)):
        add("rotational-glm", {"prior": "gaussian", "channel": "abs:noise=0.1", "ensemble": spec}, "thresholds.weakRecovery", line, line)


def points():
    global LEVEL
    for V, a, tau in [(0.5, 2, 1), (0.9, 0.3, 1), (0.1, 50, 1), (0.02, 1000, 1.7)]:
        for name in ACTIVATIONS:
            LEVEL = 0
            coarse = brute(name, V, a, tau)
            LEVEL = 1
            fine = segments(name, V, a, tau) if V < 0.1 and name in SEGMENTS else brute(name, V, a, tau)
            LEVEL = 0
            base = np.log(np.pi * V) - 1 if name == "modulus" else 0.5 * np.log(2 * np.pi * V) - 0.5
            off = np.abs(coarse - fine) / [fine[0], max(fine[1], 1e-3), 1]  # v_x of a sign may vanish
            spec = {"leaky-relu": "leaky-relu:slope=0.1", "door": f"door:width={K}"}.get(name, name)
            row = {"activation": spec, "V": V, "ax": a, "tau": tau, "vz": fine[0], "vx": fine[1], "freeEntropy": base - fine[2]}
            row["accuracy"] = float(max(10 * off.max(), 1e-11))
            POINTS.append(row)
            print(f"{time.time() - START:7.1f} s", *row.values(), file=sys.stderr, flush=True)


PARTS = [multilayer, generative, thresholds, rotational, points]

if __name__ == "__main__":
    for part in PARTS:
        if len(sys.argv) < 2 or part.__name__ in sys.argv[1:]:
            part()
    lines = lambda rows: ",\n".join("  " + json.dumps(r) for r in rows)
    print('{"scenarios": [\n' + lines(ROWS) + '\n],\n"activations": [\n' + lines(POINTS) + "\n]}")
