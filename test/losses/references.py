"""Proximal points of the logistic loss by bisection in 60 digits: python3 references.py > references.json."""
import json
from mpmath import mp, mpf, exp

mp.dps = 60
rows = []
for V in ["0", "1e-300", "1e-12", "1e-3", "0.1", "1", "3", "10", "100", "1e4", "1e6", "1000010", "1e9", "1e12"]:
    for u in ["-1e6", "-999995", "-1e4", "-700", "-30", "-3", "-0.1", "-1e-9", "0", "1e-9", "0.1", "3", "30", "600", "1e4", "1e6"]:
        v, w = mpf(float(V)), mpf(float(u))
        lo, hi = w, w + v  # t = u + V/(1 + e^t)
        for _ in range(300):
            t = (lo + hi) / 2
            if t - w - v / (1 + exp(t)) > 0:
                hi = t
            else:
                lo = t
        t = (lo + hi) / 2
        s = 1 / (1 + exp(t))
        k = s * s * exp(t)
        # relative change of g and of the curvature under a relative change of u
        slope = k / (1 + v * k)
        rows.append([float(V), float(u), float(s), float(slope), float(1 + abs(w) * slope / s), float(1 + abs(w) / (1 + v * k) * abs(1 - 2 * s))])
print("[\n" + ",\n".join(json.dumps(r) for r in rows) + "\n]")
