"""The questions of a project, their fields declared by name, and what is done with the answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from functools import partial
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QComboBox, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.imports.half_width import half_width
from queuedesk.core.improvement.following import MOST_MINUTES, is_minutes
from queuedesk.core.improvement.project import (
    BONES,
    OWN_BONE,
    Ending,
    Finding,
    Followed,
    Gathered,
    Made,
    Place,
    Plan,
    Spans,
)
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.rules import HALL_RULES
from queuedesk.features.projects.pages.controller import ProjectsController, plain_minutes, plain_shares
from queuedesk.features.projects.pages.panes import CARD, EvidencePane
from queuedesk.features.projects.words import bone_word
from queuedesk.i18n import _, date_short, listing, named, said
from queuedesk.i18n.figures.drilldown_words import figure_name
from queuedesk.i18n.names import staff_name
from queuedesk.i18n.numerals import percent
from queuedesk.stations.manager.parts.form_dialog import FormDialog
from queuedesk.stations.manager.parts.page import Page
from queuedesk.stations.widgets.panels import FixedSize
from queuedesk.stations.widgets.questions.forms import DropDown, FormField
from queuedesk.stations.window.style import Look


class Kind(StrEnum):
    """What a field takes. A SHARE is typed in percent."""

    TEXT = "text"
    DAY = "day"
    NUMBER = "number"
    VALUE = "value"
    CHOICE = "choice"


class Asked(Struct, frozen=True, kw_only=True):
    """A field: the name that its answer goes by, its label, and what stands in it; `needed` ones may not be empty.
    `beside` stands in the row of the field before it."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    value: str = ""
    hint: str = ""
    choices: Mapping[str, str] | None = None
    needed: bool = True
    beside: bool = False


class AskDialog(FormDialog):
    """Asks for up to seven fields. Days are answered as dates, numbers as whole numbers, values as any number; an empty
    one that is not needed as None."""

    def __init__(
        self, host: QWidget, look: Look, *, title: str, yes: str, asked: Sequence[Asked], effect: str = ""
    ) -> None:
        super().__init__(host, look, title=title, effect=effect, width=680)
        self._asked = tuple(asked)
        self.fields = {one.name: self._field(one) for one in asked}
        row: list[FormField] = []
        for one in asked:
            if row and not one.beside:
                self.row(*row)
                row = []
            row.append(self.fields[one.name])
        if row:
            self.row(*row)
        self.finish(_("Leave it", context="project"), yes)

    def _field(self, one: Asked) -> FormField:
        hint = one.hint or (_("such as 2026-11-20") if one.kind is Kind.DAY else "")
        if one.kind is Kind.CHOICE:
            box = DropDown(self.look).share_width(10)
            choices = one.choices or {}
            first = next(iter(choices), "") if one.needed else ""
            box.show_choice(one.value or first, choices)
            FixedSize(self.look, box, height=44)
            return FormField(self.look, one.label, hint=hint, edit=box)
        field = FormField(self.look, one.label, hint=hint)
        field.set_value(one.value)
        return field

    def first_focus(self) -> QWidget:
        return next((field.edit for field in self.fields.values()), self.yes_button)

    def _do(self) -> None:
        checked = [self._check(one) for one in self._asked]  # all of them, so that all troubles are said
        if all(checked):
            super()._do()

    def _check(self, one: Asked) -> bool:
        """Say in red what is wrong with a field; return whether nothing is."""
        field = self.fields[one.name]
        text = self._text(one)
        trouble = ""
        if not text:
            trouble = _("This is needed") if one.needed else ""
        else:
            try:
                self._read(one, text)
            except ValueError:
                trouble = {
                    Kind.DAY: _("A date such as 2026-11-20"),
                    Kind.NUMBER: _("A whole number"),
                    Kind.VALUE: _("A number such as 12.5"),
                }.get(one.kind, "")
        field.set_error(trouble)
        return not trouble

    def _text(self, one: Asked) -> str:
        edit = self.fields[one.name].edit
        if isinstance(edit, QComboBox):
            return str(edit.currentData() or "")
        text = self.fields[one.name].value().strip()
        return text if one.kind is Kind.TEXT else half_width(text).strip()

    def _read(self, one: Asked, text: str) -> Any:
        if one.kind is Kind.DAY:
            return date.fromisoformat(text)
        if one.kind is Kind.NUMBER:
            return int(text)
        if one.kind is Kind.VALUE:
            value = float(text.removesuffix("%").strip())
            if not 0 <= value <= MOST_MINUTES:
                raise ValueError(text)
            return value
        return text

    def answer(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for one in self._asked:
            text = self._text(one)
            is_plain = one.kind in (Kind.TEXT, Kind.CHOICE)
            found[one.name] = self._read(one, text) if text else ("" if is_plain else None)
        return found


MOST_ASKED = 3
"""So many followed figures are asked for at once."""
HISTORY = 14
"""So many days a span has that is filled in."""
Document = Mapping[str, Any]


def shown_value(figure: str, value: float) -> str:
    """Return a target or an alarm line as it is typed: minutes, or per cent."""
    return f"{value:g}" if is_minutes(figure) else percent(value)


def read_value(figure: str, typed: float | None) -> float | None:
    """Return what was typed so, a share in 0..1."""
    return typed if typed is None or is_minutes(figure) else typed / 100


class ProjectAsking(QObject):
    """Asks over the page of a project, and has the page's controller do what was answered."""

    def __init__(self, page: Page, controller: ProjectsController, evidence: EvidencePane) -> None:
        super().__init__(page)
        self._page, self.controller, self._evidence = page, controller, evidence
        self._look = controller.context.look
        self.number = 0
        self.project: Document = {}
        self._dialog: AskDialog | None = None
        self._cause = 0
        self._dates = (date.min, date.min)
        self._standards: list[tuple[int, Made]] = []
        controller.shares_read.connect(self._ask_groups)
        controller.inspections_read.connect(self._ask_inspection)

    @property
    def setup(self) -> Setup:
        return self.controller.context.feed.setup

    def close(self) -> None:
        """Close the question: what it asked for is done."""
        if self._dialog is not None:
            self._dialog.finished()
            self._dialog = None

    def refuse(self, trouble: QueueDeskError) -> bool:
        """Say in the question why it was not done; return whether there is one."""
        if self._dialog is not None:
            self._dialog.refuse_with(trouble)
        return self._dialog is not None

    def _ask(
        self, title: str, yes: str, asked: list[Asked], take: Callable[[dict[str, Any]], object], effect: str = ""
    ) -> None:
        self.close()
        dialog = AskDialog(self._page.host, self._look, title=title, yes=yes, asked=asked, effect=effect)
        dialog.wanted.connect(take)
        dialog.refused.connect(self._forget)
        self._dialog = dialog
        dialog.open_dialog()

    def _forget(self) -> None:
        self._dialog = None

    def _figures(self, *more: str) -> dict[str, str]:
        known = [one["name"] for one in self.project["state"] if one["what"] == "figure"]
        target = [self.project["target"]["figure"]] if self.project["target"] else []
        paths = dict.fromkeys((*target, *(one for one in known if one in plain_shares()), *more, *plain_shares()))
        return {one: figure_name(one, self.setup) for one in paths}

    def _goals(self, *more: str) -> dict[str, str]:
        """Return what can be followed: shares, and minutes."""
        known = [one["name"] for one in self.project["state"] if one["what"] == "figure" and is_minutes(one["name"])]
        return self._figures(*more) | {
            one: figure_name(one, self.setup) for one in dict.fromkeys((*known, *plain_minutes()))
        }

    def _people(self) -> dict[str, str]:
        return {code: staff_name(self.setup, code) for code in self.setup.staff}

    def ask_title(self) -> None:
        """Ask for another title or leader."""
        project = self.project
        asked = [
            Asked(name="title", label=_("Title", context="project"), value=project["title"]),
            Asked(name="leader", label=_("Led by"), kind=Kind.CHOICE, value=project["leader"], choices=self._people()),
        ]
        self._ask(_("Project {number}", number=self.number), _("Keep it"), asked, partial(self._do, "rename"))

    def _do(self, verb: str, answer: Mapping[str, Any]) -> None:
        self.controller.do(verb, self.number, **answer)

    def ask_cited(self, verb: str) -> None:
        """Ask for a figure of dates: what the project came from, or its present state."""
        day = self.controller.day
        asked = [
            Asked(name="path", label=_("Figure"), kind=Kind.CHOICE, choices=self._figures()),
            Asked(name="first", label=_("From"), kind=Kind.DAY, value=(day - timedelta(days=HISTORY)).isoformat()),
            Asked(name="last", label=_("To"), kind=Kind.DAY, value=(day - timedelta(days=1)).isoformat(), beside=True),
        ]
        effect = _("Any other figure, chart or page: press “Cite …” next to it.")

        def take(answer: dict[str, Any]) -> None:
            self.controller.do(verb, self.number, Finding(**answer))

        self._ask(_("Which figure?"), _("Cite it"), asked, take, effect)

    def offer_finding(self, under: QWidget) -> None:
        """Ask what kind of thing the project came from."""
        self._page.pop(
            under,
            [
                (_("A figure …"), partial(self.ask_cited, "finding")),
                (_("A case …"), self.ask_case),
                (_("A ticket …"), self.ask_ticket),
                (_("An inspection …"), self.controller.read_inspections),
            ],
        )

    def _cite_finding(self, finding: Finding) -> None:
        self.controller.do("finding", self.number, finding)

    def ask_case(self) -> None:
        """Ask for the case that a project came from."""
        asked = [Asked(name="number", label=_("Case"), hint=_("such as 26-036"))]
        take = lambda answer: self._cite_finding(Finding(case=answer["number"]))  # noqa: E731
        self._ask(_("Which case?"), _("Cite it"), asked, take)

    def ask_ticket(self) -> None:
        """Ask for the ticket that a project came from."""
        asked = [
            Asked(name="label", label=_("Ticket"), hint=_("such as A012")),
            Asked(name="day", label=_("Date"), kind=Kind.DAY, value=self.controller.day.isoformat(), beside=True),
        ]
        take = lambda answer: self._cite_finding(  # noqa: E731
            Finding(ticket=half_width(answer["label"]).upper(), first=answer["day"])
        )
        self._ask(_("Which ticket?"), _("Cite it"), asked, take)

    def _ask_inspection(self, found: list[Document]) -> None:
        """Ask which of the inspections of two months it was."""
        if not found:
            self._page.said.emit(_("No inspection was signed this month or the last"), "info")
            return
        words = {
            str(one["inspection"]): listing(
                [named(one["name"], one["name_en"]), date_short(date.fromisoformat(one["date"]))]
            )
            for one in found
        }
        asked = [Asked(name="inspection", label=_("Inspection"), kind=Kind.CHOICE, choices=words)]
        take = lambda answer: self._cite_finding(Finding(inspection=answer["inspection"]))  # noqa: E731
        self._ask(_("Which inspection?"), _("Cite it"), asked, take)

    def seldom_asked(self) -> list[tuple[str, Callable[[], object]]]:
        """Return the entries for what is asked for seldom: what is followed, and the project's end."""
        return [
            (_("Figures followed, and their alarm …"), self.ask_follows),
            (_("Rename it"), self.ask_title),
            (_("Drop the project …"), partial(self.ask_end, Ending.DROPPED)),
        ]

    def ask_follows(self) -> None:
        """Ask which figures the effect is asked of, each with the line beyond which a week is told the leader."""
        known = list(self.project["follows"])
        choices = {"": _("none", context="figure"), **self._goals(*(one["figure"] for one in known))}
        asked = []
        nothing: Document = {"figure": "", "alarm": None}
        for n in range(MOST_ASKED):
            one = known[n] if n < len(known) else nothing
            value = "" if one["alarm"] is None else shown_value(one["figure"], one["alarm"])
            asked += [
                Asked(
                    name=f"figure{n}",
                    label=_("Figure {n}", n=n + 1),
                    kind=Kind.CHOICE,
                    value=one["figure"],
                    choices=choices,
                    needed=not n,
                ),
                Asked(
                    name=f"alarm{n}",
                    label=_("Alarm beyond, % or minutes"),
                    kind=Kind.VALUE,
                    value=value,
                    needed=False,
                    beside=True,
                ),
            ]

        def take(answer: dict[str, Any]) -> None:
            asked = [(answer[f"figure{n}"], answer[f"alarm{n}"]) for n in range(MOST_ASKED)]
            rows = [Followed(figure, read_value(figure, alarm)) for figure, alarm in asked]
            # More than this question holds stay as they are.
            rows += [Followed(one["figure"], one["alarm"]) for one in known[MOST_ASKED:]]
            self.controller.do("follow", self.number, [one for one in rows if one.figure])

        effect = _("A whole week beyond the alarm, on the bad side, is reported to the leader on Today.")
        self._ask(_("What is followed?"), _("Follow these"), asked, take, effect)

    def ask_target(self) -> None:
        """Ask what is to be reached by when, and why."""
        target = self.project["target"]
        asked = [
            Asked(
                name="figure",
                label=_("Figure"),
                kind=Kind.CHOICE,
                value=target["figure"] if target else "",
                choices=self._goals(),
            ),
            Asked(
                name="value",
                label=_("To reach, % or minutes"),
                kind=Kind.VALUE,
                value=shown_value(target["figure"], target["value"]) if target else "",
            ),
            Asked(name="by", label=_("By"), kind=Kind.DAY, value=target["by"] if target else "", beside=True),
            Asked(name="reason", label=_("Why this much?"), value=target["reason"] if target else ""),
        ]

        def take(answer: dict[str, Any]) -> None:
            self._do("target", {**answer, "value": read_value(answer["figure"], answer["value"])})

        self._ask(_("The target"), _("Set the target"), asked, take)

    def ask_cause(self, n: int = 0) -> None:
        """Ask for a cause and its bone, or for another name of one."""
        cause = next((one for one in self.project["causes"] if one["n"] == n), None)
        asked = [
            Asked(name="name", label=_("What might cause it?"), value=cause["name"] if cause else ""),
            Asked(
                name="bone",
                label=_("Branch"),
                kind=Kind.CHOICE,
                value=cause["bone"] if cause else "",
                choices={bone: bone_word(bone) for bone in BONES},
            ),
            Asked(
                name="own_bone",
                label=_("Name of your own branch"),
                value=(cause["bone_name"] or "") if cause else "",
                needed=False,
                beside=True,
            ),
        ]

        def take(answer: dict[str, Any]) -> None:
            own = answer["own_bone"] if answer["bone"] == OWN_BONE else ""
            words = (answer["name"], answer["bone"])
            if cause is None:
                self.controller.do("cause", self.number, *words, own_bone=own)
            else:
                self.controller.do("change-cause", self.number, n, *words, own_bone=own)

        title = _("Cause {n}", n=n) if cause else _("A new cause")
        self._ask(title, _("Add it"), asked, take)

    def offer_cause(self, n: int) -> None:
        self._page.pop(
            self._evidence.more_button,
            [
                (_("Rename it"), partial(self.ask_cause, n)),
                (_("Remove the cause"), partial(self.controller.do, "remove-cause", self.number, n)),
            ],
        )

    # -- evidence ------------------------------------------------------------------------------------------------------

    def offer_evidence(self, n: int) -> None:
        self._cause = n
        self._page.pop(
            self._evidence.gather_button,
            [
                (_("Two groups of the log …"), self.ask_span),
                (_("Two groups counted by hand …"), self.ask_counted),
                (_("A figure …"), self.ask_figure),
                (_("Tickets …"), self.ask_tickets),
                (_("Cases …"), self.ask_cases),
                (_("A count, a checklist, remarks …"), self.ask_count),
            ],
        )

    def _gather(self, gathered: Gathered) -> None:
        self.controller.do("evidence", self.number, self._cause, gathered)

    def _note(self) -> Asked:
        return Asked(name="note", label=_("Note"), needed=False)

    def _span(self) -> list[Asked]:
        day = self.controller.day
        return [
            Asked(name="first", label=_("From"), kind=Kind.DAY, value=(day - timedelta(days=HISTORY)).isoformat()),
            Asked(name="last", label=_("To"), kind=Kind.DAY, value=(day - timedelta(days=1)).isoformat(), beside=True),
        ]

    def ask_span(self) -> None:
        """Ask of which dates two groups are; then for the groups."""

        def take(answer: dict[str, Any]) -> None:
            self._dates = answer["first"], answer["last"]
            self.close()
            self.controller.read_shares(*self._dates)

        self._ask(_("Two groups of the log"), _("Choose the groups"), self._span(), take)

    def _ask_groups(self, shares: dict[str, str]) -> None:
        """Ask for the share with the cause and the one without it, of those that there are."""
        first, last = self._dates
        asked = [
            Asked(name="with_", label=_("With the cause"), kind=Kind.CHOICE, choices=shares),
            Asked(name="without", label=_("Without it"), kind=Kind.CHOICE, choices=shares),
            self._note(),
        ]

        def take(answer: dict[str, Any]) -> None:
            groups = (answer["with_"], answer["without"])
            self._gather(Gathered(finding=Finding(first=first, last=last), groups=groups, note=answer["note"]))

        self._ask(_("Which groups?"), _("Compare them"), asked, take)

    def ask_counted(self) -> None:
        """Ask for two groups that were counted by hand."""
        asked = [
            Asked(name="with_", label=_("With the cause, n/of"), hint=_("such as 12/60")),
            Asked(name="without", label=_("Without it, n/of"), hint=_("such as 12/60"), beside=True),
            self._note(),
        ]

        def take(answer: dict[str, Any]) -> None:
            self._gather(Gathered(groups=(answer["with_"], answer["without"]), note=answer["note"]))

        self._ask(_("Two groups counted by hand"), _("Compare them"), asked, take)

    def ask_figure(self) -> None:
        """Ask for a figure that speaks for or against a cause."""
        asked = [
            Asked(name="path", label=_("Figure"), kind=Kind.CHOICE, choices=self._figures()),
            *self._span(),
            self._note(),
        ]

        def take(answer: dict[str, Any]) -> None:
            note = answer.pop("note")
            self._gather(Gathered(finding=Finding(**answer), note=note))

        self._ask(_("Which figure?"), _("Cite it"), asked, take)

    def ask_tickets(self) -> None:
        """Ask for tickets of a date."""
        asked = [
            Asked(name="labels", label=_("Tickets"), hint=_("such as A012 A034")),
            Asked(name="day", label=_("Date"), kind=Kind.DAY, value=self.controller.day.isoformat(), beside=True),
            self._note(),
        ]

        def take(answer: dict[str, Any]) -> None:
            labels = answer["labels"].upper().replace(",", " ").replace("，", " ").split()
            tickets = tuple((answer["day"], label) for label in labels)
            self._gather(Gathered(tickets=tickets, note=answer["note"]))

        self._ask(_("Which tickets?"), _("Cite them"), asked, take)

    def ask_cases(self) -> None:
        """Ask for cases by their numbers."""
        asked = [Asked(name="numbers", label=_("Cases"), hint=_("such as 26-036 26-041")), self._note()]

        def take(answer: dict[str, Any]) -> None:
            numbers = answer["numbers"].replace(",", " ").replace("，", " ").split()
            self._gather(Gathered(cases=numbers, note=answer["note"]))

        self._ask(_("Which cases?"), _("Cite them"), asked, take)

    def ask_count(self) -> None:
        """Ask what was counted by hand, and of what."""
        asked = [
            Asked(name="counted", label=_("Counted"), hint=_("such as 7 or 7/20")),
            Asked(name="note", label=_("What was counted?")),
        ]

        def take(answer: dict[str, Any]) -> None:
            self._gather(Gathered(**answer))

        self._ask(_("A count"), _("Add it"), asked, take)

    # -- measures, dates, standards, the end -------------------------------------------------------------------------

    def offer_row(self, leads: tuple[Any, ...], under: QWidget) -> None:
        """Offer what can be done with a row."""
        kind = leads[0]
        do, number = self.controller.do, self.number
        if kind == "title":
            self.ask_title()
        elif kind == "finding":
            self.offer_finding(under)
        elif kind == "target":
            self.ask_target()
        elif kind == "next":
            self.ask_next()
        elif kind == "state":
            self._page.pop(under, [(_("Remove"), partial(do, "drop-state", number, leads[1]))])
        elif kind == "evidence" and self._evidence.number is not None:
            act = partial(do, "remove-evidence", number, self._evidence.number, leads[1])
            self._page.pop(under, [(_("Remove"), act)])
        elif kind == "measure":
            n = leads[1]
            self._page.pop(
                under,
                [
                    (_("Done …"), partial(self.ask_done, n)),
                    (_("Write it again"), partial(self.ask_measure, n)),
                    (_("Remove the measure"), partial(do, "remove-measure", number, n)),
                ],
            )

    def note_first(self) -> None:
        self.ask_done(next(one["n"] for one in self.project["measures"] if one["done"] is None))

    def ask_done(self, n: int) -> None:
        """Ask on which date a measure was done."""
        what = next(one["what"] for one in self.project["measures"] if one["n"] == n)
        asked = [Asked(name="day", label=_("Done on"), kind=Kind.DAY, value=self.controller.day.isoformat())]
        take = lambda answer: self.controller.do("done", self.number, n, answer["day"])  # noqa: E731
        self._ask(what, _("Note it"), asked, take)

    def ask_measure(self, n: int = 0) -> None:
        """Ask what is done, by whom, until when, where, at what cost, and against which cause."""
        one = next((each for each in self.project["measures"] if each["n"] == n), None)
        confirmed = [each for each in self.project["causes"] if each["judgement"] == "confirmed"]
        causes = {str(each["n"]): each["name"] for each in confirmed or self.project["causes"]}
        against = str(one["causes"][0]) if one and one["causes"] else next(iter(causes), "")
        asked = [
            Asked(name="what", label=_("What is done?"), value=one["what"] if one else ""),
            Asked(
                name="cause",
                label=_("Against which cause?"),
                kind=Kind.CHOICE,
                value=against,
                choices=causes,
                needed=False,
            ),
            Asked(
                name="who",
                label=_("Who does it?"),
                kind=Kind.CHOICE,
                value=one["who"] if one else self.project["leader"],
                choices=self._people(),
            ),
            Asked(name="due", label=_("Until"), kind=Kind.DAY, value=one["due"] if one else "", beside=True),
            Asked(name="where", label=_("Where?"), value=(one["where"] or "") if one else "", needed=False),
            Asked(
                name="cost",
                label=_("Cost"),
                kind=Kind.NUMBER,
                value="" if one is None or one["cost"] is None else str(one["cost"]),
                needed=False,
                beside=True,
            ),
        ]

        def take(answer: dict[str, Any]) -> None:
            cause = answer.pop("cause")
            plan = Plan(**answer, causes=(int(cause),) if cause else ())
            if one is None:
                self.controller.do("measure", self.number, plan)
            else:
                self.controller.do("change-measure", self.number, n, plan)

        self._ask(_("Measure {n}", n=n) if one else _("A new measure"), _("Add it"), asked, take)

    def ask_spans(self) -> None:
        """Ask which dates are compared."""
        spans, day = self.project["spans"], self.controller.day
        done = [one["done"] for one in self.project["measures"] if one["done"]]
        start = spans["measures"] if spans else max(done, default=day.isoformat())
        begun = date.fromisoformat(start)
        usual = {
            "first": begun - timedelta(days=HISTORY),
            "last": begun - timedelta(days=1),
            "then": begun,
            "until": begun + timedelta(days=HISTORY - 1),
        }
        known = dict(usual)
        if spans:
            keys = (
                ("first", "before", "from"),
                ("last", "before", "to"),
                ("then", "after", "from"),
                ("until", "after", "to"),
            )
            known = {name: date.fromisoformat(spans[side][end]) for name, side, end in keys}
        labels = {"first": _("Before: from"), "last": _("to"), "then": _("After: from"), "until": _("to")}
        asked = [Asked(name="measures", label=_("The measures began on"), kind=Kind.DAY, value=start)]
        for name, label in labels.items():
            value = known[name].isoformat()
            asked.append(Asked(name=name, label=label, kind=Kind.DAY, value=value, beside=name in ("last", "until")))

        def take(answer: dict[str, Any]) -> None:
            found = Spans(
                before=(answer["first"], answer["last"]),
                measures=answer["measures"],
                after=(answer["then"], answer["until"]),
            )
            self.controller.do("spans", self.number, found)

        effect = _("Days without a counterpart in the other span are left out and listed.")
        self._ask(_("What is compared?"), _("Compare them"), asked, take, effect)

    def make_standards(self, chosen: dict[int, str]) -> None:
        what = {one["n"]: one["what"] for one in self.project["measures"]}
        made = []
        for n, place in chosen.items():
            if place == Place.RULE:
                self._ask_rule(n, {each: other for each, other in chosen.items() if each != n})
                return
            if place.startswith(CARD):
                made.append((n, Made(place=Place.CARD, text=what[n], card=place.removeprefix(CARD))))
            else:
                made.append((n, Made(place=Place(place), text=what[n])))
        self._make([*self._standards, *made])

    def _make(self, made: list[tuple[int, Made]]) -> None:
        self._standards = []
        self.controller.do_all("standard", [(self.number, n, one) for n, one in made])

    def _ask_rule(self, n: int, rest: dict[int, str]) -> None:
        rules = {key: said(rule.title) for key, rule in HALL_RULES.items()}
        asked = [
            Asked(name="key", label=_("Rule"), kind=Kind.CHOICE, choices=rules),
            Asked(name="value", label=_("Value", context="rule"), beside=True),
        ]

        def take(answer: dict[str, Any]) -> None:
            self._standards.append((n, Made(place=Place.RULE, **answer)))
            self.make_standards(rest) if rest else self._make(self._standards)

        self._ask(_("Which rule?"), _("Set the rule"), asked, take)

    def ask_next(self) -> None:
        """Ask for the next step."""
        asked = [Asked(name="words", label=_("Next step"), value=self.project["next"] or "")]
        self._ask(_("What comes next?"), _("Add it"), asked, partial(self._do, "next"))

    def ask_end(self, ending: Ending) -> None:
        """Ask whether the project ends, and why."""
        is_dropped = ending is Ending.DROPPED
        asked = [Asked(name="words", label=_("Why?") if is_dropped else _("Anything to add?"), needed=is_dropped)]
        title = (
            _("Drop project {number}", number=self.number)
            if is_dropped
            else _("Close project {number}", number=self.number)
        )
        take = lambda answer: self.controller.do("end", self.number, ending, answer["words"])  # noqa: E731
        self._ask(title, _("Drop it") if is_dropped else _("Close it"), asked, take)
