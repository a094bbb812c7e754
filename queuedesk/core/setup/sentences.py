"""A hall's prepared sentences, and its directory of other places where customers can go.

Sentences are for messages, announcements, calls for help and emergencies; places are machines, partners' windows, the
telephone."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Protocol

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.features import Wording
from queuedesk.core.setup import field_kinds as kinds
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
