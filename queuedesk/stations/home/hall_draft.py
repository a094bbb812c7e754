"""A hall before it is made: a preset with what a person changed of it, what is wrong with that and what is missing."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.features import feature_choice_after_switch
from queuedesk.core.network.roles import Role
from queuedesk.core.setup import field_kinds, presets, time_of_day
from queuedesk.core.setup import file as setup_files
from queuedesk.core.setup import sentences as hall_sentences
from queuedesk.core.setup.hall import REASON_TAGS, HallSpec, HallWords
from queuedesk.core.setup.rows import FACTS, MOST_CREDIT, SUGGESTED
from queuedesk.i18n import LANGUAGES, _, error_sentence, name_in_language
from queuedesk.i18n.figures.figure_titles import rating_reason_codes_of_hall
from queuedesk.i18n.names import hall_code_from_name
from queuedesk.stations.manager.setup_frame.draft import BY_CODE, PIN_LENGTHS, new_row, value_field_never_refuses

Row = Mapping[str, Any]
MOST_ROUNDS = 40
USUAL_OPENS, USUAL_CLOSES = "9:00", "17:00"
CLASSES, REASONS = "classes", "rating_reasons"
OF_THE_HALL = (CLASSES, REASONS, *hall_sentences.MAY_BE_NONE)
"""What customers read of the hall as a whole: kept or dropped like the facts of a service."""
NAMELESS = "other"
"""The preset whose services are to be named by the hall: it has one only because a hall needs one."""
_JOINT, _COMMA = re.compile(r"\s*[-–—~～至到]\s*"), re.compile(r"\s*[、,，;；]\s*")


# -- the hours of a day --------------------------------------------------------------------------------------------


class HoursOfOneWeekday(Struct, frozen=True):
    """The hours of a weekday as they are typed; `pause` is a span such as 12:00–13:00, "" for none."""

    is_open: bool = False
    start: str = USUAL_OPENS
    end: str = USUAL_CLOSES
    pause: str = ""

    def open_spans_minutes(self) -> list[tuple[int, int]]:
        """Return the spans for tickets, in minutes since midnight. Raises ValueError for bad times or order."""
        if not self.is_open:
            return []
        moments = [time_of_day.parse_typed_time_to_minutes(self.start)]
        if self.pause.strip():
            first, *last = _JOINT.split(self.pause.strip())
            moments += [
                time_of_day.parse_typed_time_to_minutes(first),
                time_of_day.parse_typed_time_to_minutes("".join(last)),
            ]
        moments.append(time_of_day.parse_typed_time_to_minutes(self.end))
        if any(one >= other for one, other in itertools.pairwise(moments)):
            raise ValueError(self)
        return list(zip(moments[::2], moments[1::2], strict=True))


# -- the draft ---------------------------------------------------------------------------------------------------------


class HallDraft(Struct, frozen=True, kw_only=True):
    """`base` is the preset as a hall begins with it, `document` what it has become; `lang` the language that the hall
    is set up in, `is_double` whether it uses the other one too, in which a person then gives names. Names stand under
    "name" in Chinese and "name_en" in English, whatever the language. `typed` are texts of what people bring and of the
    usual minutes, by "services.A.papers" and "services.A.handling_target"; `pins` PINs by staff. `answers` say of
    services whether their suggestions are kept or dropped (KEEP, DROP); without an answer they stay suggestions.
    `first` is the service that was chosen to be called first, "" for none, None until a person chose."""

    preset: str
    lang: str
    base: Row
    document: Row
    week: Sequence[HoursOfOneWeekday]
    typed: Mapping[str, str] = field(default_factory=dict)
    pins: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    first: str | None = None
    is_double: bool = False

    @classmethod
    def from_preset(cls, preset: str, document: Row, *, lang: str, timezone: str) -> HallDraft:
        base = presets.preset_as_new_hall(document)
        base["hall"]["timezone"] = timezone
        if preset == NAMELESS:
            base["services"] = [{**row, "name": "", "name_en": ""} for row in base["services"]]
        draft = cls(preset=preset, lang=lang, base=base, document=base, week=_preset_week(document))
        return draft.with_staff_row_per_window()

    # -- reading -----------------------------------------------------------------------------------------------------

    @property
    def hall_fields(self) -> dict[str, Any]:
        return dict(self.document["hall"])

    @property
    def languages(self) -> tuple[str, ...]:
        other = (lang for lang in LANGUAGES if lang != self.lang and self.is_double)
        return (self.lang, *other)

    @property
    def name_field_keys(self) -> tuple[str, str]:
        other = next(lang for lang in LANGUAGES if lang != self.lang)
        return field_kinds.text_key_in_language("name", self.lang), field_kinds.text_key_in_language("name", other)

    @property
    def admin_code(self) -> str:
        return str(self.part_rows("staff")[0]["code"])

    def part_rows(self, part: str) -> list[Row]:
        return list(self.document.get(part, ()))

    def part_row(self, part: str, code: str) -> Row:
        return next(row for row in self.part_rows(part) if row["code"] == code)

    def row_name(self, row: Row) -> str:
        """Return a row's name in the hall's language, for which the other one stands in."""
        return name_in_language(str(row.get("name") or ""), row.get("name_en"), self.lang)

    def named_services(self) -> list[Row]:
        return [row for row in self.part_rows("services") if self.row_name(row)]

    def privileged_staff_without_pin(self) -> list[Row]:
        """Return the managers and admins who have a name and no PIN: anybody could act as them."""
        roles = (str(Role.MANAGER), str(Role.ADMIN))
        return [row for row in self.named_people() if row["role"] in roles and row["code"] not in self.pins]

    def named_people(self) -> list[Row]:
        return presets.people_rows_with_filled_name(self.part_rows("staff"))

    def typed_papers_text_of_service(self, code: str) -> str:
        return self.typed.get(f"services.{code}.papers", "")

    def suggestions(self) -> dict[str, dict[str, dict[str, Any]]]:
        """Return what a preset suggests of each service: facts with their fields, by the service's code; then that of
        OF_THE_HALL: who may be called earlier, reasons of a low rating, sentences that staff can send to screens."""
        named_rows = [
            self._service_row_with_typed_papers(self._service_row_cleared_if_renamed(row))
            for row in self.named_services()
        ]
        found = {str(row["code"]): presets.undecided_suggestions_by_fact(row) for row in named_rows}
        classes = [row for row in self.part_rows("classes") if row.get("staff_only")]
        found[CLASSES] = {CLASSES: {CLASSES: classes}} if classes else {}
        may_want_papers = any(row.get("papers") or "papers" in found[str(row["code"])] for row in named_rows)
        found[REASONS] = {REASONS: {REASONS: rating_reason_codes_of_hall(may_want_papers)}}
        words = HallWords(**(self.hall_fields.get("words") or {}))
        found |= {
            kind: {kind: {kind: hall_sentences.default_sentence_rows(kind, words.window, words.ticket)}}
            for kind in hall_sentences.MAY_BE_NONE
        }
        return {code: facts for code, facts in found.items() if facts}

    def service_handling_target_text(self, code: str) -> str:
        usual = self._service_row_cleared_if_renamed(self.part_row("services", code)).get("handling_target")
        return self.typed.get(f"services.{code}.handling_target", str(usual or ""))

    @property
    def has_edited_services(self) -> bool:
        """Whether a person changed anything of its services, their texts or the windows."""
        parts = ("services", "windows")
        answered = self.answers.keys() - set(OF_THE_HALL)
        return bool(
            any(self.part_rows(part) != list(self.base[part]) for part in parts)
            or self.typed
            or answered
            or self.first is not None
        )

    @property
    def service_called_first(self) -> str:
        """Return the service that is called first, "" where all wait in turn."""
        rows = self.named_services()
        if self.first is None:
            return presets.default_first_called_service(self.preset, rows)
        return self.first if any(row["code"] == self.first for row in rows) else ""

    @property
    def calls_per_overtake(self) -> int:
        """Return among how many calls one may go ahead of its turn: 1 where emergencies are called first."""
        if self._is_preset_service_first:
            return 1
        return int(self.document.get("settings", {}).get("jump_every", setup_files.SETTINGS["jump_every"]))

    @property
    def _is_preset_service_first(self) -> bool:
        return bool(self.service_called_first) and self.service_called_first == presets.default_first_called_service(
            self.preset, self.named_services()
        )

    def finished_document(self) -> dict[str, Any]:
        """Return the set-up document of the hall to be made: a code by its name where it has none, nothing without a
        name, and of a renamed service nothing that the preset says of the former one."""
        services = [self._service_row_with_typed_facts(row) for row in self.named_services()]
        codes = {row["code"] for row in services}
        windows = [
            {**row, "services": [one for one in row.get("services") or () if one in codes]}
            for row in self.part_rows("windows")
        ]
        spans = [
            span for day in self.week if not _has_weekday_wrong_hours(day) for span in day.open_spans_minutes()
        ] or [(0, 1)]
        hall = self.hall_fields | {
            "code": self.hall_fields["code"] or hall_code_from_name(self.row_name(self.hall_fields)),
            "opens": time_of_day.padded_clock_text(min(start for start, _end in spans)),
            "closes": time_of_day.padded_clock_text(max(end for _start, end in spans)),
            "languages": list(self.languages),
        }
        document = {
            **self.document,
            "hall": hall,
            "services": services,
            "windows": windows,
            "staff": self.named_people(),
        }
        document |= self._hall_parts_after_answers(hall)
        if self._is_preset_service_first:
            document["settings"] = {**document.get("settings", {}), "jump_every": self.calls_per_overtake}
        spoken: dict[str, Any] = (
            document if self.is_double else hall_sentences.setup_reduced_to_one_language(document, self.lang)
        )
        return spoken

    def _hall_parts_after_answers(self, hall: Row) -> dict[str, Any]:
        """Return the parts that the answers about OF_THE_HALL change: dropped classes are nobody's choice, kept ones
        everybody's, and those left open the front desk's alone."""
        kept = {part for part in OF_THE_HALL if self.answers.get(part) == presets.KEEP}
        classes = self.part_rows(CLASSES)
        if CLASSES in kept:
            classes = [{**row, "staff_only": False} for row in classes]
        elif self.answers.get(CLASSES) == presets.DROP:
            classes = [row for row in classes if not row.get("staff_only")]
        held = {kind: rows for kind, rows in self.document.get("sentences", {}).items() if kind not in kept}
        reasons = {REASONS: list(REASON_TAGS)} if REASONS in kept else {}
        return {"hall": {**hall, **reasons}, CLASSES: classes, "sentences": held}

    def _service_row_cleared_if_renamed(self, row: Row) -> Row:
        """Return a service without what the preset says of another one, once it has another name."""
        before = next((one for one in self.base["services"] if one["code"] == row["code"]), None)
        if before is None or not presets.is_renamed_to_different_thing(row, before, self.lang):
            return row
        return {**row, **presets.service_fields_to_clear_on_rename(row, before, self.lang)}

    def _service_row_with_typed_facts(self, row: Row) -> dict[str, Any]:
        own = self._service_row_with_typed_papers(self._service_row_cleared_if_renamed(row))
        service = {**own, "hours": _week_hours_rows(self.week), "last_ticket": None}
        minutes = self.typed.get(f"services.{row['code']}.handling_target")
        if minutes is not None:
            service["handling_target"] = int(minutes) if minutes.isascii() and minutes.isdigit() else minutes or None
        if row["code"] == self.service_called_first:
            service["credit_minutes"] = MOST_CREDIT
        if answer := self.answers.get(str(row["code"])):
            service |= presets.fields_changed_by_suggestion_answers(service, presets.same_answer_by_fact(answer))
        if not presets.undecided_suggestions_by_fact(service):
            service.pop(SUGGESTED, None)
        return service

    def _service_row_with_typed_papers(self, row: Row) -> Row:
        """Return a service with what was typed as what people bring, in place of the papers that are suggested."""
        typed = self.typed.get(f"services.{row['code']}.papers", "")
        if not typed:
            return row
        name, other = self.name_field_keys
        papers = [{name: one, other: ""} for one in _COMMA.split(typed) if one]
        held = dict(row.get(SUGGESTED) or {})
        if held.get("items"):
            held["items"] = [{**item, "papers": []} for item in held["items"]]
        left = {key: value for key, value in held.items() if key not in FACTS["papers"]}
        return {**row, "papers": papers, SUGGESTED: left}

    @property
    def spec_with_chosen_features(self) -> HallSpec:
        return HallSpec(code="", name="", features=self.hall_fields.get("features"))

    # -- changing ----------------------------------------------------------------------------------------------------

    def with_hall_fields(self, **fields: object) -> HallDraft:
        return replace(self, document={**self.document, "hall": {**self.hall_fields, **fields}})

    def with_hall_data_from(self, before: HallDraft) -> HallDraft:
        """Return it with what a person gave in `before`, a draft of another kind, of the hall itself: its name, place,
        words, languages and hours, how it calls, its people, and what customers read of it as a whole."""
        own, was = _changed_and_former_values(before.hall_fields, before.base["hall"])
        for one in (own, was):  # What it uses goes with its kind.
            one.pop("features", None)
        if "words" in own:
            words, of_words = _changed_and_former_values(
                before.hall_fields["words"], before.base["hall"].get("words") or {}
            )
            mine = self.hall_fields.get("words") or {}
            own["words"], was["words"] = {**mine, **words}, {**mine, **of_words}
        # What this kind happens to say too is still a person's: another kind does not take it back.
        base = {**self.base, "hall": {**self.base["hall"], **was}}
        draft = self.with_hall_fields(**own)._with_part_rows("staff", before.part_rows("staff"))
        return replace(
            draft
            if draft.are_calls_spoken == before.are_calls_spoken
            else draft.with_spoken_calls(before.are_calls_spoken),
            base=base,
            week=self.week if before.week == _preset_week(before.base) else before.week,
            pins=before.pins,
            answers={part: answer for part, answer in before.answers.items() if part in OF_THE_HALL},
            is_double=before.is_double,
        )

    def with_feature_switched(self, name: str, on: bool) -> HallDraft:
        """Return it with a feature that it uses, or no longer does, and what switches with that."""
        ways = ([name], []) if on else ([], [name])
        return self.with_hall_fields(features=list(feature_choice_after_switch(self.spec_with_chosen_features, *ways)))

    @property
    def are_calls_spoken(self) -> bool:
        return bool(self.document.get("voice", {}).get("spoken", True))

    def with_spoken_calls(self, spoken: bool) -> HallDraft:
        return replace(self, document={**self.document, "voice": {**self.document.get("voice", {}), "spoken": spoken}})

    def with_row_fields(self, part: str, code: str, **fields: object) -> HallDraft:
        return self._with_part_rows(
            part, [{**row, **fields} if row["code"] == code else row for row in self.part_rows(part)]
        )

    def with_name(self, part: str, code: str, name: str) -> HallDraft:
        """Return it with another name of a row in the hall's language; the preset's other name goes with its own."""
        own, other = self.name_field_keys
        before: Row = next((row for row in self.base[part] if row["code"] == code), {})
        second, usual = self.part_row(part, code).get(other) or "", before.get(other) or ""
        if not self.part_row(part, code).get(own) and not self.is_double:
            second = ""  # it stood in for the name that is now given
        elif second in ("", usual):
            second = usual if name == before.get(own) else ""
        return self.with_row_fields(part, code, **{own: name, other: second})

    def with_typed_text(self, key: str, text: str) -> HallDraft:
        return replace(self, typed={**self.typed, key: text.strip()})

    def with_suggestion_answer(self, answer: str, *codes: str) -> HallDraft:
        """Return it with suggestions kept or dropped, or open again with "", of all services without `codes`."""
        wanted = codes or tuple(self.suggestions())
        left = {code: one for code, one in self.answers.items() if code not in wanted}
        return replace(self, answers={**left, **(dict.fromkeys(wanted, answer) if answer else {})})

    def with_pin(self, staff: str, pin: str) -> HallDraft:
        kept = {code: one for code, one in self.pins.items() if code != staff}
        return replace(self, pins={**kept, staff: pin} if pin else kept)

    def with_service_prefix(self, code: str, prefix: str) -> HallDraft:
        """Return it with another letter for a service; services with one letter share their numbers."""
        others = [row for row in self.part_rows("services") if row["code"] != code and row.get("prefix") == prefix]
        span = {key: others[0][key] for key in ("first", "last") if key in others[0]} if others else {}
        return self.with_row_fields("services", code, prefix=prefix, **span)

    def with_weekday_fields(self, at: int, **fields: Any) -> HallDraft:
        """Return it with other hours of a weekday, from 0 for Monday."""
        return replace(self, week=[replace(day, **fields) if n == at else day for n, day in enumerate(self.week)])

    def with_hours_copied_from_weekday(self, at: int) -> HallDraft:
        like = self.week[at]
        return replace(self, week=[like if day.is_open else day for day in self.week])

    def with_window_service_switched(self, window: str, service: str, on: bool) -> HallDraft:
        have = set(self.part_row("windows", window).get("services") or ()) - {service} | ({service} if on else set())
        order = [one["code"] for one in self.part_rows("services") if one["code"] in have]
        return self.with_row_fields("windows", window, services=order)

    def with_row_added(self, part: str) -> HallDraft:
        row = new_row(part, self.part_rows(part), [one["code"] for one in self.part_rows("services")])
        draft = self._with_part_rows(part, [*self.part_rows(part), row])
        return draft._with_service_at_windows_serving_all(row["code"]) if part == "services" else draft

    def without_row(self, part: str, code: str) -> HallDraft:
        draft = self._with_part_rows(part, [row for row in self.part_rows(part) if row["code"] != code])
        return draft.with_pin(code, "") if part == "staff" else draft

    def with_row_restored(self, before: HallDraft, part: str, code: str) -> HallDraft:
        now, then = self.part_rows(part), before.part_rows(part)
        at = next(n for n, row in enumerate(then) if row["code"] == code)
        if any(row["code"] == code for row in now):
            return self
        draft = self._with_part_rows(part, [*now[:at], then[at], *now[at:]])
        return draft.with_pin(code, before.pins.get(code, "")) if part == "staff" else draft

    def with_staff_row_per_window(self) -> HallDraft:
        """Return it with a row to fill for each window, beside the admin's; rows that somebody filled in stay."""
        wanted, draft = len(self.part_rows("windows")) + 1, self
        while len(draft.part_rows("staff")) > wanted:
            last = draft.part_rows("staff")[-1]
            if draft.row_name(last) or last["code"] in draft.pins:
                break
            draft = draft.without_row("staff", last["code"])
        while len(draft.part_rows("staff")) < wanted:
            draft = draft.with_row_added("staff")
        return draft

    def _with_part_rows(self, part: str, rows: Iterable[Row]) -> HallDraft:
        return replace(self, document={**self.document, part: list(rows)})

    def _with_service_at_windows_serving_all(self, code: str) -> HallDraft:
        others = {row["code"] for row in self.part_rows("services") if row["code"] != code}
        rows = [
            {**row, "services": [*row["services"], code]} if others <= set(row["services"]) else row
            for row in self.part_rows("windows")
        ]
        return self._with_part_rows("windows", rows)


def _changed_and_former_values(now: Row, was: Row) -> tuple[dict[str, Any], dict[str, Any]]:
    keys = [key for key, value in now.items() if value != was.get(key)]
    return {key: now[key] for key in keys}, {key: was.get(key) for key in keys}


# -- the hours of a week -----------------------------------------------------------------------------------------------


def _preset_week(document: Row) -> list[HoursOfOneWeekday]:
    """Return the week of a preset: each day the hours of the first service that is open then."""
    hall = document["hall"]
    usual = {"from": hall.get("opens") or USUAL_OPENS, "to": hall.get("closes") or USUAL_CLOSES}
    week = []
    for number in range(1, 8):
        spans: list[Row] = []
        for service in document["services"]:
            hours = service.get("hours") or [{"days": "1-7", **usual}]
            spans = spans or [
                one for one in hours if number in time_of_day.weekdays_from_text(str(one.get("days", "1-7")))
            ]
        ends = spans or [usual]
        pause = f"{_normal_clock_text(spans[0]['to'])}–{_normal_clock_text(spans[1]['from'])}" if len(spans) > 1 else ""
        week.append(
            HoursOfOneWeekday(
                bool(spans), _normal_clock_text(ends[0]["from"]), _normal_clock_text(ends[-1]["to"]), pause
            )
        )
    return week


def _normal_clock_text(text: str) -> str:
    return time_of_day.clock_text(time_of_day.parse_typed_time_to_minutes(str(text)))


def _has_weekday_wrong_hours(day: HoursOfOneWeekday) -> bool:
    try:
        day.open_spans_minutes()
    except ValueError:
        return True
    return False


def _week_hours_rows(week: Sequence[HoursOfOneWeekday]) -> list[dict[str, str]]:
    days: dict[tuple[int, int], list[int]] = {}
    for number, day in enumerate(week, start=1):
        for span in [] if _has_weekday_wrong_hours(day) else day.open_spans_minutes():
            days.setdefault(span, []).append(number)
    return [
        {
            "days": ",".join(map(str, numbers)),
            "from": time_of_day.padded_clock_text(start),
            "to": time_of_day.padded_clock_text(end),
        }
        for (start, end), numbers in sorted(days.items())
    ]


# -- what is wrong, and what is missing --------------------------------------------------------------------------------


def unfilled_required_fields(draft: HallDraft) -> list[str]:
    admin, service = draft.admin_code, draft.part_rows("services")[0]["code"]
    is_there = {
        "hall.name": draft.row_name(draft.hall_fields),
        f"services.{service}.name": draft.named_services(),
        "week": any(day.is_open for day in draft.week),
        f"staff.{admin}.name": draft.row_name(draft.part_row("staff", admin)),
        f"staff.{admin}.pin": draft.pins.get(admin),
    }
    return [key for key, value in is_there.items() if not value]


def sentences_of_wrong_fields(draft: HallDraft) -> dict[str, str]:
    """Return the sentence for every field that the hall can't be made with: "hall.phone", "services.A.prefix",
    "week.0" for Monday, "staff.AD.pin"."""
    found = {
        f"week.{at}": _("For example 8:30–12:00, 13:00–17:00")
        for at, day in enumerate(draft.week)
        if _has_weekday_wrong_hours(day)
    }
    document = draft.finished_document()
    hall = document["hall"]
    document |= {
        "hall": {**hall, "name": hall["name"] or "-"},
        "services": document["services"] or [{"code": "-", "name": "-", "prefix": "A"}],
    }
    for _round in range(MOST_ROUNDS):
        try:
            setup_files.checked_setup_document(document)
        except RuleError as refusal:
            key = _field_key_of_refusal(refusal)
            if key in found:
                break
            found[key] = _refusal_beside_field(refusal)
            document = _document_with_valid_value_at(document, key)
            continue
        break
    for code, pin in draft.pins.items():
        if not (pin.isascii() and pin.isdigit() and len(pin) in PIN_LENGTHS):
            found[f"staff.{code}.pin"] = _("4 to 12 digits")
        elif code != draft.admin_code and not draft.row_name(draft.part_row("staff", code)):
            found[f"staff.{code}.name"] = _("Please type a name for this PIN.")
    if not draft.named_services():
        found = {key: text for key, text in found.items() if not key.startswith("windows.")}
    return found


def _field_key_of_refusal(refusal: RuleError) -> str:
    if refusal.code != "bad_value":
        return str(refusal.details.get("kind", ""))
    part, *rest = str(refusal.details.get("field", "")).split(".")
    own = ".".join((part, *rest[: 1 if part == "hall" else 2])).replace(".first", ".prefix")
    return own.removesuffix("_en") if own.endswith(".name_en") else own


def _refusal_beside_field(refusal: RuleError) -> str:
    """Return the refusal as it is said beside its field: without the row's name, and calling it as the step does."""
    keys = str(refusal.details.get("field", "")).split(".")
    heads = {"papers": _("What people bring"), "handling_target": _("Usual minutes")}
    own = next((heads[key] for key in keys if key in heads), keys[-1])
    return error_sentence(RuleError(refusal.code, **{**refusal.details, "field": own}))


def _document_with_valid_value_at(document: dict[str, Any], key: str) -> dict[str, Any]:
    """Return the document with a value at `key` that is right by itself, to find what else is wrong."""
    part, *rest = key.split(".")
    own = rest[-1] if rest else ""
    right = {own: value_field_never_refuses(part, own)} | ({"name_en": ""} if own == "name" else {})
    if part == "hall" and rest:
        return {**document, "hall": {**document["hall"], **right}}
    if part not in BY_CODE or len(rest) < 2:
        return document
    return {**document, part: [{**row, **right} if row["code"] == rest[0] else row for row in document[part]]}


def wizard_step_for_field(key: str) -> str:
    """Return the step of the wizard for a field: hall, services, windows or staff."""
    part = key.split(".", maxsplit=1)[0]
    return "services" if part == "week" else part
