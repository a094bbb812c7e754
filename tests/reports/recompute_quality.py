"""The figures of quality, why ratings are low, and where else people could have gone, counted again from the printed
log alone. Imports nothing of the program.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from tests.reports.recompute import Recount, handling_s_of_leg_ended_by, wilson
from tests.reports.relived import Event, as_it_stands, time_of, zone

LOW = (1, 2)
QUESTIONS = ("attitude", "competence")
Rated = dict[str, Any]


def rated(log: list[Event], days: list[str], zone: str) -> list[Rated]:
    """Return each rating that counts, with where, when and for what its visit was."""
    visits: dict[tuple[str, str], Rated] = {}
    shifts: dict[str, Rated] = {}
    for event in log:
        kind, data, window = event["kind"], event["data"], event["window"]
        if kind in ("open", "hand-over") and window:
            shifts[window] = {"staff": event["staff"], "since": time_of(event)}
        elif kind == "resume" and window in shifts:
            shifts[window]["since"] = time_of(event)
        if not event["ticket"]:
            continue
        key = (data["date"], event["ticket"])
        if kind in ("issue", "serve"):
            came = time_of(event).astimezone(ZoneInfo(zone))
            visits[key] = {
                "service": event["service"],
                "class": data["class"],
                "hour": f"{came:%H}:00",
                "item": f"{event['service']}/{data['item']}" if data.get("item") else "-",
            }
        visit = visits[key]
        if kind in ("call", "start", "serve"):
            visit["stretch"] = _stretch(shifts.get(window), time_of(event))
        if kind in ("redirect", "transfer") or (kind == "call" and "window" in visit):
            visit["item"] = "-"  # it went on to another line, without what was asked for
        if kind == "finish":
            visit |= {"service": event["service"], "window": window}
        elif kind == "rate":
            visit |= {name: data[name] for name in ("level", "tags", *QUESTIONS) if name in data}
        elif kind == "reasons":
            visit |= {name: data[name] for name in ("tags", *QUESTIONS) if name in data}
    return [one for (day, _label), one in visits.items() if day in days and "level" in one]


def _stretch(shift: Rated | None, begun: datetime) -> str | None:
    if shift is None:
        return None
    lasted = begun - shift["since"]
    if lasted < timedelta(hours=1):
        return "under_1h"
    return "1h_to_2h" if lasted < timedelta(hours=2) else "over_2h"


def share(n: int, of: int) -> Rated:
    """Return a share with Wilson's interval by the textbook, of fewer than thirty without."""
    found: Rated = {"n": n, "of": of, "rate": None, "low": None, "high": None}
    if of >= 30:
        low, high = wilson(n, of)
        found |= {"rate": round(n / of, 6), "low": round(low, 6), "high": round(high, 6)}
    return found


def why_of(those: list[Rated], by: str) -> Rated:
    """Return what `quality why` answers of these ratings, rows by their names."""
    groups = {name: [one for one in those if one[by] == name] for name in {one[by] for one in those}}
    tags = {tag for one in those for tag in one.get("tags") or ()}
    asked = [question for question in QUESTIONS if any(question in one for one in those)]
    known = [one for one in those if one.get("stretch")]
    return {
        "ratings": len(those),
        "low": _low(those),
        "groups": {name: len(own) for name, own in groups.items()},
        "reasons": {
            tag: {
                name: share(sum(tag in (one.get("tags") or ()) for one in own), len(own))
                for name, own in groups.items()
            }
            for tag in tags
        },
        "questions": {
            question: {
                name: share(sum(one.get(question) in LOW for one in own), sum(question in one for one in own))
                for name, own in groups.items()
            }
            for question in asked
        },
        "stretch": {
            band: share(_low(own), len(own))
            for band in ("under_1h", "1h_to_2h", "over_2h")
            for own in [[one for one in known if one["stretch"] == band]]
        }
        if known
        else {},
    }


def _low(those: list[Rated]) -> int:
    return sum(one["level"] in LOW for one in those)


Row = dict[str, Any]
CHANNELS = ("open", "mystery", "telephone", "video", "supervisor")
WANTED = {"open": 2, "mystery": 1, "telephone": 1, "video": 1, "supervisor": 1}
SOURCES = ("rating", "ticket", "comment", "spoken", "help", "wait", "inspection", "forum")
SAID = ("satisfied", "dissatisfied", "not_given", "not_reached", "no_contact")
STANDING = ("opened", "open", "overdue", "reopened", "closed")


def quality(log: list[Event], days: list[str], now: datetime) -> Row:
    """Return the figures of dates that follow each other, as they are printed."""
    setup = as_it_stands(log)
    today = _day_of(now, setup)
    if days[0] > today:
        return {"why": "not_begun"}
    begun = _day_of(datetime.fromisoformat(log[0]["time"]), setup) if log else today
    until = [event for event in log if event["data"].get("date", "") <= days[-1]]
    cases = _cases(until, days, min(days[-1], today), setup)
    return {
        "cases": _case_figures(cases),
        **_looked_at(until, days, min(days[-1], today), setup, begun),
        "comments": _comments(log, until, days),
        "reasons": _reasons(log, days),
        "warnings": _warning_figure_rows(until, days, setup),
        "thanks": {"n": sum(e["kind"] == "thanks" and "seen" not in e["data"] and _in(e, days) for e in log)},
        "forums": _forum_figure_rows(log, days),
        "calendar": _calendar(days, setup),
    }


def three_of(found: Row) -> Row:
    """Return what stands of cases among the figures of the queue."""
    return {name: found["cases"][name] if "cases" in found else None for name in ("opened", "closed", "overdue")}


def _day_of(moment: datetime, setup: Row) -> str:
    return moment.astimezone(zone(setup["hall"].get("timezone") or "Asia/Shanghai")).date().isoformat()


def _in(event: Event, days: list[str]) -> bool:
    return days[0] <= event["data"].get("date", "") <= days[-1]


def works(setup: Row, day: str) -> bool:
    row = setup.get("calendar", {}).get(day)
    in_week = date.fromisoformat(day).weekday() < 5
    if row is None:
        return in_week
    if "working" in row:
        return bool(row["working"])
    return {"holiday": False, "working": True}.get(row["kind"], in_week)


def _working_days(setup: Row, since: str, until: str) -> int:
    first, last = date.fromisoformat(since), date.fromisoformat(until)
    return sum(works(setup, (first + timedelta(days=n + 1)).isoformat()) for n in range((last - first).days))


def _calendar(days: list[str], setup: Row) -> Row:
    known = setup.get("calendar", {})
    marked = [{"date": d, "kind": known[d]["kind"], "working": works(setup, d)} for d in days if d in known]
    return {"days": len(days), "working": sum(works(setup, d) for d in days), "marked": marked, "why": None}


def _cases(log: list[Event], days: list[str], today: str, setup: Row) -> list[Row]:
    """Live through every case once more; return each with what happened to it on these days."""
    cases: dict[int, Row] = {}
    for event in log:
        data, is_now = event["data"], _in(event, days)
        if event["kind"] == "case-open" or ("case" in data and event["kind"] == "rate"):
            opened = data if event["kind"] == "case-open" else data["case"] | {"source": "rating"}
            cases[event["seq"]] = opened | {"state": "opened", "tries": 0, "reopened": False, "said": [], "calls": []}
        elif event["kind"] == "case-note" and "asked" in data:
            case = cases[data["of"]]
            case["asked"] = data["asked"]
            case["contact"], case["contact_until"] = data.get("contact"), data.get("contact_until")
        elif event["kind"] == "case-owner":
            cases[data["of"]]["owner"] = data.get("owner")
        elif event["kind"] == "case-step":
            _step(cases[data["of"]], data, is_now=is_now)
    for case in cases.values():
        case["is_new"] = days[0] <= case["date"] <= days[-1]
        case["is_over"] = case["state"] == "closed" and days[0] <= case["closed"] <= days[-1]
        case["is_late"] = case["state"] != "closed" and _due(case, today) < today
        case["days"] = _working_days(setup, case["date"], case["closed"]) if case["is_over"] else None
        own = next((row for row in setup["staff"] if row["code"] == case.get("owner")), {})
        case["department"] = own.get("department") or None
    return list(cases.values())


def _step(case: Row, data: Row, *, is_now: bool) -> None:
    step, verdict = data["step"], data.get("verdict")
    for name in ("act_due", "answer_due", "limit", "contact_until"):
        case[name] = data.get(name) or case.get(name)
    if is_now:
        case["calls"] += [data["result"]] if step == "call-back" else []
        ended = [data["result"]] if step == "close" and data["result"] in ("not_reached", "no_contact") else []
        case["said"] += [verdict] if verdict else ended
    if verdict == "dissatisfied" or step == "reopen":
        case["state"], case["tries"] = "contacted", 0
        case["reopened"] = case["reopened"] or is_now
    elif step == "call-back" and data["result"] == "no_answer":
        case["tries"] += 1
    elif step == "close":
        case["state"], case["closed"] = "closed", data["date"]
    else:
        after = {"contact": "contacted", "act": "acted", "call-back": "called_back", "verdict": "called_back"}
        case["state"] = after[step]
        case["tries"] = 0 if step == "act" else case["tries"]


def _due(case: Row, today: str) -> str:
    """Return the last day for what comes next."""
    can_reach = bool(case.get("contact")) and today <= (case.get("contact_until") or "")
    if case["state"] == "opened":
        name = "contact_due" if can_reach else "act_due"
    else:
        name = "act_due" if case["state"] == "contacted" else "answer_due"
    return min(case[name], case["limit"])


def _case_figures(cases: list[Row]) -> Row:
    took = sorted(case["days"] for case in cases if case["days"] is not None)
    calls = [result for case in cases for result in case["calls"]]
    said = [one for case in cases for one in case["said"]]
    good, bad = said.count("satisfied"), said.count("dissatisfied")
    asked = [case for case in cases if case["is_new"] and (case.get("asked") or case.get("contact"))]
    valid = [case for case in asked if case.get("contact")]
    low, high = (end if end is None else round(end, 6) for end in wilson(good, good + bad))
    return {
        **_standing(cases),
        "days_to_close": {"n": len(took), "median": _median_or_none(took), "why": None if took else "none_closed"},
        "call_backs": {"n": len(calls), "reached": calls.count("reached"), "no_answer": calls.count("no_answer")},
        "verdicts": {name: said.count(name) for name in SAID}
        | {"rate": _share(good, good + bad), "low": low, "high": high, "why": None if good + bad else "none_said"},
        "contacts": {
            "valid": len(valid),
            "asked": len(asked),
            "rate": _share(len(valid), len(asked)),
            "why": None if asked else "none_asked",
        },
        "by_source": _by(cases, "source", SOURCES),
        "before": sum(_is_from_before(case) for case in cases),
        "by_department": _by_department(cases),
        "by_class": _by(cases, "class", sorted({case["class"] for case in cases})),
    }


def _standing(cases: list[Row]) -> Row:
    names = ("is_new", "", "is_late", "reopened", "is_over")
    counts = [sum(bool(case[name]) if name else case["state"] != "closed" for case in cases) for name in names]
    return dict(zip(STANDING, counts, strict=True))


def _is_from_before(case: Row) -> bool:
    return not case["is_new"] and (case["state"] != "closed" or case["is_over"])


def _by_department(cases: list[Row]) -> list[Row]:
    rows = []
    for name in sorted({case["department"] or "\uffff" for case in cases}):
        own = [case for case in cases if (case["department"] or "\uffff") == name]
        row = {
            "code": None if name == "\uffff" else name,
            "before": sum(_is_from_before(case) for case in own),
            "opened": sum(case["is_new"] for case in own),
            "closed": sum(case["is_over"] for case in own),
            "open": sum(case["state"] != "closed" for case in own),
            "overdue": sum(case["is_late"] for case in own),
        }
        assert row["before"] + row["opened"] - row["closed"] == row["open"]
        rows += [row] if row["before"] or row["opened"] or row["closed"] or row["open"] else []
    return rows


def _by(cases: list[Row], key: str, codes: Iterable[str]) -> list[Row]:
    rows = [{"code": code, **_standing([case for case in cases if case[key] == code])} for code in codes]
    return [row for row in rows if any(row[name] for name in STANDING)]


def _looked_at(log: list[Event], days: list[str], today: str, setup: Row, begun: str) -> Row:
    looks: dict[int, Row] = {}
    fixes: dict[int, Row] = {}
    for event in log:
        data, seq = event["data"], event["data"].get("of", event["seq"])
        if event["kind"] == "inspect-plan" and "dropped" in data:
            del looks[seq]
        elif event["kind"] == "inspect-plan":
            looks[seq] = {"day": data["day"], "channel": data["channel"], "taken": {}, "done": False}
        elif event["kind"] == "inspect-start":
            look = looks.setdefault(seq, {"channel": data.get("channel"), "taken": {}, "done": False})
            look |= {"day": data["date"], "weights": [item["weight"] for item in data["items"]]}
        elif event["kind"] == "inspect-score":
            looks[seq]["taken"][data["item"]] = data.get("taken")
        elif event["kind"] == "inspect-sign":
            looks[seq]["done"] = True
        elif event["kind"] in ("inspect-fix", "fix-proof"):
            record = {"opened": data["date"], "due": data.get("due"), "closed": None, "shown": False}
            fix = fixes.setdefault(seq, record)
            if "proof" in data:
                fix["shown"] = True
            elif "good" in data:
                fix["shown"], fix["closed"] = False, data["date"] if data["good"] else None
    own = [look for look in looks.values() if days[0] <= look["day"] <= days[-1]]
    left = [fix for fix in fixes.values() if fix["closed"] is None]
    return {
        "inspections": _counted(own)
        | {
            "findings": sum(bool(taken) for look in own if look["done"] for taken in look["taken"].values()),
            "by_channel": [
                {"code": channel, **_counted(those)}
                for channel in CHANNELS
                if (those := [look for look in own if look["channel"] == channel])
            ],
            "coverage": _coverage(list(looks.values()), [day for day in days if day <= today], begun, setup),
        },
        "rectifications": {
            "opened": sum(days[0] <= fix["opened"] <= days[-1] for fix in fixes.values()),
            "open": len(left),
            "overdue": sum(fix["due"] < today for fix in left),
            "proven": sum(fix["shown"] for fix in left),
            "closed": sum(days[0] <= (fix["closed"] or "") <= days[-1] for fix in fixes.values()),
        },
    }


def _counted(looks: list[Row]) -> Row:
    scores = []
    for look in looks:
        counts = [(look["weights"][item - 1], off) for item, off in look["taken"].items() if off is not None]
        if look["done"] and counts:
            of = sum(weight for weight, _off in counts)
            scores.append(int(Fraction(100 * sum(weight - off for weight, off in counts), of) + Fraction(1, 2)))
    mean = round(sum(scores) / len(scores), 2) if scores else None
    return {
        "planned": len(looks),
        "done": sum(look["done"] for look in looks),
        "score": {"n": len(scores), "mean": mean, "why": None if scores else "none_scored"},
    }


def _coverage(looks: list[Row], days: list[str], begun: str, setup: Row) -> list[Row]:
    rows, rules = [], setup.get("settings", {})
    for month in sorted({day[:7] for day in days}):
        for channel in CHANNELS:
            own = [look for look in looks if look["channel"] == channel and look["day"][:7] == month]
            least = rules.get(f"inspect_{channel}", WANTED[channel]) if begun <= f"{month}-01" else 0
            done = sum(look["done"] for look in own)
            if own or least:
                row = {"month": month, "channel": channel, "done": done, "planned": len(own), "least": least}
                rows.append(row | {"short": max(0, least - done)})
    return rows


def _comments(log: list[Event], until: list[Event], days: list[str]) -> Row:
    ids: dict[Any, str | None] = {}
    for event in log:
        data = event["data"]
        of_ticket = event["kind"] in ("rate", "reasons")
        name = (data.get("date"), event["ticket"]) if of_ticket else data.get("of", event["seq"])
        if event["kind"] in ("rate", "reasons", "opinion", "comment") and _in(event, days):
            ids[name] = data.get("comment")
    said = {comment.partition(":")[0] for comment in ids.values() if comment}
    read = {e["data"]["comment"]: e["data"]["read"] for e in until if e["kind"] == "comment-read"}
    return {"n": len(said), "unread": sum(not read.get(id) for id in said)}


def _reasons(log: list[Event], days: list[str]) -> Row:
    given: dict[tuple[str, str], Row] = {}
    for event in log:
        data, key = event["data"], (event["data"].get("date", ""), event["ticket"] or "")
        if event["kind"] == "rate":
            given[key] = {"level": data["level"], "tags": data.get("tags") or []}
        elif event["kind"] == "reasons":
            given[key]["tags"] = data.get("tags") or []
        elif event["kind"] == "correct" and "rating" in data["new"]:
            new = data["new"]["rating"]
            given[key]["out"] = new == "excluded"
            given[key]["level"] = given[key]["level"] if new == "excluded" else new
    rated = [one for (day, _label), one in given.items() if days[0] <= day <= days[-1] and not one.get("out")]
    tags = {tag for one in rated for tag in one["tags"]}
    counts = {tag: sum(tag in one["tags"] for one in rated) for tag in tags}
    order = sorted(tags, key=lambda tag: (-counts[tag], tag))
    return {
        "ratings": len(rated),
        "low": sum(one["level"] in (1, 2) for one in rated),
        "tags": [{"code": tag, **share(counts[tag], len(rated))} for tag in order],
    }


def _warning_figure_rows(log: list[Event], days: list[str], setup: Row) -> Row:
    warned = {code for person in setup["staff"] for code in person.get("warned_of") or ()}
    seen: dict[int, datetime] = {}
    for event in log:
        if event["kind"] == "ack":
            seen.setdefault(event["data"]["alarm"], time_of(event))
    told = [
        event
        for event in log
        if event["kind"] == "alarm" and "over" not in event["data"] and _in(event, days)
        if warned & {event["data"]["kind"], event["service"]}
    ]
    took = sorted(round((seen[e["seq"]] - time_of(e)).total_seconds()) for e in told if e["seq"] in seen)
    found = {"told": len(told), "acknowledged": len(took), "median_seconds": _median_or_none(took)}
    return found | {"why": None if took else "none_acknowledged"}


def _forum_figure_rows(log: list[Event], days: list[str]) -> Row:
    held: dict[int, Row] = {}
    for event in log:
        data = event["data"]
        if event["kind"] != "forum":
            continue
        if "of" not in data:
            held[event["seq"]] = {"day": data["day"], "people": data["attendees"], "issues": 0, "cases": 0}
        else:
            held[data["of"]]["cases" if "case" in data else "issues"] += 1
    own = [forum for forum in held.values() if days[0] <= forum["day"] <= days[-1]]
    names: dict[str, Callable[[Row], int]] = {
        "n": lambda _one: 1,
        "attendees": lambda one: one["people"],
        "issues": lambda one: one["issues"],
        "cases": lambda one: one["cases"],
    }
    return {name: sum(count(one) for one in own) for name, count in names.items()}


def _median_or_none(values: list[int]) -> float | None:
    if not values:
        return None
    half = len(values) // 2
    return float(values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2)


def _share(n: int, of: int) -> float | None:
    return round(n / of, 6) if of else None


KINDS = {"self_service": "machine", "online": "phone"}
ORDER = ("machine", "partner", "phone")


def _is_open(place: Row, came: datetime) -> bool:
    hours = place.get("hours")
    if not hours:
        return True
    clock = f"{came:%H:%M}"
    for span in hours:
        first, _, last = str(span.get("days", "1-7")).partition("-")
        if int(first) <= came.isoweekday() <= int(last or first) and span["from"] <= clock < span["to"]:
            return True
    return False


def _way(places: list[Row], service: str, item: str | None, came: datetime, *, noted: bool) -> str:
    """Return the first way with an open place, else why there is none."""
    fits = [one for one in places if service in one["takes"] or (item and f"{service}/{item}" in one["takes"])]
    for way in ORDER:
        if any(KINDS.get(one["kind"], "partner") == way and _is_open(one, came) for one in fits):
            return way
    return "closed" if fits else "no_place" if noted else "unknown"


def directory(log: list[Event], day: str) -> list[Row]:
    """Return the places of a date's end; of one before there was any, those of the first date with some."""
    told: dict[str, list[Row]] = {}
    places: list[Row] = []
    for event in log:
        data = event["data"]
        if event["kind"] != "set-up":
            continue
        if "setup" in data:
            places = data["setup"].get("partners", [])
        elif data["part"] == "partners" and data["op"] == "add":
            places = [*places, data["row"]]
        elif data["part"] == "partners":
            places = [{**one, **data["row"]} if one["code"] == data["code"] else one for one in places]
        told[data["date"]] = places
    first = next(date for date, had in told.items() if had)
    return told[max(date for date in told if date <= max(day, first))]


def where_else_advice(log: list[Event], days: list[str], now: datetime) -> dict[Any, Row]:
    """Return what `items advice` answers of each item, by service and item, without saving and verdict."""
    visits: dict[Any, list[tuple[str, float, bool]]] = {}
    for day in days:
        known, places = Recount(log, day, now), directory(log, day)
        known_items = {row["code"]: row.get("items") for row in known.setup["services"]}
        asked = {e["ticket"]: e for e in log if e["kind"] in ("issue", "serve") and e["data"]["date"] == day}
        for label, ticket in known.tickets.items():
            if ticket["state"] == "void":
                continue
            first = asked[label]
            service, item = first["service"], first["data"].get("item")
            took = sum(handling_s_of_leg_ended_by(ticket["legs"]))
            came = datetime.fromisoformat(first["time"]).astimezone(known.zone)
            again = bool(first["data"].get("return_of")) or bool(first["data"].get("repeat"))
            noted = item is not None or not known_items.get(service)
            way = _way(places, service, item, came, noted=noted)
            visits.setdefault((service, item), []).append((way, took / 60, again))
    offers: dict[Any, list[tuple[str, bool]]] = {}
    for event in log:
        if event["kind"] == "offer" and event["data"]["date"] in days:
            name = (event["service"], event["data"].get("item"))
            offers.setdefault(name, []).append((KINDS.get(event["data"]["to"], "partner"), event["data"]["accepted"]))
    return {name: _row(visits.get(name, []), offers.get(name, [])) for name in {*visits, *offers}}


def _row(visits: list[tuple[str, float, bool]], offers: list[tuple[str, bool]]) -> Row:
    ways = {}
    for way in ORDER:
        own, said = [one for one in visits if one[0] == way], [taken for to, taken in offers if to == way]
        if own or said:
            spent = round(sum(one[1] for one in own), 2)
            ways[way] = {"visits": len(own), "minutes": spent, "offers": share(sum(said), len(said))}
    here = {why: sum(one[0] == why for one in visits) for why in ("no_place", "closed")}
    return {
        "visits": len(visits),
        "minutes": round(sum(one[1] for one in visits), 2),
        "again": share(sum(one[2] for one in visits), len(visits)),
        "ways": ways,
        "here": {why: n for why, n in here.items() if n},
        "unknown": sum(one[0] == "unknown" for one in visits),
    }
