"""The hall's rules: the values each takes, its usual value, and its words in forms.

Each rule is declared once. Commands, the set-up file, the form and refusals follow from that. The order of the
declarations is that of the keys in commands.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from queuedesk.core.setup.field_kinds import Field, Kind, choice, clock, count, entry
from queuedesk.core.wording import NO_WORDS, Wording

LONGEST_FORM_MINUTES = 120
PEOPLE, TICKETS = Wording("people", context="unit"), Wording("tickets", context="unit")
MINUTES, SECONDS, DAYS = Wording("min", context="unit"), Wording("s", context="unit"), Wording("days", context="unit")
CALLS, TIMES = Wording("calls"), Wording("times")
SWITCH = {"off": Wording("Off", context="rule"), "on": Wording("On", context="rule")}
ORDERS = {
    "credit": Wording("By minutes", context="order"),
    "credit_double": Wording("Minutes twice", context="order"),
    "priority_first": Wording("Always first", context="order"),
}
NEAR_CLOSING = {
    "warn": Wording("Warn", context="closing"),
    "stop": Wording("Stop", context="closing"),
    "off": SWITCH["off"],
}
OWN_WORDS = {
    "off": SWITCH["off"],
    "keys": Wording("On-screen keys", context="rule"),
    "keyboard": Wording("Keyboard", context="rule"),
}
OVERNIGHT = {
    "close": Wording("End", context="overnight"),
    "early_place": Wording("Early place", context="overnight"),
}
REPORTS = {
    "off": SWITCH["off"],
    "days": Wording("Days only", context="reports"),
    "all": Wording("All periods", context="reports"),
}
LOW_RATINGS = {
    "ask": Wording("Ask", context="low ratings"),
    "auto": Wording("By itself", context="low ratings"),
    "off": SWITCH["off"],
}
# The groups of the form, in its order: the `tab` of each rule.
GROUPS: Mapping[str, Wording] = {
    "waiting": Wording("Waiting"),
    "calling": Wording("Calling"),
    "order": Wording("Order of calls"),
    "late": Wording("Late-comers"),
    "windows": Wording("At the windows"),
    "appointments": Wording("Appointments"),
    "customers": Wording("Customers' screens"),
    "day": Wording("The day's end"),
    "inspections": Wording("Inspections"),
    "reports": Wording("Reports"),
    "quality": Wording("Cases"),
}


def rule(
    usual: int | str, kind: Kind, group: str, name: str, effect: str, *, unit: Wording = NO_WORDS, rank: int = 0
) -> Field:
    """Return the field of a rule. `group` and `rank` place it in the form; `name` and `effect` are texts of the
    catalogue."""
    return replace(entry(kind, title=name, hint=effect, tab=group, rank=rank, unit=unit), usual=usual)


# All rules. Minutes, seconds and counts as the names say; `day_end` is hall time.
HALL_RULES: Mapping[str, Field] = {
    "wait_target_minutes": rule(
        15,
        count(1),
        "waiting",
        "Waiting target",
        "No one should wait longer; reports count how many were called in time.",
        unit=MINUTES,
    ),
    "amber_minutes": rule(
        10, count(), "waiting", "Amber from", "A wait this long is shown in amber to staff.", unit=MINUTES
    ),
    "red_minutes": rule(
        15, count(), "waiting", "Red from", "A wait this long is shown in red and alerts the manager.", unit=MINUTES
    ),
    "crowd": rule(20, count(), "waiting", "Full hall", "More people waiting than this alert the manager.", unit=PEOPLE),
    "calls_before_missed": rule(
        3,
        count(1),
        "calling",
        "Calls before missed",
        "How often a ticket is called before it counts as missed.",
        unit=CALLS,
    ),
    "call_gap_s": rule(
        20,
        count(),
        "calling",
        "Between two calls",
        "The voice repeats a ticket no sooner than this.",
        unit=SECONDS,
    ),
    "fetch_ahead": rule(
        2,
        count(1),
        "calling",
        "Fetching people",
        "The front desk is asked to fetch people who need help when this many calls are left before theirs.",
        unit=CALLS,
    ),
    "return_minutes": rule(
        10,
        count(),
        "late",
        "Back in line within",
        "Customers who come back this soon after a missed call are called third.",
        unit=MINUTES,
    ),
    "return_numbers": rule(
        5,
        count(),
        "late",
        "… or within",
        "The same applies while fewer than this many tickets of the service have been called since; anyone later goes to the end.",
        unit=TICKETS,
    ),
    "postponements": rule(
        1, count(), "late", "Letting one go first", "How often a customer may let the next one go first.", unit=TIMES
    ),
    "order": rule(
        "credit",
        choice(ORDERS, needed=True),
        "order",
        "How priority counts",
        "Whether a class counts as so many minutes earlier, as twice as many, or comes before everybody else.",
    ),
    "jump_every": rule(
        3,
        count(1),
        "order",
        "Priority calls",
        "At most one call in this many goes to a ticket ahead of its turn.",
        unit=CALLS,
    ),
    "order_guard": rule(
        0,
        count(),
        "order",
        "Later tickets first, at most",
        "After this many later tickets went first, no more go ahead of a customer by priority; 0 is no limit.",
        unit=TIMES,
    ),
    "fast_minutes": rule(
        5,
        count(),
        "order",
        "Short visits",
        "A quick window first takes visits that usually last up to this long; 0 turns it off.",
        unit=MINUTES,
    ),
    "language_first": rule(
        "off",
        choice(SWITCH, needed=True),
        "order",
        "Same language",
        "Customers who are nearly next go first to staff who speak their language.",
    ),
    "fast_passes": rule(
        3,
        count(1),
        "order",
        "First for both, at most",
        "No more later tickets than this go ahead of anybody for either reason, and a language goes ahead of this many people at most.",
        unit=TIMES,
    ),
    "peak_minutes": rule(
        15,
        count(),
        "customers",
        "Other ways from",
        "From this wait on, kiosk, ticket and display show where else a service can be done; 0 is never.",
        unit=MINUTES,
        rank=1,
    ),
    "notice_s": rule(
        5,
        count(5, 120),
        "customers",
        "Notices stay",
        "How long a notice or slide stays on the display, plus the time for its text.",
        unit=SECONDS,
        rank=1,
    ),
    "notice_100_s": rule(
        30,
        count(30, 300),
        "customers",
        "… and for 100 characters",
        "How much longer it stays for each hundred characters.",
        unit=SECONDS,
        rank=1,
    ),
    "kiosk_idle_s": rule(
        60,
        count(),
        "customers",
        "Kiosk goes back",
        "After this time without a touch the kiosk asks, then goes back to the start.",
        unit=SECONDS,
    ),
    "kiosk_fetch": rule(
        "off",
        choice(SWITCH, needed=True),
        "customers",
        "Being fetched",
        "People who take a ticket at the kiosk can ask to be fetched when it is nearly their turn.",
    ),
    "kiosk_postpone": rule(
        "off",
        choice(SWITCH, needed=True),
        "customers",
        "Letting others go first",
        "Customers who enter their waiting ticket at the kiosk can let the next person go first, as often as its rule allows.",
    ),
    "rating_days": rule(
        0,
        count(),
        "customers",
        "Rating afterwards",
        "How many days after the visit a ticket can still be rated; 0 is the same day.",
        unit=DAYS,
    ),
    "first_visit_days": rule(
        7,
        count(),
        "customers",
        "Done at the first visit",
        "If nobody comes back for the same thing within this many days, it counts as done.",
        unit=DAYS,
        rank=1,
    ),
    "form_free_minutes": rule(
        0,
        count(highest=LONGEST_FORM_MINUTES),
        "windows",
        "Saved without a form",
        "How long filling in a form takes on average, measured in this hall; 0 if not measured yet.",
        unit=MINUTES,
        rank=1,
    ),
    "opening_checks": rule(
        "off",
        choice(SWITCH, needed=True),
        "windows",
        "Checks at opening",
        "A window opens once voice, displays and ticket printers have been checked that day, or with a reason.",
    ),
    "call_at_finish": rule(
        "off", choice(SWITCH, needed=True), "calling", "Call at finish", "Finishing calls the next ticket at once."
    ),
    "outcome_required": rule(
        "off",
        choice(SWITCH, needed=True),
        "windows",
        "Outcome at finish",
        "A ticket can only be finished with an outcome.",
    ),
    "closing": rule(
        "warn",
        choice(NEAR_CLOSING, needed=True),
        "day",
        "Tickets near closing",
        "What happens when a ticket taken now would not be called before closing.",
    ),
    "closing_margin_minutes": rule(
        0,
        count(),
        "day",
        "After closing",
        "How long windows stay open after closing for people who have a ticket.",
        unit=MINUTES,
    ),
    "one_number": rule(
        "off",
        choice(SWITCH, needed=True),
        "waiting",
        "One number a person",
        "Kiosks ask for a phone or card number, the front desk may: nobody gets a second ticket for a service while the first is waiting. The phone and card numbers are deleted at the end of the day.",
    ),
    "overnight": rule(
        "close",
        choice(OVERNIGHT, needed=True),
        "day",
        "Open tickets at the end",
        "They end with the day, or may be given an early place the next day.",
    ),
    "day_end": rule(
        "00:00", clock(), "day", "A day ends at", "Hall time at which numbers start again; 0:00 is midnight."
    ),
    "appointment_early_minutes": rule(
        15,
        count(),
        "appointments",
        "Early for an appointment",
        "How early before its time an appointment can become a ticket.",
        unit=MINUTES,
    ),
    "appointment_grace_minutes": rule(
        15,
        count(),
        "appointments",
        "Late for an appointment",
        "How long a place is kept after its time; then it is given up.",
        unit=MINUTES,
    ),
    "contact_days": rule(
        30,
        count(),
        "appointments",
        "Keeping contacts",
        "Name and phone of an appointment are deleted this many days after it.",
        unit=DAYS,
    ),
    "idle_nudge_s": rule(
        10,
        count(),
        "calling",
        "Idle window",
        "A window idle for this long is reminded that a customer it can serve is waiting.",
        unit=SECONDS,
    ),
    "break_after_minutes": rule(
        150,
        count(),
        "windows",
        "Time for a break",
        "The duty manager gets a message when somebody has worked this long without a break; 0 for never.",
        unit=MINUTES,
        rank=2,
    ),
    "rating_questions": rule(
        "off",
        choice(SWITCH, needed=True),
        "customers",
        "Two more questions",
        "After the rating: attitude and competence, one touch each.",
    ),
    "rating_words": rule(
        "keys",
        choice(OWN_WORDS, needed=True),
        "customers",
        "Own words at the exit",
        "After rating at the exit a customer may type a few words for the manager; the on-screen keyboard has Latin letters only.",
    ),
    "inspect_open": rule(
        2, count(0, 31), "inspections", "Open checks a month", "At least this many; 0 for none.", unit=TIMES
    ),
    "inspect_mystery": rule(
        1, count(0, 31), "inspections", "Mystery visits a month", "At least this many; 0 for none.", unit=TIMES
    ),
    "inspect_telephone": rule(
        1, count(0, 31), "inspections", "Phone calls a month", "At least this many; 0 for none.", unit=TIMES
    ),
    "inspect_video": rule(
        1, count(0, 31), "inspections", "Checks over video a month", "At least this many; 0 for none.", unit=TIMES
    ),
    "inspect_supervisor": rule(
        1,
        count(0, 31),
        "inspections",
        "Outside supervisors a month",
        "At least this many visits; 0 for none.",
        unit=TIMES,
    ),
    "fix_days": rule(
        5,
        count(1, 90),
        "inspections",
        "Putting things right",
        "Findings of an inspection are due after this many working days, unless set otherwise.",
        unit=DAYS,
    ),
    "early_minutes": rule(
        0,
        count(0, 60),
        "inspections",
        "There before the shift",
        "Staff in the roster are expected this many minutes before their shift; 0 turns it off.",
        unit=MINUTES,
    ),
    "training_minutes": rule(
        0,
        count(0, 2000),
        "inspections",
        "Training a month",
        "Everybody's minutes of training a month are shown against this target; 0 for none.",
        unit=MINUTES,
    ),
    "reports": rule(
        "all",
        choice(REPORTS, needed=True),
        "reports",
        "Written automatically",
        "When a day, or also a week, month, quarter or year, is over, its report goes into the folder of reports.",
    ),
    "report_print": rule(
        "off",
        choice(SWITCH, needed=True),
        "reports",
        "Printed automatically",
        "The newest day's report is printed once, on the printer that a PC has for reports, without the page for managers.",
    ),
    "report_keep_days": rule(
        400,
        count(),
        "reports",
        "Keeping reports",
        "Daily and weekly reports are removed after this many days; 0 is never. Monthly and longer ones stay.",
        unit=DAYS,
    ),
    "low_rating": rule(
        "ask",
        choice(LOW_RATINGS, needed=True),
        "quality",
        "A low rating",
        "Whether one of the two lowest ratings asks the manager to open a case, or opens one by itself.",
    ),
    "words_days": rule(
        400,
        count(),
        "quality",
        "Keeping customers' words",
        "Comments, thanks, what was said at forums and the words of closed cases are deleted after this many days; 0 is never.",
        unit=DAYS,
    ),
    "case_contact_days": rule(
        1,
        count(1, 60),
        "quality",
        "First contact within",
        "Working days until somebody has spoken with the customer of a case.",
        unit=DAYS,
    ),
    "rating_fix_days": rule(
        5,
        count(1, 60),
        "quality",
        "Answer to a low rating within",
        "Working days until the customer was called back about what was done.",
        unit=DAYS,
    ),
    "case_answer_days": rule(
        7,
        count(1, 60),
        "quality",
        "Answer to a complaint within",
        "Working days until the answer, for every case not opened by a low rating.",
        unit=DAYS,
    ),
    "case_limit_days": rule(
        15,
        count(1, 250),
        "quality",
        "Closed at the latest within",
        "Working days within which every case must be closed.",
        unit=DAYS,
    ),
    "warning_slip": rule(
        "off",
        choice(SWITCH, needed=True),
        "quality",
        "Warnings on paper",
        "Each warning is printed once, on the report printer of one of the hall's PCs.",
    ),
    "reference_notes": rule(
        "off",
        choice(SWITCH, needed=True),
        "quality",
        "Notes by reference number",
        "Front desk and counters may keep a note on a customer who agreed, until a date.",
    ),
    "customer_texts": rule(
        "off",
        choice(SWITCH, needed=True),
        "quality",
        "Text messages to customers",
        "Customers who left a phone number with their appointment are in the gateway's file. Ask for consent first.",
    ),
}
SETTINGS: Mapping[str, int | str] = {key: rule.usual for key, rule in HALL_RULES.items()}
"""The usual value of each rule: what holds unless the hall says otherwise."""


def rules_in(group: str) -> list[str]:
    """Return the keys of a group's rules in the order of the form."""
    return sorted((key for key, rule in HALL_RULES.items() if rule.tab == group), key=lambda key: HALL_RULES[key].rank)
