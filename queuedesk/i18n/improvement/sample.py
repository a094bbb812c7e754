"""A sample project to learn from: a published one of 2012, retold, with its own table worked out anew.

Facts alone are taken from it: its counts, its nine causes and what was said of each, its measures. It belongs to no
hall and stands in no log. What it said without a count is shown as what it is: judged by words alone.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from queuedesk.core.figures.satisfaction import compare
from queuedesk.core.improvement.following import SENT_ON, better_of
from queuedesk.i18n.catalogue import current, mark, tr

RATED, WAITS, WRONG = "ratings.rate", "wait.within_target", SENT_ON.rate_path
TARGET = Decimal(98)
TABLE = (
    ("2011-07", 415, 18, "95.7"),
    ("2011-08", 380, 21, "94.4"),
    ("2011-09", 384, 19, "95"),
    ("2011-10", 403, 20, "95"),
    ("2011-11", 397, 19, "95.3"),
    ("2011-12", 377, 18, "95.1"),
    ("2012-05", 415, 13, "97.22"),
    ("2012-06", 380, 8, "98.02"),
    ("2012-07", 384, 8, "98.11"),
    ("2012-08", 403, 7, "98.37"),
    ("2012-09", 397, 6, "98.56"),
    ("2012-10", 377, 5, "98.78"),
)
"""Months with satisfied, dissatisfied and the percentage as printed: six before the measures and six after."""
BEFORE, AFTER = TABLE[:6], TABLE[6:]
_ROWS = tuple(row[0] for row in TABLE)
AUDIT: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (
        "wrong_percentage",
        _ROWS,
        mark(
            "None of the 12 stated percentages is what the counts give; furthest off is 2011-08: 94.4 stated, 94.76 true.",
            context="sample",
        ),
    ),
    (
        "slip_one_minus_ratio",
        _ROWS[:4],
        mark(
            "2011-07 to 2011-10: what is stated is 1 − dissatisfied ÷ satisfied; a satisfaction rate is satisfied ÷ (satisfied + dissatisfied).",
            context="sample",
        ),
    ),
    (
        "copied_column",
        _ROWS,
        mark(
            "The numbers of satisfied are the same in the same order in 2011-07 to 2011-12, 2012-05 to 2012-10; separate surveys do not give that, so one looks carried over.",
            context="sample",
        ),
    ),
    (
        "claim_contradicted",
        _ROWS[6:9],
        mark(
            "That every month is above 98 % does not hold for 3 of 6 months: 2012-05 (96.96), 2012-06 (97.94), 2012-07 (97.96).",
            context="sample",
        ),
    ),
    (
        "mean_of_percentages",
        _ROWS[6:],
        mark(
            "98.18 % is the mean of the monthly percentages; all 2,403 answers together give 98.04 %.",
            context="sample",
        ),
    ),
)
"""What a check of the table finds, against what the report claims: each month from May 2012 on above 98 %, 98.18 %
together."""
_CAUSES: tuple[tuple[str, str, str, str | None], ...] = (
    ("environment", mark("The hall is not clean", context="sample"), "rejected", None),
    ("environment", mark("The hall looks cold and unfriendly", context="sample"), "rejected", None),
    ("environment", mark("Too hot, too cold or too damp", context="sample"), "rejected", None),
    ("people", mark("Rules not strict, staff with little will to serve", context="sample"), "confirmed", RATED),
    ("people", mark("Too little training", context="sample"), "rejected", None),
    ("method", mark("Customers do not know how things are done", context="sample"), "confirmed", WRONG),
    ("method", mark("Long waits in line, and disorder", context="sample"), "confirmed", WAITS),
    ("machines", mark("Computers with viruses", context="sample"), "rejected", None),
    ("machines", mark("Old and slow computers", context="sample"), "rejected", None),
)
"""Bone, cause, what was said of it, and the figure of a hall's own log that could bear it out."""
_MEASURES = (
    (
        mark("A waiting area with signs, six more halls, 62 post-office sites that take payments", context="sample"),
        (7,),
    ),
    (mark("A guide at the door, a machine for enquiries, the steps on a large screen", context="sample"), (6,)),
    (mark("Training for everybody, and attitude counted in the appraisal", context="sample"), (4,)),
)
_TITLE = mark("Customers more satisfied with the service centre", context="sample")
_SOURCE = mark(
    "Retold from a quality-circle report of the marketing department of Zhenping county's power bureau, January to October 2012. Facts alone are taken from it; the words are ours.",
    context="sample",
)
_REASON = mark("Standards of the company above it; the bureau was putting money into its halls", context="sample")
_STANDARD = mark("Satisfaction counts in the appraisal; one person looks at it each quarter", context="sample")
_NEXT = mark("Other bureaus still do better: look at the small things", context="sample")
_BY_WORDS = mark(
    "The report judged this by words alone, without a count. This program confirms no cause without evidence; a figure of your own hall could bear it out: see what is named here.",
    context="sample",
)
_COPIED = mark(
    "The satisfied are the same six numbers before and after, month by month; only the dissatisfied changed. Real counts do not do that, so the difference says nothing, however large it looks.",
    context="sample",
)
_MONTHS = mark(
    "July to December was compared with May to October: other months, other people. Equal weekdays of like months would have to be compared.",
    context="sample",
)


def sample_document(lang: str | None = None) -> dict[str, Any]:
    """Return the sample in the words of a language, in the form of a project with its effect: {"sample": true,
    "source", …, "effect", "audit"}. `stated` is what the report said of a cause, `look_at` the figure of a hall's log
    that could bear it out."""
    said = lang or current()

    def say(text: str) -> str:
        return tr(said, text, context="sample")

    return {
        "sample": True,
        "title": say(_TITLE),
        "source": say(_SOURCE),
        "state": [_month(row) for row in BEFORE],
        "target": {"figure": RATED, "value": float(TARGET / 100), "better": better_of(RATED), "reason": say(_REASON)},
        "causes": [
            {
                "n": n,
                "bone": bone,
                "name": say(name),
                "judgement": "open",
                "stated": stated,
                "evidence": [],
                "look_at": path,
            }
            for n, (bone, name, stated, path) in enumerate(_CAUSES, start=1)
        ],
        "by_words": say(_BY_WORDS),
        "measures": [
            {"n": n, "what": say(what), "causes": list(causes)} for n, (what, causes) in enumerate(_MEASURES, start=1)
        ],
        "effect": _effect(said),
        "audit": [{"kind": kind, "rows": list(rows), "message": say(text)} for kind, rows, text in AUDIT],
        "standard": say(_STANDARD),
        "next": say(_NEXT),
    }


def _month(row: tuple[str, int, int, str]) -> dict[str, Any]:
    month, satisfied, dissatisfied, stated = row
    of = satisfied + dissatisfied
    return {"month": month, "n": satisfied, "of": of, "rate": satisfied / of, "stated": stated}


def _effect(lang: str) -> dict[str, Any]:
    """Return both halves and their difference as it looks, with why it can't be told."""
    first, second = ((sum(row[1] for row in rows), sum(row[2] for row in rows)) for rows in (BEFORE, AFTER))
    found = compare(first, second)
    return {
        "figure": RATED,
        "months": [_month(row) for row in AFTER],
        "before": {"n": first[0], "of": sum(first)},
        "after": {"n": second[0], "of": sum(second)},
        "difference": found.difference,
        "low": found.low,
        "high": found.high,
        "plain": "better",
        "verdict": "cannot_tell",
        "notes": [tr(lang, text, context="sample") for text in (_COPIED, _MONTHS)],
    }
