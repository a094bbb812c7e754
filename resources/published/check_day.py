"""Recompute the figures of a published day from its log, and check them, the chain of digests and the check code.

    python3 check_day.py DAY.jsonl [CODE]

CODE is the check code at the foot of a printed report of that day. Exit status: 0 if all holds, 1 if something does not,
2 if the file can't be read. Needs Python 3.11 and nothing else.

The first line says what day it is; each line after it is an event of the hall's log, with what the figures need; the
last has the figures as the report prints them, the number of ratings of each level, and the hash of the log's last
event. Each line ends with the SHA-256 of the digest before it and its own text. `sealed` stands for the whole event, by
a key that only the hall can make again: that an event is the one in the log shows who sees the log, nobody else.
"""

import hashlib
import json
import sys
from datetime import UTC, datetime, timedelta
from math import sqrt
from statistics import NormalDist

FORMAT = "queuedesk published day 1"
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SATISFIED = ("3", "4", "5")
NEW = {"misses": 0, "round": 0, "last": "issue"}
WORDS = {
    "broken": ("Line {n} was changed or is missing.", "第 {n} 行被改动过，或有缺失。"),
    "format": ("This is no published day.", "这不是公开的一天的文件。"),
    "figures": ("{name}: {told} in the file, {found} by the log.", "{name}：文件里是 {told}，按日志算是 {found}。"),
    "code": ("The check code is not of this day's log.", "核对码与这一天的日志不符。"),
    "holds": ("The chain of {n} events and all figures hold.", "{n} 条记录的链和全部数字都相符。"),
    "code_holds": ("The check code is of this day's log.", "核对码与这一天的日志相符。"),
    "issued": ("Issued", "发号"),
    "called": ("Called", "叫号"),
    "missed": ("Missed at least once", "至少过号一次"),
    "finished": ("Finished", "办结"),
    "wait": ("wait in min (n, mean, median, 90 %)", "等候分钟数（次数、平均、中位数、90%）"),
    "ratings": ("Ratings (n, satisfied, share, 95 % interval)", "评价（条数、满意、满意率、95% 区间）"),
    "withheld": ("too few to show", "太少，不公开"),
}


def digest(before: str, line: dict) -> str:
    text = json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256((before + text).encode()).hexdigest()


def first_broken_line(lines: list) -> int:
    """Return the first line that does not continue the chain, or whose number does not grow; 0 where all do."""
    before, seq = "", 0
    for n, line in enumerate(lines, 1):
        own = {name: value for name, value in line.items() if name != "digest"}
        if line.get("digest") != digest(before, own) or own.get("seq", seq + 1) <= seq:
            return n
        before, seq = line["digest"], own.get("seq", seq)
    return 0 if len(lines) == lines[0]["events"] + 2 and lines[-1].get("last_seq") == seq else len(lines)


def microseconds(text: str) -> int:
    return (datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def new_step(service: str, joined: int) -> dict:
    return {"service": service, "joined": joined, "called": None, "calls": 0, "counts": True}


def follow(ticket: dict, event: dict, now: int) -> None:
    """Apply one event to a ticket: a visit is one or more steps, each with its wait."""
    kind, step = event["kind"], ticket["steps"][-1]
    if kind == "correct":
        ticket["steps"][event["step"] - 1]["counts"] = True
        return
    ticket["last"] = kind
    if kind in ("call", "recall"):
        step["called"] = now if step["called"] is None else step["called"]
        step["calls"] += 1
        ticket["round"] = 1 if kind == "call" else ticket["round"] + 1
    elif kind == "miss":
        ticket.update(misses=ticket["misses"] + 1, round=0)
    elif kind == "return":  # a mistaken call; one before a miss was real
        step["calls"] -= ticket["round"]
        if step["calls"] <= 0:
            step.update(called=None, calls=0)
        ticket["round"] = 0
    elif kind == "add":
        ticket["then"].insert(0, event["added"])
    elif kind == "finish":
        ticket["then"][:0] = event.get("then") or []
        if ticket["then"]:
            ticket["steps"].append(new_step(ticket["then"].pop(0), now))
            ticket.update(last="add", round=0)
    elif kind in ("transfer", "redirect"):
        step["counts"] = step["counts"] and kind == "transfer"  # a wait in a wrong line is none
        ticket["steps"].append(new_step(event["to"], step["joined"] if kind == "redirect" else now))
        ticket["round"] = 0


def tickets_of_date(events: list) -> dict:
    """Return the day's tickets by number, as they are after its last event."""
    tickets: dict = {}
    for event in events:
        kind = event.get("kind")
        if kind is None:
            continue
        now = microseconds(event["time"])
        if kind in ("issue", "serve"):
            ticket = {"steps": [new_step(event["service"], now)], "then": list(event.get("steps") or []), **NEW}
            if event["ticket"] not in tickets:
                tickets[event["ticket"]] = ticket
                if kind == "serve":
                    follow(ticket, {"kind": "call"}, now)
        elif kind == "day-end":
            for label in event.get("finished", ()):
                tickets[label]["last"] = "finish"
                tickets[label]["steps"][-1]["counts"] = False  # when it really ended nobody knows
        elif event["ticket"] in tickets:
            follow(tickets[event["ticket"]], event, now)
    return tickets


def percentile(ordered: list, percent: int) -> float:
    whole, part = divmod((len(ordered) - 1) * percent, 100)
    return ordered[whole] + (ordered[whole + 1] - ordered[whole]) * part / 100 if part else ordered[whole]


def satisfaction(levels: dict) -> dict:
    """Return the share satisfied with Wilson's 95 % interval."""
    n, satisfied = sum(levels.values()), sum(levels.get(level, 0) for level in SATISFIED)
    z, share = NormalDist().inv_cdf(0.975), satisfied / n
    shrink = 1 + z * z / n
    centre = (share + z * z / (2 * n)) / shrink
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / shrink
    low, high = 0.0 if satisfied == 0 else centre - half, 1.0 if satisfied == n else centre + half
    return {"n": n, "satisfied": satisfied, "rate": round(share, 6), "low": round(low, 6), "high": round(high, 6)}


def figures(events: list, levels: dict | None) -> dict:
    """Return the day's figures from its events, and from how many ratings there were of each level."""
    tickets = tickets_of_date(events).values()
    waits: dict = {}
    for ticket in tickets:
        for step in ticket["steps"]:
            if step["called"] is not None and step["counts"] and ticket["last"] != "void":
                waits.setdefault(step["service"], []).append(max(0, step["called"] - step["joined"]))
    found = {
        "issued": len(tickets),
        "called": sum(any(step["called"] is not None for step in ticket["steps"]) for ticket in tickets),
        "missed": sum(ticket["misses"] > 0 for ticket in tickets),
        "finished": sum(ticket["last"] == "finish" for ticket in tickets),
    }
    for service, own in sorted(waits.items()):
        own.sort()
        of_all = {"mean": sum(own) / len(own), "median": percentile(own, 50), "p90": percentile(own, 90)}
        told = {name: round(us / 1_000_000 / 60, 2) for name, us in of_all.items()}
        found[f"wait {service}"] = {"n": len(own), **told}
    return found if levels is None else found | {"ratings": satisfaction(levels)}


def is_code_of(code: str, last_seq: int, log_hash: str) -> bool:
    """Whether a check code is of a log that ends with this event: its number, and 18 letters of its hash."""
    signs = "".join(sign for sign in code.upper().translate(str.maketrans("OIL", "011")) if sign in LETTERS)
    own = "".join(LETTERS[int(log_hash, 16) >> (256 - 5 * n) & 31] for n in range(1, 19))
    return signs[:-24] == str(last_seq) and signs[-20:-2] == own


def check_result_lines(words: list) -> tuple:
    """Return what to say of a file and its check code, line by line, and whether all holds."""
    with open(words[0], encoding="utf-8") as file:  # noqa: PTH123 - short, for whoever reads this program first
        lines = [json.loads(line) for line in file]
    first, *events, last = lines
    if first["format"] != FORMAT:
        raise ValueError(first["format"])
    lang, broken = first["language"] == "zh_CN", first_broken_line(lines)
    found = {} if broken else figures(events, last["levels"])

    def say(key: str, **fields: object) -> str:
        return WORDS[key][lang].format(**fields)

    faults = [say("broken", n=broken)] if broken else []
    for name in {**last["figures"], **found} if not faults else ():
        if found.get(name) != (told := last["figures"].get(name)):
            faults.append(say("figures", name=name, told=told, found=found.get(name)))
    if words[1:] and not is_code_of(words[1], last["last_seq"], last["hash"]):
        faults.append(say("code"))
    said = [f"{first['hall']} {first['date']}"]
    for name, value in found.items():
        service = first["services"].get(name[5:], name[5:]) if name.startswith("wait ") else ""
        head = f"{service}: {say('wait')}" if service else say(name)
        said.append(f"{head}: {value if isinstance(value, int) else ', '.join(map(str, value.values()))}")
    if found and last["levels"] is None:
        said.append(f"{say('ratings')}: {say('withheld')}")
    held = [say("holds", n=len(events)), *([say("code_holds")] if words[1:] else [])]
    return [*said, *([f"! {fault}" for fault in faults] or held)], not faults


def main(words: list) -> int:
    try:
        said, holds = check_result_lines(words)
    except (OSError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        said, holds = [" / ".join(WORDS["format"])], None
    print("\n".join(said))
    return 2 if holds is None else 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) if len(sys.argv) in (2, 3) else 2)
