"""Writes tests/golden/statistics.json anew: what statsmodels and scipy make of known counts; neither is needed for
anything else.

In an environment of its own: pip install statsmodels scipy, then python scripts/golden_statistics.py.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import scipy  # type: ignore[import-not-found,import-untyped,unused-ignore]
import statsmodels  # type: ignore[import-not-found,import-untyped,unused-ignore]
from scipy.optimize import minimize  # type: ignore[import-not-found,import-untyped,unused-ignore]
from scipy.stats import betabinom  # type: ignore[import-not-found,import-untyped,unused-ignore]
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint, proportions_ztest  # type: ignore[import-not-found,import-untyped,unused-ignore]

OUT = Path(__file__).resolve().parent.parent / "tests" / "golden" / "statistics.json"
SINGLE = [(415, 18), (380, 8), (2356, 115), (0, 10), (10, 0), (1, 0), (0, 1), (3, 4), (249_999, 1), (17, 983)]
PAIRS = [
    ((2356, 115), (2356, 47)),
    ((415, 18), (415, 13)),
    ((48, 32), (56, 14)),
    ((0, 10), (10, 0)),
    ((9, 1), (3, 7)),
    ((10, 0), (20, 0)),
    ((5, 51), (0, 29)),
]
MANY = [
    [(415, 18), (380, 21), (30, 2), (12, 0), (3, 3), (55, 9), (90, 1)],
    [(4, 0), (1, 3), (18, 2), (9, 9), (44, 6), (2, 8)],
    [(90, 10), (45, 15), (400, 20), (33, 7)],
]


def prior(counts: list[tuple[int, int]]) -> list[float]:
    """Return the a and b that make the counts most likely, by scipy's beta-binomial distribution."""
    satisfied = np.array([s for s, _ in counts])
    n = np.array([s + d for s, d in counts])

    def unlikely(x: Any) -> float:
        return -float(betabinom.logpmf(satisfied, n, np.exp(x[0]), np.exp(x[1])).sum())

    options = {"xatol": 1e-10, "fatol": 1e-12, "maxiter": 20_000, "maxfev": 20_000}
    found = minimize(unlikely, [1.0, 0.0], method="Nelder-Mead", options=options)
    return [float(x) for x in np.exp(found.x)]


def main() -> None:
    """Write the file."""
    document: dict[str, Any] = {
        "made_by": {"statsmodels": statsmodels.__version__, "scipy": scipy.__version__},
        "wilson": [[s, d, *map(float, proportion_confint(s, s + d, method="wilson"))] for s, d in SINGLE],
        "compare": [],
        "prior": [[counts, *prior(counts)] for counts in MANY],
    }
    for (s1, d1), (s2, d2) in PAIRS:
        low, high = confint_proportions_2indep(s2, s2 + d2, s1, s1 + d1, method="newcomb", compare="diff")
        z = None if d1 + d2 == 0 else float(proportions_ztest([s2, s1], [s2 + d2, s1 + d1])[0])
        document["compare"].append([[s1, d1], [s2, d2], float(low), float(high), z])
    OUT.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
