"""The sentence of every refusal but those about fields: what is so now, and what to do next. Of tickets: none is given
now, or its state forbids the act."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.features import feature_by_name
from queuedesk.core.setup.presets import PRESETS
from queuedesk.i18n import clock_words, moments, network, staffing, talk
from queuedesk.i18n.catalogue import current_language, mark, ntr, tr
from queuedesk.i18n.names import feature_refusal_sentence
from queuedesk.i18n.network import PUBLIC_PC, SERVER, SHARED, server_database_error_text, shorten_if_server_address
from queuedesk.i18n.talk import device_down_cause_words, printer_advice
from queuedesk.i18n.value_refusals import bad_value_text, two_readings_text, weights_not_100_percent_text

AT_THE_WINDOW = ("add", "park", "stall", "unstall")
"""Steps for a customer who is being served; asked for while the ticket is only called, the start comes first."""

WANTS_SERVICE = ("call", "unpark", "reinstate", "postpone", "defer", "redirect", "transfer")
"""Steps that mean the customer still wants to be served, so the sentence says how that goes on."""


def wrong_state_text(lang: str, details: Mapping[str, object]) -> str:
    """Return the sentence for `ticket`, `state`, `window` (None where it is at none) and `verb`."""
    ticket, state, verb = details["ticket"], str(details["state"]), details.get("verb")
    if state == "called":
        return _already_called_sentence(lang, ticket, details.get("window"), verb)
    if state == "serving":
        return _being_served_sentence(lang, ticket, details.get("window"), verb)
    if verb in WANTS_SERVICE:
        return _next_step_sentence(lang, ticket, state, verb)
    return {
        "waiting": tr(lang, "{ticket} is waiting in line.", ticket=ticket),
        "parked": tr(lang, "{ticket} is set aside.", ticket=ticket),
        "missed": tr(lang, "{ticket} was missed.", ticket=ticket),
        "finished": tr(lang, "{ticket} is finished.", ticket=ticket),
        "left": tr(lang, "{ticket} has left.", ticket=ticket),
        "void": tr(lang, "{ticket} is void.", ticket=ticket),
    }[state]


def _already_called_sentence(lang: str, ticket: object, window: object, verb: object) -> str:
    if window is None:
        return tr(lang, "{ticket} has been called.", ticket=ticket)
    if verb in AT_THE_WINDOW:
        return tr(
            lang, "{ticket} is called to window {window}; please start serving first.", ticket=ticket, window=window
        )
    return tr(lang, "{ticket} is called to window {window}.", ticket=ticket, window=window)


def _being_served_sentence(lang: str, ticket: object, window: object, verb: object) -> str:
    if window is None:
        return tr(lang, "{ticket} is being served.", ticket=ticket)
    if verb == "call":
        # The same English words; Chinese adds that it can't be called again.
        return tr(lang, "{ticket} is being served at window {window}.", context="call", ticket=ticket, window=window)
    return tr(lang, "{ticket} is being served at window {window}.", ticket=ticket, window=window)


def _next_step_sentence(lang: str, ticket: object, state: str, verb: object) -> str:
    if state == "waiting" and verb == "unpark":
        return tr(lang, "{ticket} is waiting in line; please call it.", ticket=ticket)
    return {
        "waiting": tr(lang, "{ticket} is waiting in line.", ticket=ticket),
        "parked": tr(lang, "{ticket} is set aside; please continue it at a window first.", ticket=ticket),
        "missed": tr(lang, "{ticket} was missed; please put it back in line first.", ticket=ticket),
        "finished": tr(lang, "{ticket} is finished; for anything more please take a new ticket.", ticket=ticket),
        "left": tr(lang, "{ticket} has left; please take a new ticket.", ticket=ticket),
        "void": tr(lang, "{ticket} is void; please take a new ticket.", ticket=ticket),
    }[state]


# Why a service gives no ticket though it is open, or takes nobody back into line, and what to do instead.


def message_only_service_text(lang: str, details: Mapping[str, object]) -> str:
    message = moments.name_in_language(str(details["message"]), str(details.get("message_en") or ""), lang).strip()
    end = "." if lang == "en" else "。"
    message = message if message.endswith((".", "!", "?", "。", "！", "？")) else message + end
    return tr(lang, "{service} gives no tickets: {message}", service=_service_name(lang, details), message=message)


def quota_full_text(lang: str, details: Mapping[str, object]) -> str:
    n, said = details["n"], _alternative_details(lang, details)
    if "other" in said:
        return tr(
            lang,
            "All {n} of today's tickets for {service} have been taken; tickets are still available for {other}.",
            n=n,
            **said,
        )
    if "opens" not in said:
        return tr(
            lang, "All {n} of today's tickets for {service} have been taken; please ask at the front desk.", n=n, **said
        )
    return tr(
        lang,
        "All {n} of today's tickets for {service} have been taken; please come on {date} from {opens}.",
        n=n,
        **said,
    )


def line_full_text(lang: str, details: Mapping[str, object]) -> str:
    service, n = _service_name(lang, details), int(str(details["n"]))
    if details.get("other"):
        return ntr(
            lang,
            "{n} person is waiting for {service}, so there are no more tickets for now; tickets are still available for {other}.",
            "{n} people are waiting for {service}, so there are no more tickets for now; tickets are still available for {other}.",
            n,
            service=service,
            other=_service_name(lang, details, "other"),
        )
    return ntr(
        lang,
        "{n} person is waiting for {service}, so there are no more tickets for now; please come back later.",
        "{n} people are waiting for {service}, so there are no more tickets for now; please come back later.",
        n,
        service=service,
    )


def may_not_rejoin_line_text(lang: str, details: Mapping[str, object]) -> str:
    service, n, ticket = _service_name(lang, details), int(str(details["n"])), details["ticket"]
    if n == 0:
        return tr(
            lang,
            "{service} does not take customers back into line after a missed call; please issue a new ticket in place of {ticket}.",
            service=service,
            ticket=ticket,
        )
    return ntr(
        lang,
        "{ticket} was back in line {n} time already, as often as {service} allows; please issue a new ticket.",
        "{ticket} was back in line {n} times already, as often as {service} allows; please issue a new ticket.",
        n,
        service=service,
        ticket=ticket,
    )


def no_time_left_text(lang: str, details: Mapping[str, object]) -> str:
    closes, said = details["closes"], _alternative_details(lang, details)
    if "other" in said:
        return tr(
            lang,
            "{service}: a ticket taken now would not be called before closing at {closes}; tickets are still available for {other}.",
            closes=closes,
            **said,
        )
    if "opens" not in said:
        return tr(
            lang,
            "{service}: a ticket taken now would not be called before closing at {closes}; please ask at the front desk.",
            closes=closes,
            **said,
        )
    return tr(
        lang,
        "{service}: a ticket taken now would not be called before closing at {closes}; please come on {date} from {opens}.",
        closes=closes,
        **said,
    )


def _alternative_details(lang: str, details: Mapping[str, object]) -> dict[str, Any]:
    """Return the service with where to go instead: another service, or the date and time when it opens again, where one
    is known."""
    said: dict[str, Any] = {"service": _service_name(lang, details)}
    if details.get("other"):
        said["other"] = _service_name(lang, details, "other")
    elif details.get("opens"):
        day = value if isinstance(value := details["date"], date) else date.fromisoformat(str(value))
        said |= {"date": moments.date_short(day, lang), "opens": details["opens"]}
    return said


def _service_name(lang: str, details: Mapping[str, object], key: str = "service") -> str:
    """Return a service's name where the details bring it, else its code."""
    prefix = "" if key == "service" else f"{key}_"
    name = str(details.get(f"{prefix}name") or details[key])
    return moments.name_in_language(name, str(details.get(f"{prefix}name_en") or ""), lang)


PLAIN = {
    # who acts
    "pin_needed": mark(
        "Others here have PINs but {staff} has none, so this could be anybody; please ask an admin to give {staff} a PIN."
    ),
    "wrong_pin": mark("That PIN does not match; please enter it again."),
    "pin_pause": mark("The PIN was wrong too often; please try again in {seconds} s."),
    "not_signed_in": mark("No one is signed in at {station}."),
    "not_a_clerk": mark("{staff} is not window staff and cannot open a window."),
    "not_your_window": mark("Window {window} is not yours; please act at your own window."),
    "id_used": mark("The id {command} already belongs to another command; please use a new one."),
    # what there is
    "hall_needed": mark("There are several halls here ({halls}); please name one with --hall."),
    "unknown_hall": mark("There is no hall {hall} here."),
    "nothing_to_push": mark("Nothing would change in any of these halls unless they are named; nothing was pushed."),
    "push_elsewhere": mark("A PC's own login changes no other hall; please push at the main PC of the shared halls."),
    "unknown_service": mark("There is no service {service} in this hall."),
    "unknown_item": mark("Service {service} has no item {item}."),
    "unknown_window": mark("There is no window {window} in this hall."),
    "unknown_staff": mark("Nobody in this hall has the code {staff}."),
    "unknown_class": mark("There is no class {class_} in this hall."),
    "unknown_ticket": mark("There is no ticket {ticket} on {date}; please check the number."),
    "unknown_comment": mark("There is no comment {comment}; it may have been deleted."),
    "bad_printer": mark("{printer} names no printer; queuedesk printer list shows what can be chosen."),
    "unknown_setting": mark("There is no setting {key}; queuedesk settings list shows them all."),
    "unknown_feature": mark("There is no feature {feature}; there are {known}."),
    "return_ticket_unknown": mark("The earlier ticket {ticket} is not found; please check its number and date."),
    # taking a ticket
    "last_ticket": mark("Tickets for {service} end at {time}."),
    "already_given": mark("The number {ticket} was already given on {date}."),
    "series_full": mark("Today's numbers for {service} are used up at {last}; please ask the manager for more."),
    "nothing_to_confirm": mark("There is nothing to confirm; the hall already goes by this time."),
    "log_not_ahead": mark("The hall's log does not run ahead of the clock: there is nothing to set right."),
    "clock_changed": mark("The clock now says another time. Please look again at what would change."),
    "not_in_batch": mark("{command} has no place among the lines of batch; please run it by itself."),
    # windows
    "window_closed": mark("Window {window} is closed; please open it first."),
    "window_paused": mark("Window {window} is paused; please resume first."),
    "window_busy": mark("Window {window} still has {ticket}; please finish it or set it aside first."),
    "window_open": mark("Window {window} is already open with {staff}."),
    "window_not_paused": mark("Window {window} is not paused."),
    "staff_elsewhere": mark("{staff} is at window {window}; please close that window first."),
    "no_customer": mark("No customer at window {window}."),
    "nobody_waiting": mark("Nobody is waiting for this window."),
    "nothing_to_reopen": mark("Window {window} has no finished ticket to reopen."),
    "already_serves": mark("Window {window} serves {service} already."),
    "lacks_skill": mark("{staff} at window {window} cannot serve {service}; please choose another window."),
    "not_lent": mark("{service} is not lent to window {window}."),
    # a recorded day again
    "no_window_was_open": mark("On {date} no window was open for any time; please choose another day."),
    "nothing_recorded": mark("On {date} nobody was served; please choose a day with customers."),
    "day_open": mark("{date} is not over; please choose a day that is."),
    "no_window_left": mark("No window is left to call anybody; please leave at least one."),
    "no_meals": mark(
        "On {date} fewer than two windows had a break of 20 minutes or more, so there is nothing to stagger."
    ),
    "too_few_windows": mark("{n} windows can't have one service each: people came for {services}."),
    "quiet_hours_unknown": mark("No forecast yet: it needs three earlier days with customers."),
    "not_in_what_if": mark("{key} changes nothing in a simulation; possible are order, jump_every and order_guard."),
    "move_gone": mark(
        "That is no longer possible, because the situation has changed; please look at the suggestions again."
    ),
    "unknown_move": mark("There is no suggestion {move}; queuedesk moves list shows the current ones."),
    "move_made": mark("{staff} has done that at {time} already."),
    # tickets
    "nobody_behind": mark("Nobody is waiting behind {ticket}, so there is no one to let go first."),
    "no_need": mark("No one asked for the customer of {ticket} to be fetched."),
    "already_postponed": mark("{ticket} has let others go first as often as it may."),
    "defer_off": mark("This hall keeps no early places for the next day; please take a new ticket tomorrow."),
    "same_service": mark("{ticket} is already in the line for {service}."),
    "already_stalled": mark("{ticket} is already waiting for a system."),
    "not_stalled": mark("{ticket} is not waiting for a system."),
    "stalled": mark("{ticket} is waiting for a system; please note first that the system is back."),
    # ratings
    "already_rated": mark("{ticket} is already rated, thank you"),
    "visit_not_ended": mark("{ticket} is not finished yet; please rate it when it is."),
    "rating_over": mark("{ticket} is from {date}; it is too late to rate it."),
    "bad_level": mark("A rating is one of the levels 1 to 5, not {value}."),
    "reasons_given": mark("Your reasons for {ticket} are already saved, thank you."),
    "reasons_late": mark("Reasons can be added for 5 minutes after the rating; it is too late now for {ticket}."),
    "not_rated": mark("{ticket} is not rated yet; please choose a level first."),
    "too_early": mark("{ticket} came early to an appointment and can be called from {time}."),
    # alerts and corrections
    "no_alert": mark("There is no such alert now, so nothing to acknowledge."),
    "already_acknowledged": mark("{staff} has already acknowledged this."),
    "leg_not_finished": mark("Step {leg} of {ticket} was not finished at a window, so nothing of it can be corrected."),
    "times_order": mark("The times of {ticket} have to be those of {date}, in order: called, started, finished."),
    "nothing_to_correct": mark("{ticket} is like that already; nothing was corrected."),
    "second_needed": mark("Times, people and ratings take two to correct; please let one of these confirm: {people}."),
    "same_person": mark("The one who confirms has to be somebody else; please ask another person."),
    "not_a_second": mark("{staff} cannot confirm this correction; please ask one of these: {people}."),
    "nobody_else": mark(
        "Nobody else in this hall can confirm this correction. Say that you correct it alone (--alone); it is recorded so."
    ),
    "not_alone": mark("This is not recorded as corrected by one person alone: these can confirm it: {people}."),
    # messages and help
    "no_emergency": mark("There is no emergency now, so there is nothing to end."),
    "no_place": mark("{staff} sits at no open window; please say where the message is from."),
    "nobody_served": mark("Nobody has served {ticket} yet; please say who is thanked."),
    "notes_off": mark("This hall keeps no notes by reference number: the rule for them is off."),
    "not_certain": mark("This may be chance alone, so nobody is named. Please train the hall instead."),
    "names_both": mark("So few do this work that to name one names the others; please train all of them instead."),
    "own_thanks": mark("You can't note thanks to yourself; please ask somebody else to."),
    "wording_runs": mark(
        "Another trial counts some of the same tickets and has not ended; please end it first, or the two can't be told apart."
    ),
    "card_open": mark("The card {name} has been open since {time}."),
    "step_done": mark("Step {step} was ticked at {time} by {staff}."),
    "step_not_done": mark("Step {step} is not ticked."),
    "help_called": mark("Help was already called there at {time}; somebody will come."),
    "help_answered": mark("{staff} is already on the way there."),
    # cases
    "case_closed": mark("Case {number} is closed; please open it again first."),
    "case_open": mark("Case {number} is open already."),
    "case_there": mark("{ticket} has the case {number} already."),
    "case_result_missing": mark("Please note the result of the call-back first, or three tries in vain."),
    "case_concerns": mark("The case concerns {staff}; please let somebody else do this."),
    "not_your_case": mark("Case {number} is with {owner}; only the owner or a manager can work on it."),
    "bad_contact": mark("That is no phone number or e-mail address; please look at it again."),
    "no_contact": mark("No contact is kept for case {number}."),
    # set-up
    "exists": mark("There is already a hall in {path}; nothing was changed."),
    "in_use": mark("The {kind} {code} still has open tickets; please remove it when they are done."),
    "last_one": mark("The hall needs at least one {kind}, so the last one stays."),
    "last_admin": mark("The hall needs an admin; please name another one first."),
    "already_there": mark("There is already a {kind} {code}; please take another code."),
    "not_there": mark("There is no {kind} {code}."),
    # inspections, and what is to be put right
    "sheet_begun": mark("Inspection {inspection} has begun already; please go on with it."),
    "sheet_not_begun": mark("Inspection {inspection} has not begun yet; please begin it first."),
    "sheet_signed": mark("Inspection {inspection} was signed by {staff}; it does not change any more."),
    "not_mystery": mark("Inspection {inspection} is no mystery visit, so it has no ticket of its own."),
    "fix_closed": mark("This was put right and checked; it is closed."),
    "no_proof": mark("There is no proof yet; please note what was done first."),
    "own_fix": mark("{staff} is the owner; somebody else has to check it."),
    # rows of a sheet
    "row_disputed": mark("It was asked already to exclude this row; a second person decides."),
    "row_excluded": mark("This row is excluded already."),
    "dispute_decided": mark("This was decided already."),
    "month_runs": mark("{month} is not over yet; it can be closed from the first of the next month on."),
    "month_closed": mark("{month} is closed as version {version}, and nothing has changed since."),
    "disputes_wait": mark("Rows that wait for a decision: {n}; please have them decided first."),
    "closed_gone": mark("What version {version} said was deleted."),
    "own_dispute": mark("{staff} asked for this, or it is the own sheet; somebody else has to decide."),
    # improvement projects
    "project_ended": mark("Project {number} has ended; it does not change any more."),
    "no_evidence": mark("Cause {cause} has no evidence yet, so it can't be confirmed; please add some first."),
    "cause_has_evidence": mark("Cause {cause} has evidence, so it stays; please reject it."),
    "measure_is_standard": mark("Measure {measure} was made standard already."),
    "changed_since": mark("The same was changed again after that, so it stays as it is."),
    "bad_setup": mark("The set-up file {path} needs a change: {problem}"),
    # files
    "no_such_file": mark("There is no file {path}."),
    "no_code": mark(
        "{path} prints no check code that could be read: it is no report of QueueDesk, or a picture of one; please type the code at the foot of its pages."
    ),
    "code_mistyped": mark("This check code has a slip in it; please compare it with the sheet, sign by sign."),
    "cannot_write": mark("{path} cannot be written; please check the folder, its rights and the free space."),
    "own_file": mark(
        "{path} belongs to the hall or to this PC's settings; please choose another name. Nothing was changed."
    ),
    "own_output": mark("{path} is where this command answers; please name a file."),
    "cannot_read": mark("{path} cannot be read; please check its rights."),
    "settings_damaged": mark(
        "The settings of this PC in {path} cannot be read and are ignored; please remove that file and choose them again."
    ),
    "no_report_printer": mark(
        "No printer for reports is chosen on this PC; please choose one at the foot of Reports, On paper, or add a printer "
        "to the system first if none is offered there."
    ),
    "narrow_paper": mark("The printer {printer} has a narrow roll; please choose one that takes A4 for reports."),
    "stopped": mark("Reading stopped before it was finished; please try again."),
    "reports_busy": mark("Another process of this hall is writing reports just now; please try again in a minute."),
    "backups_busy": mark("Another process of this hall is making a backup just now; please try again in a minute."),
    "backup_gone": mark(
        "The folder for backups {path} is not there; please plug its disk in or choose another folder."
    ),
    "backup_full": mark("The disk of {path} is full, so no backup was made there; those that are there stay."),
    "backup_refused": mark("{path} takes no backup; please check its rights, or choose another folder."),
    "backup_no_room": mark("There is no room in {path} to prove a backup; please make room on that disk."),
    "backup_unproven": mark(
        "The backup {path} did not give the hall back as it is, so it does not count; please let doctor look at the hall."
    ),
    "backup_died": mark("The process that should make a backup ended by a fault; please try again."),
    "no_backup": mark("No backup of {path} is beside it; please name one with --from."),
    "not_mended": mark("{path} can't be repaired from its own log, so nothing was changed; please restore a backup."),
    "simulated": mark("Simulated halls have no backups of their own; the command backup writes one."),
    "backup_newer": mark("The backup {path} is from a newer QueueDesk; please update this computer."),
    "backup_damaged": mark("The backup {path} is damaged; please take another one. Nothing was changed."),
    "export_newer": mark("The exported log {path} is from a newer QueueDesk; please update this computer."),
    "export_damaged": mark("The exported log {path} is damaged; please export it again. Nothing was changed."),
    "histories_differ": mark(
        "The log of hall {hall} here and in the file tell different stories; nothing was changed."
    ),
    "already_entered": mark("{path} was already entered on {date} at {time}; nothing was changed."),
    "not_yet": mark("{time} is still to come; what was kept on paper is entered afterwards."),
    "other_date": mark("This row is of {date}; please make a file for each day."),
    "same_period": mark("Both dates are in the same period; please choose another one to compare with."),
    # recorded days
    "not_a_table": mark("{path} is not a table with a header line: a CSV, Excel or OpenDocument file."),
    "mixed_signs": mark(
        "Line {line}: in the column {column}, {text} is written with other signs than {other}; please write the whole column alike."
    ),
    "no_rows": mark("There are no rows in {path}."),
    "unknown_column": mark("the column {column} is not known."),
    "column_twice": mark("the column {column} is there twice."),
    "column_missing": mark("the column {column} is missing."),
    "too_many_cells": mark("there are more than {n} cells."),
    "cell_empty": mark("{column} is empty."),
    "not_a_moment": mark("{column}: {value} is not a time such as 2026-11-20T09:00:00+08:00."),
    "times_reversed": mark("{then} is before {first}."),
    "not_together": mark("{first} and {then} can't both be there."),
    "unknown_action": mark("{action} is not an action of a ticket or a window."),
    "not_at_window": mark("{ticket} is not at window {window}."),
    # other channels
    "line_twice": mark("line {line} is about the same thing."),
    "too_many_rows": mark("there are more than {n} rows; please make several files."),
    "not_published": mark("No published days of {year} come with the program for this hall."),
    "period_not_over": mark("{period} is not over yet; please report it when it is."),
    "counted_twice": mark(
        "{channel} would be in {month} of {service} both as a whole and by its dates; please remove one of them."
    ),
    "rate_not_score": mark("{column}: {value} is a share of people; a score is on a scale and has no percent sign."),
    # the hall's data
    "database_missing": mark("There is no hall in {path} yet; open QueueDesk to set one up, or use queuedesk init."),
    "database_busy": mark("The hall's file is busy; please try again in a moment."),
    "database_full": mark("The disk is full; please make room and try again."),
    "database_damaged": mark(
        "The hall's file {path} is damaged; doctor says what is lost, doctor --repair repairs what it can."
    ),
    "database_newer": mark(
        "The hall's file {path} is from a newer QueueDesk ({version}); please update this computer."
    ),
    "database_upgrading": mark(
        "The hall's file {path} is from an older QueueDesk and is being updated. With many years of data that takes some minutes; if it is interrupted, nothing is lost and it starts again next time."
    ),
    "database_not_upgraded": mark(
        "The hall's file {path} is of an older QueueDesk ({version}) and could not be brought up to date ({cause});"
        " nothing in it was changed, so the older program still opens it."
    ),
    "database_no_room": mark(
        "The hall's file is of an older QueueDesk; to bring it up to date safely takes {room} MB on the disk of {path}."
        " Please make room and try again; nothing was changed."
    ),
    "database_unreadable": mark("The hall's file {path} can't be read by this user; please check its rights."),
    "database_readonly": mark("The hall's file {path} can only be read; please check its rights."),
    "cannot_follow": mark(
        "This screen could not read the hall and is reading it again; if this continues, please close it and open it again."
    ),
    # devices
    "voice_silent": mark("The voice is silent; calls are shown on the display."),
    "voice_hung": mark("The voice does not answer and is being started again; calls are shown on the display."),
    "no_clip": mark("There is no recording of {text}; another voice says it."),
    "no_engine": mark("No speech engine works on this computer; calls are shown on the display."),
    "no_sound": mark("This computer plays no sound; please look at its loudspeaker and sound settings."),
    "no_voice": mark("This computer has no voice for that language; please install one."),
    "sound_unreadable": mark("The sound file {path} cannot be read; please install QueueDesk again."),
    "unknown_font": mark("QueueDesk's own fonts are not found; please install QueueDesk again."),
    "no_screen": mark("There is no screen here; --screenshot FILE saves a picture instead."),
    **SHARED,
    **SERVER,
}
"""Codes whose sentence is one text; its fields are the details the code must come with."""

WITHOUT_PATH = {
    "pc_withdrawn": mark("The hall's server does not let this PC in; please join the hall again."),
    "database_missing": mark("There is no hall here yet; open QueueDesk to set one up, or use queuedesk init."),
    "database_damaged": mark("The hall's file is damaged; please restore the latest backup."),
    "database_readonly": mark("The hall's file can only be read; please check its rights."),
}
"""The same where the database's place is not known."""


def error_sentence(error: QueueDeskError, lang: str | None = None) -> str:
    """Return the sentence of a QueueDeskError in `lang`, or in the current language. Raises KeyError: the code has no
    sentence here, or a detail of its sentence is missing: a bug, caught by the tests."""
    lang = lang or current_language()
    if (text := server_database_error_text(error)) is not None:
        return tr(lang, text, **_worded_details_by_name(lang, error.details))
    if error.code in SPECIAL:
        return SPECIAL[error.code](lang, error.details)
    if error.code in WITHOUT_PATH and "path" not in error.details:
        return tr(lang, WITHOUT_PATH[error.code])
    said = PLAIN.get(error.code) or feature_refusal_sentence(error.code)
    if said is None:
        raise KeyError(error.code)
    return (
        tr(lang, said, **_worded_details_by_name(lang, error.details))
        if isinstance(said, str)
        else said(lang, error.details)
    )


def _worded_details_by_name(lang: str, details: Mapping[str, object]) -> dict[str, Any]:
    """Return the details as they stand in a sentence: dates, lists and kinds in the words of `lang`, servers without
    the options of an address."""
    shown = {name: shorten_if_server_address(value) for name, value in details.items()}
    for name, value in details.items():
        if isinstance(value, (list, tuple)):
            shown[name] = moments.list_text(value, lang)
        elif name == "date":
            shown[name] = _date_words(lang, value)
        elif name == "kind":
            shown[name] = moments.setup_part_row_word(str(value), lang)
    if isinstance(names := details.get("names"), (list, tuple)) and lang == "zh_CN":
        shown["column"] = next((name for name in names if not name.isascii()), details["column"])
    return shown


def _date_words(lang: str, value: object) -> str:
    return moments.date_short(value if isinstance(value, date) else date.fromisoformat(str(value)), lang)


def _not_your_role_text(lang: str, details: Mapping[str, object]) -> str:
    if details["role"] == "manager":
        return tr(lang, "This step is for an admin; please ask one.")
    if details["role"] in ("guide", "clerk"):
        who = moments.role_word(str(details["role"]), lang)
        return tr(lang, "This step is not open to the role {role}; please ask the manager.", role=who)
    if details["role"] == "station":
        return tr(lang, PUBLIC_PC)
    return tr(lang, "This step is not open to you; please ask the manager.")


def _old_ticket_text(lang: str, details: Mapping[str, object]) -> str:
    if details.get("days") == 1:
        return tr(lang, "This ticket is from yesterday; please take a new one.")
    return tr(lang, "This ticket is from {date}; please take a new one.", date=_date_words(lang, details["date"]))


def _service_closed_text(lang: str, details: Mapping[str, object]) -> str:
    said = _next_opening_sentence(lang, details)
    why = moments.name_in_language(str(details.get("why") or ""), str(details.get("why_en") or ""), lang)
    if not why:
        return said
    return tr(lang, "{one} {two}", context="sentences", one=tr(lang, "Other hours: {why}.", why=why), two=said)


def _next_opening_sentence(lang: str, details: Mapping[str, object]) -> str:
    service, opens, day = details["service"], details.get("opens"), details.get("date")
    if not opens:
        return tr(lang, "{service} takes no tickets now; please ask at the front desk.", service=service)
    if not day:
        return tr(lang, "{service} takes no tickets now; it opens at {opens}.", service=service, opens=opens)
    return tr(
        lang,
        "{service} takes no tickets now; it opens on {date} at {opens}.",
        service=service,
        date=_date_words(lang, day),
        opens=opens,
    )


def _project_step_incomplete_text(lang: str, details: Mapping[str, object]) -> str:
    from queuedesk.i18n.quality import project_step_word  # all words of figures, which few refusals need

    step = project_step_word(str(details["step"]), lang)
    return tr(lang, "Project {number} still lacks something at the step {step}.", number=details["number"], step=step)


def _case_not_next_text(lang: str, details: Mapping[str, object]) -> str:
    from queuedesk.i18n.quality import next_case_step_words  # all words of figures, which few refusals need

    number, step = details["number"], details["next"]
    if not step:
        return tr(lang, "Case {number} is closed; please open it again first.", number=number)
    return tr(
        lang, "Case {number} is not that far. Next: {step}.", number=number, step=next_case_step_words(str(step), lang)
    )


def _sheet_not_done_text(lang: str, details: Mapping[str, object]) -> str:
    items = details["items"]
    assert isinstance(items, (list, tuple))
    listed = moments.codes_text([str(item) for item in items], lang)
    return tr(lang, "Still to do: {items}. Each needs a look, and each deduction a reason.", items=listed)


def _cannot_serve_text(lang: str, details: Mapping[str, object]) -> str:
    window, service, ticket = details["window"], details["service"], details.get("ticket")
    if ticket:
        return tr(
            lang,
            "Window {window} cannot serve {service}; {ticket} needs another window.",
            window=window,
            service=service,
            ticket=ticket,
        )
    return tr(
        lang, "Window {window} cannot serve {service}; please use another window.", window=window, service=service
    )


def _reason_needed_text(lang: str, details: Mapping[str, object]) -> str:
    passed = details.get("tickets")
    if not isinstance(passed, (list, tuple)) or not passed:
        return tr(lang, "Please choose a reason first.")
    if len(passed) > 3:
        first = moments.list_text(passed[:3], lang)
        return tr(
            lang, "This passes over {tickets} and {n} more; please choose a reason.", tickets=first, n=len(passed) - 3
        )
    return tr(lang, "This passes over {tickets}; please choose a reason.", tickets=moments.list_text(passed, lang))


def _reserved_ticket_refusal(lang: str, details: Mapping[str, object]) -> str:
    ticket, window = details["ticket"], details.get("window")
    if window:
        return tr(lang, "{ticket} is waiting for window {window}.", ticket=ticket, window=window)
    return tr(lang, "{ticket} is waiting for {staff}.", ticket=ticket, staff=details["staff"])


def _confirmation_needed_text(lang: str, details: Mapping[str, object]) -> str:
    if path := details.get("path"):
        return tr(lang, "There is a hall in {path}; to put the backup in its place, confirm with --yes.", path=path)
    if isinstance(leap := details.get("leap"), dict):
        return tr(
            lang, "{leap} If it is so, please confirm with --yes.", leap=clock_words.clock_leap_repair_text(leap, lang)
        )
    what = moments.setup_part_row_word(str(details["kind"]), lang)
    return tr(lang, "To remove the {kind} {code}, please confirm with --yes.", kind=what, code=details["code"])


def _backup_of_other_hall_text(lang: str, details: Mapping[str, object]) -> str:
    codes, path = details["halls"], details["path"]
    assert isinstance(codes, list)
    return tr(
        lang,
        "{path} is no backup of {halls}, which would go away. To put another hall in its place, confirm with --other-hall.",
        path=path,
        halls=moments.list_text(codes, lang),
    )


def _unknown_preset_text(lang: str, details: Mapping[str, object]) -> str:
    known = moments.list_text(list(PRESETS), lang)
    return tr(lang, "There is no preset {preset}; there are {presets}.", preset=details["preset"], presets=known)


def _feature_off_text(lang: str, details: Mapping[str, object]) -> str:
    name = str(details["feature"])
    one = feature_by_name(name)
    title = tr(lang, one.title.text, context=one.title.context) if one else name
    return tr(
        lang,
        "This hall does not use “{title}”; queuedesk features on {feature} switches it on.",
        title=title,
        feature=name,
    )


def _wrong_file_kind_text(lang: str, details: Mapping[str, object]) -> str:
    if details.get("wanted") == "report":
        return tr(lang, "{path} is no PDF, or a damaged one.", path=details["path"])
    if details.get("wanted") == "export":
        return tr(lang, "{path} is not a hall's log as QueueDesk exports it.", path=details["path"])
    return tr(lang, "{path} is not a QueueDesk backup or set-up file.", path=details["path"])


def _file_too_large_text(lang: str, details: Mapping[str, object]) -> str:
    path = details["path"]
    if rows := details.get("rows"):
        return tr(
            lang, "{path} has more than {n} rows or too many columns; please divide it.", path=path, n=f"{rows:,}"
        )
    if details.get("levels"):
        return tr(lang, "{path} is nested too deeply to be a file of QueueDesk.", path=path)
    return tr(
        lang, "{path} is larger than {n} MB; please choose the right file, or divide it.", path=path, n=details["mb"]
    )


def _bad_rows_text(lang: str, details: Mapping[str, object]) -> str:
    lines = details["lines"]
    assert isinstance(lines, (list, tuple))
    told = [tr(lang, "Line {line}: {problem}", line=line, problem=error_sentence(error, lang)) for line, error in lines]
    path, n = details["path"], len({line for line, _error in lines})
    first = ntr(
        lang,
        "{n} row of {path} can't be taken; nothing was changed.",
        "{n} rows of {path} can't be taken; nothing was changed.",
        n,
        path=path,
    )
    if all(error.code in ("unknown_column", "column_twice", "column_missing") for _line, error in lines):
        first = tr(lang, "The header line of {path} can't be taken; nothing was changed.", path=path)
    return "\n".join([first, *told])


_COLUMNS = {
    "month": mark("month", context="column name"),
    "satisfied": mark("satisfied", context="column name"),
    "dissatisfied": mark("dissatisfied", context="column name"),
    "channel": mark("channel", context="column name"),
    "period": mark("month", context="column name"),
    "service": mark("service", context="column name"),
    "count": mark("count", context="column name"),
    "indicator": mark("indicator", context="column name"),
    "score_2013": mark("score_2013", context="column name"),
}


def column_word(name: str, lang: str) -> str:
    """Return the word for a column that a file needs; other columns' names unchanged."""
    return tr(lang, _COLUMNS[name], context="column name") if name in _COLUMNS else name


def _columns_missing_text(lang: str, details: Mapping[str, object]) -> str:
    names = details["columns"]
    assert isinstance(names, (list, tuple))
    columns = moments.list_text([column_word(name, lang) for name in names], lang)
    return tr(
        lang, "{path} lacks the columns {columns}; please check its header line.", path=details["path"], columns=columns
    )


def _database_away_text(lang: str, details: Mapping[str, object]) -> str:
    if since := details.get("since"):
        return tr(lang, "The hall's file can't be opened since {time}; retrying. This shows {time}.", time=since)
    if path := details.get("path"):
        return tr(lang, "The hall's file {path} can't be opened; please try again in a moment.", path=path)
    return tr(lang, "The hall's file can't be opened; please try again in a moment.")


def _no_printer_text(lang: str, details: Mapping[str, object]) -> str:
    if details.get("printer"):  # chosen once, and gone
        return _printer_refused_text(lang, {**details, "cause": "no_printer"})
    if ticket := details.get("ticket"):
        return tr(lang, "No printer: please write down {ticket}; it is valid.", ticket=ticket)
    if details.get("counted"):
        return tr(lang, "Counted. No printer: please read the list of papers out.")
    return tr(lang, "No printer is chosen; please choose one under ⋯, Printer.")


def _printer_refused_text(lang: str, details: Mapping[str, object]) -> str:
    fields: dict[str, Any] = {"printer": details["printer"]}
    if ticket := details.get("ticket"):
        said, why = _NOTE, _NOTE_WHY
        fields["ticket"] = ticket
    else:
        said, why = (_READ, _READ_WHY) if details.get("counted") else (_AGAIN, _AGAIN_WHY)
    code = str(details.get("cause") or "")
    cause, advice = device_down_cause_words(code, lang), printer_advice(code, lang)
    text = tr(lang, why, cause=cause, **fields) if cause else tr(lang, said, **fields)
    return tr(lang, "{one} {two}", context="sentences", one=text, two=advice) if advice and why != _AGAIN_WHY else text


_NOTE = mark("The printer {printer} did not print. Please write down {ticket}; it is valid.")
_NOTE_WHY = mark("The printer {printer} did not print ({cause}). Please write down {ticket}; it is valid.")
_READ = mark("Counted. The printer {printer} did not print: please read the list of papers out.")
_READ_WHY = mark("Counted. The printer {printer} did not print ({cause}): please read the list of papers out.")
_AGAIN = mark("The printer {printer} did not print; please check it and print again.")
_AGAIN_WHY = mark("The printer {printer} did not print ({cause}); please check it and print again.")


def _sign_in_needed_text(lang: str, details: Mapping[str, object]) -> str:
    if "staff" in details:
        asked = details.get("variable", "QUEUEDESK_PIN")
        return tr(
            lang,
            "The PIN of {staff} is missing; please type it at the terminal, or give it in {variable}.",
            staff=details["staff"],
            variable=asked,
        )
    return tr(lang, "Please sign in first; on the command line name yourself with --as.")


def _has_number_text(lang: str, details: Mapping[str, Any]) -> str:
    told = {"ticket": details["ticket"], "service": details["service"]}
    if (ahead := details["ahead"]) is None:
        state = moments.ticket_state_word(details["state"], lang)
        return tr(lang, "This person already has {ticket} for {service}: {state}.", **told, state=state)
    return ntr(
        lang,
        "This person already has {ticket} for {service}; {n} person is ahead.",
        "This person already has {ticket} for {service}; {n} people are ahead.",
        ahead,
        **told,
    )


SPECIAL: dict[str, Callable[[str, Mapping[str, object]], str]] = {
    "has_number": _has_number_text,
    "who_are_you": _sign_in_needed_text,
    "not_your_role": _not_your_role_text,
    "not_for_you": network.not_for_you_text,
    "clock_ahead": clock_words.confirm_clock_first_text,
    "no_leap": clock_words.clock_seems_behind_text,
    "old_ticket": _old_ticket_text,
    "service_closed": _service_closed_text,
    "message_only": message_only_service_text,
    "quota_full": quota_full_text,
    "no_time_left": no_time_left_text,
    "line_full": line_full_text,
    "no_more_returns": may_not_rejoin_line_text,
    "cannot_serve": _cannot_serve_text,
    "case_not_next": _case_not_next_text,
    "project_not_done": _project_step_incomplete_text,
    "reason_needed": _reason_needed_text,
    "sheet_not_done": _sheet_not_done_text,
    "weights_left": weights_not_100_percent_text,
    "wrong_state": wrong_state_text,
    "held_for": _reserved_ticket_refusal,
    "bad_value": bad_value_text,
    "roster_conflict": staffing.roster_conflict_sentence,
    "needs_yes": _confirmation_needed_text,
    "other_hall": _backup_of_other_hall_text,
    "unknown_preset": _unknown_preset_text,
    "feature_off": _feature_off_text,
    "wrong_kind": _wrong_file_kind_text,
    "too_large": _file_too_large_text,
    "bad_rows": _bad_rows_text,
    "columns_missing": _columns_missing_text,
    "two_readings": two_readings_text,
    "database_away": _database_away_text,
    "no_printer": _no_printer_text,
    "printer_refused": _printer_refused_text,
    "checks_missing": talk.checks_missing_text,
    "device_down": talk.device_still_down_text,
    "which_device": talk.which_device_text,
    "unknown_device": talk.device_never_reported_text,
}
"""Codes whose sentence depends on their details."""
