"""Words of the pages of what the PCs have together: PCs that share a hall, and its backups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from queuedesk.core.network.sharing import JoinCode, PcKind, PcState, SharedPc, SharingStatus, pc_state
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, date_for_staff, date_short, list_text, minutes_seconds, n_, preview_words, time_hm
from queuedesk.i18n.talk import device_down_cause_words
from queuedesk.stations.manager.network.backups_controller import CHECK, RESTORE, RestoreMergeOrCheckPreview
from queuedesk.stations.manager.setup_frame.draft import PCS
from queuedesk.stations.manager.today.alert_words import AlertText, ButtonTarget

# -- kinds of PC, how each stands, what is done on the other one -------------------------------------------------------

STATES = {PcState.HERE: "open", PcState.SILENT: "away", PcState.NEW: "idle", PcState.WITHDRAWN: "void"}
"""By which mark of the theme each state is shown."""
MOST_WITHDRAWN = 5
MOST_NAMED = 4


def time_with_day_unless_today(setup: Setup, moment: datetime, now: datetime) -> str:
    """Return a moment on the hall's clock, with its day if that is not today."""
    local = setup.to_hall_time(moment)
    if local.date() == setup.to_hall_time(now).date():
        return time_hm(local)
    return _("{day}, {time}", context="moment", day=date_short(local.date()), time=time_hm(local))


def pc_kind_hint(kind: PcKind) -> str:
    return {
        PcKind.PUBLIC: _("Display, kiosk, window plate, LED line, rating screen. It can't read customers' names."),
        PcKind.WEB: _("The hall's web pages, and all screens for customers. It can't read customers' names."),
        PcKind.STAFF: _("Front desk, counter, lobby board, and all screens for customers."),
        PcKind.MANAGER: _("Everything, including reports and set-up; it can let other PCs join."),
    }[kind]


def pc_state_since_text(setup: Setup, pc: SharedPc, now: datetime) -> str:
    if pc.withdrawn is not None:
        return _("withdrawn {moment}", moment=time_with_day_unless_today(setup, pc.withdrawn, now))
    if pc.seen is None:
        return _("joined {moment}", moment=time_with_day_unless_today(setup, pc.made, now))
    if pc_state(pc, now) is PcState.HERE:
        return _("joined {moment}", moment=time_with_day_unless_today(setup, pc.made, now))
    return _("last seen {moment}", moment=time_with_day_unless_today(setup, pc.seen, now))


def sharing_interrupted_text(status: SharingStatus, setup: Setup, now: datetime) -> str:
    """Return why a hall that was to be shared is still in its file; "" for one that was not."""
    if status.interrupted is None:
        return ""
    return _(
        "Sharing was interrupted ({moment}) before it was done: the program or this PC stopped. The hall continues in its file; nothing is lost.",
        moment=time_with_day_unless_today(setup, status.interrupted, now),
    )


def code_time_left_text(code: JoinCode, now: datetime) -> str:
    """Return how long a code is still valid; it is for one PC only."""
    left_s = max(0.0, (code.expires - now).total_seconds())
    return _("for one PC, {time} left", time=minutes_seconds(left_s))


def last_code_outcome_text(ended: str, newest: SharedPc | None) -> str:
    """Return what became of the last code, "" for nothing: `newest` is the PC that joined with it."""
    if newest is not None:
        return _("{name} has joined.", name=newest.name)
    return {"over": _("This code has expired."), "used": _("This code has been used.")}.get(ended, "")


def pcs_in_list_order(pcs: Sequence[SharedPc], own: str) -> list[SharedPc]:
    """Return the PC with the role `own`, the others by name, then the ones withdrawn last."""
    allowed = [pc for pc in pcs if pc.withdrawn is None]
    allowed.sort(key=lambda pc: (pc.role != own, pc.name.casefold(), pc.role))
    gone = sorted((pc for pc in pcs if pc.withdrawn is not None), key=lambda pc: str(pc.withdrawn), reverse=True)
    return [*allowed, *gone[:MOST_WITHDRAWN]]


def pc_count_text(pcs: Sequence[SharedPc], now: datetime) -> str:
    """Return how many PCs are in the hall, and how many of them gave a sign of life lately."""
    allowed = [pc for pc in pcs if pc.withdrawn is None]
    here = sum(pc_state(pc, now) is PcState.HERE for pc in allowed)
    return _("{all}, {here} connected", all=n_("{n} PC", "{n} PCs", len(allowed)), here=here)


def main_pc_state_texts(status: SharingStatus) -> tuple[str, str, str]:
    """Return the mark, the word and the sentence for the state of the hall's main PC."""
    if status.is_host and status.runs:
        return (
            "open",
            _("shared", context="hall"),
            _("This is the hall's main PC. Leave it switched on while the hall is open."),
        )
    if status.is_host and status.begins:
        return ("idle", _("starts", context="hall"), _("Other PCs can connect in a few seconds."))
    if status.is_host:
        return (
            "away",
            _("accepts no PC", context="hall"),
            _("This is the main PC, but sharing has stopped: other PCs can't reach it."),
        )
    return "open", _("shared", context="hall"), _("The hall's main PC keeps the data; this one works with it.")


def join_steps_text(status: SharingStatus) -> list[str]:
    typed = n_("Type this address:", "Type one of these addresses:", len(status.addresses))
    return [
        _("Install QueueDesk there and open it."),
        _("Choose “{button}”.", button=_("Join a hall")),
        typed if status.addresses else _("Type the address of the hall's main PC."),
        _("Type the code."),
    ]


def silent_pcs_alert(setup: Setup, missed: Sequence[SharedPc], now: datetime) -> AlertText:
    """Return the strip for PCs that fell silent, however many."""
    first, n = missed[0], len(missed)
    if n == 1 and first.seen is not None:
        title = _("PC {name} is silent", name=first.name)
        second = _("last seen {moment}", moment=time_with_day_unless_today(setup, first.seen, now))
    else:
        title = n_("{n} PC is silent", "{n} PCs are silent", n)
        second = list_text([pc.name for pc in missed[:MOST_NAMED]])
    return AlertText("amber", title, second, _("Show"), ButtonTarget(PCS))


# -- the last backup, each file, questions before an act and what is said after it -------------------------------------

Document = Mapping[str, Any]
KB, MB, GB = 10**3, 10**6, 10**9


class RestorableFileText(Struct, frozen=True, kw_only=True):
    """A file that can be restored: when it was made, what it is, and its tooltip."""

    path: Path
    title: str
    second: str
    tip: str


class FilePreviewText(Struct, frozen=True, kw_only=True):
    """A previewed file, or what was done with it; `act` is "" once it is done, `back` is the file to undo it with."""

    title: str
    lines: Sequence[str]
    notes: Sequence[str]
    safe: str
    act: str = ""
    danger: bool = False
    back: Path | None = None


def own_hall_backup_row(document: Document) -> Document | None:
    """Return what is known of this hall's own backups."""
    return next((row for row in document["halls"] if row["hall"] == document["hall"]), None)


def backup_status_texts(document: Document) -> tuple[str, str, str]:
    row = own_hall_backup_row(document)
    if row is None or row["proven"] is None:
        trouble = row["trouble"] if row is not None else None
        if trouble:
            return (
                "away",
                _("needs attention", context="backups"),
                _("No good one yet: {cause}.", cause=device_down_cause_words(trouble)),
            )
        return "idle", _("none yet", context="backups"), _("The first one is made once a station is running.")
    text = _("Checked on {moment}.", moment=preview_words.moment_text(row["proven"]))
    if row["trouble"]:
        text = _(
            "Checked on {moment}, but {cause}.",
            moment=preview_words.moment_text(row["proven"]),
            cause=device_down_cause_words(row["trouble"]),
        )
        return "away", _("needs attention", context="backups"), text
    return "open", _("checked", context="backups"), text


def backup_folder_text(document: Document) -> str:
    if not document["is_here"]:
        row = own_hall_backup_row(document)
        if row is not None and row["pc"]:
            return _("Made on the PC {pc}, where they are also viewed and restored.", pc=row["pc"])
        return _("They are made on the main PC, where they are also viewed and restored.")
    text = _("Kept in {folder}.", folder=document["folder"])
    if document["same_disk"]:
        warning = _("That is the disk the hall itself is on: if it fails, both are lost.")
        return f"{text} {warning}"
    return text


def backup_schedule_text() -> str:
    return _("Once a day, half an hour after closing. Those of 7 days, 5 weeks and 12 months are kept.")


def restorable_file_texts(document: Document) -> list[RestorableFileText]:
    """Return every backup and copy that can be restored, the newest first."""
    rows = [*document["backups"], *document["copies"]]
    rows.sort(key=lambda row: (row["made"], row["file"]), reverse=True)
    return [_restorable_file_text(row) for row in rows]


def _restorable_file_text(row: Document) -> RestorableFileText:
    path = Path(row["file"])
    kinds = {
        "restore": _("copy from before a backup was restored"),
        "upgrade": _("copy from before an update, checked") if row.get("proven") else _("copy from before an update"),
        "backup": _("backup", context="file"),
    }
    second = f"{kinds[row.get('why', 'backup')]} · {file_size_text(row['size'])} · {path.parent}"
    return RestorableFileText(path=path, title=preview_words.moment_text(row["made"]), second=second, tip=str(path))


def file_size_text(size: int) -> str:
    for unit, word in ((GB, "GB"), (MB, "MB")):
        if size >= unit:
            return f"{size / unit:.1f} {word}"
    return f"{max(1, round(size / KB))} KB"


def restore_merge_or_check_text(looked: RestoreMergeOrCheckPreview) -> FilePreviewText:
    if looked.kind == CHECK:
        return _check_text(looked)
    is_restore = looked.kind == RESTORE
    if looked.done is not None:
        copy = looked.done.get("copy")
        return FilePreviewText(
            title=_("The backup is restored") if is_restore else _("The log is imported"),
            lines=preview_words.restore_result_lines(looked.done)
            if is_restore
            else preview_words.merge_result_lines(looked.done),
            notes=() if is_restore else preview_words.merge_caution_lines(looked.done),
            safe=_("To the backups"),
            back=Path(copy) if is_restore and copy else None,
        )
    rows, made = looked.seen["halls"], preview_words.moment_text(looked.seen["made"])
    if is_restore:
        notes = [_("Another hall would take this one's place.")] if looked.has_halls_to_be_lost else []
        lines = [line for row in rows for line in preview_words.restore_preview_lines(row)]
        lines.append(
            _(
                "What is here now is kept as a copy, so this can be undone. New numbers start higher, so that none is given twice."
            )
        )
        return FilePreviewText(
            title=_("Restore the backup of {moment}?", moment=made),
            lines=lines,
            notes=notes,
            safe=_("Leave it unchanged"),
            act=_("Restore it"),
            danger=True,
        )
    comes = any(row["state"] in ("new", "newer") for row in rows)
    return FilePreviewText(
        title=_("Import the log of {moment}?", moment=made),
        lines=[line for row in rows for line in preview_words.merge_preview_lines(row)],
        notes=preview_words.merge_caution_lines(looked.seen),
        safe=_("Leave it unchanged"),
        act=_("Import it") if comes else "",
    )


def _check_text(looked: RestoreMergeOrCheckPreview) -> FilePreviewText:
    """Return what a look at the hall's own data found, and what could be mended, or what was."""
    if looked.done is not None:
        copy = looked.done["copy"]
        return FilePreviewText(
            title=_("The hall is repaired"),
            lines=preview_words.repair_done_lines(looked.done),
            notes=(),
            safe=_("To the backups"),
            back=Path(copy) if copy else None,
        )
    seen = looked.seen
    failed = [row["text"] for row in seen["findings"] if row["status"] != "ok"]
    good = [row["text"] for row in seen["findings"] if row["status"] == "ok"]
    plan = list(seen["plan"])
    if plan:
        plan.insert(0, _("Repairing does the following:"))
        plan.append(_("What is here now is kept as a copy, so this can be undone."))
    return FilePreviewText(
        title=_("The hall's data is not intact") if failed else _("The hall's data is intact"),
        lines=[*plan, *good],
        notes=failed,
        safe=_("Leave it unchanged") if seen["may"] else _("To the backups"),
        act=_("Repair it") if seen["may"] else "",
        danger=seen["may"],
    )


def text_if_backup_made(document: Document) -> str:
    return _("Backup made and checked") if document["made"] else ""


def text_of_what_day_end_closes(waiting: int, windows: int) -> str:
    """Return what a day-end would close."""
    people = n_(
        "{n} is still waiting and will count as gone.", "{n} are still waiting and will count as gone.", waiting
    )
    open_now = n_("{n} window is open and closes.", "{n} windows are open and close.", windows)
    told = [people] if waiting else []
    told += [open_now] if windows else []
    return " ".join(told) or _("Nobody waits and no window is open.")


def day_ended_text(document: Document) -> str:
    ended = document["waiting"] + document["gone"] + document["finished"]
    if not ended and not document["windows"]:
        return _("There was nothing to end")
    return _(
        "{date} is ended: {tickets}, {windows}.",
        date=date_for_staff(date.fromisoformat(document["date"])),
        tickets=n_("{n} ticket", "{n} tickets", ended),
        windows=n_("{n} window", "{n} windows", document["windows"]),
    )
