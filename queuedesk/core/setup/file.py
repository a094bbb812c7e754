"""The set-up file: reading it into a Setup, checking and changing it; and the hall's rules.

Each rule is declared once. Commands, the set-up file, the form and refusals follow from that. The order of the
declarations is that of the keys in commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from msgspec.structs import replace

from queuedesk.core import appraisal as appraisals
from queuedesk.core import errors
from queuedesk.core.appraisal import PART as SCHEME
from queuedesk.core.features import NO_WORDS, Wording
from queuedesk.core.figures import targets
from queuedesk.core.quality.sheet import USUAL_SHEETS, ScoreSheet
from queuedesk.core.queue.hallday import possible_series_prefixes_of_day
from queuedesk.core.setup import field_kinds
from queuedesk.core.setup import hall as hall_setup
from queuedesk.core.setup import rows as setup_rows
from queuedesk.core.setup import sentences as hall_sentences
from queuedesk.core.setup.field_kinds import (
    CheckContext,
    FieldKind,
    SetupRowField,
    check_row,
    check_single_row_part_fields,
    choice_field_kind,
    clock_text_field_kind,
    count_field_kind,
    entry,
    fields_of_row_class,
    read_row,
)
from queuedesk.core.setup.hall_words import rows_with_hall_words
from queuedesk.core.setup.sentences import USUAL_CARDS, ContingencyCard
from queuedesk.core.setup.time_of_day import OpeningHours, clock_text, parse_clock_minutes
from queuedesk.core.staffing.roster import RosterRow, check_roster_row

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
ONE_NUMBER = {
    "off": SWITCH["off"],
    "on": Wording("Until served", context="one number"),
    "day": Wording("One a day", context="one number"),
}
OWN_WORDS = {
    "off": SWITCH["off"],
    "keys": Wording("On-screen keys", context="rule"),
    "keyboard": Wording("Keyboard", context="rule"),
}
OVERNIGHT = {"close": Wording("End", context="overnight"), "early_place": Wording("Early place", context="overnight")}
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


def rule_field(
    usual: int | str, kind: FieldKind, group: str, name: str, effect: str, *, unit: Wording = NO_WORDS, rank: int = 0
) -> SetupRowField:
    """Return the field of a rule. `group` and `rank` place it in the form; `name` and `effect` are catalogue texts."""
    return replace(entry(kind, title=name, hint=effect, tab=group, rank=rank, unit=unit), usual=usual)


# All rules. Minutes, seconds and counts as the names say; `day_end` is hall time.
HALL_RULES: Mapping[str, SetupRowField] = {
    "wait_target_minutes": rule_field(
        15,
        count_field_kind(1),
        "waiting",
        "Waiting target",
        "No one should wait longer; reports count how many were called in time.",
        unit=MINUTES,
    ),
    "amber_minutes": rule_field(
        10, count_field_kind(), "waiting", "Amber from", "A wait this long is shown in amber to staff.", unit=MINUTES
    ),
    "red_minutes": rule_field(
        15,
        count_field_kind(),
        "waiting",
        "Red from",
        "A wait this long is shown in red and alerts the manager.",
        unit=MINUTES,
    ),
    "crowd": rule_field(
        20, count_field_kind(), "waiting", "Full hall", "More people waiting than this alert the manager.", unit=PEOPLE
    ),
    "calls_before_missed": rule_field(
        3,
        count_field_kind(1),
        "calling",
        "Calls before missed",
        "How often a ticket is called before it counts as missed.",
        unit=CALLS,
    ),
    "call_gap_s": rule_field(
        20,
        count_field_kind(),
        "calling",
        "Between two calls",
        "The voice repeats a ticket no sooner than this.",
        unit=SECONDS,
    ),
    "fetch_ahead": rule_field(
        2,
        count_field_kind(1),
        "calling",
        "Fetching people",
        "The front desk is asked to fetch people who need help when this many calls are left before theirs.",
        unit=CALLS,
    ),
    "return_minutes": rule_field(
        10,
        count_field_kind(),
        "late",
        "Back in line within",
        "Customers who come back this soon after a missed call are called third.",
        unit=MINUTES,
    ),
    "return_numbers": rule_field(
        5,
        count_field_kind(),
        "late",
        "… or within",
        "The same applies while fewer than this many tickets of the service have been called since; anyone later goes to the end.",
        unit=TICKETS,
    ),
    "postponements": rule_field(
        1,
        count_field_kind(),
        "late",
        "Letting one go first",
        "How often a customer may let the next one go first.",
        unit=TIMES,
    ),
    "order": rule_field(
        "credit",
        choice_field_kind(ORDERS, needed=True),
        "order",
        "How priority counts",
        "Whether a class counts as so many minutes earlier, as twice as many, or comes before everybody else.",
    ),
    "jump_every": rule_field(
        3,
        count_field_kind(1),
        "order",
        "Priority calls",
        "At most one call in this many goes to a ticket ahead of its turn.",
        unit=CALLS,
    ),
    "order_guard": rule_field(
        0,
        count_field_kind(),
        "order",
        "Later tickets first, at most",
        "After this many later tickets went first, no more go ahead of a customer by priority; 0 is no limit.",
        unit=TIMES,
    ),
    "fast_minutes": rule_field(
        5,
        count_field_kind(),
        "order",
        "Short visits",
        "A quick window first takes visits that usually last up to this long; 0 turns it off.",
        unit=MINUTES,
    ),
    "language_first": rule_field(
        "off",
        choice_field_kind(SWITCH, needed=True),
        "order",
        "Same language",
        "Customers who are nearly next go first to staff who speak their language.",
    ),
    "fast_passes": rule_field(
        3,
        count_field_kind(1),
        "order",
        "First for both, at most",
        "No more later tickets than this go ahead of anybody for either reason, and a language goes ahead of this many people at most.",
        unit=TIMES,
    ),
    "peak_minutes": rule_field(
        15,
        count_field_kind(),
        "customers",
        "Other ways from",
        "From this wait on, kiosk, ticket and display show where else a service can be done; 0 is never.",
        unit=MINUTES,
        rank=1,
    ),
    "notice_s": rule_field(
        5,
        count_field_kind(5, 120),
        "customers",
        "Notices stay",
        "How long a notice or slide stays on the display, plus the time for its text.",
        unit=SECONDS,
        rank=1,
    ),
    "notice_100_s": rule_field(
        30,
        count_field_kind(30, 300),
        "customers",
        "… and for 100 characters",
        "How much longer it stays for each hundred characters.",
        unit=SECONDS,
        rank=1,
    ),
    "kiosk_idle_s": rule_field(
        60,
        count_field_kind(),
        "customers",
        "Kiosk goes back",
        "After this time without a touch the kiosk asks, then goes back to the start.",
        unit=SECONDS,
    ),
    "kiosk_fetch": rule_field(
        "off",
        choice_field_kind(SWITCH, needed=True),
        "customers",
        "Being fetched",
        "People who take a ticket at the kiosk can ask to be fetched when it is nearly their turn.",
    ),
    "kiosk_postpone": rule_field(
        "off",
        choice_field_kind(SWITCH, needed=True),
        "customers",
        "Letting others go first",
        "Customers who enter their waiting ticket at the kiosk can let the next person go first, as often as its rule allows.",
    ),
    "web_postpone": rule_field(
        "on",
        choice_field_kind(SWITCH, needed=True),
        "customers",
        "Letting others go first by phone",
        "Customers can let the next person go first on their ticket's page, as often as its rule allows.",
    ),
    "web_fetch": rule_field(
        "off",
        choice_field_kind(SWITCH, needed=True),
        "customers",
        "Asking to be fetched by phone",
        "Customers can ask on their ticket's page to be fetched when it is nearly their turn.",
    ),
    "rating_days": rule_field(
        0,
        count_field_kind(),
        "customers",
        "Rating afterwards",
        "How many days after the visit a ticket can still be rated; 0 is the same day.",
        unit=DAYS,
    ),
    "first_visit_days": rule_field(
        7,
        count_field_kind(),
        "customers",
        "Done at the first visit",
        "If nobody comes back for the same thing within this many days, it counts as done.",
        unit=DAYS,
        rank=1,
    ),
    "form_free_minutes": rule_field(
        0,
        count_field_kind(highest=LONGEST_FORM_MINUTES),
        "windows",
        "Saved without a form",
        "How long filling in a form takes on average, measured in this hall; 0 if not measured yet.",
        unit=MINUTES,
        rank=1,
    ),
    "opening_checks": rule_field(
        "off",
        choice_field_kind(SWITCH, needed=True),
        "windows",
        "Checks at opening",
        "A window opens once voice, displays and ticket printers have been checked that day, or with a reason.",
    ),
    "call_at_finish": rule_field(
        "off",
        choice_field_kind(SWITCH, needed=True),
        "calling",
        "Call at finish",
        "Finishing calls the next ticket at once.",
    ),
    "outcome_required": rule_field(
        "off",
        choice_field_kind(SWITCH, needed=True),
        "windows",
        "Outcome at finish",
        "A ticket can only be finished with an outcome.",
    ),
    "closing": rule_field(
        "warn",
        choice_field_kind(NEAR_CLOSING, needed=True),
        "day",
        "Tickets near closing",
        "What happens when a ticket taken now would not be called before closing.",
    ),
    "closing_margin_minutes": rule_field(
        0,
        count_field_kind(),
        "day",
        "After closing",
        "How long windows stay open after closing for people who have a ticket.",
        unit=MINUTES,
    ),
    "one_number": rule_field(
        "off",
        choice_field_kind(ONE_NUMBER, needed=True),
        "waiting",
        "One number a person",
        "Kiosk and front desk ask for a phone or card number: nobody gets a second ticket for a service before the first is served, or on the same day. Only a digest is stored, until the end of the day.",
    ),
    "overnight": rule_field(
        "close",
        choice_field_kind(OVERNIGHT, needed=True),
        "day",
        "Open tickets at the end",
        "They end with the day, or may be given an early place the next day.",
    ),
    "day_end": rule_field(
        "00:00",
        clock_text_field_kind(),
        "day",
        "A day ends at",
        "Hall time at which numbers start again; 0:00 is midnight.",
    ),
    "appointment_early_minutes": rule_field(
        15,
        count_field_kind(),
        "appointments",
        "Early for an appointment",
        "How early before its time an appointment can become a ticket.",
        unit=MINUTES,
    ),
    "appointment_grace_minutes": rule_field(
        15,
        count_field_kind(),
        "appointments",
        "Late for an appointment",
        "How long a place is kept after its time; then it is given up.",
        unit=MINUTES,
    ),
    "contact_days": rule_field(
        30,
        count_field_kind(),
        "appointments",
        "Keeping contacts",
        "Name and phone of an appointment are deleted this many days after it.",
        unit=DAYS,
    ),
    "idle_nudge_s": rule_field(
        10,
        count_field_kind(),
        "calling",
        "Idle window",
        "A window idle for this long is reminded that a customer it can serve is waiting.",
        unit=SECONDS,
    ),
    "break_after_minutes": rule_field(
        150,
        count_field_kind(),
        "windows",
        "Time for a break",
        "The duty manager gets a message when somebody has worked this long without a break; 0 for never.",
        unit=MINUTES,
        rank=2,
    ),
    "rating_questions": rule_field(
        "off",
        choice_field_kind(SWITCH, needed=True),
        "customers",
        "Two more questions",
        "After the rating: attitude and competence, one touch each.",
    ),
    "rating_words": rule_field(
        "keys",
        choice_field_kind(OWN_WORDS, needed=True),
        "customers",
        "Own words at the exit",
        "After rating at the exit a customer may type a few words for the manager; the on-screen keyboard has Latin letters only.",
    ),
    "inspect_open": rule_field(
        2, count_field_kind(0, 31), "inspections", "Open checks a month", "At least this many; 0 for none.", unit=TIMES
    ),
    "inspect_mystery": rule_field(
        1,
        count_field_kind(0, 31),
        "inspections",
        "Mystery visits a month",
        "At least this many; 0 for none.",
        unit=TIMES,
    ),
    "inspect_telephone": rule_field(
        1, count_field_kind(0, 31), "inspections", "Phone calls a month", "At least this many; 0 for none.", unit=TIMES
    ),
    "inspect_video": rule_field(
        1,
        count_field_kind(0, 31),
        "inspections",
        "Checks over video a month",
        "At least this many; 0 for none.",
        unit=TIMES,
    ),
    "inspect_supervisor": rule_field(
        1,
        count_field_kind(0, 31),
        "inspections",
        "Outside supervisors a month",
        "At least this many visits; 0 for none.",
        unit=TIMES,
    ),
    "fix_days": rule_field(
        5,
        count_field_kind(1, 90),
        "inspections",
        "Putting things right",
        "Findings of an inspection are due after this many working days, unless set otherwise.",
        unit=DAYS,
    ),
    "early_minutes": rule_field(
        0,
        count_field_kind(0, 60),
        "inspections",
        "There before the shift",
        "Staff in the roster are expected this many minutes before their shift; 0 turns it off.",
        unit=MINUTES,
    ),
    "training_minutes": rule_field(
        0,
        count_field_kind(0, 2000),
        "inspections",
        "Training a month",
        "Everybody's minutes of training a month are shown against this target; 0 for none.",
        unit=MINUTES,
    ),
    "reports": rule_field(
        "all",
        choice_field_kind(REPORTS, needed=True),
        "reports",
        "Written automatically",
        "When a day, or also a week, month, quarter or year, is over, its report goes into the folder of reports.",
    ),
    "report_print": rule_field(
        "off",
        choice_field_kind(SWITCH, needed=True),
        "reports",
        "Printed automatically",
        "The newest day's report is printed once, on the printer that a PC has for reports, without the page for managers.",
    ),
    "report_keep_days": rule_field(
        400,
        count_field_kind(),
        "reports",
        "Keeping reports",
        "Daily and weekly reports are removed after this many days; 0 is never. Monthly and longer ones stay.",
        unit=DAYS,
    ),
    "low_rating": rule_field(
        "ask",
        choice_field_kind(LOW_RATINGS, needed=True),
        "quality",
        "A low rating",
        "Whether one of the two lowest ratings asks the manager to open a case, or opens one by itself.",
    ),
    "words_days": rule_field(
        400,
        count_field_kind(),
        "quality",
        "Keeping customers' words",
        "Comments, thanks, what was said at forums and the words of closed cases are deleted after this many days; 0 is never.",
        unit=DAYS,
    ),
    "case_contact_days": rule_field(
        1,
        count_field_kind(1, 60),
        "quality",
        "First contact within",
        "Working days until somebody has spoken with the customer of a case.",
        unit=DAYS,
    ),
    "rating_fix_days": rule_field(
        5,
        count_field_kind(1, 60),
        "quality",
        "Answer to a low rating within",
        "Working days until the customer was called back about what was done.",
        unit=DAYS,
    ),
    "case_answer_days": rule_field(
        7,
        count_field_kind(1, 60),
        "quality",
        "Answer to a complaint within",
        "Working days until the answer, for every case not opened by a low rating.",
        unit=DAYS,
    ),
    "case_limit_days": rule_field(
        15,
        count_field_kind(1, 250),
        "quality",
        "Closed at the latest within",
        "Working days within which every case must be closed.",
        unit=DAYS,
    ),
    "warning_slip": rule_field(
        "off",
        choice_field_kind(SWITCH, needed=True),
        "quality",
        "Warnings on paper",
        "Each warning is printed once, on the report printer of one of the hall's PCs.",
    ),
    "reference_notes": rule_field(
        "off",
        choice_field_kind(SWITCH, needed=True),
        "quality",
        "Notes by reference number",
        "Front desk and counters may keep a note on a customer who agreed, until a date.",
    ),
    "customer_texts": rule_field(
        "off",
        choice_field_kind(SWITCH, needed=True),
        "quality",
        "Text messages to customers",
        "Customers who left a phone number with their appointment are in the gateway's file. Ask for consent first.",
    ),
}
SETTINGS: Mapping[str, int | str] = {key: rule.usual for key, rule in HALL_RULES.items()}
"""The default value of each rule."""


def rule_keys_of_group(group: str) -> list[str]:
    return sorted((key for key, rule in HALL_RULES.items() if rule.tab == group), key=lambda key: HALL_RULES[key].rank)


EVERY_DAY = frozenset(range(1, 8))
FORMER_PARTS = ("services", "windows", "staff")


def check_service(field: str, row: Mapping[str, Any], closes: int) -> None:
    """Refuse a service whose fields don't fit, or whose last ticket would be after it closes."""
    check_row(setup_rows.Service, field, row)
    ends = [parse_clock_minutes(str(hours["to"])) for hours in row.get("hours") or ()]
    if row.get("last_ticket") and parse_clock_minutes(row["last_ticket"]) > max(ends, default=closes):
        raise field_kinds.bad_value_error(f"{field}.last_ticket", row["last_ticket"], "after_close")


def check_number_series(services: Sequence[Mapping[str, Any]]) -> None:
    """Refuse services that share a prefix but not its range of numbers, letters of restarted numbers that another
    service uses, and next steps that are no services of the hall."""
    ranges: dict[str, tuple[object, ...]] = {}
    for row in services:
        span = (
            row.get("first", setup_rows.FIRST),
            row.get("last", setup_rows.LAST),
            bool(row.get("again_last")),
            _number_restart_minutes_of_day(row),
        )
        if ranges.setdefault(row["prefix"], span) != span:
            raise field_kinds.bad_value_error(f"services.{row['code']}.first", row["prefix"], "series_overlap")
    for row in services:
        field_kinds.require_known_codes(
            f"services.{row['code']}.then", row.get("then") or [], {row["code"] for row in services}
        )
        starts, at_last = len(_number_restart_minutes_of_day(row)), bool(row.get("again_last"))
        if not starts and not at_last:
            continue
        letters = possible_series_prefixes_of_day(row["prefix"], at_last=at_last, times=starts)
        if len(letters) <= max(starts, at_last) or any(letter in ranges for letter in letters[1:]):
            field = "again_at" if starts else "again_last"
            raise field_kinds.bad_value_error(f"services.{row['code']}.{field}", row["prefix"], "series_again")


def _number_restart_minutes_of_day(row: Mapping[str, Any]) -> tuple[int, ...]:
    return tuple(sorted({parse_clock_minutes(time) for time in row.get("again_at") or ()}))


def check_new_target(field: str, row: Mapping[str, Any]) -> None:
    """Refuse a new target with an unknown measure or an impossible value. Older set-ups that have one still load, as
    any text used to be accepted."""
    check_row(setup_rows.TargetRow, field, row)
    measure = targets.measure_from_text(row["measure"])
    if measure is None:
        raise field_kinds.bad_value_error(
            f"{field}.measure", row["measure"], "not_a_choice", limit=list(targets.MEASURES)
        )
    if targets.target_from_setup_row(row) is None:
        limit = f"1–{targets.MOST_MINUTES}" if measure in targets.WAITS else f"0–{targets.PERCENT}"
        raise field_kinds.bad_value_error(f"{field}.value", row["value"], "out_of_range", limit=limit)


def check_former_names(parts: Mapping[str, Any]) -> None:
    for part, rows in parts.items():
        field_kinds.require_field_choice("former", part, FORMER_PARTS)
        for code, row in field_kinds.require_mapping(f"former.{part}", rows).items():
            field_kinds.require_field_code(f"former.{part}", code)
            check_row(setup_rows.NameOfRemovedRow, f"former.{part}", field_kinds.require_mapping(f"former.{part}", row))


NORMAL = {"code": "normal", "name": "普通", "name_en": "Regular", "credit_minutes": 0}
PARTS = ("services", "windows", "staff", "classes", "notices", "targets", "cards", "sheets", "partners")
USUAL = {"cards": USUAL_CARDS, "sheets": USUAL_SHEETS}
"""Default rows of parts, until a hall has its own."""
WHOLE = ("voice", "ticket", "sentences", SCHEME)
"""Parts that are a single row and may be missing."""
PUSHES = "pushes"
"""The `part` of a set-up event that records a push to other halls and changes nothing here."""


def setup_from_document(document: Mapping[str, Any]) -> setup_rows.Setup:
    """Read a document that `check_and_read_setup` accepts; in a hall with one language all texts are in that
    language."""
    whole, document = document, _document_in_only_language(document)
    hall = read_row(hall_setup.HallSpec, document["hall"])
    sentences = hall_sentences.sentences_in_hall_words(
        read_row(hall_sentences.Sentences, document.get("sentences", {})), hall.words.window, hall.words.ticket
    )
    classes = [row for row in document.get("classes", ()) if row["code"] != "normal"]
    normal = next((row for row in document.get("classes", ()) if row["code"] == "normal"), NORMAL)
    if len(hall.languages) == 1:
        normal = hall_sentences.setup_reduced_to_one_language(normal, hall.languages[0])
        sentences = hall_sentences.sentences_in_one_language(sentences, hall.languages[0])
    return setup_rows.Setup(
        hall=hall,
        services={row["code"]: read_row(setup_rows.Service, row) for row in document["services"]},
        windows={row["code"]: read_row(setup_rows.WindowSpec, row) for row in document["windows"]},
        staff={row["code"]: read_row(setup_rows.StaffMember, row) for row in document.get("staff", ())},
        classes={row["code"]: read_row(setup_rows.PriorityClass, row) for row in (normal, *classes)},
        settings={**SETTINGS, **document.get("settings", {})},
        notices=tuple(read_row(setup_rows.Notice, row) for row in document.get("notices", ())),
        targets=tuple(document.get("targets", ())),
        roster=tuple(read_row(RosterRow, row) for row in document.get("roster", ())),
        **{
            field.name: field.kind.read(document.get(key, ()))
            for key, field in fields_of_row_class(setup_rows.Setup).items()
        },
        calendar=_calendar_from_setup(document, hall),
        former=_read_former_names(document.get("former", {})),
        voice=read_row(hall_setup.VoiceSpec, document.get("voice", {})),
        ticket_design=read_row(hall_setup.TicketDesign, document.get("ticket", {})),
        sentences=sentences,
        cards={row["code"]: read_row(ContingencyCard, row) for row in rows_of_part(document, "cards")},
        partners={row["code"]: read_row(hall_sentences.Partner, row) for row in document.get("partners", ())},
        document=whole,
    )


def _calendar_from_setup(document: Mapping[str, Any], hall: hall_setup.HallSpec) -> hall_setup.Calendar:
    rows = (read_row(setup_rows.Service, row).hours for row in document["services"])
    open_days = frozenset[int]().union(
        *(EVERY_DAY if hourses is None else _weekdays_of_hours(hourses) for hourses in rows)
    )
    law = hall_setup.country_of_working_day_law(hall.country, hall.timezone)
    return hall_setup.read_calendar(document.get(hall_setup.CALENDAR, {}), open_days=open_days, law=law)


def _weekdays_of_hours(hours: Sequence[OpeningHours]) -> frozenset[int]:
    return frozenset[int]().union(*(hour.days for hour in hours))


def _document_in_only_language(document: Mapping[str, Any]) -> Mapping[str, Any]:
    languages: Sequence[str] = document["hall"].get("languages") or ()
    if len(languages) != 1:
        return document
    defaults = {part: rows_of_part(document, part) for part in USUAL}
    reduced: dict[str, Any] = hall_sentences.setup_reduced_to_one_language({**document, **defaults}, languages[0])
    return reduced


def _read_former_names(parts: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> setup_rows.NamesOfRemovedRows:
    return setup_rows.NamesOfRemovedRows(
        **{
            part: {code: read_row(setup_rows.NameOfRemovedRow, row) for code, row in rows.items()}
            for part, rows in parts.items()
        }
    )


def rows_of_part(document: Mapping[str, Any], part: str) -> list[Mapping[str, Any]]:
    """Return the rows of a part; missing cards and score sheets are the default ones in the hall's words."""
    if part in USUAL and part not in document:
        words = read_row(hall_setup.HallSpec, document["hall"]).words
        return list(rows_with_hall_words(USUAL[part], words.window, words.ticket))
    return list(document.get(part, ()))


def score_sheets_of_hall(setup: setup_rows.Setup) -> dict[str, ScoreSheet]:
    """Return a hall's score sheets; they are read on demand because few readers of a set-up need them."""
    rows = rows_of_part(setup.document, "sheets")
    if len(setup.hall.languages) == 1:
        rows = hall_sentences.setup_reduced_to_one_language(rows, setup.hall.languages[0])
    return {row["code"]: read_row(ScoreSheet, row) for row in rows}


def document_after_change(document: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """Return `document` with one change of a set-up event: `part`, `op` (add, set, remove), `code`, `row`. For
    settings, the hall and the parts of WHOLE, `op` is `set` and `row` has the changed fields; for the calendar it has
    rows by date, None to remove one. PINs and pushes change nothing here. The name of a removed row stays in `former`
    until its code is used again."""
    part, op = change["part"], change["op"]
    after = dict(document)
    if op == "pin" or part == PUSHES:
        return after
    if part in ("settings", "hall", *WHOLE):
        after[part] = {**document.get(part, {}), **change["row"]}
        return after
    if part == hall_setup.CALENDAR:
        after[part] = hall_setup.calendar_with_changed_days(document.get(part, {}), change["row"])
        return after
    rows = rows_of_part(document, part)
    code = str(change["code"])
    if op == "add":
        after[part] = [*rows, change["row"]]
        return _with_names_of_removed_rows(after, part, code, None)
    if op == "remove":
        removed = [row for i, row in enumerate(rows) if row_code_or_position(part, row, i) == code]
        after[part] = [row for i, row in enumerate(rows) if row_code_or_position(part, row, i) != code]
        return _with_names_of_removed_rows(after, part, code, removed[0] if removed else None)
    after[part] = [
        {**row, **change["row"]} if row_code_or_position(part, row, i) == code else row for i, row in enumerate(rows)
    ]
    return after


def _with_names_of_removed_rows(
    document: dict[str, Any], part: str, code: str, removed: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Add the removed row's name to `former`; with None remove the name of the code, which is used again."""
    former = document.get("former", {}).get(part, {})
    if part not in FORMER_PARTS or (removed is None and code not in former):
        return document
    names = {other: row for other, row in former.items() if other != code}
    if removed is not None:
        names[code] = {"name": removed.get("name") or "", "name_en": removed.get("name_en") or ""}
    parts = {**document.get("former", {}), part: names}
    document["former"] = {p: rows for p, rows in parts.items() if rows}
    return document


def row_code_or_position(part: str, row: Mapping[str, Any], index: int) -> str:
    return str(index + 1) if part in ("notices", "targets") else str(row["code"])


def check_and_read_setup(document: object) -> setup_rows.Setup:
    """Check and read a set-up. Raises RuleError "bad_value" with the field and the reason."""
    return setup_from_document(checked_setup_document(document))


def checked_setup_document(document: object) -> Mapping[str, Any]:
    """Check a set-up without reading it: forms check at every key press."""
    doc = field_kinds.require_mapping("setup", document)
    field_kinds.require_loggable("setup", doc)
    hall = field_kinds.require_mapping("hall", doc.get("hall"))
    field_kinds.require_field_code("hall.code", hall.get("code"))
    check_row(hall_setup.HallSpec, "hall", hall)
    opens, closes = (
        parse_clock_minutes(str(hall.get("opens", "8:30"))),
        parse_clock_minutes(str(hall.get("closes", "17:30"))),
    )
    if opens >= closes:
        raise field_kinds.bad_value_error("hall.closes", hall.get("closes"), "before_opening", limit=clock_text(opens))
    services = _checked_rows_with_codes(doc, "services", required=True)
    for i, row in enumerate(services):
        check_service(f"services.{row.get('code', i + 1)}", row, closes)
    check_number_series(services)
    codes = {"services": [row["code"] for row in services]}
    kinds: Mapping[str, type] = {
        "windows": setup_rows.WindowSpec,
        "staff": setup_rows.StaffMember,
        "classes": setup_rows.PriorityClass,
        "cards": ContingencyCard,
        "sheets": ScoreSheet,
        "partners": hall_sentences.Partner,
    }
    for part, kind in kinds.items():
        for row in _checked_rows_with_codes(doc, part, required=part == "windows"):
            check_row(kind, f"{part}.{row['code']}", row, codes)
    _check_rows_without_codes(doc)
    check_former_names(field_kinds.require_mapping("former", doc.get("former", {})))
    hall_setup.check_calendar(doc.get(hall_setup.CALENDAR, {}))
    for key, value in field_kinds.require_mapping("settings", doc.get("settings", {})).items():
        checked_setting_value(key, value)
    for part in WHOLE:
        check_single_row_part_fields(setup_rows.ROWS[part], part, field_kinds.require_mapping(part, doc.get(part, {})))
    appraisals.check_weights_total(doc.get(SCHEME, {}))
    return doc


def checked_setting_value(key: str, value: object) -> int | str:
    """Return a rule's value as stored. Raises RuleError "unknown_setting" or "bad_value"."""
    if key not in HALL_RULES:
        raise errors.RuleError("unknown_setting", key=key)
    kind = HALL_RULES[key].kind
    kind.check(key, value, CheckContext({}))
    stored: int | str = kind.read(value)
    return stored


def _check_rows_without_codes(doc: Mapping[str, Any]) -> None:
    """Check the parts whose rows have no code; refusals name these by position from 1."""
    codes = {part: [row["code"] for row in doc.get(part, [])] for part in ("windows", "staff")}
    checks: dict[str, Callable[[str, Mapping[str, Any]], None]] = {
        "notices": partial(check_row, setup_rows.Notice),
        "targets": partial(check_row, setup_rows.TargetRow),
        "roster": lambda field, row: check_roster_row(field, row, codes),
    }
    for part, check in checks.items():
        for i, row in enumerate(field_kinds.require_list(part, doc.get(part, []))):
            check(f"{part}.{i + 1}", field_kinds.require_mapping(f"{part}.{i + 1}", row))
    for key, spec in fields_of_row_class(setup_rows.Setup).items():
        spec.kind.check(key, doc.get(key, []), CheckContext(doc))


def _checked_rows_with_codes(doc: Mapping[str, Any], part: str, *, required: bool = False) -> list[Mapping[str, Any]]:
    rows = [field_kinds.require_mapping(part, row) for row in field_kinds.require_list(part, doc.get(part, []))]
    if required and not rows:
        raise field_kinds.bad_value_error(part, None, "empty")
    seen: set[str] = set()
    for i, row in enumerate(rows):
        field_kinds.require_field_code(f"{part}.{i + 1}.code", row.get("code"))
        if row["code"] in seen:
            raise errors.RuleError("already_there", kind=part, code=row["code"])
        seen.add(row["code"])
    return rows
