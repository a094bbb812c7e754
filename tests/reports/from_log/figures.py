"""The figures of a day's report, worked out a second time from the story of the log and the definitions alone. Minutes
are exact fractions, shares too.

Where the definitions leave room: `way` is of every step with a start that somebody noted, from its first call; handling
is of every step that a window ended, by finish or by transfer, once it had begun; a rated visit is credited to whom its
last step was with. Who waited until the day's end left uncalled, and what a window was at then counts as finished."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from tests.reports.from_log.exact import Figures, minutes, spread, wilson
from tests.reports.from_log.story import Story
from tests.reports.from_log.visits import EPOCH, MINUTE, Step, Visit

HALF_HOUR = 30 * MINUTE


class Day:
    """One business date of a hall."""

    def __init__(self, story: Story, date: str) -> None:
        self.story, self.date = story, date
        self.visits = [visit for visit in story.visits.values() if visit.date == date]
        self.steps = [(visit, step) for visit in self.visits for step in visit.steps]
        self.target = int(story.setup.get("settings", {}).get("wait_target_minutes", 15))

    def counts(self, step: tuple[Visit, Step]) -> bool:
        """Say whether a step is in waits and handling at all."""
        return step[0].state != "void" and step[1].end != "redirect" and not step[1].is_inaccurate

    def waits(self, steps: Iterable[tuple[Visit, Step]]) -> list[Fraction]:
        return [minutes(one.called - one.joined) for visit, one in steps if self.counts((visit, one)) and one.called]

    def gave_up(self, steps: Iterable[tuple[Visit, Step]]) -> list[Fraction]:
        """Return how long those waited who left uncalled, those sent home at the day's end among them."""
        return [
            minutes((one.ended or 0) - one.joined)
            for visit, one in steps
            if self.counts((visit, one)) and one.end in ("leave", "defer", "day-end") and not one.called
        ]

    def wait(self, steps: list[tuple[Visit, Step]]) -> Figures:
        waits, gone = self.waits(steps), self.gave_up(steps)
        of = len(waits) + sum(wait > self.target for wait in gone)
        return {
            **spread(waits),
            "max": max(waits, default=None),
            "target_minutes": self.target,
            "within_target": Fraction(sum(wait <= self.target for wait in waits), of) if of else None,
        }

    def finished(self) -> list[tuple[Visit, Step]]:
        return [(visit, one) for visit, one in self.steps if one.end == "finish" or one.is_inaccurate]

    def handled(self) -> list[tuple[Visit, Step]]:
        return [
            (visit, one)
            for visit, one in self.steps
            if self.counts((visit, one)) and one.end in ("finish", "transfer") and one.started is not None
        ]

    def handling(self, steps: Iterable[tuple[Visit, Step]]) -> Figures:
        return spread([minutes(one.handling or 0) for _, one in steps])

    def way(self) -> Figures:
        return spread(
            [
                minutes(one.started - one.called)
                for visit, one in self.steps
                if self.counts((visit, one)) and one.started is not None and one.called and not one.is_assumed
            ]
        )

    def lost(self) -> list[tuple[Step, int]]:
        """Return the steps that ended as misdirected, each with what they cost at a window."""
        found = []
        for _, one in self.steps:
            if one.end == "redirect":
                began = one.started if one.started is not None else one.calls[-1] if one.was_at_window else None
                found.append((one, 0 if began is None else (one.ended or 0) - began - one.held))
        return found

    def ratings(self, visits: list[Visit]) -> Figures:
        levels = Counter(visit.level for visit in visits if visit.level is not None and not visit.is_excluded)
        n = levels.total()
        good = sum(levels[level] for level in (3, 4, 5))
        low, high = wilson(good, n) if n else (None, None)
        return {
            "n": n,
            "unrated": sum(visit.state == "finished" and visit.level is None for visit in visits),
            "levels": {str(level): levels[level] for level in range(1, 6)},
            "satisfied": good,
            "dissatisfied": n - good,
            "rate": Fraction(good, n) if n else None,
            "low": low,
            "high": high,
        }

    def promise(self) -> Figures:
        over = []
        for visit in self.visits:
            calls = [call for one in visit.steps for call in one.calls]
            if visit.promise and visit.state != "void" and calls:
                over.append(minutes(calls[0] - visit.issued) - visit.promise["high"])
        beyond = [one for one in over if one > 0]
        mean = sum(beyond) / len(beyond) if beyond else None
        return {
            "n": len(over),
            "within": len(over) - len(beyond),
            "beyond": len(beyond),
            "mean_minutes_beyond": mean,
        }

    def hours(self) -> list[Figures]:
        zone = ZoneInfo(self.story.setup["hall"]["timezone"])
        calls = [(one.called, visit, one) for visit, one in self.steps if one.called]
        if not self.visits:
            return []
        first = min(visit.issued for visit in self.visits)
        start, last = first - first % HALF_HOUR, max([first, *(call[0] for call in calls)])
        rows = []
        while start <= last:
            end = start + HALF_HOUR
            here = [(visit, one) for call, visit, one in calls if start <= call < end]
            waits = self.waits(here)
            rows.append(
                {
                    "from": (EPOCH + timedelta(microseconds=start)).astimezone(zone).strftime("%H:%M"),
                    "arrivals": sum(start <= visit.issued < end for visit in self.visits),
                    "calls": len(here),
                    "mean_wait": sum(waits) / len(waits) if waits else None,
                    "open_windows": self.open_windows(start, end),
                }
            )
            start = end
        return rows

    def open_windows(self, start: int, end: int) -> int:
        return sum(
            any(span[0] == "open" and span[4] == self.date and span[1] < end and span[2] > start for span in post.spans)
            for post in self.story.posts.values()
        )

    def windows(self) -> list[Figures]:
        handled = self.finished()
        rows = []
        for code, post in self.story.posts.items():
            spans = [(span[0], span[2] - span[1]) for span in post.spans if span[4] == self.date]
            rows.append(
                {
                    "code": code,
                    "finished": sum(one.window == code for _, one in handled),
                    "open_minutes": minutes(sum(length for _, length in spans)),
                    "paused_minutes": minutes(sum(length for state, length in spans if state == "paused")),
                }
            )
        return rows

    def staff(self) -> list[Figures]:
        people = {one.staff for _, one in self.steps if one.staff} | {
            span[3] for post in self.story.posts.values() for span in post.spans if span[4] == self.date
        }
        handled, lost = self.handled(), self.lost()
        return [
            {
                "code": code,
                "finished": sum(one.staff == code for _, one in self.finished()),
                "handling": self.handling((visit, one) for visit, one in handled if one.staff == code),
                "redirect_minutes": minutes(sum(cost for one, cost in lost if one.staff == code)),
                "idle_minutes": minutes(self.story.idle[self.date, code]),
                "ratings": self.ratings([visit for visit in self.visits if visit.step.staff == code]),
            }
            for code in sorted(people)
        ]

    def services(self) -> list[Figures]:
        rows = []
        handled = self.handled()
        for row in self.story.setup["services"]:
            code = row["code"]
            here = [(visit, one) for visit, one in self.steps if one.service == code]
            rows.append(
                {
                    "code": code,
                    "issued": sum(one.end != "redirect" for _, one in here),
                    "finished": sum(one.service == code for _, one in self.finished()),
                    "left": sum(visit.state == "left" and one is visit.step for visit, one in here),
                    "wait": self.wait(here),
                    "handling": self.handling((visit, one) for visit, one in handled if one.service == code),
                    "redirected_away": sum(one.end == "redirect" for _, one in here),
                }
            )
        return rows

    def overtakes(self) -> Figures:
        reasons = Counter(why for visit in self.visits for _, why in visit.passed_by)
        often = [len(visit.passed_by) for visit in self.visits if visit.passed_by]
        return {"tickets": len(often), "max": max(often, default=0), "by_reason": dict(reasons)}

    def figures(self) -> Figures:
        """Return the figures of the date by their names in the document."""
        states = Counter(visit.state for visit in self.visits)
        lost = self.lost()
        not_ready = Counter(service for date, service in self.story.not_ready if date == self.date)
        tags = self.story.tags[self.date]
        is_over = self.date in self.story.closed_dates
        return {
            "issued": len(self.visits),
            "called": sum(any(one.calls for one in visit.steps) for visit in self.visits),
            "finished": states["finished"],
            "missed": sum(visit.misses > 0 for visit in self.visits),
            "left": states["left"],
            "no_show": sum(visit.is_no_show for visit in self.visits),
            "void": states["void"],
            "waiting_at_end": sum(
                visit.day_end_state == "waiting" if is_over else visit.state == "waiting" for visit in self.visits
            ),
            "wait": self.wait(self.steps),
            "way": self.way(),
            "handling": self.handling(self.handled()),
            "services": self.services(),
            "windows": self.windows(),
            "staff": self.staff(),
            "hours": self.hours(),
            "ratings": self.ratings(self.visits),
            "redirects": {
                "n": len(lost),
                "minutes_lost": minutes(sum(cost for _, cost in lost)),
                "by_service": dict(Counter(one.service for one, _ in lost)),
            },
            "not_ready": {"n": not_ready.total(), "by_service": dict(not_ready)},
            "overtakes": self.overtakes(),
            "promise": self.promise(),
            "log": {"first_seq": tags[0]["seq"], "last_seq": tags[-1]["seq"], "hash": tags[-1]["hash"]},
        }
