"""The hall's equipment in finished words: each device as it stands, today's outages, what the voice made of each
call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import AccessRefusal
from queuedesk.core.network.sharing import PcState, SharedPc, pc_state
from queuedesk.core.queue.hallday import begin_of_day, end_of_day
from queuedesk.core.queue.overview import set_up
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.announcement import AnnouncementRecord
from queuedesk.core.talk.device import (
    BACKUP,
    SPEAKING,
    STOPPED,
    VOICE,
    Device,
    Outage,
    current_keys_by_former_key,
    devices_under_current_names,
    overlapping_outages,
)
from queuedesk.core.talk.opening_checks import required_device_checks, requires_opening_checks
from queuedesk.i18n import _, duration_text, listing, n_, time_hm, time_hms
from queuedesk.i18n.names import staff_name
from queuedesk.i18n.network import actor_words, asked_words, refusal_reason_words
from queuedesk.i18n.talk import (
    device_down_cause_words,
    device_name,
    milliseconds_as_seconds_text,
    silent_call_text,
    voice_link_word,
)
from queuedesk.stations.manager.network.words import pc_state_word, pcs_in_list_order, when_text
from queuedesk.stations.window.frame import language_own_name

LATE_MS = 15_000
"""A number that is said later behind its picture than this is no help any more."""


class EquipmentTableRow(Struct, frozen=True):
    """A row of a table: `key` identifies it, `icon` and `token` show its state, `tip` is all of it in one sentence."""

    key: object
    cells: tuple[str, ...]
    icon: str = ""
    token: str = "ink"
    tip: str = ""


class VoiceFact(Struct, frozen=True):
    """A line about the voice: its subject, and the details."""

    title: str
    text: str
    token: str = "ink"


# -- the access journal ---------------------------------------------------------------------------------------------


def refusal_column_titles() -> list[str]:
    """Return the columns of the access journal."""
    return [
        _("When", context="column"),
        _("Who", context="column"),
        _("Asked for", context="column"),
        _("Why not", context="column"),
    ]


def refusal_lines(setup: Setup, refusals: Sequence[AccessRefusal], now: datetime) -> list[EquipmentTableRow]:
    """Return the refusals, the latest first."""
    lines = []
    for n, one in enumerate(refusals):
        moment = when_text(setup, one.at, now)
        cells = (moment, actor_words(setup, one.actor), asked_words(one.verb), refusal_reason_words(one.code))
        lines.append(EquipmentTableRow((n, one), cells, tip=" · ".join(cells)))
    return lines[::-1]


# -- devices -------------------------------------------------------------------------------------------------------


def device_column_titles(*, checked: bool = False) -> list[str]:
    """Return the columns of the devices; `checked`: with the results of their checks before opening."""
    return [
        _("Device", context="column"),
        _("State", context="column"),
        _("Since", context="column"),
        _("Down today", context="column"),
        *([_("Checked today", context="column")] if checked else []),
    ]


def needs_or_has_checks(state: HallState, day: date) -> bool:
    """Whether the hall wants its equipment checked before it opens, or somebody checked some today."""
    return requires_opening_checks(set_up(state)) or any(check.date == day for check in state.checks)


def device_lines(state: HallState, day: date, now: datetime, proven: datetime | None = None) -> list[EquipmentTableRow]:
    """Return every device that ever reported: out of order first, then working, switched off, no longer used. `proven`
    is when the last backup was proven."""
    setup = set_up(state)
    told = (one for one in devices_under_current_names(state.devices) if _is_told(setup, one.device))
    ordered = sorted(told, key=lambda one: (_rank(one, now), one.key))
    return [_device_line(state, setup, one, day, now, proven=proven) for one in ordered]


def _is_told(setup: Setup, device: str) -> bool:
    """Whether a device is spoken of: what speaks is only where calls are spoken."""
    return setup.voice.spoken or device not in SPEAKING


def _rank(one: Device, now: datetime) -> int:
    if one.is_counted_as_unused(now):
        return 3
    return 1 if one.is_up else 2 if one.cause == STOPPED else 0


def _how(one: Device) -> str:
    """Return in a word or two how a device is."""
    return _("works", context="device") if one.is_up else device_down_cause_words(one.cause)


def _device_line(
    state: HallState, setup: Setup, one: Device, day: date, now: datetime, *, proven: datetime | None
) -> EquipmentTableRow:
    icon, token = {0: ("warning", "amber"), 1: ("check", "primary")}.get(_rank(one, now), ("minus", "ink2"))
    word = _how(one)
    if one.is_counted_as_unused(now):
        word = _("no longer in use", context="device")
    elif one.device == BACKUP and proven is not None:
        kept = _("checked {moment}", moment=when_text(setup, proven, now))
        word = kept if one.is_up else f"{word} · {kept}"
    name = device_name(one.device, one.station)
    checked = (_last_check_text(state, setup, one, day, now),) if needs_or_has_checks(state, day) else ()
    since, down = when_text(setup, one.since, now), _outage_count_and_length_text(state, setup, one, day, now)
    tip = " · ".join(part for part in (name, word, _("since {moment}", moment=since), down, *checked) if part)
    return EquipmentTableRow(one.key, (name, word, since, down, *checked), icon, token, tip)


def _last_check_text(state: HallState, setup: Setup, one: Device, day: date, now: datetime) -> str:
    """Return what the last check of a device came to on a date: when, by whom, or why it did not pass; "" of one that
    is not asked for."""
    own = [check for check in state.checks if check.key == one.key and check.date == day]
    if not own:
        asked = (
            {each.key for each in required_device_checks(setup, state.devices, (), now)}
            if requires_opening_checks(setup)
            else set()
        )
        return _("not yet", context="check") if one.key in asked else ""
    last = own[-1]
    moment = _("{time}, {name}", context="check", time=time_hm(setup.local(last.time)), name=staff_name(setup, last.by))
    if last.passed:
        return moment
    return _("failed: {cause} ({moment})", context="check", cause=device_down_cause_words(last.cause), moment=moment)


def _outage_count_and_length_text(state: HallState, setup: Setup, one: Device, day: date, now: datetime) -> str:
    names = current_keys_by_former_key(state.devices)
    own = [outage for outage in outages_touching_day(state, day, now) if one.key in (outage.key, names.get(outage.key))]
    if not own:
        return ""
    begins = begin_of_day(setup, day)
    # Whole seconds, as the list of outages shows each: people add them up.
    down_s = sum(int(((outage.end or now) - max(outage.start, begins)).total_seconds()) for outage in own)
    return _("{times}, {length}", times=n_("{n} time", "{n} times", len(own)), length=duration_text(down_s))


def pc_lines(setup: Setup, pcs: Sequence[SharedPc], now: datetime, *, columns: int) -> list[EquipmentTableRow]:
    """Return the PCs that gave a sign at least once as lines of the equipment, the silent ones first."""
    told = {pc: pc_state(pc, now) for pc in pcs}
    order = (PcState.SILENT, PcState.HERE)
    shown = [pc for state in order for pc in pcs_in_list_order(pcs, "") if told[pc] is state]
    return [_pc_line(setup, pc, told[pc], now, columns) for pc in shown]


def _pc_line(setup: Setup, pc: SharedPc, state: PcState, now: datetime, columns: int) -> EquipmentTableRow:
    is_silent = state is PcState.SILENT
    name = _("PC {name}", name=pc.name)
    since = when_text(setup, pc.seen, now) if is_silent and pc.seen is not None else ""
    told = (name, pc_state_word(state), since)
    icon, token = ("warning", "amber") if is_silent else ("check", "primary")
    return EquipmentTableRow(
        ("pc", pc.role), (*told, *([""] * (columns - len(told)))), icon, token, " · ".join(filter(None, told))
    )


# -- outages -------------------------------------------------------------------------------------------------------


def outage_column_titles() -> list[str]:
    return [
        _("Device", context="column"),
        _("From", context="column"),
        _("Until", context="column"),
        _("Length", context="column"),
        _("Cause", context="column"),
    ]


def outages_touching_day(state: HallState, day: date, now: datetime) -> list[Outage]:
    """Return the outages that touch a business date; a device that somebody switched off has none, nor has one that is
    no longer in use, nor the voice of a hall whose calls are only shown."""
    setup = set_up(state)
    left_out = {one.key for one in state.devices.values() if one.is_counted_as_unused(now)}
    lasted = overlapping_outages(state.outages.values(), begin_of_day(setup, day), end_of_day(setup, day))
    told = (one for one in lasted if _is_told(setup, one.device))
    return [one for one in told if one.cause != STOPPED and one.key not in left_out]


def outage_lines(state: HallState, day: date, now: datetime) -> list[EquipmentTableRow]:
    """Return today's outages, the newest first."""
    setup, names = set_up(state), current_keys_by_former_key(state.devices)
    lines = []
    for one in sorted(outages_touching_day(state, day, now), key=lambda outage: outage.start, reverse=True):
        ended = when_text(setup, one.end, now) if one.end else _("ongoing", context="outage")
        length = duration_text(((one.end or now) - one.start).total_seconds())
        cells = (
            device_name(*(names.get(one.key) or one.key)),
            when_text(setup, one.start, now),
            ended,
            length,
            device_down_cause_words(one.cause),
        )
        lines.append(EquipmentTableRow(one.seq, cells, token="ink" if one.end else "amber", tip=" · ".join(cells)))
    return lines


# -- what was said -------------------------------------------------------------------------------------------------


def announcement_column_titles() -> list[str]:
    return [
        _("Call at", context="column"),
        _("Number", context="column"),
        _("Window", context="column"),
        _("Spoken by", context="column"),
        _("After the screen", context="column"),
        _("Length", context="column"),
        _("Announcement", context="column"),
    ]


def announcement_lines(setup: Setup, rows: Sequence[AnnouncementRecord]) -> list[EquipmentTableRow]:
    """Return the calls and spoken notices, the newest first."""
    return [_announcement_line(setup, one) for one in reversed(rows)]


def _announcement_line(setup: Setup, one: AnnouncementRecord) -> EquipmentTableRow:
    by, icon, token = voice_link_word(one.link), "speaker-on", "ink"
    if one.spoken is None:
        by, icon, token = _("not reported", context="voice"), "", "ink2"
        if one.is_silent:
            by, icon, token = silent_call_text(one.cause), "speaker-off", "amber"
    elif was_spoken_too_late(one):
        token = "amber"
    cells = (
        time_hms(setup.local(one.time)),
        one.ticket or _("Notice"),
        one.window or "",
        by,
        milliseconds_as_seconds_text(one.delay_ms),
        milliseconds_as_seconds_text(one.sound_ms or None),
        one.text or "",
    )
    return EquipmentTableRow(one.seq, cells, icon, token, " · ".join(cell for cell in cells if cell))


def was_spoken_too_late(one: AnnouncementRecord) -> bool:
    """Whether it was spoken so late that the picture had gone on without it."""
    return one.delay_ms is not None and one.delay_ms > LATE_MS


def announcement_facts(rows: Sequence[AnnouncementRecord]) -> list[VoiceFact]:
    """Return the day's calls in sum: how many were spoken, the greatest delay; how many nobody heard."""
    if not rows:
        return [VoiceFact(_("Today"), _("Nothing was called."))]
    said = [one for one in rows if one.spoken is not None]
    silent = sum(one.is_silent for one in rows)
    delays = [one.delay_ms for one in said if one.delay_ms is not None]
    parts = [n_("{n} spoken", "{n} spoken", len(said))]
    if delays:
        parts.append(_("at most {time} after the screen", time=milliseconds_as_seconds_text(max(delays))))
    parts.append(n_("{n} not spoken", "{n} not spoken", silent) if silent else _("none was missed"))
    return [VoiceFact(_("Today"), " · ".join(parts), "amber" if silent else "ink")]


# -- the voice -----------------------------------------------------------------------------------------------------


def voice_facts(state: HallState, now: datetime) -> list[VoiceFact]:
    setup = set_up(state)
    if not setup.voice.spoken:
        return [VoiceFact(_("Voice"), _("Calls are only shown in this hall."))]
    voices = [one for one in state.devices.values() if one.device == VOICE and not one.is_counted_as_unused(now)]
    if not voices:
        return [VoiceFact(_("Voice"), _("No voice has reported yet: the hall display speaks, once it runs."))]
    facts = []
    for one in voices:
        text = " · ".join((_how(one), _("since {moment}", moment=when_text(setup, one.since, now))))
        facts.append(VoiceFact(device_name(one.device, one.station), text, "ink" if one.is_up else "amber"))
    return facts


def pc_voice_facts(found: Mapping[str, Any]) -> list[VoiceFact]:
    """Return what this PC can speak with, in the order tried, and whether it can be heard."""
    links = [
        _(
            "{link} ({languages})",
            link=voice_link_word(name),
            languages=listing([language_own_name(lang) for lang in languages]),
        )
        for name, languages in found["links"].items()
        if languages
    ]
    said = " · ".join(links) if links else _("Nothing on this PC can speak.")
    if found["player"] is None:
        said = " · ".join((said, _("no program that plays sound")))
    wrong = not links or found["player"] is None
    return [VoiceFact(_("Voice of this PC"), said, "amber" if wrong else "ink")]


def clips_fact(found: Mapping[str, Any]) -> VoiceFact:
    """Return which recordings this PC has, and how many the hall's calls still need."""
    folder, clips = str(found["folder"]), found["clips"]
    title = _("Recorded clips")
    if not any(one["there"] for one in clips.values()):
        return VoiceFact(title, _("none in {folder}", folder=folder), "ink2")
    told = []
    for lang, one in clips.items():
        parts = [n_("{n} sound", "{n} sounds", len(one["there"]))]
        if one["missing"]:
            parts.append(n_("{n} missing", "{n} missing", len(one["missing"])))
        if one["unreadable"]:
            parts.append(_("can't be read: {files}", files=listing(one["unreadable"])))
        told.append(_("{language}: {sounds}", language=language_own_name(lang), sounds=" · ".join(parts)))
    wrong = any(one["there"] and (one["missing"] or one["unreadable"]) for one in clips.values())
    return VoiceFact(title, _("{told} in {folder}", told=listing(told), folder=folder), "amber" if wrong else "ink")
