"""Times `issue` and `call` against the same rows written through plain SQLAlchemy Core in the same kind of database.

    python scripts/bench/commands.py [--history 100000] [--rounds 300] [--server]

Prints medians in milliseconds and their ratio, without history and with it, and both of the processor's time of this
process, which neither a busy disk nor other work hides. Both sides take turns, so that the machine's noise meets them
alike. A file is on disk, WAL, synchronous FULL, and each side has one of its own: in the hall of one PC nobody else
writes. With --server both write in one hall, as PCs do that share it, on a server of its own, with the checks of a
shared hall and the same login of a manager's PC.

About 0.3 of the ratio of `issue` is the wait that it quotes: who waits, the pace of 60 visits, the pass over the hall,
the experts' lessons. Most of that runs once per ticket after a wait for the disk and takes two to four times as long
there as in a loop, so what counts is how much different code a ticket runs through. Another process that writes in the
same hall adds a tenth. A million tickets of history add 1 % to `issue` and 3 % to `call`. Tried without gain: fewer
objects for Python's garbage collector, seldom collecting, calls taken out of the pass's loop.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import city_growth
from city_day import ANY_TIME, login, server
from figures import keep
from sqlalchemy import bindparam, insert, select, text, update

from queuedesk.core.log.event import Event
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk import setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import calling, issuing, opening
from queuedesk.paths import resource_path
from queuedesk.store import schema
from queuedesk.store.engine.database import Database
from queuedesk.store.rights import grants

START = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
WAITING = 12
WARM_UP = 30
BETWEEN = timedelta(seconds=7)
"""Between two acts of a round, as in a busy hall: of visits that all began this instant a promise would ask less."""
LIMITS = {"issue": 1.3, "call": 1.2}


def hall(target: Path | str) -> Desk:
    """Make a power hall that is open at all hours, with one open window and some people waiting."""
    document = json.loads(resource_path("presets", "power.json").read_text(encoding="utf-8"))
    ready = setting_up.setup_document_for_new_hall(document, timezone="Asia/Shanghai", all_hours=True)
    ready["services"][0]["last"] = 9999
    desk = setting_up.create_hall(target, ready, Ask(CONSOLE, START))
    opening.open_window(desk, Ask(CONSOLE, START), "1", staff="C1")
    for _ in range(WAITING):
        issuing.issue_ticket(desk, Ask(CONSOLE, START), "A")
    return desk


def add_history(desk: Desk, count: int) -> None:
    """Put finished tickets of earlier dates into the tables and the log, as a long-used hall has them."""
    with desk.db.write(desk.hall) as tx:
        ticket = dict(tx.execute(select(schema.tickets)).mappings().first() or {})
        leg = dict(tx.execute(select(schema.legs)).mappings().first() or {})
        call = {"hall": desk.hall, "time": START, "service": "A", "window": "1", "staff": "C1"}
        event = dict(tx.execute(select(schema.events).where(schema.events.c.kind == "issue")).mappings().first() or {})
        for start in range(0, count, 5000):
            days = [
                (TODAY - timedelta(days=1 + n // 400), f"A{n % 400 + 1:03d}", n) for n in range(start, start + 5000)
            ]
            past = {"state": "finished"}
            tx.execute(insert(schema.tickets), [{**ticket, **past, "date": d, "label": x} for d, x, _ in days])
            tx.execute(insert(schema.legs), [{**leg, "date": d, "label": x} for d, x, _ in days])
            tx.execute(insert(schema.calls), [{**call, "seq": -1 - n, "date": d, "label": x} for d, x, n in days])
            for turn in range(5):
                seqs = [{**event, "seq": -1 - n * 5 - turn, "date": d, "ticket": x} for d, x, n in days]
                tx.execute(insert(schema.events), seqs)


class Plain:
    """The same rows, by statements written out and built once: what any program must read and write to issue and to
    call, of a row the columns that change."""

    def __init__(self, db: Database, hall: int) -> None:
        s = schema
        self.db, self.hall, self.now = db, hall, START
        names = ("seq", "hash", "at", "date", "normal_calls", "calls_date")
        self.read_hall = select(*(s.halls.c[n] for n in names)).where(s.halls.c.id == hall)
        self.write_hall = update(s.halls).where(s.halls.c.id == hall).values({n: bindparam(n) for n in names[:4]})
        mine = (s.series.c.hall == hall, s.series.c.date == TODAY, s.series.c.prefix == "A")
        self.read_series = select(s.series.c.number).where(*mine)
        self.write_series = update(s.series).where(*mine).values(number=bindparam("value"))
        self.read_windows = select(s.windows).where(s.windows.c.hall == hall)
        self.read_window = self.read_windows.where(s.windows.c.code == "1")
        fields = (
            "date",
            "label",
            "service",
            "place",
            "turn",
            "credit_s",
            "has_credit",
            "to_window",
            "to_staff",
            "held_until",
        )
        waits = (s.tickets.c.hall == hall, s.tickets.c.service.in_([bindparam("service")]), text("state = 'waiting'"))
        self.read_waiting = select(*(s.tickets.c[n] for n in fields)).where(*waits)
        recent = select(s.calls.c.time).where(s.calls.c.hall == hall, s.calls.c.date == TODAY, s.calls.c.window == "1")
        self.read_calls = recent.order_by(s.calls.c.seq.desc()).limit(20)
        self.add_event, self.add_ticket, self.add_leg = insert(s.events), insert(s.tickets), insert(s.legs)
        self.add_call = insert(s.calls)
        this = (s.tickets.c.hall == hall, s.tickets.c.date == TODAY, s.tickets.c.label == bindparam("key"))
        self.read_ticket = select(s.tickets).where(*this)
        self.write_ticket = update(s.tickets).where(*this).values(_binds("state", "window", "since", "round_calls"))
        its = (s.legs.c.hall == hall, s.legs.c.date == TODAY, s.legs.c.label == bindparam("key"))
        self.read_leg = select(s.legs).where(*its)
        called = _binds("called", "last_called", "calls", "window", "staff")
        self.write_leg = update(s.legs).where(*its, s.legs.c.n == 1).values(called)
        at = (s.windows.c.hall == hall, s.windows.c.code == "1")
        self.write_window = update(s.windows).where(*at).values(_binds("ticket_date", "ticket", "since"))

    def event(
        self,
        row: Any,
        kind: str,
        label: str,
        data: dict[str, object],
        *,
        window: str | None = None,
        staff: str | None = None,
    ) -> dict[str, Any]:
        made = Event(
            seq=row.seq + 1,
            at=self.now,
            time=self.now,
            kind=kind,
            actor="console",
            ticket=label,
            service="A",
            window=window,
            staff=staff,
            data={**data, "date": TODAY.isoformat()},
        ).with_chain_hash(row.hash)
        return {c.name: getattr(made, c.name, self.hall) for c in schema.events.c}

    def issue(self) -> None:
        with self.db.write(self.hall) as tx:
            row = tx.execute(self.read_hall).one()
            number = tx.execute(self.read_series).scalar_one() + 1
            tx.execute(self.read_windows).all()
            tx.execute(self.read_waiting, {"service": "A"}).all()
            tx.execute(self.read_calls).all()
            label = f"A{number:03d}"
            promise = {"ahead": WAITING, "reason": "too_few_calls"}
            event = self.event(
                row,
                "issue",
                label,
                {"prefix": "A", "number": number, "token": "ABCDEF", "class": "normal", "promise": promise},
            )
            tx.execute(self.add_event, event)
            ticket: dict[str, Any] = dict.fromkeys(c.name for c in schema.tickets.c)
            ticket |= {"hall": self.hall, "date": TODAY, "label": label, "service": "A", "state": "waiting"}
            ticket |= {
                "arrived": self.now,
                "place": self.now,
                "seq": event["seq"],
                "turn": event["seq"] << 20,
                "since": self.now,
            }
            ticket |= {
                "token": "ABCDEF",
                "klass": "normal",
                "credit_s": 0,
                "has_credit": True,
                "steps": [],
                "flags": [],
            }
            tx.execute(self.add_ticket, ticket | {"round_calls": 0, "misses": 0, "postponed": 0, "overtaken": 0})
            leg: dict[str, Any] = dict.fromkeys(c.name for c in schema.legs.c)
            leg |= {
                "hall": self.hall,
                "date": TODAY,
                "label": label,
                "n": 1,
                "service": "A",
                "joined": self.now,
                "calls": 0,
            }
            leg |= {"held_us": 0, "stalled_us": 0, "form_free": False, "delivered": []}
            tx.execute(self.add_leg, leg | {"start_assumed": False, "inaccurate": False})
            tx.execute(self.write_series, {"value": number})
            tx.execute(self.write_hall, {"seq": event["seq"], "hash": event["hash"], "at": self.now, "date": TODAY})

    def call(self) -> None:
        with self.db.write(self.hall) as tx:
            row = tx.execute(self.read_hall).one()
            tx.execute(self.read_window).one()
            waiting = tx.execute(self.read_waiting, {"service": "A"}).all()
            label = min(waiting, key=lambda t: (t.place, t.turn)).label
            tx.execute(self.read_ticket, {"key": label}).one()
            tx.execute(self.read_leg, {"key": label}).one()
            event = self.event(row, "call", label, {"cap": 3, "rule": "credit"}, window="1", staff="C1")
            tx.execute(self.add_event, event)
            called = {"state": "called", "window": "1", "since": self.now, "round_calls": 1}
            tx.execute(self.write_ticket, {**called, "key": label})
            called = {"called": self.now, "last_called": self.now, "calls": 1, "window": "1", "staff": "C1"}
            tx.execute(self.write_leg, {**called, "key": label})
            call = {"hall": self.hall, "seq": event["seq"], "time": self.now, "date": TODAY, "label": label}
            tx.execute(self.add_call, call | {"service": "A", "window": "1", "staff": "C1"})
            tx.execute(self.write_window, {"ticket_date": TODAY, "ticket": label, "since": self.now})
            tx.execute(self.write_hall, {"seq": event["seq"], "hash": event["hash"], "at": self.now, "date": TODAY})


def _binds(*names: str) -> dict[str, Any]:
    return {name: bindparam(name) for name in names}


Taken = tuple[float, float]
"""Milliseconds by the clock, and of the processor."""


def timed(act: Callable[[], object]) -> Taken:
    start, worked = time.perf_counter(), time.thread_time()
    act()
    return (time.perf_counter() - start) * 1000, (time.thread_time() - worked) * 1000


def medians(times: list[Taken]) -> Taken:
    return statistics.median(one[0] for one in times), statistics.median(one[1] for one in times)


class Meter:
    """One hall and the times that both sides took in it, in milliseconds."""

    def __init__(self, desk: Desk, beside: Desk) -> None:
        self.desk, self.beside, self.plain = desk, beside, Plain(beside.db, beside.hall)
        self.ours: dict[str, list[Taken]] = {"issue": [], "call": []}
        self.theirs: dict[str, list[Taken]] = {"issue": [], "call": []}

    def round(self) -> None:
        """Issue and call once each way; every call is finished again off the clock."""
        desk, beside, ask = self.desk, self.beside, self._next()
        self.ours["issue"].append(timed(lambda: issuing.issue_ticket(desk, ask, "A")))
        self.theirs["issue"].append(timed(self.plain.issue))
        self.ours["call"].append(timed(lambda: calling.call_ticket(desk, ask, "1")))
        ask = self._next()
        calling.finish_service(desk, ask, "1")
        self.theirs["call"].append(timed(self.plain.call))
        calling.finish_service(beside, self._next(), "1")

    def _next(self) -> Ask:
        """Return a request at the next moment of the hall's day, which is the other side's from now on."""
        self.plain.now += BETWEEN
        return Ask(CONSOLE, self.plain.now)

    def forget(self) -> None:
        """Drop the rounds that warmed up statements and caches."""
        for times in (*self.ours.values(), *self.theirs.values()):
            times.clear()


@contextmanager
def file_halls(histories: tuple[int, ...], folder: str | None) -> Iterator[dict[int, tuple[Desk, Desk]]]:
    """Give two halls for each length of history, each in a file of its own."""
    with tempfile.TemporaryDirectory(dir=folder) as made:
        desks = {}
        for history in histories:
            ours, theirs = (hall(Path(made) / f"{history}-{side}.sqlite") for side in ("ours", "theirs"))
            desks[history] = ours, theirs
            if history:
                add_history(ours, history)
                add_history(theirs, history)
        yield desks
        for ours, theirs in desks.values():
            ours.db.dispose()
            theirs.db.dispose()


@contextmanager
def shared_halls(histories: tuple[int, ...]) -> Iterator[dict[int, tuple[Desk, Desk]]]:
    """Give a hall on a server of its own for each length of history, to both sides, as a manager's PC reaches it."""
    with ExitStack() as servers:
        desks = {}
        for history in histories:
            url, _ = servers.enter_context(server(None))
            owner = hall(url)
            calling.call_ticket(owner, Ask(CONSOLE, START), "1")
            calling.finish_service(owner, Ask(CONSOLE, START), "1")
            with owner.db.write() as tx:
                grants.install_rights(tx)
                tx.exec_driver_sql(ANY_TIME)
            city_growth.add_history(owner.db, 0, history)
            desks[history] = Desk(Database.open(login(owner.db, url, owner.hall, PcKind.MANAGER)), owner.hall)
            owner.db.dispose()
        yield {history: (desk, desk) for history, desk in desks.items()}
        for desk in desks.values():
            desk.db.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--history", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--folder", help="where the file is made; a disk, not memory")
    parser.add_argument("--server", action="store_true")
    args = parser.parse_args()
    histories = (0, args.history) if args.history else (0,)
    with shared_halls(histories) if args.server else file_halls(histories, args.folder) as desks:
        meters = {history: Meter(*sides) for history, sides in desks.items()}
        # The halls take turns too: a busy minute of the machine must not look like the price of history.
        for n in range(WARM_UP + args.rounds):
            if n == WARM_UP:
                for meter in meters.values():
                    meter.forget()
            for meter in meters.values():
                meter.round()
        for history, meter in meters.items():
            for name, times in meter.ours.items():
                (ours, worked), (theirs, needed) = medians(times), medians(meter.theirs[name])
                by_clock = f"{ours:.3f} ms, plain {theirs:.3f} ms, ratio {ours / theirs:.2f}"
                of_processor = f"{worked:.3f} ms, plain {needed:.3f} ms, ratio {worked / needed:.2f}"
                print(f"{name} history {history:>7}: {by_clock}; of the processor's time {of_processor}")
                where = ", server" if args.server else ""
                past = f", {history:,} tickets" if history else ""
                keep(f"{name}{where}{past}", worked / needed, "× plain SQL", LIMITS[name])
        if args.history:
            for name in ("issue", "call"):
                long, short = (medians(meters[h].ours[name])[1] for h in (args.history, 0))
                print(f"{name} with {args.history} tickets of history against none: {long / short:.2f}")


if __name__ == "__main__":
    main()
