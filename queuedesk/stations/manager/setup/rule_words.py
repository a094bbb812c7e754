"""The hall's rules in plain words: what each is called, what it does, in which unit its figure is."""

from __future__ import annotations

from dataclasses import dataclass

from queuedesk.core.setup.values import SETTING_CHOICES
from queuedesk.i18n import _
from queuedesk.stations.manager.setup.hours_text import clock

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("waiting", ("wait_target_minutes", "amber_minutes", "red_minutes", "crowd")),
    ("calling", ("calls_before_missed", "call_gap_s", "call_at_finish", "idle_nudge_s")),
    ("order", ("order", "jump_every", "order_guard")),
    ("late", ("return_minutes", "return_numbers", "postponements")),
    ("windows", ("opening_checks", "outcome_required", "form_free_minutes", "break_after_minutes")),
    ("appointments", ("appointment_early_minutes", "appointment_grace_minutes", "contact_days")),
    ("customers", ("kiosk_idle_s", "rating_days", "rating_questions", "first_visit_days")),
    ("day", ("closing", "closing_margin_minutes", "overnight", "day_end")),
    ("reports", ("reports", "report_print", "report_keep_days")),
)
"""All rules, in groups that belong together."""


@dataclass(frozen=True, slots=True)
class RuleText:
    """A rule's name, what it does, and the unit behind its figure ("" for none)."""

    name: str
    effect: str
    unit: str = ""


def group_word(group: str) -> str:
    return {
        "waiting": _("Waiting"),
        "calling": _("Calling"),
        "order": _("Order of calls"),
        "late": _("Late-comers"),
        "windows": _("At the windows"),
        "appointments": _("Appointments"),
        "customers": _("Customers' screens"),
        "day": _("The day's end"),
        "reports": _("Reports"),
    }[group]


def rule_text(key: str) -> RuleText:
    """Return the words of a rule."""
    texts = _waiting() | _calling() | _customers() | _reports()
    return texts[key]


def _waiting() -> dict[str, RuleText]:
    minutes, people = _("min", context="unit"), _("people", context="unit")
    return {
        "wait_target_minutes": RuleText(
            _("Waiting target"), _("Nobody should wait longer; reports count how many were called in time."), minutes
        ),
        "amber_minutes": RuleText(_("Amber from"), _("A wait this long is shown in amber to staff."), minutes),
        "red_minutes": RuleText(_("Red from"), _("A wait this long is shown in red and alerts the manager."), minutes),
        "crowd": RuleText(_("Full hall"), _("More people waiting than this alert the manager."), people),
        "return_minutes": RuleText(
            _("Back in line within"), _("Who comes back this soon after a missed call is called third."), minutes
        ),
        "return_numbers": RuleText(
            _("… or within"),
            _("The same while fewer tickets of the service than this were called since; later comers go to the end."),
            _("tickets", context="unit"),
        ),
        "postponements": RuleText(
            _("Letting one go first"), _("So often may a customer let the next one go first."), _("times")
        ),
        "appointment_early_minutes": RuleText(
            _("Early for an appointment"), _("So early before its time may an appointment become a ticket."), minutes
        ),
        "appointment_grace_minutes": RuleText(
            _("Late for an appointment"), _("So long after its time the place is kept; then it is free."), minutes
        ),
    }


def _calling() -> dict[str, RuleText]:
    seconds = _("s", context="unit")
    return {
        "calls_before_missed": RuleText(
            _("Calls before missed"), _("So often is a ticket called before it counts as missed."), _("calls")
        ),
        "call_gap_s": RuleText(
            _("Between two calls"), _("The voice says a ticket again after this time at the earliest."), seconds
        ),
        "call_at_finish": RuleText(_("Call at finish"), _("Finishing calls the next ticket at once.")),
        "idle_nudge_s": RuleText(
            _("Idle window"),
            _("After this time an open window is told that somebody waits whom it can serve."),
            seconds,
        ),
        "order": RuleText(
            _("How priority counts"),
            _("As minutes that a class has come earlier, as twice as many, or before everybody else."),
        ),
        "order_guard": RuleText(
            _("Overtaken at most"),
            _("Who was overtaken this often is passed by nobody with priority any more; 0 is no limit."),
            _("times"),
        ),
        "break_after_minutes": RuleText(
            _("Time for a break"),
            _("After so long without a break a clerk is named to the lobby manager; 0 for never."),
            _("min", context="unit"),
        ),
        "jump_every": RuleText(
            _("Priority calls"), _("At most one of so many calls goes to a ticket ahead of its turn."), _("calls")
        ),
        "opening_checks": RuleText(
            _("Checks at opening"),
            _("A window opens once voice, displays and ticket printers were tried that day, or for a reason."),
        ),
        "outcome_required": RuleText(_("Outcome at finish"), _("A ticket is finished only with its outcome.")),
        "form_free_minutes": RuleText(
            _("Saved without a form"),
            _("So long does filling in a form take on average, measured in this hall; 0 while nobody has measured it."),
            _("min", context="unit"),
        ),
        "closing": RuleText(
            _("Tickets near closing"),
            _("What happens where a ticket taken now would not be called before closing any more."),
        ),
        "closing_margin_minutes": RuleText(
            _("After closing"),
            _("So long windows go on after closing for people who have a ticket."),
            _("min", context="unit"),
        ),
        "overnight": RuleText(
            _("Open tickets at the end"), _("They end with the day, or may be given an early place the next day.")
        ),
        "day_end": RuleText(_("A day ends at"), _("Hall time at which numbers begin anew; 0:00 is midnight.")),
    }


def _customers() -> dict[str, RuleText]:
    days = _("days", context="unit")
    return {
        "kiosk_idle_s": RuleText(
            _("Kiosk goes back"),
            _("After this time without a touch the kiosk asks and then starts anew."),
            _("s", context="unit"),
        ),
        "rating_days": RuleText(
            _("Rating afterwards"),
            _("So many days after the visit a ticket can still be rated; 0 is the same day."),
            days,
        ),
        "contact_days": RuleText(
            _("Keeping contacts"), _("Name and phone of an appointment are deleted so many days after it."), days
        ),
        "rating_questions": RuleText(
            _("Two more questions"), _("After the rating: attitude and competence, one touch each.")
        ),
        "first_visit_days": RuleText(
            _("Done at the first visit"),
            _("Without another visit for the same in so many days it counts as done."),
            days,
        ),
    }


def _reports() -> dict[str, RuleText]:
    return {
        "reports": RuleText(
            _("Written by themselves"),
            _(
                "When a day is over, or also a week, month, quarter or year, its report comes into the folder of reports."
            ),
        ),
        "report_print": RuleText(
            _("Printed by themselves"),
            _(
                "The newest day's report is printed once, on the printer that a PC has for reports, without the page for managers."
            ),
        ),
        "report_keep_days": RuleText(
            _("Keeping reports"),
            _("Those of days and weeks are removed after so long; 0 is never. Those of months and longer stay."),
            _("days", context="unit"),
        ),
    }


def choice_word(value: str) -> str:
    """Return the word of a rule's choice."""
    return {
        "off": _("Off", context="rule"),
        "on": _("On", context="rule"),
        "credit": _("By minutes", context="order"),
        "credit_double": _("Minutes twice", context="order"),
        "priority_first": _("Always first", context="order"),
        "warn": _("Warn", context="closing"),
        "stop": _("Stop", context="closing"),
        "close": _("End", context="overnight"),
        "early_place": _("Early place", context="overnight"),
        "days": _("Days only", context="reports"),
        "all": _("All periods", context="reports"),
    }[value]


def usual_text(value: int | str, unit: str) -> str:
    """Return what a rule is unless the hall says otherwise."""
    if isinstance(value, int):
        return _("usual: {value} {unit}", value=value, unit=unit)
    is_choice = any(value in choices for choices in SETTING_CHOICES.values())
    return _("usual: {value}", value=choice_word(value) if is_choice else clock(value))
