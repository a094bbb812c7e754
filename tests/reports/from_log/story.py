"""What happened to each ticket and window, told a second time from the printed log and the definitions alone: nothing
of the program is imported or read. Times are whole microseconds.

Where the definitions leave room: a step that goes elsewhere by redirect waits from the moment the wrong line was
joined; one transferred or added, from the moment the step before it ended; windows serve what the set-up says and what
they were lent, as far as the clerk's skills go."""

from collections import defaultdict
from typing import Any

from tests.reports.from_log.visits import TURN, Event, Post, Step, Visit, moment


class Story:
    """A hall's log, lived through once."""

    def __init__(self, log: list[Event], setup: dict[str, Any]) -> None:
        self.setup = setup
        self.visits: dict[tuple[str, str], Visit] = {}
        self.line: dict[tuple[str, str], Visit] = {}
        self.posts = {row["code"]: Post() for row in setup["windows"]}
        self.serves = {row["code"]: set(row["services"]) for row in setup["windows"]}
        self.skills = {row["code"]: set(row.get("skills") or ()) for row in setup.get("staff", [])}
        self.not_ready: list[tuple[str, str]] = []
        self.told_passed: list[tuple[int, list[str], list[str]]] = []
        """Of each call its number in the log, whom it says it passed, and whom it passed by the definition."""
        self.idle: dict[tuple[str, str], int] = defaultdict(int)
        self.closed_dates: set[str] = set()
        self.tags: dict[str, list[Event]] = defaultdict(list)
        self.now = 0
        for event in log:
            self.tags[event["data"].get("date", "")].append(event)
            self._pass_time(moment(event["time"]))
            act = getattr(self, "on_" + event["kind"].replace("-", "_"), None)
            if act:
                act(event, moment(event["time"]))
                self._stands_in_line(event)

    def _stands_in_line(self, event: Event) -> None:
        if event["kind"] == "day-end":
            self.line = {key: visit for key, visit in self.line.items() if visit.state == "waiting"}
        key = event["data"].get("date", ""), event["ticket"] or ""
        visit = self.visits.get(key)
        if visit and visit.state == "waiting":
            self.line[key] = visit
        else:
            self.line.pop(key, None)

    def of(self, event: Event) -> Visit:
        return self.visits[event["data"]["date"], event["ticket"]]

    def can_serve(self, window: str, service: str) -> bool:
        post = self.posts[window]
        skills = self.skills.get(post.staff or "", set())
        return service in self.serves[window] | post.lent and (not skills or service in skills)

    def in_reach(self, window: str, now: int) -> list[Visit]:
        """Return who waits and may be called by a window."""
        found = []
        for visit in self.line.values():
            if not self.can_serve(window, visit.step.service):
                continue
            place, staff, until = visit.kept_for
            here = self.posts[window].staff
            if now < until and ((place or window) != window or (staff or here) != here):
                continue
            found.append(visit)
        return found

    def _pass_time(self, now: int) -> None:
        if now > self.now:
            for code, post in self.posts.items():
                if post.state == "open" and post.at is None and post.staff and self.in_reach(code, self.now):
                    self.idle[post.date, post.staff] += now - self.now
            self.now = now

    # Tickets

    def on_issue(self, event: Event, now: int, state: str = "waiting") -> Visit:
        data = event["data"]
        place = (now, event["seq"] * TURN)
        visit = Visit(
            date=data["date"],
            number=event["ticket"],
            issued=now,
            service=event["service"],
            item=data.get("item"),
            promise=data.get("promise"),
            place=place,
            first_place=place,
            ahead=list(data.get("steps", [])),
            state=state,
        )
        visit.steps.append(Step(event["service"], now))
        self.visits[visit.date, visit.number] = visit
        return visit

    def on_serve(self, event: Event, now: int) -> None:
        visit = self.on_issue(event, now, "none")
        self._called(visit, event, now, "no_ticket")
        visit.step.started, visit.state = now, "serving"

    def on_call(self, event: Event, now: int) -> None:
        self._called(self.of(event), event, now, "chosen" if "reason" in event["data"] else "priority")

    def _called(self, visit: Visit, event: Event, now: int, why: str) -> None:
        window = event["window"]
        passed = [one for one in self.in_reach(window, now) if one.place < visit.place and one is not visit]
        for one in passed:
            one.passed_by.append((event["seq"], why))
        said = event["data"].get("passed", [])
        self.told_passed.append((event["seq"], sorted(said), sorted(one.number for one in passed)))
        visit.step.calls.append(now)
        visit.step.window, visit.step.staff, visit.state = window, event["staff"], "called"
        visit.kept_for = (None, None, 0)
        self.posts[window].at = (visit.date, visit.number)

    def _leaves_window(self, visit: Visit) -> None:
        for post in self.posts.values():
            if post.at == (visit.date, visit.number):
                post.at = None

    def on_start(self, event: Event, now: int) -> None:
        visit = self.of(event)
        visit.step.started, visit.state = now, "serving"

    def on_return(self, event: Event, now: int) -> None:
        visit = self.of(event)
        visit.step.calls.pop()
        visit.state = "waiting"
        self._leaves_window(visit)

    def on_miss(self, event: Event, now: int) -> None:
        visit = self.of(event)
        visit.misses += 1
        visit.state = "missed"
        self._leaves_window(visit)
        if visit.misses == 3:
            visit.state, visit.is_no_show = "left", True
            visit.step.stop("leave", now)

    def _new_place(self, event: Event, now: int) -> None:
        visit = self.of(event)
        visit.state = "waiting"
        visit.place = (moment(event["data"]["place"]), event["data"]["turn"])

    on_reinstate = on_postpone = _new_place

    def on_park(self, event: Event, now: int) -> None:
        visit = self.of(event)
        visit.state, visit.step.aside_since = "parked", now
        self._leaves_window(visit)

    def on_unpark(self, event: Event, now: int) -> None:
        visit = self.of(event)
        visit.step.held += now - (visit.step.aside_since or now)
        visit.state, visit.step.aside_since = "serving", None
        visit.step.window, visit.step.staff = event["window"], event["staff"]
        self.posts[event["window"]].at = (visit.date, visit.number)

    def on_stall(self, event: Event, now: int) -> None:
        self.of(event).step.stalled_since = now

    def on_unstall(self, event: Event, now: int) -> None:
        step = self.of(event).step
        step.stalled += now - (step.stalled_since or now)
        step.stalled_since = None

    def on_add(self, event: Event, now: int) -> None:
        self.of(event).ahead.append(event["data"]["added"])

    def on_finish(self, event: Event, now: int) -> None:
        visit = self.of(event)
        step = visit.step
        if step.started is None:
            step.started, step.is_assumed = step.calls[-1], True
        step.stop("finish", now)
        self._leaves_window(visit)
        visit.ahead[:0] = event["data"].get("then", [])
        visit.state = "finished"
        if visit.ahead:
            visit.steps.append(Step(visit.ahead.pop(0), now))
            visit.state, visit.place = "waiting", visit.first_place

    def on_reopen(self, event: Event, now: int) -> None:
        visit = self.of(event)
        step = visit.step
        step.held += now - (step.ended or now)
        step.end = step.ended = None
        visit.state = "serving"
        self.posts[event["window"]].at = (visit.date, visit.number)

    def on_transfer(self, event: Event, now: int) -> None:
        visit, data = self.of(event), event["data"]
        visit.step.stop("transfer", now)
        self._leaves_window(visit)
        visit.steps.append(Step(data["to"], now))
        visit.state, visit.place = "waiting", visit.first_place
        if "place_at" in data:
            visit.place = (moment(data["place_at"]), data["turn"])
        if "held_until" in data:
            visit.kept_for = (data.get("to_window"), data.get("to_staff"), moment(data["held_until"]))

    def on_redirect(self, event: Event, now: int) -> None:
        visit = self.of(event)
        joined = visit.step.joined
        visit.step.was_at_window = visit.state != "waiting"
        visit.step.stop("redirect", now)
        self._leaves_window(visit)
        visit.steps.append(Step(event["data"]["to"], joined))
        visit.state, visit.place = "waiting", visit.first_place
        visit.kept_for = (None, None, 0)

    def on_leave(self, event: Event, now: int) -> None:
        self._gone(event, now, "left", "leave")

    def on_void(self, event: Event, now: int) -> None:
        self._gone(event, now, "void", "void")

    def _gone(self, event: Event, now: int, state: str, end: str) -> None:
        visit = self.of(event)
        visit.step.stop(end, now)
        visit.state = state
        self._leaves_window(visit)

    def on_rate(self, event: Event, now: int) -> None:
        visit = self.of(event)
        visit.level, visit.rated_staff = event["data"]["level"], visit.step.staff

    def on_not_ready(self, event: Event, now: int) -> None:
        self.not_ready.append((event["data"]["date"], event["service"]))

    def on_correct(self, event: Event, now: int) -> None:
        visit, new = self.of(event), event["data"]["new"]
        step = visit.steps[event["data"]["leg"] - 1]
        if "started" in new:
            step.started, step.is_assumed = moment(new["started"]), False
        if "finished" in new:
            step.ended = moment(new["finished"])
        if "started" in new or "finished" in new:
            step.is_inaccurate = step.is_inaccurate and "finished" not in new
        step.staff = new.get("staff", step.staff)
        visit.item = (new["item"] or None) if "item" in new else visit.item
        if "rating" in new:
            visit.is_excluded = new["rating"] == "excluded"
            visit.level = visit.level if visit.is_excluded else new["rating"]

    # Windows and the day

    def _turn(self, window: str, now: int, state: str, date: str) -> None:
        post = self.posts[window]
        if post.state != "closed" and post.staff:
            post.spans.append((post.state, post.since, now, post.staff, post.date))
        post.state, post.since, post.date = state, now, date

    def on_open(self, event: Event, now: int) -> None:
        self._turn(event["window"], now, "open", event["data"]["date"])
        self.posts[event["window"]].staff = event["staff"]

    def on_pause(self, event: Event, now: int) -> None:
        self._turn(event["window"], now, "paused", event["data"]["date"])

    def on_resume(self, event: Event, now: int) -> None:
        self._turn(event["window"], now, "open", event["data"]["date"])

    def on_close(self, event: Event, now: int) -> None:
        self._turn(event["window"], now, "closed", event["data"]["date"])
        self.posts[event["window"]].staff = None
        self.posts[event["window"]].lent.clear()

    def on_lend(self, event: Event, now: int) -> None:
        lent = self.posts[event["window"]].lent
        lent.symmetric_difference_update({event["service"]})

    def on_day_end(self, event: Event, now: int) -> None:
        date = event["data"]["date"]
        self.closed_dates.add(date)
        for visit in [one for one in self.visits.values() if one.date == date]:
            if visit.state in ("waiting", "missed", "called"):
                visit.day_end_state, visit.is_no_show = visit.state, visit.state != "waiting"
                visit.state = "left"
                visit.step.stop("day-end", now)
            elif visit.state in ("serving", "parked"):
                visit.day_end_state, visit.state = visit.state, "finished"
                visit.step.stop("day-end", now)
                visit.step.is_inaccurate = True
            self._leaves_window(visit)
        for window in self.posts:
            if self.posts[window].state != "closed":
                self.on_close({**event, "window": window}, now)
