"""Measures of a day in which there is something of everything, as the document holds them; figures need not fit each
other."""

from typing import Any

OWN_SCORE = {"n": 180, "late": 0.105556, "early": 0.088889, "mean_width": 11.4, "interval_score": 16.9, "mae": 3.5}
PROMISED = OWN_SCORE | {"naive": OWN_SCORE | {"mean_width": 12.1, "interval_score": 21.5, "mae": 5.3}}

PAUSE = {"date": "2026-11-19", "window": "4", "staff": "C4", "from": "10:20", "to": "11:05", "minutes": 45.0}
WAIT = {"date": "2026-11-19", "service": "C", "arrived": "10:12", "minutes": 34.04}
MADE_UP: dict[str, Any] = {
    "served": {"n": 1296, "of": 1310, "rate": 0.989313},
    "service_level": {"n": 234, "of": 302, "rate": 0.774834, "target_minutes": 15, "left_early": 1003},
    "first_visit": {
        "days": 7,
        "n": 281,
        "of": 296,
        "rate": 0.949324,
        "transferred": 9,
        "returned": 6,
        "not_over": 12,
        "followed": 1842,
        "linked": 61,
    },
    "wrong_counter": {
        "n": 7,
        "of": 310,
        "rate": 0.022581,
        "minutes_lost": 52.0,
        "by_service": [
            {"code": "A", "n": 3, "of": 168, "rate": 0.017857},
            {"code": "B", "n": 0, "of": 0, "rate": None},
        ],
        "by_guide": [{"code": "G1", "n": 5, "of": 240, "rate": 0.020833}],
        "by_label": [
            {"service": "B", "item": "gmgh", "n": 2, "of": 11, "rate": 0.181818},
            {"service": "A", "item": None, "n": 0, "of": 40, "rate": 0.0},
        ],
    },
    "form_free": {
        "n": 121,
        "of": 296,
        "rate": 0.408784,
        "minutes_each": 5,
        "minutes_saved": 605.0,
        "by_service": [{"code": "A", "n": 60, "of": 160, "rate": 0.375}],
    },
    "items": {
        "n": 16,
        "of": 310,
        "rate": 0.051613,
        "elsewhere": 168,
        "minutes": 2480.0,
        "by_item": [
            {"service": "A", "item": None, "n": 0, "of": 40, "rate": 0.0, "elsewhere": 40, "minutes": 120.0},
            {"service": "B", "item": "gmgh", "n": 2, "of": 11, "rate": 0.181818, "elsewhere": 0, "minutes": 143.0},
        ],
    },
    "outcomes": [{"code": "done", "n": 240}, {"code": None, "n": 60}],
    "papers": {"not_ready": 9, "repeat": 4},
    "idle_minutes": 35.2,
    "system_wait": {"legs": 12, "minutes": 41.04, "by_reason": [{"reason": "own_system", "n": 9}]},
    "set_aside": {"legs": 3, "minutes": 40.0},
    "missed": {"n": 11, "reinstated": 5},
    "questions": {
        "attitude": {"n": 120, "levels": {"1": 1, "2": 2, "3": 7, "4": 30, "5": 80}},
        "competence": {"n": 0, "levels": {"1": 0, "2": 0, "3": 0, "4": 0, "5": 0}},
    },
    "classes": [
        {
            "code": "normal",
            "issued": 250,
            "finished": 240,
            "wait": {"n": 245, "mean": 11.2, "median": 9.0, "p90": 22.0},
        },
        {"code": "elderly", "issued": 40, "finished": 38, "wait": {"n": 39, "mean": 6.2, "median": 5.0, "p90": 12.3}},
    ],
    "overtakes": [{"reason": "priority", "n": 20, "tickets": 14, "most": 3}],
    "counters": [
        {
            "kind": "single",
            "finished": 152,
            "wait": {"n": 155, "mean": 8.1, "median": 7.0, "p90": 16.5},
            "handling": {"n": 151, "mean": 3.4, "median": 3.0, "p90": 6.0},
        },
        {
            "kind": "several",
            "finished": 144,
            "wait": {"n": 147, "mean": 12.8, "median": 11.0, "p90": 24.5},
            "handling": {"n": 143, "mean": 8.6, "median": 8.0, "p90": 16.0},
        },
    ],
    "pauses": [PAUSE | {"reason": "system_down"}],
    "longest_waits": [
        WAIT | {"ticket": "C021", "causes": [{"kind": "long_before", "window": "5", "minutes": 31.2, "n": None}]},
        WAIT
        | {
            "ticket": "B049",
            "causes": [
                {"kind": "paused", "window": "4", "minutes": 27.0, "n": None},
                {"kind": "overtaken", "window": None, "minutes": None, "n": 3},
            ],
        },
        WAIT | {"ticket": "B052", "causes": [{"kind": "arrivals", "window": None, "minutes": None, "n": 11}]},
        WAIT | {"ticket": "B053", "causes": [{"kind": "free", "window": "2", "minutes": 6.2, "n": None}]},
        WAIT | {"ticket": "B055", "causes": [{"kind": "few_windows", "window": None, "minutes": None, "n": None}]},
        WAIT | {"ticket": "B054", "causes": []},
    ],
    "diversion": {
        "offered": 20,
        "accepted": 8,
        "declined": 12,
        "rate": 0.4,
        "by_channel": [{"code": "online", "offered": 20, "accepted": 8}],
        "ledger": [{"channel": "bank", "service": "A", "n": 31000}],
        "hall_share": [{"service": "A", "hall": 3400, "elsewhere": 43000, "share": 0.073276}],
    },
    "promise": PROMISED
    | {
        "services": [{"code": "A"} | PROMISED, {"code": "B"} | PROMISED | {"n": 60, "late": 0.2}],
        "half_hours": [{"from": "09:00"} | PROMISED, {"from": "12:00"} | PROMISED | {"n": 24, "late": 0.25}],
        "experts": [],
    },
    "help": {
        "n": 6,
        "answer": {"n": 4, "mean": 0.8, "median": 0.7, "p90": 1.4},
        "arrival": {"n": 3, "mean": 2.1, "median": 1.9, "p90": 3.2},
        "unanswered": 1,
        "cancelled": 1,
    },
    "devices": [
        {
            "device": "display",
            "station": "display",
            "open_minutes": 540.0,
            "up_minutes": 532.0,
            "rate": 0.985185,
            "outages": [{"date": "2026-11-19", "from": "13:42", "to": "13:50", "cause": "lost", "minutes": 8.0}],
        }
    ],
}
