"""A month's sheets and needs of training, worked out a second time from the log; imports nothing of the program."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from math import ceil, comb, sqrt
from statistics import NormalDist, mean, median, variance
from typing import Any

from tests.reports.relived import Event, Relived, as_it_stands, at_the_end_of, time_of, zone

Row = dict[str, Any]
USUAL = {"satisfaction": (40, 90, 98), "handling": (25, 1.2, 1), "order": (15, 3, 0)}
USUAL |= {"cases": (10, 70, 100), "shifts": (10, 80, 100)}


def scheme_of(log: list[Event], day: str) -> dict[str, tuple[int, float, float]]:
    """Return what stood at a date's end: a set-up event that names the part brings whole items."""
    known, found = at_the_end_of(log, day).get("scheme", {}), {}
    for code, (weight, none, full) in USUAL.items():
        row = known.get(code, {"weight": weight})
        found[code] = (row["weight"], float(row.get("from", none)), float(row.get("full", full)))
    return found


def sheets(log: list[Event], days: list[str], now: datetime) -> dict[str, Row]:
    """Return everybody's sheet of the dates of a month, unrounded."""
    setup = as_it_stands(log)
    in_zone = zone(setup["hall"].get("timezone") or "Asia/Shanghai")
    today = now.astimezone(in_zone).date().isoformat()
    until = min(days[-1], today)
    lived = [Relived(log, day, now) for day in days if day <= until]
    scheme = scheme_of(log, days[-1])
    out = excluded(log, days[0])
    visits, redirects, ratings = _visits_to_tell(log, lived, out), _redirects(lived), _ratings(lived, out)
    calls, due = _calls(log, days[0], until, out), _cases(log, days, today, out)
    shifts = _shifts(log, [day for day in days if day < today], in_zone, out)
    people = {one["staff"] for one in visits} | {one["staff"] for one in ratings}
    enough = [
        *Counter(one["staff"] for one in ratings if one["counts"]).values(),
        *Counter(one["staff"] for one in visits if one["seconds"] is not None).values(),
        *Counter(who for who, _good in due).values(),
    ]
    wrong = 0.05 / max(1, sum(n >= 30 for n in enough))
    found = {}
    for who in sorted(people):
        items = {
            "satisfaction": _satisfaction(ratings, who, wrong),
            "handling": _handling_item(visits, who, wrong),
            "order": _order(calls, who),
            "cases": _cases_in_time(due, who, wrong),
            "shifts": _of_days(shifts, who),
        }
        found[who] = _total(log, scheme, items, who, (days, today, out)) | {
            "redirects": sum(one == who for one in redirects),
            "ratings": sum(one["counts"] and one["staff"] == who for one in ratings),
        }
    _judge(found, wrong)
    return found


def excluded(log: list[Event], first: str) -> set[tuple[str, str, str]]:
    """Return whose rows of which item of the month a second person has taken out."""
    asked = {e["seq"]: e for e in log if e["kind"] == "sheet-dispute" and e["data"]["month"] == first}
    taken = [e["data"]["of"] for e in log if e["kind"] == "sheet-decide" and e["data"]["excluded"]]
    rows = [asked[seq] for seq in taken if seq in asked]
    return {(e["staff"], e["data"]["item"], e["data"].get("row") or e["data"].get("rated")) for e in rows}


Out = set[tuple[str, str, str]]


def _visits_to_tell(log: list[Event], lived: Iterable[Relived], out: Out) -> list[Row]:
    found = []
    for one in lived:
        for ticket in one.tickets.values():
            for leg in ticket["legs"]:
                if leg["end"] not in ("finish", "day-end") or leg["finished"] is None or not leg["staff"]:
                    continue
                seconds = None
                if leg["started"] and not leg["inaccurate"]:
                    took = max(0.0, (leg["finished"] - leg["started"]).total_seconds())
                    seconds = max(0.0, took - leg["held"] - leg["stalled"])
                if (leg["staff"], "handling", f"{one.day} {ticket['label']}") in out:
                    seconds = None
                row = {"staff": leg["staff"], "service": leg["service"], "seconds": seconds}
                row["item"] = _item_of(one, ticket, leg)
                found.append(row | {"stalled": leg["stalled"]})
    return found


def _item_of(day: Relived, ticket: Row, leg: Row) -> str:
    """Return what a step was for, as corrected last, "" where only its service is known."""
    item = ""
    for e in (e for e in day.events if e["ticket"] == ticket["label"]):
        if e["kind"] in ("issue", "serve") and leg["service"] == ticket["legs"][0]["service"]:
            item = e["data"].get("item") or ""
        elif e["kind"] == "correct" and "item" in e["data"]["new"]:
            at = ticket["legs"][e["data"]["leg"] - 1]["service"]
            item = (e["data"]["new"]["item"] or "") if leg["service"] == at else item
    return item


def _redirects(lived: Iterable[Relived]) -> list[str]:
    legs = [leg for one in lived for ticket in one.tickets.values() for leg in ticket["legs"]]
    return [leg["staff"] for leg in legs if leg["end"] == "redirect" and leg["staff"]]


def _ratings(lived: Iterable[Relived], out: Out) -> list[Row]:
    return [
        {
            "staff": ticket["rating"][1],
            "service": ticket["legs"][-1]["service"],
            "item": _item_of(one, ticket, ticket["legs"][-1]),
            "good": ticket["rating"][0] >= 3,
            "counts": not ticket["excluded"]
            and (ticket["rating"][1], "satisfaction", f"{one.day} {ticket['label']}") not in out,
        }
        for one in lived
        for ticket in one.tickets.values()
        if ticket["rating"] and ticket["rating"][1]
    ]


def _calls(log: list[Event], first: str, last: str, out: Out) -> list[tuple[str, bool]]:
    found = []
    for e in (e for e in log if e["kind"] in ("call", "serve") and e["staff"]):
        data, day, why = e["data"], e["data"]["date"], e["data"].get("why")
        if first <= day <= last and why != "recorded" and (e["staff"], "order", f"{day} {e['ticket']}") not in out:
            is_credit_jump = why in ("chosen", "no_ticket") and bool(data.get("passed")) and not data.get("reason")
            found.append((e["staff"], is_credit_jump))
    return found


def own_days(log: list[Event], days: list[str], now: datetime, who: str) -> list[Row]:
    """Return the dates on which somebody finished anything, with visits, mean minutes, minutes of systems out and wrong
    counters; `median` is of everybody's visits on that date, None of fewer than three people."""
    out, found = excluded(log, days[0][:8] + "01"), []
    for day in days:
        lived = [Relived(log, day, now)]
        visits = _visits_to_tell(log, lived, out)
        own = [one for one in visits if one["staff"] == who]
        timed = [one["seconds"] / 60 for one in own if one["seconds"] is not None]
        people = [sum(one["staff"] == staff for one in visits) for staff in {one["staff"] for one in visits}]
        if own:
            row = {"day": day, "visits": len(own), "minutes": mean(timed) if timed else None}
            row |= {"stalled": sum(one["stalled"] for one in own) / 60, "redirects": _redirects(lived).count(who)}
            found.append(row | {"median": median(people) if len(people) > 2 else None})
    return found


def excluded_since(log: list[Event], first: str, version: int) -> set[tuple[str, str, str]]:
    """Return the rows of a month that were taken out after it was closed in a version."""
    closed = [e["seq"] for e in log if e["kind"] == "sheet-close" and e["data"]["month"] == first]
    return excluded(log, first) - excluded([e for e in log if e["seq"] < closed[version - 1]], first)


def trained(log: list[Event], first: str, last: str, who: str) -> tuple[int, list[tuple[str, str, str]]]:
    """Return the minutes of training that somebody attended in some dates, and for which needs the person was named."""
    gone = {e["data"]["of"] for e in log if e["kind"] == "training" and "of" in e["data"]}
    held = [e["data"] for e in log if e["kind"] == "training" and "of" not in e["data"] and e["seq"] not in gone]
    minutes = sum(one["minutes"] for one in held if first <= one["day"] <= last and who in one["attended"])
    named = [e for e in log if e["kind"] == "training-name" and e["staff"] == who]
    rows = [(e["data"]["need"], e["data"]["reason"], e["actor"]) for e in named if first <= e["data"]["date"] <= last]
    return minutes, rows


def _cases(log: list[Event], days: list[str], today: str, out: Out) -> list[tuple[str, bool]]:
    """Return for each answer of which the day came in the month: whose it was, and whether it came in time."""
    cases: dict[int, Row] = {}
    found = []

    def ends(case: Row) -> None:
        good = case["answered"] is not None and case["answered"] <= case["due"]
        is_due = days[0] <= case["due"] <= days[-1] and (good or case["due"] < today)
        if case["owner"] and is_due and (case["owner"], "cases", case["number"]) not in out:
            found.append((case["owner"], good))

    for e in log:
        data, day = e["data"], e["data"].get("date", "")
        if day > days[-1]:
            continue
        if e["kind"] == "case-open" or (e["kind"] == "rate" and "case" in data):
            opened = data.get("case", data)
            case = {"owner": opened.get("owner"), "due": opened["answer_due"], "answered": None}
            cases[e["seq"]] = case | {"number": data.get("number") or f"{opened['date'][2:4]}-R{e['seq']}"}
        elif e["kind"] == "case-owner":
            case = cases[data["of"]]
            if case["answered"] is None and day <= case["due"]:
                case["owner"] = data.get("owner")
        elif e["kind"] == "case-step":
            case = cases[data["of"]]
            said = data["step"] == "close" or (data["step"] == "call-back" and data.get("result") == "reached")
            if said and case["answered"] is None:
                case["answered"] = day
            if data.get("answer_due"):
                ends(case)
                case.update(due=data["answer_due"], answered=None)
    for case in cases.values():
        ends(case)
    return found


def _shifts(log: list[Event], days: list[str], in_zone: Any, out: Out) -> list[tuple[str, bool]]:
    """Return for each person's shift whether it was begun within ten minutes; one date's rows hold whenever noted, and
    who was in no roster the evening before is not counted."""
    found = []
    now = [row for row in as_it_stands(log).get("roster", ()) if row.get("date")]

    def planned(day: str, stood: str) -> dict[str, str]:
        then = at_the_end_of(log, stood).get("roster", ())
        dated = [row for row in now if row["date"] == day] or [row for row in then if row.get("date") == day]
        taken = {row["window"] for row in dated}
        weekday = str(date.fromisoformat(day).isoweekday())
        usual = [row for row in then if not row.get("date") and row["window"] not in taken]
        starts: dict[str, str] = {}
        for row in [*dated, *(row for row in usual if weekday in _weekdays(row.get("weekday", "1-7")))]:
            if not row.get("off"):
                starts[row["staff"]] = min(row["from"], starts.get(row["staff"], row["from"]))
        return starts

    for day in (one for one in days if one >= log[0]["data"]["date"]):
        starts, evening = planned(day, day), str(date.fromisoformat(day) - timedelta(days=1))
        for who in starts.keys() - planned(day, evening).keys():
            del starts[who]
        for who, start in starts.items():
            if (who, "shifts", day) in out:
                continue
            wanted = datetime.fromisoformat(f"{day}T{start}").replace(tzinfo=in_zone)
            opened = [time_of(e) for e in log if e["kind"] == "open" and e["staff"] == who and e["data"]["date"] == day]
            found.append((who, bool(opened) and min(opened) < wanted + timedelta(minutes=11)))
    return found


def _weekdays(text: str) -> str:
    first, _dash, last = text.partition("-")
    return "1234567"[int(first) - 1 : int(last or first)]


def _satisfaction(ratings: list[Row], who: str, wrong: float) -> Row | None:
    own = [one for one in ratings if one["counts"] and one["staff"] == who]
    if not own:
        return None
    share = sum(one["good"] for one in own) / len(own)
    rest = [one for one in ratings if one["counts"] and one["staff"] != who]
    often = Counter((one["service"], one["item"]) for one in rest)
    groups: dict[tuple[str, str], tuple[list[bool], list[bool]]] = defaultdict(lambda: ([], []))
    for side, given in enumerate((own, rest)):
        for one in given:
            item = one["item"] if often[one["service"], one["item"]] >= 5 else ""
            groups[one["service"], item][side].append(one["good"])
    pairs = [pair for pair in groups.values() if pair[0] and len(pair[1]) >= 5]
    found: Row = {"value": share, "n": sum(one["good"] for one in own), "of": len(own), "figure": 100 * share}
    _compare(found, pairs, wrong)
    p = found["hall"] if found["hall"] is not None else share
    found["deviation"] = 100 * sqrt(p * (1 - p) / len(own))
    return found


def _cases_in_time(due: list[tuple[str, bool]], who: str, wrong: float) -> Row | None:
    found = _of_days(due, who)
    mine, others = ([good for staff, good in due if (staff == who) is own] for own in (True, False))
    if found is not None:
        _compare(found, [(mine, others)] if others else [], wrong)
    return found


def _z(wrong: float) -> float:
    return NormalDist().inv_cdf(1 - wrong / 2)


def _dealt(pairs: list[tuple[list[bool], list[bool]]]) -> float:
    """Return how likely as few or as many bad ones fall to the own side where all were dealt out service by service."""
    ways, bad_ones = {0: 1}, 0
    for mine, others in pairs:
        bad = [*mine, *others].count(False)
        bad_ones += mine.count(False)
        ways_on: dict[int, int] = defaultdict(int)
        for k in range(min(bad, len(mine)) + 1):
            for before, n in ways.items():
                ways_on[before + k] += n * comb(len(mine), k) * comb(len(others), bad - k)
        ways = ways_on
    few = sum(n for k, n in ways.items() if k <= bad_ones)
    many = sum(n for k, n in ways.items() if k >= bad_ones)
    return 2 * min(few, many) / sum(ways.values())


def _compare(found: Row, pairs: list[tuple[list[bool], list[bool]]], wrong: float) -> None:
    n, m = sum(len(mine) for mine, _ in pairs), sum(len(others) for _, others in pairs)
    found.update(hall=None, verdict="too_few")
    if not pairs:
        return
    found["hall"] = sum(len(mine) * mean(others) for mine, others in pairs) / n
    if n < 30 or m < 30:
        return
    d = sum(sum(mine) for mine, _ in pairs) / n - found["hall"]
    v = 0.0
    for mine, others in pairs:
        p = mean([*mine, *others])
        v += (len(mine) / n) ** 2 * p * (1 - p) * (1 / len(mine) + 1 / len(others))
    low, high = d - _z(wrong) * sqrt(v), d + _z(wrong) * sqrt(v)
    chance = low <= 0 <= high or _dealt(pairs) > wrong
    found["verdict"] = "cannot_tell" if chance else "better" if low > 0 else "worse"


def _handling_item(visits: list[Row], who: str, wrong: float) -> Row | None:
    own = [one for one in visits if one["staff"] == who and one["seconds"] is not None]
    others = [one for one in visits if one["staff"] != who and one["seconds"] is not None]
    often = Counter((o["service"], o["item"]) for o in others)

    def group(one: Row) -> tuple[str, str]:
        """Every step, own or not, is in one group: its item where the others have five of it, else what is left."""
        return one["service"], one["item"] if often[one["service"], one["item"]] >= 5 else ""

    groups: dict[tuple[str, str], list[float]] = defaultdict(list)
    for one in own:
        groups[group(one)].append(one["seconds"])
    spent = expected = mine_v = others_v = 0.0
    n = m = 0
    for key, mine in groups.items():
        theirs = [o["seconds"] for o in others if group(o) == key]
        if len(theirs) < 5:
            continue
        n, m = n + len(mine), m + len(theirs)
        spent, expected = spent + sum(mine), expected + len(mine) * mean(theirs)
        mine_v += len(mine) * variance(theirs)
        others_v += len(mine) ** 2 * variance(theirs) / len(theirs)
    if expected <= 0:
        return None
    ratio = spent / expected
    deviation = sqrt(mine_v + ratio**2 * others_v) / expected
    low, high = ratio - 1 - _z(wrong) * deviation, ratio - 1 + _z(wrong) * deviation
    ranked = _ranked([(mine, [o["seconds"] for o in others if group(o) == key]) for key, mine in groups.items()])
    is_chance = low <= 0 <= high or abs(ranked) <= _z(wrong) or (ranked > 0) != (low > 0)
    said = "too_few" if n < 30 or m < 30 else "cannot_tell" if is_chance else "worse" if low > 0 else "better"
    return {"value": ratio, "n": n, "of": len(own), "figure": ratio, "deviation": deviation, "verdict": said, "hall": 1}


def _ranked(pairs: list[tuple[list[float], list[float]]]) -> float:
    """Return van Elteren's statistic from the pairs that the own side wins, ties by half."""
    sum_, spread = 0.0, 0.0
    for mine, theirs in pairs:
        if len(theirs) < 5:
            continue
        size = len(mine) + len(theirs)
        wins = sum((a > b) + (a == b) / 2 for a in mine for b in theirs)
        sum_ += (wins - len(mine) * len(theirs) / 2) / (size + 1)
        tied = sum(t**3 - t for t in Counter([*mine, *theirs]).values()) / (size * (size * size - 1))
        spread += len(mine) * len(theirs) / 12 / (size + 1) * (1 - tied)
    return sum_ / sqrt(spread) if spread else 0.0


def _order(calls: list[tuple[str, bool]], who: str) -> Row | None:
    own = [jumped for staff, jumped in calls if staff == who]
    if not own:
        return None
    n = sum(own)
    said = "not_met" if n else "met"
    return {"value": n, "n": n, "of": len(own), "figure": n, "deviation": 0.0, "verdict": said, "hall": None}


def _of_days(known: list[tuple[str, bool]], who: str) -> Row | None:
    own = [good for staff, good in known if staff == who]
    if not own:
        return None
    share = sum(own) / len(own)
    found = {"value": share, "n": sum(own), "of": len(own), "figure": 100 * share, "verdict": None}
    return found | {"all": [good for _, good in known]}


def _total(log: list[Event], scheme: Row, items: Row, who: str, dates: tuple[list[str], str, Out]) -> Row:
    days, today, out = dates
    points, spread, weights = 0.0, 0.0, 0
    _weigh(scheme, items)
    for code, item in items.items():
        weight, none, full = scheme[code]
        if item is None or item["points"] is None:
            continue
        if code == "cases":
            p = mean(item["all"])
            item["deviation"] = 100 * sqrt(p * (1 - p) / item["of"])
        elif code == "shifts":
            item["deviation"] = 0.0
        if weight:
            points, weights = points + item["points"], weights + weight
            spread += (weight / abs(full - none) * item["deviation"]) ** 2
    thanks = sum(
        e["kind"] == "thanks"
        and "seen" not in e["data"]
        and e["staff"] == who
        and days[0] <= e["data"]["date"] <= days[-1]
        and (who, "praise", str(e["seq"])) not in out
        for e in log
    )
    faults = _missed_rectifications(log, who, days, today, out)
    by_weight = 100 * points / weights if weights else None
    praised, faulty = min(3, 0.5 * thanks), min(5, 1 * faults)
    total = None if by_weight is None else min(100, max(0, by_weight + praised - faulty))
    deviation = 100 * sqrt(spread) / weights if weights else 0
    found = {"items": items, "by_weight": by_weight, "praise": thanks, "faults": faults, "total": total}
    return found | {"deviation": deviation}


def _weigh(scheme: Row, items: Row) -> None:
    """Note each item's points, None where it does not count."""
    for code, item in items.items():
        if item is not None:
            weight, none, full = scheme[code]
            item["points"] = weight * min(1.0, max(0.0, (item["figure"] - none) / (full - none)))
            if code in ("satisfaction", "handling", "cases") and item["verdict"] not in ("better", "worse"):
                item["points"] = None
    sure = [code for code, item in items.items() if item and item["points"] is not None and scheme[code][0]]
    rest = [code for code in sure if items[code]["verdict"] != "better"]
    if rest:
        share = sum(items[code]["points"] for code in rest) / sum(scheme[code][0] for code in rest)
        for code in set(sure) - set(rest):
            if items[code]["points"] < share * scheme[code][0]:
                items[code]["points"] = None


def _missed_rectifications(log: list[Event], who: str, days: list[str], today: str, out: Out) -> int:
    found: dict[int, Row] = {}
    for e in log:
        data = e["data"]
        if e["kind"] == "inspect-fix" and "due" in data:
            found[e["seq"]] = {"owner": data["owner"], "due": data["due"], "shown": []}
        elif e["kind"] == "fix-proof":
            found[data["of"]]["shown"].append(data["date"])
    return sum(
        one["owner"] == who
        and days[0] <= one["due"] <= days[-1]
        and one["due"] < today
        and not any(day <= one["due"] for day in one["shown"])
        and (who, "faults", str(seq)) not in out
        for seq, one in found.items()
    )


def _judge(found: dict[str, Row], wrong: float) -> None:
    whole = [one["total"] for one in found.values() if one["total"] is not None and one["ratings"] >= 30]
    middle = median(whole) if len(whole) >= 3 else None
    for one in found.values():
        one["median"], one["verdict"] = middle, None
        if one["total"] is None:
            continue
        if one["ratings"] < 30:
            one["verdict"] = "too_few"
        elif middle is not None:
            low, high = max(0, middle - _z(wrong) * one["deviation"]), min(100, middle + _z(wrong) * one["deviation"])
            one["low"], one["high"] = low, high
            one["verdict"] = "below" if one["total"] < low else "above" if one["total"] > high else "cannot_tell"


Counted = tuple[str, str, str, str, float]
"""Kind, who, service, item, amount."""


def needs(log: list[Event], days: list[str], now: datetime) -> dict[tuple[str, str], dict[str, Any]]:
    """Return each need by kind and service: whom it is about, its rows, the others, the limits."""
    rows = [row for day in days for row in _of_day(log, day, now)]
    limits = _limits(rows)
    groups: dict[tuple[str, str], list[tuple[str, str, str, bool]]] = defaultdict(list)
    for kind, who, service, item, amount in rows:
        over = limits[service] if kind == "long" else {"recalls": 2}.get(kind, 0)
        name = (kind, service if kind in ("transfers", "long") else "")
        groups[name].append((who, service, item, amount > over))
    sides = {
        (name, who): side
        for name, own in groups.items()
        if any(row[3] for row in own)
        for who in {row[0] for row in own}
        if (side := _sides(own, {who})) is not None
    }
    level = 1 - 0.05 / max(1, len(sides))
    found = {}
    for name, own in groups.items():
        each = {who: _compared(side, level) for (its, who), side in sides.items() if its == name}
        if each:
            above = {who for who, one in each.items() if one["low"] > 0}
            about = above or {max(sorted(each), key=lambda who: each[who]["low"])}
            side = _sides(own, about)
            assert side is not None
            found[name] = _compared(side, level) | {"about": about, "worth": bool(above), "limit": limits.get(name[1])}
    return found


def _of_day(log: list[Event], day: str, now: datetime) -> Iterable[Counted]:
    lived = Relived(log, day, now)
    items = {e["ticket"]: e["data"].get("item") or "" for e in lived.events if e["kind"] in ("issue", "serve")}
    guides = {e["ticket"]: e["data"].get("guide") for e in lived.events if e["kind"] in ("issue", "serve")}
    for ticket in lived.tickets.values():
        label = ticket["label"]
        for leg in ticket["legs"]:
            done = leg["finished"] is not None and leg["end"] in ("finish", "day-end")
            if not leg["staff"] or not leg["called"] or not (done or leg["end"] == "transfer"):
                continue
            item = items.get(label, "") if leg["service"] == ticket["legs"][0]["service"] else ""
            yield "transfers", leg["staff"], leg["service"], item, int(leg["end"] == "transfer")
            if done and leg["started"] and not leg["inaccurate"]:
                took = max(0.0, (leg["finished"] - leg["started"]).total_seconds())
                minutes = max(0.0, took - leg["held"] - leg["stalled"]) / 60
                yield "long", leg["staff"], leg["service"], item, minutes
        right = [leg for leg in ticket["legs"] if leg["end"] != "redirect"]
        if guides.get(label) and right and ticket["state"] != "void":
            wrong = ticket["legs"][0]["end"] == "redirect"
            yield "misdirected", guides[label], right[0]["service"], "", int(wrong)
    last: dict[str, list[Any]] = {}
    for e in lived.events:
        if e["kind"] == "call":
            if e["ticket"] in last:
                yield ("recalls", *last.pop(e["ticket"]))
            if e["staff"]:
                last[e["ticket"]] = [e["staff"], e["service"], "", 1]
        elif e["kind"] == "recall" and e["ticket"] in last:
            last[e["ticket"]][3] += 1
    yield from (("recalls", *one) for one in last.values())


def _limits(rows: list[Counted]) -> dict[str, int]:
    minutes: dict[str, list[float]] = defaultdict(list)
    for kind, _who, service, _item, amount in rows:
        if kind == "long":
            minutes[service].append(amount)
    return {service: max(1, ceil(sorted(own)[ceil(0.9 * len(own)) - 1])) for service, own in minutes.items()}


def _sides(rows: list[tuple[str, str, str, bool]], about: set[str]) -> list[tuple[list[bool], list[bool]]] | None:
    """Return the pairs of alike work, the own rows beside the others'; None under 30 rows on either side."""
    pairs: dict[tuple[str, str], tuple[list[bool], list[bool]]] = {}
    for who, service, item, shown in rows:
        mine = any(row[:3] == (one, service, item) for one in about for row in rows)
        others = sum(row[0] not in about and row[1:3] == (service, item) for row in rows)
        alike = (service, item if item and mine and others >= 5 else "")
        pairs.setdefault(alike, ([], []))[who not in about].append(shown)
    both = [pair for pair in pairs.values() if pair[0] and len(pair[1]) >= 5]
    enough = sum(len(own) for own, _others in both) >= 30 and sum(len(others) for _own, others in both) >= 30
    return both if enough else None


def _compared(pairs: list[tuple[list[bool], list[bool]]], level: float) -> dict[str, Any]:
    n, of = sum(sum(own) for own, _others in pairs), sum(len(own) for own, _others in pairs)
    q = sum(len(own) / of * sum(others) / len(others) for own, others in pairs)
    m = 1 / sum((len(own) / of) ** 2 / len(others) for own, others in pairs)
    z = NormalDist().inv_cdf((1 + level) / 2)
    centre = (q + z * z / (2 * m)) / (1 + z * z / m)
    half = z * sqrt(q * (1 - q) / m + z * z / (4 * m * m)) / (1 + z * z / m)
    tail, p = (1 - level) / 2, n / of
    low = 0.0 if n == 0 else _where(lambda share: _chance(range(n, of + 1), of, share) < tail, 0.0, p)
    high = 1.0 if n == of else _where(lambda share: _chance(range(n + 1), of, share) >= tail, p, 1.0)
    below = p - q - sqrt((p - low) ** 2 + (centre + half - q) ** 2)
    above = p - q + sqrt((high - p) ** 2 + (q - centre + half) ** 2)
    return {"n": n, "of": of, "others": q, "low": below, "high": above}


def _where(holds: Any, low: float, high: float) -> float:
    for _time in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return (low + high) / 2


def _chance(hits: Iterable[int], of: int, share: float) -> float:
    return sum(comb(of, k) * share**k * (1 - share) ** (of - k) for k in hits)
