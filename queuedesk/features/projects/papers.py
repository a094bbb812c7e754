"""The report of an improvement project on paper, and its pictures, the same on screen and on paper: fishbone, groups
compared, effect, days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

from msgspec import Struct

from queuedesk.core.charts import chart as charts
from queuedesk.core.charts import layout
from queuedesk.core.figures.comparing import MINUTES, SHARE
from queuedesk.core.figures.satisfaction import wilson_interval
from queuedesk.core.improvement.following import is_minutes_figure_path
from queuedesk.core.network.roles import Actor, ReadScope
from queuedesk.core.setup.rows import Setup
from queuedesk.core.upkeep import LogEndAnchor
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.desk.upkeep import examining
from queuedesk.features.projects import rules, words
from queuedesk.features.projects.verbs import telling
from queuedesk.files.writing import write_file
from queuedesk.i18n import date_for_report, date_for_staff, date_short, name_in_language, ntr, quality, tr
from queuedesk.i18n.figures.ribbon_words import figure_name, figure_value_text
from queuedesk.i18n.moments import figure_range, list_text
from queuedesk.i18n.names import UNKNOWN, percent_text, staff_name, whole_number_text
from queuedesk.reports.draw import pdf
from queuedesk.reports.draw.charts import PAGE, chart_height_from_panels, draw_chart, draw_marks
from queuedesk.reports.draw.head_and_foot import page_foot_drawer, report_head

Document = Mapping[str, Any]
ENDS = ("low", "difference", "high")
Leads = tuple[str, date, date, str, tuple[date, ...]]
"""Where a figure leads: the path whose tickets open, the first and the last date, the figure's name, and the dates
between that are left out."""


def figure_drilldown_target(path: str, first: str, last: str, title: str, without: Sequence[str] = ()) -> Leads:
    out = tuple(date.fromisoformat(day) for day in without)
    return path, date.fromisoformat(first), date.fromisoformat(last), title, out


def cited_state_of_target_figure(setup: Setup, project: Document) -> Document | None:
    """Return what the present state says of the figure to be mended: the target's, else the first figure cited."""
    cited = [one for one in project["state"] if one["what"] == "figure"]
    wanted = project["target"]["figure"] if project["target"] else None
    return next((one for one in cited if one["name"] == wanted), next(iter(cited), None))


def causes_by_bone(project: Document, lang: str) -> dict[str, list[Document]]:
    """Return the causes by the names of their bones, in the order in which these were first named."""
    found: dict[str, list[Document]] = {}
    for cause in project["causes"]:
        found.setdefault(words.bone_word(cause["bone"], cause["bone_name"], lang), []).append(cause)
    return found


def fishbone_diagram(
    setup: Setup, project: Document, lang: str, *, is_plain: bool = False, chosen: int | None = None
) -> rules.FishboneDiagram:
    """Return the fishbone of a project's causes."""
    bones = [
        rules.FishboneBranch(name, [_fishbone_cause(cause, name, lang) for cause in causes])
        for name, causes in causes_by_bone(project, lang).items()
    ]
    head = cited_state_of_target_figure(setup, project)
    value, unit, parts, point = UNKNOWN, "", [], None
    title = figure_name(project["target"]["figure"], setup, lang) if project["target"] else project["title"]
    if head is not None:
        title = figure_name(head["name"], setup, lang)
        value, _blank, unit = figure_value_text(head["name"], head.get("now", head["value"]), lang).partition(" ")
        if head.get("now_of"):
            parts = [words.count_of_total_text(head["now_n"], head["now_of"], lang)]
        point = charts.HoverTextAndTarget(
            (title, f"{value} {unit}", *parts), figure_drilldown_target(head["name"], head["from"], head["to"], title)
        )
    signs: list[tuple[str, str, str]] = []
    legend: list[str] = []
    if is_plain:
        signs = [
            (*words.JUDGEMENT_SIGNS[code], words.judgement_word(code, lang))
            for code in ("confirmed", "rejected", "cannot_tell", "open")
        ]
    else:
        legend = [tr(lang, "In %: with the cause : without it")]
    return rules.FishboneDiagram(
        bones=bones,
        title=title,
        value=value or UNKNOWN,
        unit=unit,
        parts=parts,
        legend=legend,
        signs=signs,
        is_plain=is_plain,
        chosen=chosen,
        point=None if is_plain else point,
    )


def _fishbone_cause(cause: Document, bone: str, lang: str) -> rules.FishboneCause:
    kind, colour = words.JUDGEMENT_SIGNS[cause["judgement"]]
    word = words.judgement_word(cause["judgement"], lang)
    row = main_evidence_of_cause(cause)
    text = words.evidence_summary(row, lang) if row else tr(lang, "no rows yet")
    return rules.FishboneCause(
        number=cause["n"],
        name=cause["name"],
        kind=kind,
        colour=colour,
        word=word,
        evidence=text,
        bold=cause["judgement"] == "confirmed",
        point=charts.HoverTextAndTarget((cause["name"], bone, word, text), cause["n"]),
    )


def main_evidence_of_cause(cause: Document) -> Document | None:
    """Return the piece of evidence by which a cause is shown: two groups where there are some, else the last one."""
    rows = [one for one in cause["evidence"] if one["kind"]]
    return next((one for one in reversed(rows) if one["kind"] == "compare"), rows[-1] if rows else None)


def compared_group_bars(setup: Setup, row: Document, lang: str) -> list[layout.BarRow]:
    """Return two groups as bars with their intervals; the one that certainly lies higher stands out."""
    found = []
    for key, word in (
        ("with", tr(lang, "With the cause", context="group")),
        ("without", tr(lang, "Without it", context="group")),
    ):
        group = row[key]
        if not group["of"]:
            found.append(
                layout.BarRow(word=word, value=0.0, number=UNKNOWN, second=words.count_of_total_text(0, 0, lang))
            )
            continue
        ends = wilson_interval(group["n"], group["of"])
        stands_out = key == "with" and row["verdict"] == "higher"
        name = figure_name(group["figure"], setup, lang) if group["figure"] else word
        leads = (
            figure_drilldown_target(group["figure"], row["from"], row["to"], name)
            if group["figure"] and row["from"]
            else None
        )
        number, second = f"{percent_text(group['rate'])} %", words.count_of_total_text(group["n"], group["of"], lang)
        found.append(
            layout.BarRow(
                word=word,
                value=100 * group["rate"],
                number=number,
                second=second,
                ends=(100 * ends.low, 100 * ends.high),
                colour="amber" if stands_out else "chart",
                point=charts.HoverTextAndTarget((word, name, number, second), leads),
            )
        )
    return found


# -- the effect --------------------------------------------------------------------------------------------------------


def effect_units(effect: Document) -> list[str]:
    """Return the units of the figures, shares before minutes: each has its own scale, and so its own table."""
    known = {one["unit"] for one in effect["figures"]}
    return [unit for unit in (SHARE, MINUTES) if unit in known]


def difference_rows(setup: Setup, effect: Document, lang: str, unit: str = SHARE) -> list[layout.DifferenceRow]:
    """Return the figures of a unit before and after, each with the rows that it is of."""
    found = []
    for one in (each for each in effect["figures"] if each["unit"] == unit):
        times = 1 if unit == MINUTES else 100
        name = figure_name(one["figure"], setup, lang)
        sides = [_before_or_after_figure(one, effect, key, name, lang) for key in ("before", "after")]
        known = one["low"] is not None
        found.append(
            layout.DifferenceRow(
                name=name,
                second="",
                before=sides[0],
                after=sides[1],
                certainty=words.CERTAINTIES[one["verdict"]],
                word=quality.project_verdict_word(one["verdict"], lang),
                value=times * one["difference"] if known else None,
                low=times * one["low"] if known else None,
                high=times * one["high"] if known else None,
                said=tuple(words.signed_change_text(unit, one[end]) for end in ENDS) if known else ("", "", ""),  # type: ignore[arg-type]
            )
        )
    return found


def _before_or_after_figure(
    one: Document, effect: Document, key: str, name: str, lang: str
) -> layout.FigureAndRowCountText:
    side, span = one[key], effect[key]
    value, unit, rows = words.figure_unit_and_row_count_texts(one["figure"], side, lang)
    dates = span["dates"]
    counted = next(each["days"] for each in effect["daily"] if each["figure"] == one["figure"])
    if not dates:
        return layout.FigureAndRowCountText(value, unit, rows)
    without = [day["date"] for day in counted if dates[0] <= day["date"] <= dates[-1] and day["date"] not in dates]
    leads = figure_drilldown_target(one["figure"], dates[0], dates[-1], name, without)
    return layout.FigureAndRowCountText(
        value, unit, rows, charts.HoverTextAndTarget((name, f"{value} {unit}", rows), leads)
    )


def daily_figure_chart(setup: Setup, project: Document, effect: Document, figure: str, lang: str) -> charts.Chart:
    """Return a figure day by day, with the means over their own spans, the day of the measures and the alarm line."""
    rows = next(one["days"] for one in effect["daily"] if one["figure"] == figure)
    if not rows:
        return charts.Chart(empty=tr(lang, "No day is over yet"))
    days = [date.fromisoformat(row["date"]) for row in rows]
    name = figure_name(figure, setup, lang)
    told = next(one for one in effect["figures"] if one["figure"] == figure)
    is_timed = told["unit"] == MINUTES
    levels: list[charts.ReferenceLevel] = []
    for key in ("before", "after"):
        within = [n for n, day in enumerate(days) if effect[key]["from"] <= day.isoformat() <= effect[key]["to"]]
        if within and (value := _minutes_or_percent_value_of_part(told[key])) is not None:
            levels.append(
                charts.ReferenceLevel(
                    value=value,
                    name=f"{value:.1f}",
                    colour="primary",
                    is_dotted=False,
                    first=within[0],
                    last=within[-1],
                )
            )
    start = next((n for n, day in enumerate(days) if day.isoformat() >= effect["measures"]), None)
    alarm = next((one["alarm"] for one in project["follows"] if one["figure"] == figure), None)
    if alarm is not None and start is not None:
        words = tr(lang, "alarm at {value}", value=quality.figure_value_with_unit(figure, alarm, lang))
        levels.append(charts.ReferenceLevel(value=alarm if is_timed else 100 * alarm, name=words, first=start))
    panel = charts.SeriesPanel(
        series=[charts.CurveSeries(values=[_minutes_or_percent_value_of_part(row) for row in rows])],
        levels=levels,
        is_percent=not is_timed,
        points=[_hover_point_of_day(figure, row, name, lang) for row in rows],
    )
    every = max(1, len(days) // 6)
    return charts.Chart(
        panels=[panel],
        slots=len(days),
        labels=[(n + 0.5, date_short(days[n], lang)) for n in range(0, len(days), every)],
        now=float(start) if start is not None else None,
        now_text=tr(lang, "measures from {day}", day=date_short(date.fromisoformat(effect["measures"]), lang)),
        summary=name,
    )


def _minutes_or_percent_value_of_part(part: Document) -> float | None:
    """Return where a side or a day lies in the chart, in minutes or per cent."""
    if "minutes" in part:
        return cast("float | None", part["minutes"])
    return 100 * part["n"] / part["of"] if part["of"] else None


def daily_chart_title(setup: Setup, figure: str, lang: str) -> str:
    name = figure_name(figure, setup, lang)
    if is_minutes_figure_path(figure):
        return tr(lang, "{figure} by day, minutes", figure=name)
    return tr(lang, "{figure} by day, %", figure=name)


def _hover_point_of_day(figure: str, row: Document, name: str, lang: str) -> charts.HoverTextAndTarget:
    day = date.fromisoformat(row["date"])
    whole = row if "minutes" in row else {**row, "rate": row["n"] / row["of"] if row["of"] else None}
    value, unit, rows = words.figure_unit_and_row_count_texts(figure, whole, lang)
    said = (date_for_staff(day, lang), f"{name} {value} {unit}", rows)
    return charts.HoverTextAndTarget(said, figure_drilldown_target(figure, row["date"], row["date"], name))


def name_of_figure_to_chart(effect: Document, project: Document) -> str | None:
    """Return the figure whose days are shown: the target's where it is followed, else the first."""
    followed: Sequence[str] = [one["figure"] for one in effect["figures"]]
    wanted = project["target"]["figure"] if project["target"] else None
    return wanted if wanted in followed else next(iter(followed), None)


WIDTH = pdf.RIGHT - pdf.LEFT
BODY, SMALL = 9.2, 8.2
DAYS_HIGH = 105.0
MOST_FIGURES = 4
SIDES = ("with", "without")


class ProjectReportData(Struct, frozen=True, kw_only=True):
    """What the report is made of, as one moment found it."""

    setup: Setup
    project: Document
    effect: Document | None
    anchor: LogEndAnchor | None
    now: datetime


def read_project_report(desk: Desk, who: Actor, number: int, now: datetime) -> ProjectReportData:
    """Return a project with its effect so far. Raises RuleError "not_there", "not_your_role"."""
    who.require_read_right(ReadScope.FIGURES)
    project = telling.read_project_document(desk, number, now)
    effect = telling.before_after_effect(desk, number, now)
    return ProjectReportData(
        setup=looking.setup_of_hall(desk),
        project=project,
        effect=telling.effect_document(effect) if effect is not None else None,
        anchor=examining.log_anchor_at_event(desk, looking.hall_state_now(desk, now).now.seq),
        now=now,
    )


def write_project_report(
    desk: Desk, who: Actor, number: int, path: str | Path, *, lang: str, now: datetime, printed_by: str | None = None
) -> Path:
    """Write the report as a PDF, replacing the file as a whole. Raises as read_project_report(), and OutsideError
    "cannot_write"."""
    target = Path(path)
    write_file(target, project_report_pdf(read_project_report(desk, who, number, now), lang, printed_by))
    return target


def project_report_pdf(found: ProjectReportData, lang: str, printed_by: str | None = None) -> bytes:
    setup, project, effect = found.setup, found.project, found.effect
    local = setup.to_hall_time(found.now)
    hall = name_in_language(setup.hall.name, setup.hall.name_en, lang)
    number = tr(lang, "Improvement project {number}", number=project["project"])
    above = f"{hall} · {number}"
    facts = [tr(lang, "led by {leader}", leader=staff_name(setup, project["leader"], lang) or project["leader"])]
    if effect is not None:
        facts.append(words.iso_dates_range_text(effect["before"]["from"], effect["after"]["to"], lang))
    sheet = pdf.PdfSheet(f"{above} · {project['title']}", hall, lang)
    first = [
        report_head(above, project["title"], date_for_report(local.date(), lang), facts),
        *_key_figure_blocks(found, lang),
        _conclusion_block(found, lang),
        *_fishbone_blocks(found, lang),
        *_effect_blocks(found, lang),
    ]
    blocks = [
        *pdf.blocks_fitted_to_one_page(first),
        *_present_state_blocks(found, lang),
        *_cause_detail_blocks(found, lang),
        *_measures_blocks(found, lang),
        *_cited_tickets_blocks(found, lang),
        *_data_source_blocks(found, lang),
    ]
    return sheet.paged_pdf(blocks, page_foot_drawer(setup, found.anchor, local, lang, printed_by))


# -- first page: the result --------------------------------------------------------------------------------------------


def _key_figure_blocks(found: ProjectReportData, lang: str) -> list[pdf.BlockWithinPage]:
    """Return up to four figures: those followed with their change, else what the present state says."""
    cells = []
    if found.effect is not None:
        for one in found.effect["figures"][:MOST_FIGURES]:
            value, unit, rows = words.figure_unit_and_row_count_texts(one["figure"], one["after"], lang)
            before, _unit, _rows = words.figure_unit_and_row_count_texts(one["figure"], one["before"], lang)
            was = tr(lang, "was {value}", value=f"{before} {unit}")
            told = quality.project_verdict_word(one["verdict"], lang)
            name = figure_name(one["figure"], found.setup, lang)
            cells.append((name, value, unit, f"{was} · {rows}", told, one["verdict"]))
    elif (one := cited_state_of_target_figure(found.setup, found.project)) is not None and one.get("now_of"):
        rows = words.count_of_total_text(one["now_n"], one["now_of"], lang)
        share = percent_text(one["now_n"] / one["now_of"])
        cells.append((figure_name(one["name"], found.setup, lang), share, "%", rows, "", ""))
    if not cells:
        return []
    each = WIDTH / MOST_FIGURES

    def draw_block(sheet: pdf.PdfSheet, y: float) -> None:
        for n, (name, value, unit, second, told, verdict) in enumerate(cells):
            x, room = pdf.LEFT + n * each, each - 24
            sheet.draw_box(x, y, 2.4, 68, fill=pdf.PRIMARY)
            sheet.draw_text(x + 11, y + 9.5, pdf.cut_text_to_width(name, 9.2, room), 9.2, colour=pdf.INK2)
            sheet.draw_text(x + 11, y + 36, value, 25, bold=True)
            sheet.draw_text(x + 11 + pdf.text_width(value, 25, bold=True) + 5, y + 36, unit, 10)
            sheet.draw_text(x + 11, y + 50.5, pdf.cut_text_to_width(second, SMALL, room), SMALL, colour=pdf.INK2)
            if told:
                kind = {"better": "tick", "worse": "cross", "more": "dot", "less": "dot"}.get(verdict, "ring")
                draw_marks(
                    sheet,
                    list(charts.symbol_marks(kind, (x + 15, y + 61.5), 3.6, "primary" if kind == "tick" else "ink2")),
                )
                sheet.draw_text(x + 23, y + 64.5, told, SMALL, bold=True)

    return [pdf.BlockWithinPage(68, draw_block, gap=14)]


def _conclusion_block(found: ProjectReportData, lang: str) -> pdf.BlockWithinPage:
    """Return the result in a box: what the effect says, where the target stands, else how far the project is."""
    size, width = 9.8, WIDTH - 24
    said = []
    if found.effect is not None:
        if not found.effect["over"]:
            so_far = tr(lang, "The second span is not over: this is the effect so far.")
            said.append(f"<b>{pdf.escape(so_far)}</b>")
        said.append(f"<b>{pdf.escape(words.effect_result_sentence(found.effect, found.setup, lang))}</b>")
        if target := words.target_verdict_text(found.effect, lang):
            said.append(pdf.escape(tr(lang, "Target: {text}", text=target)))
    else:
        step = found.project["step"]
        at = quality.project_step_word(step, lang) if step else quality.project_step_word("standard", lang)
        none = tr(lang, "No effect yet: the project is at the step '{step}'.", step=at)
        said.append(f"<b>{pdf.escape(none)}</b>")
    if found.project["target"]:
        said.append(pdf.escape(_target_line(found, lang)))
    if found.project["ending"]:
        ending = quality.project_ending_word(found.project["ending"], lang)
        said.append(pdf.escape(" · ".join(part for part in (ending, found.project["reason"]) if part)))
    return pdf.paragraphs_in_tinted_box([pdf.WrappedMarkup(text, size, width, leading=1.45) for text in said])


def _target_line(found: ProjectReportData, lang: str) -> str:
    target = found.project["target"]
    return tr(
        lang,
        "To reach: {figure} {value} by {day}. {reason}",
        figure=figure_name(target["figure"], found.setup, lang),
        value=quality.figure_value_with_unit(target["figure"], target["value"], lang),
        day=date_short(date.fromisoformat(target["by"]), lang),
        reason=target["reason"],
    )


def _fishbone_blocks(found: ProjectReportData, lang: str) -> list[pdf.BlockWithinPage]:
    """Return the fishbone with its marks and words; with more bones than it takes there is the table alone."""
    project = found.project
    if not project["causes"] or not rules.can_fishbone_fit(len(causes_by_bone(project, lang)), PAGE, WIDTH):
        return []
    picture = fishbone_diagram(found.setup, project, lang, is_plain=True)
    high = rules.fishbone_height(picture, PAGE, WIDTH)
    counts = [
        f"{words.judgement_word(code, lang)} {n}"
        for code in ("confirmed", "rejected", "cannot_tell", "open")
        if (n := sum(one["judgement"] == code for one in project["causes"]))
    ]
    title = tr(lang, "Causes and evidence")

    def draw_block(sheet: pdf.PdfSheet, y: float) -> None:
        draw_marks(sheet, rules.lay_out_fishbone(picture, PAGE, charts.SurfaceRect(pdf.LEFT, y, WIDTH, high)).marks)

    return [
        pdf.heading_block(title, list_text(counts, lang)),
        pdf.BlockWithinPage(high, draw_block, gap=4),
        *_confirmed_cause_blocks(found, lang),
    ]


def _confirmed_cause_blocks(found: ProjectReportData, lang: str) -> list[pdf.BlockWithinPage]:
    """Return the confirmed causes with their two groups, and what is done against each."""
    rows = []
    for cause in found.project["causes"]:
        if cause["judgement"] != "confirmed":
            continue
        row, texts = main_evidence_of_cause(cause), ["", "", ""]
        if row is not None and row["kind"] == "compare":
            texts = [
                f"{words.count_of_total_text(row[key]['n'], row[key]['of'], lang)} ({percent_text(row[key]['rate'])} %)"
                for key in SIDES
            ]
            bounds = figure_range(
                words.share_difference_in_points(row["low"]), words.share_difference_in_points(row["high"])
            )
            texts.append(
                tr(lang, "too few")
                if row["few"]
                else f"{words.share_difference_in_points(row['difference'])} ({bounds})"
            )
        elif row is not None:
            texts = [words.evidence_summary(row, lang), "", ""]
        against = [one for one in found.project["measures"] if cause["n"] in one["causes"]]
        who = dict.fromkeys(staff_name(found.setup, one["who"], lang) or one["who"] for one in against)
        done = list_text([one["what"] for one in against], lang)
        rows.append((cause["name"], *texts, done, list_text(list(who), lang)))
    if not rows:
        return []
    fields = [
        pdf.GridColumn(tr(lang, "Confirmed causes"), is_text=True, is_whole=True, bold=True),
        pdf.GridColumn(tr(lang, "With it", context="column")),
        pdf.GridColumn(tr(lang, "Without", context="column")),
        pdf.GridColumn(tr(lang, "Points, 95 %", context="column")),
        pdf.GridColumn(tr(lang, "Measure", context="column"), is_text=True, is_whole=True),
        pdf.GridColumn(tr(lang, "Who", context="column"), is_text=True, is_whole=True),
    ]
    first, *others = pdf.grid_table_blocks(fields, rows)
    return [
        pdf.BlockWithinPage(first.height, first.draw, gap=10, keep=True),
        *others,
        *_hand_counted_causes_note_blocks(found, lang),
    ]


def _hand_counted_causes_note_blocks(found: ProjectReportData, lang: str) -> list[pdf.BlockWithinPage]:
    """Return which causes of this page are told by what was counted by hand."""
    shown = {cause["n"]: main_evidence_of_cause(cause) for cause in found.project["causes"]}
    numbers = [str(n) for n, row in shown.items() if row is not None and words.hand_count_note(row, lang)]
    if not numbers:
        return []
    told = tr(lang, "Counted by hand, not from the log: cause {numbers}.", numbers=list_text(numbers, lang))
    return [pdf.WrappedMarkup(pdf.escape(told), SMALL, WIDTH, colour=pdf.INK2, leading=1.4).page_block(gap=8)]


def _effect_blocks(found: ProjectReportData, lang: str) -> list[pdf.BlockWithinPage]:
    """Return the figures before and after, the days of the one to be mended, and how it was compared."""
    effect = found.effect
    if effect is None:
        return []
    blocks = [
        pdf.heading_block(tr(lang, "Before and after")),
        *(_before_after_block(found, unit, lang) for unit in effect_units(effect)),
    ]
    figure = name_of_figure_to_chart(effect, found.project)
    if figure is not None and effect["days"]:
        chart = daily_figure_chart(found.setup, found.project, effect, figure, lang)
        tall = chart_height_from_panels(chart, DAYS_HIGH)
        blocks += [
            pdf.heading_block(daily_chart_title(found.setup, figure, lang)),
            pdf.BlockWithinPage(tall, lambda sheet, y: draw_chart(sheet, y, tall, chart)),
        ]
    title, lines = tr(lang, "How compared:"), " ".join(words.comparison_notes(found.setup, effect, lang))
    how = f"<b>{pdf.escape(title)}</b> {pdf.escape(lines)}"
    methods = {
        SHARE: tr(
            lang, "Shares of all rows of a span; the interval is Newcombe's of two shares, 95 %. A ticket counts once."
        ),
        MINUTES: tr(
            lang,
            "For minutes the day is the unit: equal weekdays are compared in pairs, by the Hodges-Lehmann estimate with the interval of Wilcoxon's signed ranks, 95 %.",
        ),
    }
    method = " ".join(methods[unit] for unit in effect_units(effect))
    return [*blocks, pdf.WrappedMarkup(f"{how} {pdf.escape(method)}", SMALL, WIDTH, leading=1.45).page_block(gap=10)]


def _before_after_block(found: ProjectReportData, unit: str, lang: str) -> pdf.BlockWithinPage:
    """Return the figures of a unit before and after, on a scale of their own."""
    effect = found.effect
    assert effect is not None
    rows = difference_rows(found.setup, effect, lang, unit)
    before, after = (
        words.iso_dates_range_text(effect[key]["from"], effect[key]["to"], lang) for key in ("before", "after")
    )
    heads = (before, after, quality.difference_column_title(unit, lang), tr(lang, "What it says"))
    high = layout.differences_height(rows, PAGE, WIDTH)

    def draw_block(sheet: pdf.PdfSheet, y: float) -> None:
        draw_marks(
            sheet, layout.lay_out_differences(heads, rows, PAGE, charts.SurfaceRect(pdf.LEFT, y, WIDTH, high)).marks
        )

    return pdf.BlockWithinPage(high, draw_block, gap=0)


# -- second page: the present state and every cause --------------------------------------------------------------------


def _present_state_blocks(found: ProjectReportData, lang: str) -> list[pdf.BlockWithinPage]:
    title = pdf.heading_block(quality.project_step_word("state", lang))
    title = pdf.BlockWithinPage(title.height, title.draw, keep=True, breaks=True)
    rows = [words.citation_text(one, found.setup, lang) for one in found.project["state"]]
    if found.project["finding"]:
        came = words.citation_text(found.project["finding"], found.setup, lang)
        rows.insert(0, tr(lang, "It came from: {text}", text=came))
    return [title, *_text_line_blocks(rows or [tr(lang, "Nothing is cited yet.")])]


def _text_line_blocks(rows: Sequence[str]) -> list[pdf.BlockWithinPage]:
    return [
        pdf.WrappedMarkup(pdf.escape(row.replace("  ", " · ")), BODY, WIDTH, leading=1.4).page_block(gap=4)
        for row in rows
    ]


def _prose_block_at(prose: pdf.WrappedMarkup, x: float, *, gap: float, keep: bool = False) -> pdf.BlockWithinPage:
    return pdf.BlockWithinPage(prose.height, lambda sheet, y: prose.draw(sheet, x, y), gap=gap, keep=keep)


def _cause_detail_blocks(found: ProjectReportData, lang: str) -> list[pdf.BlockWithinPage]:
    """Return each cause with its state, who judged it, and all its rows; nothing rejected is hidden."""
    if not found.project["causes"]:
        return []
    blocks = [pdf.heading_block(tr(lang, "Every cause with its rows"))]
    for bone, causes in causes_by_bone(found.project, lang).items():
        for cause in causes:
            blocks += _single_cause_blocks(found, cause, bone, lang)
    return blocks


def _single_cause_blocks(found: ProjectReportData, cause: Document, bone: str, lang: str) -> list[pdf.BlockWithinPage]:
    kind, colour = words.JUDGEMENT_SIGNS[cause["judgement"]]
    said = [words.judgement_word(cause["judgement"], lang)]
    if cause["judged_by"]:
        said.append(staff_name(found.setup, cause["judged_by"], lang) or cause["judged_by"])
    right = " · ".join(said)
    room = WIDTH - pdf.text_width(right, BODY) - 120

    def draw_block(sheet: pdf.PdfSheet, y: float) -> None:
        sheet.draw_line([(pdf.LEFT, y), (pdf.RIGHT, y)], colour=pdf.LINE)
        draw_marks(sheet, list(charts.symbol_marks(kind, (pdf.LEFT + 5, y + 11), 3.8, colour)))
        name = pdf.cut_text_to_width(f"{cause['n']}  {cause['name']}", 10, room, bold=True)
        sheet.draw_text(pdf.LEFT + 16, y + 14.5, name, 10, bold=True)
        at = pdf.LEFT + 24 + pdf.text_width(name, 10, bold=True)
        sheet.draw_text(at, y + 14.5, pdf.cut_text_to_width(bone, SMALL, 90), SMALL, colour=pdf.INK2)
        sheet.draw_text(pdf.RIGHT, y + 14.5, right, BODY, at="right")

    blocks = [pdf.BlockWithinPage(20, draw_block, gap=5, keep=bool(cause["evidence"]))]
    for row in cause["evidence"]:
        told = words.evidence_sentence(row, found.setup, lang).replace("  ", " · ") if row["kind"] else UNKNOWN
        if hand := words.hand_count_note(row, lang):
            told = f"{told} · {hand}"
        prose = pdf.WrappedMarkup(pdf.escape(told), SMALL + 0.4, WIDTH - 16, colour=pdf.INK2, leading=1.4)
        blocks.append(_prose_block_at(prose, pdf.LEFT + 16, gap=1))
    return blocks


# -- third page: measures, standards, tickets, the log -----------------------------------------------------------------


def _measures_blocks(found: ProjectReportData, lang: str) -> list[pdf.BlockWithinPage]:
    measures = found.project["measures"]
    title = pdf.heading_block(quality.project_step_word("measures", lang))
    blocks = [pdf.BlockWithinPage(title.height, title.draw, keep=True, breaks=True)]
    if not measures:
        return [*blocks, *_text_line_blocks([tr(lang, "No measure is written down yet.")])]
    names = {one["n"]: one["name"] for one in found.project["causes"]}
    for one in measures:
        blocks += _blocks_of_one_measure(found, one, names, lang)
    if found.project["next"]:
        blocks += [pdf.heading_block(tr(lang, "Next step")), *_text_line_blocks([found.project["next"]])]
    return blocks


def _blocks_of_one_measure(
    found: ProjectReportData, one: Document, names: Mapping[int, str], lang: str
) -> list[pdf.BlockWithinPage]:
    due = date_short(date.fromisoformat(one["due"]), lang)
    facts = [staff_name(found.setup, one["who"], lang) or one["who"], tr(lang, "until {day}", day=due)]
    facts += [one["where"]] if one["where"] else []
    facts += [tr(lang, "cost {cost}", cost=whole_number_text(one["cost"]))] if one["cost"] is not None else []
    against = [names[n] for n in one["causes"] if n in names]
    facts += [tr(lang, "against: {causes}", causes=list_text(against, lang))] if against else []
    if one["done"]:
        facts.append(tr(lang, "done {day}", day=date_short(date.fromisoformat(one["done"]), lang)))
    else:
        facts.append(tr(lang, "overdue", context="measure") if one["overdue"] else tr(lang, "to do", context="measure"))
    made = one["standard"]
    stays = (
        quality.resulting_standard_text(made, found.setup, lang)
        if made
        else quality.resulting_standard_word("nothing", lang)
    )
    markup = f"<b>{one['n']}  {pdf.escape(one['what'])}</b>"
    stands = pdf.escape(tr(lang, "Standard: {place}", place=stays))
    proses = [
        pdf.WrappedMarkup(markup, 10, WIDTH, leading=1.4),
        pdf.WrappedMarkup(pdf.escape(" · ".join(facts)), SMALL + 0.4, WIDTH, colour=pdf.INK2, leading=1.4),
        pdf.WrappedMarkup(stands, SMALL + 0.4, WIDTH, leading=1.4),
    ]
    return [_prose_block_at(prose, pdf.LEFT, gap=7 if n == 0 else 1, keep=n < 2) for n, prose in enumerate(proses)]


def _cited_tickets_blocks(found: ProjectReportData, lang: str) -> list[pdf.BlockWithinPage]:
    """Return the tickets that were cited as evidence, each with the cause."""
    rows = []
    for cause in found.project["causes"]:
        for row in cause["evidence"]:
            if row["kind"] == "tickets":
                rows += [
                    (one["ticket"], date_short(date.fromisoformat(one["date"]), lang), cause["name"])
                    for one in row["tickets"]
                ]
    if not rows:
        return []
    fields = [
        pdf.GridColumn(tr(lang, "Ticket"), is_text=True, bold=True),
        pdf.GridColumn(tr(lang, "Date", context="behind"), is_text=True),
        pdf.GridColumn(tr(lang, "Cause", context="project"), is_text=True),
    ]
    count = ntr(lang, "{n} ticket", "{n} tickets", len(rows))
    return [pdf.heading_block(tr(lang, "Tickets cited"), count), *pdf.grid_table_blocks(fields, rows)]


def _data_source_blocks(found: ProjectReportData, lang: str) -> list[pdf.BlockWithinPage]:
    """Return where the figures come from: so that somebody else finds the same rows."""
    project = found.project
    cited = [one for one in project["state"] if one["what"]]
    spans = {(one["from"], one["to"]) for one in cited}
    for cause in project["causes"]:
        spans |= {(row["from"], row["to"]) for row in cause["evidence"] if row["kind"] == "compare" and row["from"]}
    if found.effect is not None:
        spans |= {(found.effect[key]["from"], found.effect[key]["to"]) for key in ("before", "after")}
    dates = list_text([words.iso_dates_range_text(*one, lang) for one in sorted(spans)], lang)
    seq = found.anchor.seq if found.anchor is not None else 0
    rows = [tr(lang, "The hall's log up to event {seq}; its check code is at the foot.", seq=whole_number_text(seq))]
    if dates:
        rows.append(tr(lang, "Dates counted: {dates}.", dates=dates))
    told = tr(lang, "Every figure opens its rows in the program: Improve, project {number}.", number=project["project"])
    return [pdf.heading_block(tr(lang, "Where the figures come from")), *_text_line_blocks([*rows, told])]
