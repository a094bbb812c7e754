"""What a hall prepared for when it is needed: sentences, its directory of other places where customers can go, and
contingency cards: steps to take when things go wrong, ticked while a card is open.

Sentences are for messages, announcements, calls for help and emergencies; places are machines, partners' windows,
the telephone.
"""

import datetime as clock
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Protocol

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.features import Wording
from queuedesk.core.setup import field_kinds as kinds
from queuedesk.core.setup.field_kinds import BASICS, entry, read_row
from queuedesk.core.setup.hall_words import EVERY_WORDING, TICKET, WINDOW, rows_with_hall_words
from queuedesk.core.setup.time_of_day import OpeningHours, hours_from_row
from queuedesk.core.talk.announcement import has_chinese
from queuedesk.core.talk.remarks import CHANNELS

LONGEST_SENTENCE = 100
MOST_SENTENCES = 20


class BilingualSentence(Struct, frozen=True):
    """A sentence in the hall's own language, and in English if there is one."""

    text: Annotated[str, kinds.entry(kinds.sentence_field_kind(LONGEST_SENTENCE), "Text")]
    text_en: Annotated[str, kinds.entry(kinds.text_field_kind(LONGEST_SENTENCE), "English text")] = ""


# Default sentences.
_USUAL_MESSAGES = (
    BilingualSentence("请来一下", "Please come over"),
    BilingualSentence("客户去了您的窗口", "A customer is on the way to you"),
    BilingualSentence("材料用完了", "We are out of forms"),
    BilingualSentence("请打开您的窗口", "Please open your window"),
    BilingualSentence("系统出故障了，请稍等", "The system is down, please wait"),
    BilingualSentence("请帮忙复核", "Please check something for me"),
)
_USUAL_ANNOUNCEMENTS = (
    BilingualSentence("请持号票的客户在座位上等候叫号。", "Please take a seat and wait for your number."),
    BilingualSentence("业务系统暂时故障，请稍候，号码保留。", "Our system is down for a moment. Your number is kept."),
    BilingualSentence(
        "本厅即将结束营业，未取号的客户请下个营业日再来。",
        "We are closing soon. If you have no ticket, please come on our next open day.",
    ),
)
_USUAL_HELP = (
    BilingualSentence("需要值班经理", "The duty manager, please"),
    BilingualSentence("有客户需要帮助", "A customer needs help"),
    BilingualSentence("有争执", "There is an argument"),
    BilingualSentence("有人不舒服", "Somebody feels unwell"),
)
_USUAL_EMERGENCY = (
    BilingualSentence(
        "紧急情况，请立即从最近的出口离开大厅。", "Emergency. Leave the building now by the nearest exit."
    ),
    BilingualSentence("请大家留在原地，听从工作人员安排。", "Please stay where you are and follow the staff."),
)


def _sentences_field_kind(usual: tuple[BilingualSentence, ...], *, may_be_none: bool = False) -> kinds.FieldKind:
    kind = kinds.inner_rows_field_kind(BilingualSentence, most=MOST_SENTENCES, usual=usual)
    if not may_be_none:
        return kind
    return replace(kind, read=lambda value: () if value is None else kind.read(value))


class Sentences(Struct, frozen=True, kw_only=True):
    """`messages` go between stations, `announcements` to the displays, `help` are reasons of a call for help;
    `emergency` is sent with two presses. A list that is missing or empty in a document has the default sentences. None,
    for the lists of MAY_BE_NONE, has no sentences; people can type instead."""

    messages: Annotated[
        tuple[BilingualSentence, ...],
        kinds.entry(
            _sentences_field_kind(_USUAL_MESSAGES),
            "List of messages",
            title=Wording("Messages between stations", context="sentences"),
            hint="offered under Message, at every station; the first nine by their digit",
        ),
    ] = _USUAL_MESSAGES
    announcements: Annotated[
        tuple[BilingualSentence, ...],
        kinds.entry(
            _sentences_field_kind(_USUAL_ANNOUNCEMENTS, may_be_none=True),
            "List of announcements",
            title=Wording("Announcements", context="sentences"),
            hint="offered on the page Announce, for the displays",
        ),
    ] = _USUAL_ANNOUNCEMENTS
    help: Annotated[
        tuple[BilingualSentence, ...],
        kinds.entry(
            _sentences_field_kind(_USUAL_HELP),
            "List of calls for help",
            title=Wording("Calls for help", context="sentences"),
            hint="offered under Call for help: what it is about",
        ),
    ] = _USUAL_HELP
    emergency: Annotated[
        tuple[BilingualSentence, ...],
        kinds.entry(
            _sentences_field_kind(_USUAL_EMERGENCY, may_be_none=True),
            "List of emergencies",
            title=Wording("Emergency", context="sentences"),
            hint="behind the red button; a second press sends one to every screen",
        ),
    ] = _USUAL_EMERGENCY


USUAL = Sentences()
LISTS = tuple(kinds.fields_of_row_class(Sentences))
MAY_BE_NONE = ("announcements", "emergency")
"""Lists for customers; a hall may leave them empty."""


def sentence_rows(sentences: Sequence[BilingualSentence]) -> list[dict[str, str]]:
    return [{"text": sentence.text, "text_en": sentence.text_en} for sentence in sentences]


def default_sentence_rows(kind: str, window: str = WINDOW, ticket: str = TICKET) -> list[dict[str, str]]:
    """Return the default rows of a list, in the hall's words for a window and a ticket."""
    usual: tuple[BilingualSentence, ...] = getattr(USUAL, kind)
    rows: list[dict[str, str]] = rows_with_hall_words(sentence_rows(usual), window, ticket)
    return rows


def sentence_rows_to_store(kind: str, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]] | None:
    """Return the rows to store for a hall: an empty list if they are the default ones, in any wording or in one
    language alone; None if there are none."""
    texts = [(row["text"], row.get("text_en") or "") for row in rows]
    for words in EVERY_WORDING:
        usual = [(row["text"], row["text_en"]) for row in default_sentence_rows(kind, *words)]
        if texts in (usual, *([(text, "") for text in alone] for alone in zip(*usual, strict=True))):
            return []
    return list(rows) or None


def sentences_in_hall_words(sentences: Sentences, window: str, ticket: str) -> Sentences:
    """Put the default sentences into the hall's words; its own stay."""
    if (window, ticket) == (WINDOW, TICKET):
        return sentences
    lists = {kind: getattr(sentences, kind) for kind in LISTS}
    usual = [kind for kind, rows in lists.items() if rows == getattr(USUAL, kind)]
    reworded = {
        kind: tuple(BilingualSentence(**row) for row in default_sentence_rows(kind, window, ticket)) for kind in usual
    }
    return replace(sentences, **reworded)


def setup_reduced_to_one_language(value: Any, lang: str) -> Any:
    """Reduce a set-up, or a part of it, to one language: its text moves to the plain field, or the other language's
    where it has none. Search words in the other language are removed."""
    if isinstance(value, str):  # first, because most values are texts
        return value
    if isinstance(value, Mapping):
        result = {
            key: setup_reduced_to_one_language(one, lang)
            for key, one in value.items()
            if not key.endswith("_en") or key.removesuffix("_en") not in value
        }
        for key in result:
            if f"{key}_en" in value:
                own, other = (
                    value[one]
                    for one in (
                        kinds.text_key_in_language(key, lang),
                        kinds.text_key_in_language(key, "en" if lang != "en" else "zh_CN"),
                    )
                )
                result[key] = own or other
            elif key == "words" and isinstance(value[key], list) and lang == "en":
                result[key] = [word for word in value[key] if not has_chinese(word)]
        return result
    return [setup_reduced_to_one_language(one, lang) for one in value] if isinstance(value, list) else value


def sentences_in_one_language(sentences: Sentences, lang: str) -> Sentences:
    rows = {kind: setup_reduced_to_one_language(sentence_rows(getattr(sentences, kind)), lang) for kind in LISTS}
    return replace(
        sentences, **{kind: tuple(BilingualSentence(**row) for row in kind_rows) for kind, kind_rows in rows.items()}
    )


LONGEST_TEXT = 200
FARTHEST_M = 100_000


class _ItemLike(Protocol):
    @property
    def code(self) -> str: ...


class _ServiceLike(Protocol):
    @property
    def items(self) -> Sequence[_ItemLike]: ...


class Partner(Struct, frozen=True, kw_only=True):
    """A place that takes some of the hall's work. `takes` are services ("A") and items of them ("A/invoice"). Without
    `hours` it is open whenever the hall gives tickets. `distance_m` is that from the hall, None if unknown; a machine
    in the hall has 0."""

    code: Annotated[str, kinds.entry(kinds.code_field_kind(), "Code", fixed=True)]
    name: Annotated[
        str,
        kinds.entry(
            kinds.name_field_kind(instead="name_en"), "Name", title=Wording("Name", context="place"), tab=kinds.BASICS
        ),
    ]
    name_en: Annotated[str, kinds.entry(kinds.text_field_kind(), "English name", tab=kinds.BASICS, beside=True)] = ""
    kind: Annotated[str, kinds.entry(kinds.choice_field_kind(CHANNELS, needed=True), "Kind")]
    takes: Annotated[
        tuple[str, ...],
        kinds.entry(kinds.word_list_field_kind(), "Takes", title="What it takes", hint="services, or single items"),
    ] = ()
    hours: Annotated[
        tuple[OpeningHours, ...] | None,
        kinds.entry(
            kinds.opening_hours_field_kind(hours_from_row),
            "Hours",
            title=Wording("Open", context="place"),
            hint="separated by commas; empty: whenever the hall gives tickets",
            tab=kinds.BASICS,
            rank=1,
        ),
    ] = None
    distance_m: Annotated[
        int | None,
        kinds.entry(
            kinds.optional_number_field_kind(0, FARTHEST_M),
            "Distance",
            title="Distance in metres",
            hint="from the hall; 0: in it",
            tab=kinds.BASICS,
            rank=1,
            beside=True,
        ),
    ] = None
    address: Annotated[str, kinds.entry(kinds.text_field_kind(LONGEST_TEXT), "Address", tab=kinds.BASICS, rank=2)] = ""
    region: Annotated[str, kinds.entry(kinds.text_field_kind(), "Region", tab=kinds.BASICS, rank=2, beside=True)] = ""

    def takes_service_or_item(self, service: str, item: str | None) -> bool:
        return service in self.takes or (item is not None and f"{service}/{item}" in self.takes)

    def is_open(self, local: datetime) -> bool:
        if self.hours is None:
            return True
        minute = local.hour * 60 + local.minute
        return any(local.isoweekday() in hour.days and hour.start <= minute < hour.end for hour in self.hours)


MACHINE, PARTNER, PHONE = "machine", "partner", "phone"
WAYS = (MACHINE, PARTNER, PHONE)
"""In order of precedence, where several could take a visit."""
WAY_OF: Mapping[str, str] = {"self_service": MACHINE, "online": PHONE}
"""The way of a channel; any other is a partner's window."""
Name = tuple[str, str | None]
"""A service and an item of it, None for the service alone."""


def serving_way_of_channel(channel: str) -> str:
    return WAY_OF.get(channel, PARTNER)


def partners_taking_item_by_way(partners: Iterable[Partner], name: Name) -> dict[str, list[Partner]]:
    """Return the places that take a service or item by way, in the order of WAYS, the nearest first."""
    by_way: dict[str, list[Partner]] = {way: [] for way in WAYS}
    for partner in partners:
        if partner.takes_service_or_item(*name):
            by_way[serving_way_of_channel(partner.kind)].append(partner)
    return {way: sorted(places, key=_partner_distance_sort_key) for way, places in by_way.items() if places}


def _partner_distance_sort_key(place: Partner) -> tuple[bool, int, str]:
    return place.distance_m is None, place.distance_m or 0, place.code


def codes_of_given_services_and_items(services: Mapping[str, _ServiceLike]) -> list[str]:
    return [
        key for code, service in services.items() for key in (code, *(f"{code}/{item.code}" for item in service.items))
    ]


def refuse_unknown_services_in_takes(place: str, row: Mapping[str, object], known: Collection[str]) -> None:
    """Refuse a row that takes anything but `known` services and items. Only for new rows: a set-up in which a service
    was removed still loads."""
    for name in kinds.require_list(f"{place}.takes", row.get("takes") or []):
        if name not in known:
            raise kinds.bad_value_error(f"{place}.takes", str(name)[:40], "not_a_choice", limit=sorted(known))


ANYONE = ""
STEP_ROLES = (ANYONE, "guide", "clerk", "manager")
"""Roles that a step can be for."""
LONGEST_STEP, MOST_STEPS = 100, 12
DONE, DAY_END = "done", "day_end"
"""How an opened card ends: closed by a person, or by the day-end."""


class ContingencyCardStep(Struct, frozen=True, kw_only=True):
    """A step in the hall's own language and in English; `role` is who does it."""

    text: Annotated[str, entry(kinds.sentence_field_kind(LONGEST_STEP), "Text")]
    text_en: Annotated[str, entry(kinds.text_field_kind(LONGEST_STEP), "English text")] = ""
    role: Annotated[str, entry(kinds.choice_field_kind(STEP_ROLES), "Role")] = ANYONE


def card_steps_from_rows(rows: Iterable[Mapping[str, Any]]) -> tuple[ContingencyCardStep, ...]:
    return tuple(read_row(ContingencyCardStep, row) for row in rows)


class ContingencyCard(Struct, frozen=True, kw_only=True):
    code: Annotated[str, entry(kinds.code_field_kind(), "Code", fixed=True)]
    name: Annotated[str, entry(kinds.name_field_kind(instead="name_en"), "Name", tab=BASICS)]
    name_en: Annotated[str, entry(kinds.text_field_kind(), "English name", tab=BASICS, beside=True)] = ""
    steps: Annotated[
        tuple[ContingencyCardStep, ...],
        entry(
            kinds.inner_rows_field_kind(ContingencyCardStep, needed=True, most=MOST_STEPS),
            "Steps",
            title=Wording("Steps", context="card"),
            hint="each is one line at the station of the person who does it",
        ),
    ]


class CardStepTick(Struct, frozen=True):
    """A step that was done; `step` counts from 1."""

    step: int
    time: datetime
    by: str


class CardRun(Struct, frozen=True, kw_only=True):
    """An opened card with its name and steps as of then, whatever the set-up says later. `ticks` are in order of time;
    `end` says how it `ended`, `note` is the closing note."""

    seq: int
    date: clock.date
    card: str
    name: str
    name_en: str
    steps: tuple[ContingencyCardStep, ...]
    started: datetime
    by: str
    ticks: tuple[CardStepTick, ...] = ()
    ended: datetime | None = None
    end: str | None = None
    ended_by: str | None = None
    note: str = ""

    @property
    def is_open(self) -> bool:
        return self.ended is None

    def tick_of_step(self, step: int) -> CardStepTick | None:
        return next((tick for tick in self.ticks if tick.step == step), None)

    def with_tick(self, step: int, time: datetime, by: str) -> "CardRun":
        return replace(self, ticks=(*self.ticks, CardStepTick(step, time, by)))

    def without_tick(self, step: int) -> "CardRun":
        return replace(self, ticks=tuple(tick for tick in self.ticks if tick.step != step))

    def next_open_step_number_for(self, role: str) -> int | None:
        """Return the first open step, counted from 1, for `role` or ANYONE; managers may do all steps."""
        for number, step in enumerate(self.steps, start=1):
            if self.tick_of_step(number) is None and (role == "manager" or step.role in (ANYONE, role)):
                return number
        return None


def card_step_rows(steps: Iterable[ContingencyCardStep]) -> list[dict[str, str]]:
    return [{"text": step.text, "text_en": step.text_en, "role": step.role} for step in steps]


def _step_row(role: str, text: str, text_en: str) -> dict[str, str]:
    return {"text": text, "text_en": text_en, "role": role}


USUAL_CARDS: tuple[dict[str, Any], ...] = (
    {
        "code": "crowd",
        "name": "人多拥挤",
        "name_en": "Crowd",
        "steps": [
            _step_row(
                "manager",
                "能开的窗口都开，叫回休息和后台的人",
                "Open every window you can; call people back from breaks",
            ),
            _step_row(
                "guide",
                "到门口分流：能自助的带去自助，只问一句的当场答",
                "Sort people at the door: self-service, quick answers",
            ),
            _step_row(
                "guide",
                "告诉大家大约要等多久，哪些事可以改天或网上办",
                "Say how long it takes and what can wait or be done online",
            ),
            _step_row(
                "guide",
                "老人、孕妇和行动不便的先请坐，取优先号",
                "Seat the elderly, pregnant and disabled; priority tickets",
            ),
            _step_row(
                "clerk",
                "只办必须在窗口办的，其余请引导台带走",
                "Do only what needs a window; the rest goes to the front desk",
            ),
            _step_row(
                "manager",
                "留出通道和出口，站不下就请到厅外排队",
                "Keep ways and exits free; let people wait outside if need be",
            ),
            _step_row(
                "manager",
                "人少下来后补上休息，记下从几点到几点",
                "When it eases give the breaks back; note from when to when",
            ),
        ],
    },
    {
        "code": "system",
        "name": "系统故障",
        "name_en": "System down",
        "steps": [
            _step_row(
                "clerk",
                "记下时间和屏上的提示，告诉值班经理",
                "Note the time and what the screen says; tell the manager",
            ),
            _step_row("manager", "报修，问清什么时候能恢复", "Report it and ask when it will be back"),
            _step_row(
                "manager",
                "在大屏发公告：系统故障，号码保留",
                "Put a notice on the displays: system down, numbers are kept",
            ),
            _step_row(
                "guide",
                "受影响的业务停止取号，说清还能办什么",
                "Stop tickets for what is affected; say what still works",
            ),
            _step_row(
                "guide",
                "愿意等的请坐，赶时间的留电话，好了通知",
                "Seat those who wait; take phone numbers of those in a hurry",
            ),
            _step_row(
                "clerk", "能手工受理的先收材料，给收条", "Where paper is allowed take documents and give a receipt"
            ),
            _step_row(
                "manager",
                "恢复后先叫等得最久的，取下公告",
                "When it is back begin with the longest wait; end the notice",
            ),
        ],
    },
    {
        "code": "dispute",
        "name": "客户争执",
        "name_en": "Dispute",
        "steps": [
            _step_row("clerk", "先听完，不争辩，按求助键", "Listen to the end, do not argue, press for help"),
            _step_row(
                "manager", "到场，请客户到安静的地方坐下", "Come, and ask the customer to sit down in a quiet place"
            ),
            _step_row(
                "guide",
                "请旁边的客户回座位，后面的号换窗口叫",
                "Ask onlookers back to their seats; others go to other windows",
            ),
            _step_row(
                "manager", "问清事情和要求，当面记下来", "Ask what happened and what is wanted; write it down there"
            ),
            _step_row(
                "manager", "说明能办到什么、几时答复，说到做到", "Say what can be done and by when, and keep to it"
            ),
            _step_row(
                "",
                "有人动手或受伤：护住旁人，打 110 或 120",
                "If anyone is violent or hurt: protect others, call for help",
            ),
            _step_row(
                "manager", "留好录像和号票经过，当天交办", "Keep the recording and the ticket's story; pass it on today"
            ),
        ],
    },
    {
        "code": "power",
        "name": "停电",
        "name_en": "Power cut",
        "steps": [
            _step_row(
                "guide",
                "请大家原地坐好，打开应急灯，照看老人和孩子",
                "Ask all to stay seated; emergency light; mind the old and young",
            ),
            _step_row(
                "manager",
                "看是本厅还是整片停电，问清什么时候来电",
                "See whether only the hall is dark; ask when power is back",
            ),
            _step_row("clerk", "收好证件、材料和现金，锁上抽屉", "Secure papers, documents and cash; lock the drawers"),
            _step_row(
                "guide", "改发备用纸号，接着现在的号码往下排", "Give paper tickets, going on from the last number"
            ),
            _step_row(
                "manager",
                "时间长就停业：门口贴告示，号码改天优先",
                "If it takes long, close: a note at the door, early places later",
            ),
            _step_row(
                "manager",
                "来电后先开网络和主机，试叫一个号再开窗口",
                "When it is back: network first, try a call, then open windows",
            ),
            _step_row("manager", "补录纸号，记下停电的起止时间", "Enter the paper tickets; note from when to when"),
        ],
    },
)
