"""Near-minimax rational coefficients of the functions without a published table, by mpmath at 60 digits.

Provenance of the constants in src/numerics/special/{tails,bessel,gamma}.ts: run `/usr/bin/python3 fit.py`.
Rational interpolation P(x) = f(x) Q(x) at Chebyshev nodes, Q(0) = 1; prints the coefficients from the constant up and
the largest relative error of the exact rational function over 400 points.
"""
import sys
import mpmath as mp

mp.mp.dps = 60


def fit(name, f, a, b, m, n):
    a, b = mp.mpf(a), mp.mpf(b)
    N = m + n + 1
    xs = [(a + b) / 2 + (b - a) / 2 * mp.cos(mp.pi * (2 * i + 1) / (2 * N)) for i in range(N)]
    A = mp.matrix(N, N)
    r = mp.matrix(N, 1)
    for i, x in enumerate(xs):
        y = f(x)
        for k in range(m + 1):
            A[i, k] = x**k
        for k in range(1, n + 1):
            A[i, m + k] = -y * x**k
        r[i] = y
    c = mp.lu_solve(A, r)
    P = [c[k] for k in range(m + 1)]
    Q = [mp.mpf(1)] + [c[m + k] for k in range(1, n + 1)]
    err = 0
    for i in range(401):
        x = a + (b - a) * i / 400
        if x == 0 and a == 0:
            x = (b - a) * mp.mpf("1e-9")
        y = f(x)
        err = max(err, abs(mp.polyval(P[::-1], x) / mp.polyval(Q[::-1], x) / y - 1))
    print(name, "max relative error", mp.nstr(err, 3))
    print("  P =", ", ".join(mp.nstr(v, 18) for v in P))
    print("  Q =", ", ".join(mp.nstr(v, 18) for v in Q))
    sys.stdout.flush()


def J(n, x):
    """int_0^inf s^n exp(-x s - s^2/2) ds = n! exp(x^2/4) D_{-n-1}(x)."""
    with mp.workdps(90):
        m = mp.sqrt(mp.pi / 2) * mp.exp(x * x / 2) * mp.erfc(x / mp.sqrt(2))
        j1 = 1 - x * m
        return [m, j1, m - x * j1][n]


def Jtail(n, z):
    """x^(n+1) J_n(x) at z = 1/x^2."""
    if z < mp.mpf("1e-6"):
        return sum((-1) ** k * mp.factorial(n + 2 * k) / (2**k * mp.factorial(k)) * z**k for k in range(12))
    x = 1 / mp.sqrt(z)
    return x ** (n + 1) * J(n, x)


def bessel_tail(n, z):
    """sqrt(x) exp(-x) I_n(x) at z = 1/x."""
    if z < mp.mpf("1e-7"):
        mu, s, t = 4 * n * n, mp.mpf(1), mp.mpf(1)
        for k in range(1, 8):
            t *= -(mu - (2 * k - 1) ** 2) * z / (8 * k)
            s += t
        return s / mp.sqrt(2 * mp.pi)
    x = 1 / z
    return mp.sqrt(x) * mp.exp(-x) * mp.besseli(n, x)


def gamma_part(t):
    """log Gamma(x) / ((x-1)(x-2)) at x = 2 + t."""
    if min(abs(t), abs(t + 1)) < mp.mpf("1e-20"):
        t += mp.mpf("1e-25")  # removable 0/0
    x = 2 + t
    return mp.loggamma(x) / ((x - 1) * (x - 2))


if __name__ == "__main__":
    fit("J1 on [0,4]", lambda x: J(1, x), 0, 4, 7, 9)
    fit("J1 on [4,10]", lambda x: J(1, x), 4, 10, 5, 7)
    fit("J2 on [4,10]", lambda x: J(2, x), 4, 10, 5, 8)
    fit("J2 on [0,4]", lambda x: J(2, x), 0, 4, 7, 10)
    for n in (0, 1):
        fit(f"sqrt(x) I{n}e, 16/x-1 on [-1,1]", lambda t: bessel_tail(n, (t + 1) / 16), -1, 1, 22, 0)
    fit("logGamma(2+t)/((1+t)t) on [-1,1]", gamma_part, -1, 1, 8, 8)
    N = 16  # continuants of J_j/J_(j-1) = j/(x + J_(j+1)/J_j), cut at depth N: A_j = x A_(j+1) + (j+1) A_(j+2)
    A = {N + 1: [0], N: [1]}
    for j in range(N - 1, -1, -1):
        lead, other = [0] + A[j + 1], [(j + 1) * c for c in A[j + 2]]
        A[j] = [(lead[i] if i < len(lead) else 0) + (other[i] if i < len(other) else 0) for i in range(len(lead))]
    for j in range(4):
        print("continuant", j, [c for c in A[j][::-1]][::2])
    for x in (8, 10, 20):
        a = [mp.polyval(A[j][::-1], x) for j in range(4)]
        print("  error at", x, [mp.nstr(a[n + 1] * mp.factorial(n) / a[0] / J(n, mp.mpf(x)) - 1, 3) for n in range(3)])
