"""What the page of the person's sheet says: its items as rows, and the rows behind each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.appraisal import CASES, EXCLUDED, HANDLING, ORDER, SATISFACTION, SHIFTS, WAITING, Dispute
from queuedesk.core.setup.rows import Setup
from queuedesk.features.staff.rules import person_sheet as sheets
from queuedesk.features.staff.rules.like_with_like import FEWEST
from queuedesk.features.staff.rules.person_sheet import LATE_MINUTES, ItemResult, MonthSheets, PersonSheet
from queuedesk.features.staff.words import sheets as words
from queuedesk.i18n import _, listing, n_
from queuedesk.i18n.figures.figure_titles import meaning
from queuedesk.i18n.moments import date_short, month_words
from queuedesk.i18n.names import item_name, service_name, staff_name
from queuedesk.i18n.numerals import UNKNOWN, decimal

WEIGHED, PRAISE, FAULTS = "weighed", "praise", "faults"
"""The rows below the items."""


class SheetRead(Struct, frozen=True):
    """What was read of a month, and for whom it is shown."""

    month: MonthSheets
    staff: str

    @property
    def sheet(self) -> PersonSheet:
        return self.month.team.sheets[self.staff]


class SheetRow(Struct, frozen=True, kw_only=True):
    """A row of the sheet. `chip` is what can be said, with its `token` and `icon`; a row that `opens` has rows behind
    it."""

    code: str
    name: str
    weight: str = ""
    own: str = ""
    counted: str = ""
    hall: str = ""
    chip: str = ""
    token: str = "ink2"
    icon: str = ""
    points: str = ""
    under: str = ""
    opens: bool = False


class BehindRow(Struct, frozen=True, kw_only=True):
    """A row behind a figure. `ticket` or `case` is where it leads, if anywhere; `row` is its name where it can be
    disputed, `dispute` what was said of it last. One that was excluded only `since` the month was closed still counts.
    """

    key: str
    when: str
    what: str
    figure: str = ""
    token: str = "ink"
    day: date | None = None
    ticket: str = ""
    case: str = ""
    row: str = ""
    dispute: Dispute | None = None
    since: bool = False

    @property
    def is_excluded(self) -> bool:
        return self.dispute is not None and self.dispute.state == EXCLUDED and not self.since

    @property
    def is_waiting(self) -> bool:
        return self.dispute is not None and self.dispute.state == WAITING


# What a chip looks like; a word stands beside every colour. Worse and certain is amber, never red: nobody is accused.
_LOOKS = {
    sheets.BETTER: ("primary", "check"),
    sheets.MET: ("primary", "check"),
    sheets.WORSE: ("amber", "warning"),
    sheets.NOT_MET: ("amber", "warning"),
    sheets.TOO_FEW: ("amber", "info"),
    sheets.CANNOT_TELL: ("ink2", "info"),
}


def head_line(found: SheetRead) -> str:
    """Return which month it is, by which scheme."""
    month = month_words(found.month.first)
    if not found.month.is_over:
        month = _("{month}, so far", month=month)
    stood = words.scheme_words(found.month.stood.number, found.month.stood.since)
    return f"{month} · {stood}"


def closed_line(setup: Setup, found: SheetRead) -> str:
    """Return in which version a month was closed, and what was excluded since; "" of one that was never closed."""
    said = words.closed_words(setup, found.month), words.later_words(found.month, found.staff)
    text = " · ".join(part for part in said if part)
    return text[:1].upper() + text[1:]


def sheet_rows(found: SheetRead) -> list[SheetRow]:
    """Return the table: the items, their sum, praise and faults."""
    sheet = found.sheet
    rows = [_item_row(sheet, item) for item in sheet.items]
    sum_ = f"{decimal(sheet.by_weight)} / 100" if sheet.is_judged else UNKNOWN
    known, left_out = words.weight_counted(sheet), ""
    if known:
        left_out = _("Where data is missing, too little or no more than chance, the weight goes to the others.")
    rows.append(SheetRow(code=WEIGHED, name=_("By weight"), weight="100 %", counted=known, points=sum_, under=left_out))
    scheme = found.month.stood.scheme
    praise, faults = decimal(sheet.praise_points), decimal(sheet.fault_points)
    rows.append(
        SheetRow(
            code=PRAISE,
            name=_("Praise, at most {points}", points=f"{scheme.praise_cap:g}"),
            own=f"{len(sheet.praise)}",
            points=f"+{praise}",
            under=_("thanks of customers"),
            opens=bool(sheet.praise),
        )
    )
    rows.append(
        SheetRow(
            code=FAULTS,
            name=_("Faults, at most −{points}", points=f"{scheme.fault_cap:g}"),
            own=f"{len(sheet.faults)}",
            points=f"−{faults}" if sheet.fault_points else faults,
            under=_("findings not put right in time"),
            opens=bool(sheet.faults),
        )
    )
    return rows


def _item_row(sheet: PersonSheet, item: ItemResult) -> SheetRow:
    token, icon = _LOOKS.get(item.verdict or "", ("ink2", ""))
    return SheetRow(
        code=item.code,
        name=words.item_word(item.code),
        weight=f"{item.weight} %",
        own=words.own_figure(item),
        counted=words.counted(item),
        hall=words.usual_figure(item) or UNKNOWN,
        chip=words.verdict_chip(item) if item.value is not None else "",
        token=token,
        icon=icon,
        points=f"{decimal(item.points)} / {item.weight}" if item.points is not None else UNKNOWN,
        under=_under(sheet, item),
        opens=has_rows(item),
    )


def _under(sheet: PersonSheet, item: ItemResult) -> str:
    if item.value is None:
        return words.why_words(item.why or "")
    return words.not_counted(item) or words.taken_out(sheet, item)


def has_rows(item: ItemResult) -> bool:
    """Whether there are rows behind an item: of calls also those in order."""
    return bool(item.rows or item.apart or (item.code == ORDER and item.of))


def spoken(row: SheetRow) -> str:
    """Return a row in one sentence."""
    parts = [row.name, row.weight, row.own, row.counted, row.chip, row.points, row.under]
    return listing([part for part in (*parts, _("opens rows") if row.opens else "") if part])


# -- the rows behind a figure ------------------------------------------------------------------------------------------


def behind_title(found: SheetRead, code: str) -> str:
    """Return what the rows of a figure are."""
    sheet = found.sheet
    if code == PRAISE:
        return _("Praise: {n}", n=len(sheet.praise))
    if code == FAULTS:
        return _("Faults: {n}", n=len(sheet.faults))
    item = sheet.item(code)
    name = words.item_word(code)
    if code == SATISFACTION:
        return _("{item}: {n} not satisfied", item=name, n=item.of - item.n)
    return _("{item}: {figure}", item=name, figure=words.own_figure(item))


def behind_line(found: SheetRead, code: str) -> str:
    """Return what a figure means and how it is worked out."""
    if code in (PRAISE, FAULTS):
        return ""
    item = found.sheet.item(code)
    between = words.bounds(item)
    parts = [words.counted(item), _("95 % interval {range}", range=between) if between else ""]
    if item.value is not None and (item.code != SATISFACTION or item.apart):
        parts.append(words.taken_out(found.sheet, item))
    worked = words.worked_out(item, found.month.stood.scheme.weighing(code))
    counted = " · ".join(part for part in parts if part)
    return "\n".join(part for part in (meaning(code), counted, worked) if part)


def behind_rows(setup: Setup, found: SheetRead, code: str) -> list[BehindRow]:
    """Return the rows that a figure counts, those that weigh on it first, before them what is disputed or was excluded;
    last what was left out of it."""
    month = found.month
    asked = (*month.rows.disputes, *month.later)
    last = {one.name: one for one in asked if (one.staff, one.item) == (found.staff, code)}
    rows = [_disputed(row, last.get(row.row), month) for row in _BEHIND[code](setup, found)]
    return sorted(rows, key=lambda row: not (row.is_waiting or row.is_excluded or row.since))


def _disputed(row: BehindRow, last: Dispute | None, month: MonthSheets) -> BehindRow:
    if last is None:
        return row
    said = replace(row, dispute=last, since=last in month.later)
    if said.since:
        return replace(said, figure=_("Excluded since", context="sheet"), token="violet")
    if said.is_excluded:
        return replace(said, figure=_("Excluded", context="sheet"), token="violet")
    return replace(said, figure=_("Waits", context="sheet"), token="amber") if said.is_waiting else said


def notes_of(setup: Setup, found: SheetRead, row: BehindRow) -> str:
    """Return what was said of a disputed row, "" of others."""
    if row.dispute is None:
        return ""
    said = words.dispute_words(setup, row.dispute, found.month.notes)
    return f"{row.ticket or row.case or row.when} · {said}"


def row_words(row: BehindRow, item: str) -> str:
    """Return in one line which row it is."""
    return " · ".join(part for part in (item, row.ticket or row.case, row.when, row.what) if part)


def _rated(setup: Setup, found: SheetRead) -> Iterator[BehindRow]:
    own = [one for one in found.month.rows.ratings if one.staff == found.staff]
    for one in sorted(own, key=lambda each: (not each.counts, each.satisfied)):
        said = _("Satisfied", context="sheet") if one.satisfied else _("Not satisfied", context="sheet")
        yield BehindRow(
            key=f"{one.day} {one.label}",
            row=sheets.row_of(one.day, one.label),
            when=date_short(one.day),
            what=service_name(setup, one.service),
            figure=said if one.counts else _("Excluded", context="sheet"),
            token="violet" if not one.counts else "ink" if one.satisfied else "amber",
            day=one.day,
            ticket=one.label,
        )


def _served(setup: Setup, found: SheetRead) -> Iterator[BehindRow]:
    own = [(n, one) for n, one in enumerate(found.month.rows.handled) if one.staff == found.staff]
    for n, one in sorted(own, key=lambda each: (each[1].minutes is None, -(each[1].minutes or 0))):
        name = item_name(setup, one.service, one.item) if one.item else service_name(setup, one.service)
        out = _("without {minutes} min of waiting for systems", minutes=decimal(one.stalled)) if one.stalled else ""
        yield BehindRow(
            key=f"{one.day} {one.label} {n}",
            row=sheets.row_of(one.day, one.label),
            when=date_short(one.day),
            what=" · ".join(part for part in (name, out) if part),
            figure=_("{minutes} min", minutes=decimal(one.minutes)) if one.minutes is not None else _("no time"),
            day=one.day,
            ticket=one.label,
        )
    for out_of_line in found.month.rows.redirected:
        if out_of_line.staff == found.staff:
            yield BehindRow(
                key=f"{out_of_line.day} {out_of_line.label} redirect",
                when=date_short(out_of_line.day),
                what=_("wrong window, not counted"),
                token="violet",
                day=out_of_line.day,
                ticket=out_of_line.label,
            )


def _called(_setup: Setup, found: SheetRead) -> Iterator[BehindRow]:
    own = [(n, one) for n, one in enumerate(found.month.rows.calls) if one.staff == found.staff]
    for n, one in sorted(own, key=lambda each: not each[1].jumped):
        yield BehindRow(
            key=f"{one.day} {one.label} {n}",
            row=sheets.row_of(one.day, one.label) if one.jumped else "",
            when=date_short(one.day),
            what=_("called out of order, no reason") if one.jumped else _("called in order"),
            token="amber" if one.jumped else "ink",
            day=one.day,
            ticket=one.label,
        )


def _due(_setup: Setup, found: SheetRead) -> Iterator[BehindRow]:
    for one in sorted(found.month.rows.cases, key=lambda each: (each.in_time, each.due)):
        if one.owner == found.staff:
            yield BehindRow(
                key=one.number,
                row=one.number,
                when=date_short(one.due),
                what=_("case {number}", number=one.number),
                figure=_("in time") if one.in_time else _("late", context="sheet"),
                token="ink" if one.in_time else "amber",
                case=one.number,
            )


def _planned(_setup: Setup, found: SheetRead) -> Iterator[BehindRow]:
    own = [one for one in found.month.rows.shifts if one.staff == found.staff]
    for one in sorted(own, key=lambda each: (each.begun is not None and each.begun <= LATE_MINUTES, each.day)):
        kept = one.begun is not None and one.begun <= LATE_MINUTES
        late = _("no window was opened") if one.begun is None else _("{n} min late", n=one.begun)
        yield BehindRow(
            key=one.day.isoformat(),
            row=one.day.isoformat(),
            when=date_short(one.day),
            what=_("kept", context="sheet") if kept else late,
            token="ink" if kept else "amber",
        )


def _thanked(_setup: Setup, found: SheetRead) -> Iterator[BehindRow]:
    for one in found.month.rows.thanks:
        if one.staff == found.staff:
            yield BehindRow(
                key=str(one.seq), row=str(one.seq), when=date_short(one.day), what=_("thanks of a customer")
            )


def _not_put_right(_setup: Setup, found: SheetRead) -> Iterator[BehindRow]:
    for one in found.month.rows.faults:
        if one.staff == found.staff:
            what = _("was due, no proof by then")
            yield BehindRow(key=str(one.seq), row=str(one.seq), when=date_short(one.day), what=what)


_BEHIND = {
    SATISFACTION: _rated,
    HANDLING: _served,
    ORDER: _called,
    CASES: _due,
    SHIFTS: _planned,
    PRAISE: _thanked,
    FAULTS: _not_put_right,
}


# -- the strip ---------------------------------------------------------------------------------------------------------


class Strip(Struct, frozen=True, kw_only=True):
    """The total over the table: title, number and line of both parts; `scale` are low, median, total and high of what
    chance allows, None where nothing is compared; the verdict with its look and what stands below it."""

    total: tuple[str, str, str]
    median: tuple[str, str, str]
    scale: tuple[float, float, float, float] | None
    chance: str
    verdict: str
    token: str
    icon: str
    below: tuple[str, str]

    @property
    def spoken(self) -> str:
        return listing([" ".join(self.total), " ".join(self.median), self.chance, self.verdict, *self.below])


def strip(found: SheetRead) -> Strip:
    """Return the strip of a sheet."""
    sheet = found.sheet
    sums = ""
    if sheet.by_weight is not None:
        sums = _("{points} by weight", points=decimal(sheet.by_weight))
        sums = words.weight_counted(sheet) or sums
        if sheet.praise_points and sheet.is_judged:
            sums = _("{sum} + {points} praise", sum=sums, points=decimal(sheet.praise_points))
        if sheet.fault_points and sheet.is_judged:
            sums = _("{sum} − {points} faults", sum=sums, points=decimal(sheet.fault_points))
    people = len(found.month.team.compared)
    who = n_("{n} person, same scheme", "{n} people, same scheme", people) if people else _("fewer than three compared")
    if people and not sheet.is_judged:
        who = _("too little judged")
    scale = None
    known = sheet.is_judged and None not in (sheet.low, sheet.median, sheet.total, sheet.high)
    if known and decimal(sheet.low) != decimal(sheet.high):
        scale = (sheet.low or 0.0, sheet.median or 0.0, sheet.total or 0.0, sheet.high or 0.0)
    chance = "" if scale is None else _chance(sheet.ratings)
    below = _("Shown, not ranked.")
    if sheet.deposit is not None:
        full = f"{found.month.stood.scheme.deposit_full}"
        below = _("Deposit {amount}: full from {points}", amount=decimal(sheet.deposit), points=full)
    look = {sheets.ABOVE: ("primary", "check"), sheets.BELOW: ("amber", "warning"), sheets.TOO_FEW: ("amber", "info")}
    is_told = sheet.is_judged or sheet.verdict == sheets.TOO_FEW
    token, icon = look.get((sheet.verdict or "") if is_told else "", ("ink2", "info"))
    return Strip(
        total=(_("Total", context="sheet"), words.total_figure(sheet), sums),
        median=(_("Team median", context="sheet"), words.median_figure(sheet), who),
        scale=scale,
        chance=chance,
        verdict=words.total_verdict(sheet),
        token=token,
        icon=icon,
        below=(below, _("Under {n} ratings: not compared, not counted.", n=FEWEST)),
    )


def _chance(ratings: int) -> str:
    return n_("Range explained by chance alone, {n} rating", "Range explained by chance alone, {n} ratings", ratings)


def versions(found: SheetRead) -> Mapping[str, str]:
    """Return in which versions a closed month can be shown."""
    if not found.month.versions:
        return {}
    kept = {str(n): _("Version {n}", n=n) for n in range(1, found.month.versions + 1)}
    return kept | {"0": _("As it is now")}


def people(setup: Setup, found: SheetRead | None, staff: str) -> Mapping[str, str]:
    """Return who can be chosen: who worked in the month, and who is chosen."""
    codes = [*(found.month.team.sheets if found is not None else ()), staff]
    return {code: staff_name(setup, code) for code in dict.fromkeys(codes) if code}
