"""A recorded day as numbers, one run of it, and what may be changed with the waits before and after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.setup.file import checked_setting_value
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.features.what_if.rules.day import ClerkTimeAtWindow, RecordedDay

# What is to be different on a recorded day: other windows, breaks or rules; and the questions that are asked most.

MEAL_MIN = 20.0
"""A break from this length on is a meal; `--break` and the staggering move meals, shorter ones stay."""
SPREAD_MIN = 30.0
"""Staggered meals may begin that much earlier than the first of the day, and later than the last."""
ORDER_KEYS = ("order", "jump_every", "order_guard")
QUESTIONS = ("one_more", "comprehensive", "lunch", "order")


class WindowChange(Struct, frozen=True, kw_only=True):
    """A window that serves `services` (empty: all of the day); `start` and `end` in minutes since midnight, None for
    the others' hours."""

    code: str
    services: tuple[str, ...] = ()
    start: int | None = None
    end: int | None = None


class BreakChange(Struct, frozen=True, kw_only=True):
    """A meal break of a window, replacing its own."""

    window: str
    start: int
    minutes: int


class DayChange(Struct, frozen=True, kw_only=True):
    """Everything that is to be different."""

    windows: tuple[WindowChange, ...] = ()
    without: tuple[str, ...] = ()
    breaks: tuple[BreakChange, ...] = ()
    settings: Mapping[str, int | str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.windows or self.without or self.breaks or self.settings)

    def change_document(self) -> dict[str, Any]:
        """Return it as the command prints it, times as "8:30"."""
        return {
            "windows": [
                {
                    "window": one.code,
                    "services": list(one.services),
                    "from": None if one.start is None else clock_text(one.start),
                    "to": None if one.end is None else clock_text(one.end),
                }
                for one in self.windows
            ],
            "without": list(self.without),
            "breaks": [{"window": b.window, "from": clock_text(b.start), "minutes": b.minutes} for b in self.breaks],
            "settings": dict(self.settings),
        }


class WhatIfQuestion(Struct, frozen=True, kw_only=True):
    """One of QUESTIONS about a day: `change` compared with `base` (nothing: the day as it was)."""

    code: str
    change: DayChange
    base: DayChange = DayChange()


def day_with_change(day: RecordedDay, change: DayChange) -> RecordedDay:
    """Return the day with the change made.

    Raises RuleError "unknown_window", "unknown_service", "no_window_left", "bad_value", "unknown_setting",
    "not_in_what_if"."""
    posts = list(day.posts)
    known = {post.window for post in posts}
    for code in change.without:
        if code not in known:
            raise RuleError("unknown_window", window=code)
        posts = [post for post in posts if post.window != code]
    for window in change.windows:
        posts = _with_window_changed(day, posts, window)
    if not posts:
        raise RuleError("no_window_left")
    for window_code in dict.fromkeys(one.window for one in change.breaks):
        own = [one for one in change.breaks if one.window == window_code]
        if not any(post.window == window_code for post in posts):
            raise RuleError("unknown_window", window=window_code)
        posts = [_post_with_meal_breaks(post, own) if post.window == window_code else post for post in posts]
    return replace(day, posts=tuple(posts), settings={**day.settings, **checked_settings(change.settings)})


def _with_window_changed(
    day: RecordedDay, posts: list[ClerkTimeAtWindow], window: WindowChange
) -> list[ClerkTimeAtWindow]:
    for service in window.services:
        day.setup.service_by_code(service)
    services = frozenset(window.services) or visited_services(day)
    own = [post for post in posts if post.window == window.code]
    if own and window.start is None:
        return [replace(post, services=services) if post.window == window.code else post for post in posts]
    first, last = min(post.start_min for post in day.posts), max(post.end_min for post in day.posts)
    made = ClerkTimeAtWindow(
        window=window.code,
        staff=own[0].staff if own else None,
        services=services,
        start_min=first if window.start is None else float(window.start),
        end_min=last if window.end is None else float(window.end),
        breaks=tuple(b for post in own for b in post.breaks),
        stays=window.end is None,
    )
    return [*(post for post in posts if post.window != window.code), made]


def _post_with_meal_breaks(post: ClerkTimeAtWindow, meals: Iterable[BreakChange]) -> ClerkTimeAtWindow:
    """Return the post with other meals; those before or after its time are another post's of that window."""
    short = [one for one in post.breaks if one[1] < MEAL_MIN]
    own = [(float(m.start), float(m.minutes)) for m in meals if post.start_min <= m.start < post.end_min]
    return replace(post, breaks=tuple(sorted([*short, *own])))


def checked_settings(settings: Mapping[str, int | str]) -> dict[str, int | str]:
    """Return the settings as a hall stores them. Raises RuleError "unknown_setting", "bad_value", "not_in_what_if"."""
    found = {}
    for key, value in settings.items():
        found[key] = checked_setting_value(key, value)
        if key not in ORDER_KEYS:
            raise RuleError("not_in_what_if", key=key)
    return found


def visited_services(day: RecordedDay) -> frozenset[str]:
    """Return every service that somebody came for."""
    return frozenset(step.service for step in day.steps)


# -- the questions that are asked most -------------------------------------------------------------------------------


def question_for_day(day: RecordedDay, code: str) -> WhatIfQuestion:
    """Return one of QUESTIONS for this day. Raises RuleError "no_meals" where there is no lunch to stagger."""
    if code == "one_more":
        return WhatIfQuestion(code=code, change=DayChange(windows=(WindowChange(code=new_window_code(day)),)))
    if code == "comprehensive":
        return WhatIfQuestion(code=code, change=_all_services_at_every_window(day), base=_one_service_per_window(day))
    if code == "lunch":
        return WhatIfQuestion(code=code, change=_staggered_meals(day))
    return WhatIfQuestion(code=code, change=DayChange(settings=_opposite_order_setting(day)))


def new_window_code(day: RecordedDay) -> str:
    """Return the code for a new window: the number after the hall's highest."""
    taken = {post.window for post in day.posts} | set(day.setup.windows)
    numbers = [int(code) for code in taken if code.isdigit()]
    n = max(numbers, default=0) + 1
    while str(n) in taken:
        n += 1
    return str(n)


def _window_codes(day: RecordedDay) -> list[str]:
    return list(dict.fromkeys(post.window for post in day.posts))


def _all_services_at_every_window(day: RecordedDay) -> DayChange:
    every = tuple(sorted(visited_services(day)))
    return DayChange(windows=tuple(WindowChange(code=code, services=every) for code in _window_codes(day)))


def _one_service_per_window(day: RecordedDay) -> DayChange:
    """Return every window with one service: each service its share of the windows by the work that came for it, at
    least one."""
    work: dict[str, float] = defaultdict(float)
    for step in day.steps:
        work[step.service] += step.kept_min if step.kept_min is not None else 0.0
    codes, services = _window_codes(day), sorted(work, key=lambda s: (-work[s], s))
    if len(codes) < len(services):
        raise RuleError("too_few_windows", n=len(codes), services=len(services))
    given = dict.fromkeys(services, 1)
    for _ in range(len(codes) - len(services)):
        most = max(services, key=lambda s: (work[s] / given[s], s))
        given[most] += 1
    used = {post.window: post.services for post in day.posts}
    free = sorted(codes, key=lambda code: (len(used[code]), code))
    found = []
    for service in sorted(services, key=lambda s: given[s]):
        for _ in range(given[service]):
            code = next((c for c in free if service in used[c]), free[0])
            free.remove(code)
            found.append(WindowChange(code=code, services=(service,)))
    return DayChange(windows=tuple(sorted(found, key=lambda w: codes.index(w.code))))


def _staggered_meals(day: RecordedDay) -> DayChange:
    """Return the day's meals spread evenly, in the order in which they began, so that as few as can be are away at
    once."""
    meals = sorted(
        (start, length, post.window) for post in day.posts for start, length in post.breaks if length >= MEAL_MIN
    )
    if len(meals) < 2:
        raise RuleError("no_meals", date=day.day)
    first, last = meals[0][0] - SPREAD_MIN, meals[-1][0] + SPREAD_MIN
    gap = (last - first) / (len(meals) - 1)
    found = []
    for n, (_start, length, window) in enumerate(meals):
        found.append(BreakChange(window=window, start=round((first + n * gap) / 5) * 5, minutes=round(length)))
    return DayChange(breaks=tuple(found))


def _opposite_order_setting(day: RecordedDay) -> dict[str, int | str]:
    return {"order": "credit" if day.settings["order"] != "credit" else "priority_first"}
