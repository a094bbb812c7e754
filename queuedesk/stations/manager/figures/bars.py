"""Ratings, wrong counters, overtakings, outcomes of a period as rows of bars."""

from __future__ import annotations

from dataclasses import dataclass

from queuedesk.core.figures.figure_path import path_of
from queuedesk.i18n import _, n_, rating_level
from queuedesk.i18n.figures.figure_titles import outcome_word, overtaken_by
from queuedesk.i18n.names import item_name
from queuedesk.i18n.numerals import decimal, whole
from queuedesk.stations.manager.figures.words import Path, Row, Told, bounds, percent, share_of
from queuedesk.stations.widgets.charts.bar_rows import BarRow
from queuedesk.stations.widgets.charts.points import Point

SATISFIED_FROM = 3
MOST = 8


@dataclass(frozen=True, slots=True)
class Bars:
    """What BarRows take, with a line of words under the title."""

    title: str
    rows: list[BarRow]
    line: str = ""
    empty: str = ""


def _past(told: Told, path: Path) -> float | None:
    """Return what the other period has at a path, None without one or where fewer dates of it are compared than this
    one has."""
    versus = told.found.versus
    found = versus.differences.get(path_of(*path)) if versus and versus.ours.is_whole else None
    return found.theirs if found else None


def _count(told: Told, word: str, n: int, path: Path, token: str = "chart", *said: str, number: str = "") -> BarRow:
    point = told.point(*(said or (whole(n),)), path=path)
    return BarRow(word=word, value=n, number=number or whole(n), point=point, token=token, past=_past(told, path))


def ratings(told: Told) -> Bars:
    """Return a bar for each level, best first; who did not rate is named, never counted as satisfied."""
    own = told.figures["ratings"]
    rows = []
    for level in range(5, 0, -1):
        n = own["levels"][str(level)]
        said = share_of(n / own["n"], n, own["n"]) if own["n"] else whole(n)
        token = "primary" if level >= SATISFIED_FROM else "red"
        rows.append(_count(told, rating_level(level), n, ("ratings", "levels", str(level)), token, said))
    return Bars(_("Ratings", context="report"), rows)


def rating_figures(told: Told) -> list[tuple[str, str, Point]]:
    """Return (title, value, point) of the rate, of those who rated and those who did not."""
    own = told.figures["ratings"]
    range_ = _("95 % interval {range}", range=bounds(own["low"], own["high"])) if own["n"] else ""
    rate = told.point(share_of(own["rate"], own["satisfied"], own["n"]), range_, path=("ratings", "rate"))
    rated = told.point(whole(own["n"]), path=("ratings", "n"))
    silent = _("silence is never counted as satisfied")
    unrated = told.point(whole(own["unrated"]), silent, path=("ratings", "unrated"))
    return [
        (_("Satisfied", context="report"), percent(own["rate"]), rate),
        (_("95 % interval"), bounds(own["low"], own["high"]), rate),
        (_("Rated", context="figure"), whole(own["n"]), rated),
        (_("Not rated"), whole(own["unrated"]), unrated),
    ]


def wrong_counter(told: Told) -> Bars:
    """Return the wrong counters by service, by guide and by the kiosk's key, each with its share."""
    title, empty = _("Wrong counter", context="figure"), _("Nobody was sent to another line.")
    own = told.measures.get("wrong_counter")
    if own is None:
        return Bars(title, [], "", empty)
    before: Path = ("measures", "wrong_counter")
    rows = []

    def guide(code: str) -> str:
        return _("guide: {name}", name=told.person(code))

    for key, named in (("by_service", told.service), ("by_guide", guide)):
        rows += [
            _share(told, named(row["code"]), row, (*before, key, row["code"], "n")) for row in own[key] if row["n"]
        ]
    for row in own["by_label"]:
        if row["n"]:
            name = item_name(told.setup, row["service"], row["item"]) if row["item"] else told.service(row["service"])
            word = _("key: {name}", context="kiosk", name=name)
            rows.append(_share(told, word, row, (*before, "by_label", f"{row['service']}/{row['item'] or '-'}", "n")))
    line = ""
    if own["of"]:
        line = " · ".join([percent(own["rate"]), _("{n} of {of}", n=whole(own["n"]), of=whole(own["of"]))])
    if own["n"] and own["minutes_lost"] is not None:
        minutes = _("{minutes} min", minutes=decimal(own["minutes_lost"]))
        line = _("{share} · {minutes} lost", share=line, minutes=minutes)
    return Bars(title, rows, line, empty)


def _share(told: Told, word: str, row: Row, path: Path) -> BarRow:
    share = row["n"] / row["of"] if row["of"] else None
    number = f"{whole(row['n'])} · {percent(share)}"
    return _count(told, word, row["n"], path, "amber", share_of(share, row["n"], row["of"]), number=number)


def overtakes(told: Told) -> Bars:
    """Return how often a ticket was passed, by reason."""
    own = told.figures["overtakes"]
    rows = []
    for reason, n in sorted(own["by_reason"].items(), key=lambda item: -item[1]):
        path = ("overtakes", "by_reason", reason)
        rows.append(_count(told, overtaken_by(reason), n, path, "blue"))
    line = ""
    if own["tickets"]:
        n = own["tickets"]
        tickets = n_("{count} ticket overtaken", "{count} tickets overtaken", n, count=whole(n))
        line = " · ".join([tickets, n_("at most {n} time", "at most {n} times", own["max"])])
    return Bars(_("Overtaken", context="figure"), rows, line, _("Nobody was overtaken."))


def outcomes(told: Told) -> Bars:
    """Return what became of the finished steps, by what was noted."""
    rows = [
        _count(told, outcome_word(row["code"]), row["n"], ("measures", "outcomes", row["code"] or "-", "n"))
        for row in told.measures.get("outcomes", ())[:MOST]
    ]
    return Bars(_("Outcomes"), rows, "", _("Nothing was finished."))
