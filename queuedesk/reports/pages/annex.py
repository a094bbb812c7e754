"""The last pages of every report: measures, definitions, and the managers' page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.figures.comparing import named_rows
from queuedesk.core.figures.targets import FIRST_VISIT
from queuedesk.i18n import ntr, tr
from queuedesk.i18n.figures.figure_titles import FIGURES_IN_WORDS, ShareWords
from queuedesk.i18n.moments import date_short, half_hour_start
from queuedesk.i18n.names import UNKNOWN, decimal, whole
from queuedesk.i18n.queue.line_words import reason_words
from queuedesk.reports.draw import pdf
from queuedesk.reports.draw.pdf import (
    CELL,
    FULL,
    INK,
    INK2,
    LEFT,
    LINE,
    RED,
    RIGHT,
    WHITE,
    Block,
    Chapter,
    Field,
    Place,
    Prose,
    Sheet,
    beside,
    escape,
    fitted,
    grid,
    heading,
    line,
    together,
    used,
)
from queuedesk.reports.figures.figure_words import definitions_page, percent_range
from queuedesk.reports.figures.period import SetupNames
from queuedesk.reports.pages import sections
from queuedesk.reports.pages.sections import (
    BY_LABEL,
    LEFT_HALF,
    RIGHT_HALF,
    by_item,
    by_label,
    by_service,
    classes,
    counters,
    hall_share,
    ledger,
    of_all,
    offers,
    outcomes,
    questions,
    share,
    targets,
    times,
)

# -- how good the waits were that people were told ---------------------------------------------------------------------

Row = Mapping[str, Any]


def promises(found: Row | None, names: SetupNames, lang: str, place: Place) -> list[Block]:
    """Return the services, a last row for all, and the worst half-hour; nothing where nobody was quoted a wait."""
    if not found or not found["n"]:
        return []
    fields = [
        Field(tr(lang, "Service", context="report"), is_text=True, is_whole=True),
        Field(tr(lang, "Estimated", context="column")),
        Field(tr(lang, "Later", context="column"), bold=True),
        Field(tr(lang, "Error", context="column")),
        Field(tr(lang, "Score", context="column"), bold=True),
        Field(tr(lang, "Simple", context="column")),
    ]
    cells = [_cells_of_row(names.service(row["code"], lang), row) for row in found["services"]]
    if len(cells) > 1:
        cells.append(_cells_of_row(tr(lang, "All", context="report"), found))
    worst, said = _worst_half_hour(found), list[Block]()
    if worst is not None:
        name, row = worst
        said.append(
            line(
                escape(
                    tr(
                        lang,
                        "Worst half-hour: {time}, {share} of {n} called later than estimated.",
                        time=half_hour_start(name, lang),
                        share=share(row["late"]),
                        n=whole(row["n"]),
                    )
                ),
                place,
            )
        )
    naive = found["naive"]
    score = naive["interval_score"]
    if naive["n"] >= ENOUGH_TOLD and score is not None and found["interval_score"] > score:
        said.append(line(escape(tr(lang, "By its score the simple formula did better here.")), place))
    title = heading(tr(lang, "Estimated waits by service"), tr(lang, "times in minutes"), place)
    return [title, *grid(fields, cells, place), *said]


ENOUGH_TOLD = 200
"""Of fewer tickets no score is held against the simple formula's."""
LEAST_IN_HALF_HOUR = 10
"""A share of fewer tickets is no half-hour's."""


def _worst_half_hour(found: Row) -> tuple[str, Row] | None:
    rows = named_rows(found["half_hours"])
    counted = [(name, row) for name, row in rows if row["n"] >= LEAST_IN_HALF_HOUR and row["late"]]
    return max(counted, key=lambda one: one[1]["late"], default=None)


def _cells_of_row(name: str, row: Row) -> list[str]:
    naive = row["naive"]
    return [
        name,
        whole(row["n"]),
        share(row["late"]),
        decimal(row["mae"]),
        decimal(row["interval_score"]),
        UNKNOWN if naive["interval_score"] is None else decimal(naive["interval_score"]),
    ]


VALUE_AT, OF_AT, BESIDES = LEFT + 216, LEFT + 284, LEFT + 298
ROW, SMALL = 16.5, 7.8
# -- the page of measures: every share with its numerator and denominator ----------------------------------------------

UNDIVIDED = 180.0


class Fact(Struct, frozen=True):
    """One figure: its name, its value, "n / of", and a remark."""

    name: str
    value: str
    of: str = ""
    besides: str = ""


def measures_pages(
    figures: Mapping[str, Any], names: SetupNames, lang: str, begun: Sequence[Block], *, is_day: bool
) -> list[Block]:
    """Return the measures below what the page has `begun` with; nothing where nobody came. What a day shows before them
    is here for longer periods."""
    if not figures["issued"] or not figures.get("measures"):
        return []
    measures = figures["measures"]

    def overtaken(place: Place) -> list[Block]:
        return sections.overtakes(figures, names, lang, place)

    top = [*begun, *fact_rows(facts(figures, lang), lang), *by_service(measures, names, lang)]
    halves = _two_columns(
        [
            lambda place: times(figures, lang, place),
            lambda place: classes(measures.get("classes"), names, lang, place),
            lambda place: promises(measures.get("promise"), names, lang, place),
            *(
                partial(by_label, words, measures.get(figure.key), names, lang)
                for figure, words in FIGURES_IN_WORDS
                if BY_LABEL in words.headings
            ),
            lambda place: outcomes(measures.get("outcomes"), lang, place),
            lambda place: questions(measures.get("questions"), lang, place),
            lambda place: offers(measures.get("diversion"), lang, place),
            lambda place: ledger(measures.get("diversion"), names, lang, place),
            lambda place: hall_share(measures.get("diversion"), names, lang, place),
            *(() if is_day else (overtaken,)),
        ]
    )
    room = used(top) + 20
    items = [
        block
        for figure, words in FIGURES_IN_WORDS
        if words.columns
        for block in together(by_item(figure, words, measures, names, lang))
    ]
    after = [*items, *counters(measures.get("counters"), lang), *(targets(figures, names, lang) if is_day else ())]
    if not is_day:
        after += [
            *sections.longest_waits(measures.get("longest_waits"), lang, dated=True),
            *sections.pauses(measures.get("pauses"), names, lang, FULL, dated=True),
            *sections.devices(measures.get("devices"), lang, dated=True),
        ]
    return fitted([*top, *beside(*halves, above=room), *after])


def _two_columns(parts: Sequence[Callable[[Place], list[Block]]]) -> tuple[list[Block], list[Block]]:
    """Return the parts in two columns, each one in that which is shorter by then."""
    left: list[Block] = []
    right: list[Block] = []
    for part in parts:
        if used(left) <= used(right):
            left += _undivided(part(LEFT_HALF))
        else:
            right += _undivided(part(RIGHT_HALF))
    return left, right


def _undivided(part: list[Block]) -> list[Block]:
    """Return a part that is not divided, a long one as it is."""
    return together(part) if used(part) <= UNDIVIDED else part


# -- figures with their n of m -----------------------------------------------------------------------------------------


def facts(figures: Mapping[str, Any], lang: str) -> list[Fact]:
    """Return the single figures that have something to say, in reading order."""
    measures = figures["measures"]
    shares = [
        _first_visit(words, measures.get(figure.key), figures, lang)
        if figure.key == FIRST_VISIT
        else _share_fact(words, _NOTES.get(figure.key), measures.get(figure.key), lang)
        for figure, words in FIGURES_IN_WORDS
    ]
    level, missed = (measures.get(key) for key in ("service_level", "missed"))
    looks = ((_papers_fact, "papers"), (_system_wait, "system_wait"), (_set_aside, "set_aside"), (_help_fact, "help"))
    found = [
        *shares[:1],
        _service_level(level, lang) if level else None,
        *shares[1:],
        _missed_fact(missed, figures["no_show"], lang) if missed else None,
        _no_show(figures, lang),
        *(look(measures[key], lang) for look, key in looks if measures.get(key)),
    ]
    idle = measures.get("idle_minutes")
    if idle is not None:
        name = tr(lang, "Windows free while somebody waited")
        found.append(Fact(name, tr(lang, "{minutes} min", minutes=decimal(idle))))
    return [fact for fact in found if fact is not None]


def _share_fact(words: ShareWords, note: Callable[[Row, str], str] | None, row: Row | None, lang: str) -> Fact | None:
    if not row or (words.is_quiet and not row["n"]):
        return None
    return _of_all(words.said(lang), row, note(row, lang) if note else "")


def _service_level(row: Mapping[str, Any], lang: str) -> Fact | None:
    target = row["target_minutes"]
    early = row["left_early"]
    besides = (
        ntr(
            lang,
            "{shown} who left uncalled before that counts in neither",
            "{shown} who left uncalled before that count in neither",
            early,
            shown=whole(early),
        )
        if early
        else ""
    )
    name = (
        tr(lang, "Called within the target of the hall")
        if target is None
        else tr(lang, "Called within {minutes} min", minutes=target)
    )
    return _of_all(name, row, besides)


def _first_visit(words: ShareWords, row: Row | None, figures: Row, lang: str) -> Fact | None:
    """Return how many did not have to come again; no share before the days of one visit have passed."""
    fact = _share_fact(words, _returns_note, row, lang)
    if fact is None or row is None or row["not_over"] < row["of"]:
        return fact
    day = date.fromisoformat(figures["from"]) + timedelta(days=row["days"] + 1)
    return Fact(fact.name, UNKNOWN, "", tr(lang, "first figure on {date}", date=date_short(day, lang)))


def _returns_note(row: Row, lang: str) -> str:
    said = [
        tr(
            lang,
            "{transferred} transferred, {returned} came back within {days} days",
            transferred=whole(row["transferred"]),
            returned=whole(row["returned"]),
            days=whole(row["days"]),
        ),
        tr(
            lang,
            "{linked} of {followed} tickets of these days name an earlier visit",
            linked=whole(row["linked"]),
            followed=whole(row["followed"]),
        ),
    ]
    if row["not_over"]:
        said.append(tr(lang, "for {n} the {days} days are not over", n=whole(row["not_over"]), days=whole(row["days"])))
    return _join_clauses(said, lang)


def _wrong_counter(row: Row, lang: str) -> str:
    lost = row["minutes_lost"]
    if lost is None or not row["n"]:
        return ""
    return tr(lang, "{minutes} min of staff time lost", minutes=decimal(lost))


def _form_free(row: Row, lang: str) -> str:
    saved = row["minutes_saved"]
    if saved is None:
        return tr(lang, "the time saved has not been measured yet")
    return tr(lang, "{minutes} min saved, {each} min each", minutes=decimal(saved), each=f"{row['minutes_each']:g}")


_NOTES: dict[str, Callable[[Row, str], str]] = {
    "wrong_counter": _wrong_counter,
    "form_free": _form_free,
}
"""What else there is to know of a share."""


def _missed_fact(row: Mapping[str, Any], no_show: int, lang: str) -> Fact:
    """Return who missed a call, with who came back and who of those missed again: the rest did not come at all."""
    besides = tr(lang, "{n} back in line", n=whole(row["reinstated"])) if row["n"] else ""
    again = no_show - (row["n"] - row["reinstated"])
    if besides and again > 0:
        besides = tr(
            lang, "{n} back in line, {again} of them missed again", n=whole(row["reinstated"]), again=whole(again)
        )
    return Fact(tr(lang, "Missed at least once", context="report"), whole(row["n"]), "", besides)


def _help_fact(row: Mapping[str, Any], lang: str) -> Fact | None:
    if not row["n"]:
        return None
    said = []
    if row["arrival"]["n"]:
        median = decimal(row["arrival"]["median"])
        said.append(tr(lang, "somebody was there after {minutes} min (median)", minutes=median))
    if row["unanswered"]:
        said.append(tr(lang, "{n} not answered", n=whole(row["unanswered"])))
    if row["cancelled"]:
        said.append(tr(lang, "{n} taken back", n=whole(row["cancelled"])))
    answered = row["answer"]
    shown = tr(lang, "{minutes} min", minutes=decimal(answered["median"])) if answered["n"] else UNKNOWN
    of = f"{whole(answered['n'])} / {whole(row['n'])}"
    return Fact(tr(lang, "Calls for help answered within (median)"), shown, of, _join_clauses(said, lang))


def _no_show(figures: Mapping[str, Any], lang: str) -> Fact | None:
    of = figures["issued"] - figures["void"]
    if not of:
        return None
    row = {"n": figures["no_show"], "of": of, "rate": figures["no_show"] / of}
    return _of_all(tr(lang, "Did not come at all", context="report"), row, "")


def _papers_fact(row: Mapping[str, Any], lang: str) -> Fact | None:
    if not row["not_ready"] and not row["repeat"]:
        return None
    besides = tr(lang, "{n} came again for papers", n=whole(row["repeat"])) if row["repeat"] else ""
    return Fact(tr(lang, "Came without the papers"), whole(row["not_ready"]), "", besides)


def _system_wait(row: Mapping[str, Any], lang: str) -> Fact | None:
    if not row["legs"] and not row["by_reason"]:
        return None
    by_reason = [f"{reason_words(one['reason'] or '', lang)} {whole(one['n'])}" for one in row["by_reason"]]
    besides = [_steps_words(row["legs"], lang), *by_reason]
    minutes = tr(lang, "{minutes} min", minutes=decimal(row["minutes"]))
    return Fact(tr(lang, "Waiting for other systems"), minutes, "", " · ".join(besides))


def _set_aside(row: Mapping[str, Any], lang: str) -> Fact | None:
    if not row["legs"]:
        return None
    minutes = tr(lang, "{minutes} min", minutes=decimal(row["minutes"]))
    return Fact(tr(lang, "Set aside", context="report"), minutes, "", _steps_words(row["legs"], lang))


def _steps_words(n: int, lang: str) -> str:
    return ntr(lang, "{shown} step of a visit", "{shown} steps of visits", n, shown=whole(n))


def _of_all(name: str, row: Mapping[str, Any], besides: str) -> Fact | None:
    return Fact(name, share(row["rate"]), of_all(row, tight=False), besides) if row["of"] else None


def _join_clauses(parts: Sequence[str], lang: str) -> str:
    return tr(lang, "; ", context="list").join(parts)


def fact_rows(found: Sequence[Fact], lang: str) -> list[Block]:
    """Return the figures as rows of their own heights, under the titles of their columns."""
    titles = (
        (LEFT, tr(lang, "Figure", context="report"), "left"),
        (VALUE_AT, tr(lang, "Value", context="report"), "right"),
        (OF_AT, tr(lang, "n of m", context="report"), "right"),
        (BESIDES, tr(lang, "Note", context="measure"), "left"),
    )

    def head(sheet: Sheet, y: float) -> None:
        for x, title, at in titles:
            sheet.text(x, y + 11, title, CELL, colour=INK2, at=at)
        sheet.line([(LEFT, y + ROW), (RIGHT, y + ROW)], width=0.9, colour=INK)

    top = Block(ROW, head, gap=12, keep=True)
    return [top, *(_fact_block(fact, top) for fact in found)]


def _fact_block(fact: Fact, top: Block) -> Block:
    prose = Prose(escape(fact.besides), SMALL, RIGHT - BESIDES, colour=INK2, leading=1.3) if fact.besides else None
    height = max(ROW, prose.height + 6.4 if prose else 0.0)

    def draw(sheet: Sheet, y: float) -> None:
        base = y + 11.6
        sheet.text(LEFT, base, fact.name, CELL)
        sheet.text(VALUE_AT, base, fact.value, CELL, bold=True, at="right")
        sheet.text(OF_AT, base, fact.of, CELL, colour=INK2, at="right")
        if prose:
            prose.draw(sheet, BESIDES, y + 3.4)
        sheet.line([(LEFT, y + height), (RIGHT, y + height)], colour=LINE)

    return Block(height, draw, head=top)


# -- the managers' page, not for the wall: by guide and by clerk -------------------------------------------------------

BAND = 24.0
BY_GUIDE = "by_guide"
RATINGS_AT_LEAST = 30
"""Under so many ratings persons are not compared."""


def managers_page(figures: Mapping[str, Any], names: SetupNames, lang: str, chapter: Chapter) -> list[Block]:
    """Return the chapter for managers, its head first; nothing where nobody issued, served or was rated, or the hall
    looks at no person's work."""
    if not names.uses("staff"):
        return []
    measures = figures.get("measures") or {}
    guides = [
        block
        for figure, words in FIGURES_IN_WORDS
        if BY_GUIDE in words.headings
        for block in _guides_table((measures.get(figure.key) or {}).get(BY_GUIDE, ()), words, names, lang)
    ]
    if not guides and not figures["staff"]:
        return []
    return [
        chapter.start(),
        _warning_band(lang),
        *_clerks_table(figures["staff"], names, lang),
        *guides,
    ]


def title(lang: str) -> str:
    return tr(lang, "For managers only")


def _warning_band(lang: str) -> Block:
    """Return the warning across the page."""
    said = tr(lang, "For managers only · do not put on the wall")

    def draw(sheet: Sheet, y: float) -> None:
        sheet.box(LEFT, y, RIGHT - LEFT, BAND, fill=RED)
        width = pdf.width(said, 11.4, bold=True)
        sheet.text((LEFT + RIGHT - width) / 2, y + 16, said, 11.4, bold=True, colour=WHITE)

    return Block(BAND, draw, gap=12)


def _clerks_table(rows: Sequence[Mapping[str, Any]], names: SetupNames, lang: str) -> list[Block]:
    if not rows:
        return []
    fields = [
        Field(tr(lang, "Staff", context="report"), is_text=True),
        Field(tr(lang, "Finished", context="report")),
        Field(tr(lang, "Handling", context="report")),
        Field(tr(lang, "Rated, n")),
        Field(tr(lang, "not rated")),
        Field(tr(lang, "Satisfied", context="report"), bold=True),
        Field(tr(lang, "95 % interval", context="report")),
        Field(tr(lang, "Wrong tickets, min")),
        Field(tr(lang, "Between, min")),
    ]
    cells = [_clerk_cells(row, names, lang) for row in rows]
    told = tr(
        lang,
        "In the order of the set-up, not of rates: with fewer than {n} ratings differences between people are mostly chance.",
        n=RATINGS_AT_LEAST,
    )
    free = tr(
        lang,
        "Wrong tickets: time lost through tickets for another line. Between: the window was open and empty between two customers while somebody waited that it could call.",
    )
    return [
        heading(tr(lang, "By person"), tr(lang, "times in minutes, shares in %")),
        *grid(fields, cells),
        line(escape(f"{told} {free}" if lang != "zh_CN" else told + free)),
    ]


def _satisfied_share(ratings: Mapping[str, Any], lang: str) -> str:
    """Return a person's share of satisfied ratings; of a few it is the count itself."""
    if not ratings["n"]:
        return UNKNOWN
    if ratings["n"] < RATINGS_AT_LEAST:
        return tr(lang, "{n} of {of}", n=whole(ratings["satisfied"]), of=whole(ratings["n"]))
    return share(ratings["rate"])


def _clerk_cells(row: Mapping[str, Any], names: SetupNames, lang: str) -> list[str]:
    ratings = row["ratings"]
    return [
        names.staff(row["code"], lang),
        whole(row["finished"]),
        decimal(row["handling"]["mean"]),
        whole(ratings["n"]),
        whole(ratings["unrated"]),
        _satisfied_share(ratings, lang),
        percent_range(ratings["low"], ratings["high"]) if ratings["n"] >= RATINGS_AT_LEAST else UNKNOWN,
        decimal(row["redirect_minutes"]),
        decimal(row["idle_minutes"]),
    ]


def _guides_table(rows: Sequence[Mapping[str, Any]], words: ShareWords, names: SetupNames, lang: str) -> list[Block]:
    known = [row for row in rows if row["of"]]
    if not known:
        return []
    fields = [
        Field(tr(lang, "Guide", context="report"), is_text=True),
        Field(words.said(lang), bold=True),
        Field(tr(lang, "n of m", context="report")),
    ]
    cells = [[names.staff(row["code"], lang), share(row["rate"]), of_all(row)] for row in known]
    return [heading(tr(lang, words.headings[BY_GUIDE])), *grid(fields, cells)]


def annex(
    figures: Mapping[str, Any],
    names: SetupNames,
    lang: str,
    chapter: Callable[[str, str], Chapter],
    *,
    proofs: Sequence[Block],
) -> list[Block]:
    """Return the chapters after the main pages of a period longer than a day. `chapter` makes one from its title and
    its series of page numbers. `proofs` are the lines that name each hall's log; more lines after them go on the
    managers' page, the last one."""
    series = tr(lang, "Annex")
    private = chapter(title(lang), title(lang))
    measures = chapter(tr(lang, "Measures", context="report"), series).start()
    return [
        *measures_pages(figures, names, lang, [measures], is_day=False),
        *definitions_page(figures, lang, chapter(tr(lang, "Definitions", context="report"), series)),
        *proofs,
        *managers_page(figures, names, lang, replace(private, for_wall=False)),
    ]
