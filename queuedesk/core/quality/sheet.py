"""Score sheets: weighted items to look at, with what earns full marks and the usual reasons for a deduction."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from msgspec import Struct
from msgspec.structs import asdict

from queuedesk.core.features import Wording
from queuedesk.core.setup import field_kinds as kinds
from queuedesk.core.setup.field_kinds import BASICS, entry, read_row

LONGEST_ITEM, LONGEST_FULL, LONGEST_REASON = 60, 100, 24
MOST_ITEMS, MOST_REASONS = 30, 3
MOST_WEIGHT = 100


class UsualDeductionReason(Struct, frozen=True, kw_only=True):
    """A usual reason for a deduction, in the hall's own language and in English."""

    text: Annotated[str, entry(kinds.sentence_field_kind(LONGEST_REASON), "Text")]
    text_en: Annotated[str, entry(kinds.text_field_kind(2 * LONGEST_REASON), "English text")] = ""


class ScoreSheetItem(Struct, frozen=True, kw_only=True):
    """One thing to look at. `weight` is what it earns at most; `full` says when it earns that."""

    text: Annotated[str, entry(kinds.sentence_field_kind(LONGEST_ITEM), "Text")]
    text_en: Annotated[str, entry(kinds.text_field_kind(2 * LONGEST_ITEM), "English text")] = ""
    section: Annotated[str, entry(kinds.text_field_kind(), "Section")] = ""
    section_en: Annotated[str, entry(kinds.text_field_kind(), "English section")] = ""
    weight: Annotated[int, entry(kinds.whole_number_field_kind(1, MOST_WEIGHT), "Weight")]
    full: Annotated[str, entry(kinds.text_field_kind(LONGEST_FULL), "Full marks")] = ""
    full_en: Annotated[str, entry(kinds.text_field_kind(2 * LONGEST_FULL), "English full marks")] = ""
    reasons: Annotated[
        tuple[UsualDeductionReason, ...],
        entry(kinds.inner_rows_field_kind(UsualDeductionReason, most=MOST_REASONS), "Reasons for a deduction"),
    ] = ()


class ScoreSheet(Struct, frozen=True, kw_only=True):
    code: Annotated[str, entry(kinds.code_field_kind(), "Code", fixed=True)]
    name: Annotated[str, entry(kinds.name_field_kind(instead="name_en"), "Name", tab=BASICS)]
    name_en: Annotated[str, entry(kinds.text_field_kind(), "English name", tab=BASICS, beside=True)] = ""
    items: Annotated[
        tuple[ScoreSheetItem, ...],
        entry(
            kinds.inner_rows_field_kind(ScoreSheetItem, needed=True, most=MOST_ITEMS),
            "Items",
            title=Wording("Items", context="sheet"),
            hint="each is one touch on the tablet; a filled sheet keeps the items it was filled by",
        ),
    ]


def sheet_items_from_rows(rows: Iterable[Mapping[str, Any]]) -> tuple[ScoreSheetItem, ...]:
    return tuple(read_row(ScoreSheetItem, row) for row in rows)


def sheet_item_rows(items: Iterable[ScoreSheetItem]) -> list[dict[str, Any]]:
    return [{**asdict(item), "reasons": [asdict(reason) for reason in item.reasons]} for item in items]


# -- the sheets that every hall has until it writes its own: hall, window, environment, calls, closing ---------------


def _row_of_default_score_sheet_item(
    section: tuple[str, str], weight: int, words: tuple[str, str], full: tuple[str, str], *why: str
) -> dict[str, Any]:
    """Return the row of an item; `why` are its reasons, each "Chinese|English"."""
    reasons = [dict(zip(("text", "text_en"), one.split("|"), strict=True)) for one in why]
    return {
        "section": section[0],
        "section_en": section[1],
        "weight": weight,
        "text": words[0],
        "text_en": words[1],
        "full": full[0],
        "full_en": full[1],
        "reasons": reasons,
    }


_DOOR = ("门口与秩序", "Door and order")
_ROOM = ("厅内环境", "The hall")
_TOLD = ("公示与宣传", "Notices")
_DEVICES = ("设备", "Equipment")
_SERVICE = ("服务", "Service")
_MANNERS = ("仪容与用语", "Looks and words")
_WORK = ("办理", "Handling")
_AIR = ("环境", "Surroundings")
_SAFE = ("安全", "Safety")
_CALL = ("电话", "On the phone")
_CLOSE = ("收班", "Closing")

USUAL_SHEETS: tuple[dict[str, Any], ...] = (
    {
        "code": "hall",
        "name": "服务检查表",
        "name_en": "Hall sheet",
        "items": [
            _row_of_default_score_sheet_item(
                _DOOR,
                5,
                ("门口整洁，营业时间贴在门上", "Entrance is tidy, opening hours are on the door"),
                ("门前无杂物，时间与今天相符。", "Nothing in the way; the hours are today's."),
                "有杂物|Things in the way",
                "时间不对|Wrong hours",
            ),
            _row_of_default_score_sheet_item(
                _DOOR,
                10,
                ("引导台有人，30 秒内招呼客户", "Front desk is staffed, customers are greeted within 30 s"),
                ("进门 30 秒内有人问好、问办什么。", "Somebody says hello and asks what for within 30 s."),
                "没人|Nobody there",
                "招呼晚了|Greeted late",
                "没问办什么|Not asked what for",
            ),
            _row_of_default_score_sheet_item(
                _DOOR,
                10,
                ("按号叫号，没有人插到前面", "People are called by number, nobody is let in between"),
                ("看十分钟，叫号顺序与屏幕一致。", "Ten minutes of calls go as the screen says."),
                "有人插队|Somebody was let in",
                "不叫号就办|Served without a call",
            ),
            _row_of_default_score_sheet_item(
                _ROOM,
                5,
                ("地面、座椅、台面干净", "Floor, seats and tables are clean"),
                ("没有垃圾、水渍和坏椅子。", "No litter, no wet floor, no broken seat."),
                "地面脏|Dirty floor",
                "台面乱|Untidy tables",
                "座椅坏|Broken seat",
            ),
            _row_of_default_score_sheet_item(
                _ROOM,
                5,
                ("灯都亮，温度合适，没有异味", "Lights work, the air is right, no smell"),
                ("室温冬 18 度以上、夏 28 度以下。", "18 °C or more in winter, 28 °C or less in summer."),
                "灯不亮|Lamp out",
                "太冷太热|Too cold or hot",
                "有异味|Smell",
            ),
            _row_of_default_score_sheet_item(
                _ROOM,
                10,
                (
                    "填单台有笔、有老花镜，样单是现行版本",
                    "Writing desk has pens, reading glasses and sample forms that are valid",
                ),
                (
                    "每个填单台两支能写的笔、一副老花镜，样单日期在一年之内。",
                    "Two pens that write and one pair of glasses a desk; samples less than a year old.",
                ),
                "缺老花镜|No reading glasses",
                "样单过期|Old sample forms",
                "笔写不出|Pens do not write",
            ),
            _row_of_default_score_sheet_item(
                _ROOM,
                5,
                ("卫生间干净、有纸", "Toilets are clean and have paper"),
                ("地面干、有纸、有洗手液。", "Dry floor, paper and soap."),
                "不干净|Not clean",
                "没有纸|No paper",
            ),
            _row_of_default_score_sheet_item(
                _TOLD,
                10,
                ("收费、办理时限和投诉电话公示，是现行的", "Fees, time limits and complaint phone are shown and valid"),
                ("三样都在，日期是现行的。", "All three are there and valid."),
                "缺一样|One is missing",
                "已过期|Out of date",
            ),
            _row_of_default_score_sheet_item(
                _TOLD,
                5,
                ("宣传品整齐，没有过期的", "Leaflets are in order, none is out of date"),
                ("资料架满而不乱。", "The rack is full and in order."),
                "有过期的|Some out of date",
                "架子空|Empty rack",
            ),
            _row_of_default_score_sheet_item(
                _DEVICES,
                5,
                ("取号机、显示屏、叫号声音正常", "Kiosk, display and voice work"),
                ("各试一次都好。", "Each works when tried."),
                "取号机坏|Kiosk fails",
                "屏幕坏|Display fails",
                "听不清|Calls not heard",
            ),
            _row_of_default_score_sheet_item(
                _DEVICES,
                5,
                ("自助设备能用，坏的有牌子", "Self-service machines work, or say that they do not"),
                ("停用的贴牌，写明何时修好。", "What is out of order says until when."),
                "坏了没牌子|Broken, no sign",
                "没人修|Not reported",
            ),
            _row_of_default_score_sheet_item(
                _SERVICE,
                10,
                ("工作人员着装、工牌齐全", "Staff wear uniform and name plate"),
                ("看得见的每个人都有工牌。", "Everybody in sight has a name plate."),
                "没戴工牌|No name plate",
                "着装不齐|Not in uniform",
            ),
            _row_of_default_score_sheet_item(
                _SERVICE,
                10,
                ("窗口没有空坐不叫号的", "No window sits idle while people wait"),
                ("有人等时，开着的窗口都在办。", "While people wait every open window serves."),
                "空坐|Idle window",
                "没挂暂停牌|No sign of a pause",
            ),
            _row_of_default_score_sheet_item(
                _SERVICE,
                5,
                ("照顾老人、孕妇和行动不便的人", "Elderly, pregnant and disabled people are helped"),
                ("有座、有优先号、有人帮。", "A seat, an early place and a helping hand."),
                "没人帮|Nobody helped",
                "没给优先|No early place",
            ),
        ],
    },
    {
        "code": "window",
        "name": "窗口服务检查表",
        "name_en": "Window sheet",
        "items": [
            _row_of_default_score_sheet_item(
                _MANNERS,
                10,
                ("起身或举手迎接，先问好", "Customer is met with a sign and a greeting"),
                ("叫到后三秒内有迎接动作。", "A sign and a greeting within three seconds."),
                "没问好|No greeting",
                "没抬头|Did not look up",
            ),
            _row_of_default_score_sheet_item(
                _MANNERS,
                10,
                ("工牌、着装齐全，桌面整齐", "Name plate, uniform and a tidy desk"),
                ("三样都在。", "All three."),
                "没戴工牌|No name plate",
                "桌面乱|Untidy desk",
            ),
            _row_of_default_score_sheet_item(
                _MANNERS,
                10,
                ("说话清楚，用礼貌用语", "Speaks clearly and politely"),
                ("每次都有请、您、谢谢。", "Please and thank you throughout."),
                "听不清|Hard to hear",
                "不礼貌|Not polite",
            ),
            _row_of_default_score_sheet_item(
                _WORK,
                20,
                ("一次说清要带的材料", "Says once and fully what to bring"),
                ("客户不用再问第二次。", "The customer need not ask twice."),
                "说漏了|Something left out",
                "说错了|Something wrong",
            ),
            _row_of_default_score_sheet_item(
                _WORK,
                15,
                ("办对、办全，没有退回重办", "Done right and whole, nothing sent back"),
                ("当场核对，签字无误。", "Checked there and signed."),
                "办错|Done wrong",
                "漏办|Something missed",
            ),
            _row_of_default_score_sheet_item(
                _WORK,
                15,
                ("办理中不做别的事", "Does nothing else meanwhile"),
                ("不接私人电话，不聊天。", "No private call, no chat."),
                "接电话|On the phone",
                "聊天|Chatting",
            ),
            _row_of_default_score_sheet_item(
                _WORK,
                10,
                ("说明费用和多久办好", "Says what it costs and how long it takes"),
                ("两样都说了。", "Both are said."),
                "没说费用|Cost not said",
                "没说时限|Time not said",
            ),
            _row_of_default_score_sheet_item(
                _WORK,
                10,
                ("办完请客户评价，道别", "Asks for a rating at the end and says goodbye"),
                ("请评价但不指着哪一级。", "Asks without pointing at a level."),
                "没请评价|Not asked",
                "指着评|Pointed at a level",
            ),
        ],
    },
    {
        "code": "environment",
        "name": "环境检查表",
        "name_en": "Environment sheet",
        "items": [
            _row_of_default_score_sheet_item(
                _AIR,
                15,
                ("温度湿度合适", "Temperature and humidity are right"),
                ("温湿度计的数在标准之内。", "The meter shows what it should."),
                "太冷太热|Too cold or hot",
                "太干太湿|Too dry or damp",
            ),
            _row_of_default_score_sheet_item(
                _AIR,
                15,
                ("地面、座椅、台面干净", "Floor, seats and tables are clean"),
                ("开门前已打扫。", "Cleaned before opening."),
                "没打扫|Not cleaned",
                "有积水|Wet floor",
            ),
            _row_of_default_score_sheet_item(
                _AIR,
                10,
                ("灯光、通风、气味正常", "Light, air and smell are right"),
                ("灯全亮，没有异味。", "Every lamp on, no smell."),
                "灯不亮|Lamp out",
                "有异味|Smell",
            ),
            _row_of_default_score_sheet_item(
                _AIR,
                10,
                ("饮水、纸笔、老花镜补齐", "Water, paper, pens and glasses are there"),
                ("每处都有。", "At every place."),
                "缺水|No water",
                "缺纸笔|No paper or pens",
                "缺老花镜|No reading glasses",
            ),
            _row_of_default_score_sheet_item(
                _SAFE,
                20,
                ("通道畅通，安全出口没有锁", "Ways are free, exits are not locked"),
                ("走一遍，没有阻挡。", "Walked once, nothing in the way."),
                "通道被占|Way blocked",
                "出口锁着|Exit locked",
            ),
            _row_of_default_score_sheet_item(
                _SAFE,
                15,
                ("灭火器在位，压力正常", "Fire extinguishers in place and charged"),
                ("指针在绿区。", "The needle is in the green."),
                "不在位|Not in place",
                "压力低|Not charged",
            ),
            _row_of_default_score_sheet_item(
                _SAFE,
                15,
                ("电线、地插没有裸露", "No bare wires or floor sockets"),
                ("线都收好，盖子都盖上。", "Wires put away, covers closed."),
                "电线外露|Bare wires",
                "盖子开着|Open cover",
            ),
        ],
    },
    {
        "code": "call",
        "name": "电话暗访表",
        "name_en": "Call sheet",
        "items": [
            _row_of_default_score_sheet_item(
                _CALL,
                20,
                ("三声之内接听", "Answered within three rings"),
                ("第三声结束前有人说话。", "Somebody speaks before the third ring ends."),
                "接得晚|Answered late",
                "没人接|Not answered",
            ),
            _row_of_default_score_sheet_item(
                _CALL,
                20,
                ("报单位，问好", "Says where it is and hello"),
                ("两样都说了。", "Both are said."),
                "没报单位|Hall not named",
                "没问好|No greeting",
            ),
            _row_of_default_score_sheet_item(
                _CALL,
                40,
                ("答得对、答得全", "The answer is right and whole"),
                ("与办事指南一致。", "It agrees with the guide."),
                "答错|Wrong answer",
                "答不全|Not whole",
                "让找别人|Sent elsewhere",
            ),
            _row_of_default_score_sheet_item(
                _CALL,
                20,
                ("耐心，不催，先等客户挂", "Patient, does not hurry, hangs up last"),
                ("最后说再见。", "Says goodbye at the end."),
                "催促|Hurried",
                "先挂断|Hung up first",
            ),
        ],
    },
    {
        "code": "closing",
        "name": "收班检查表",
        "name_en": "Closing sheet",
        "items": [
            _row_of_default_score_sheet_item(
                _CLOSE,
                20,
                ("厅内没有客户，遗失物已登记", "Nobody is left inside, lost things are noted"),
                ("各处走一遍。", "Every corner was walked."),
                "有人没走|Somebody is left",
                "有遗失物|Something was left",
            ),
            _row_of_default_score_sheet_item(
                _CLOSE,
                30,
                ("现金、票据、印章入柜上锁", "Cash, papers and seals are locked away"),
                ("柜门锁好，钥匙交接。", "Locked, and the key handed over."),
                "没锁|Not locked",
                "数目不符|Sums differ",
            ),
            _row_of_default_score_sheet_item(
                _CLOSE,
                20,
                ("取号机、自助机、显示屏已关", "Kiosk, machines and displays are off"),
                ("该关的都关了。", "What is to be off is off."),
                "没关|Left on",
                "有故障待报|Fault to report",
            ),
            _row_of_default_score_sheet_item(
                _CLOSE,
                30,
                ("灯、空调、门窗已关，报警已设", "Lights and air off, all locked up, alarm set"),
                ("最后离开的人看过。", "The last to leave has looked."),
                "门窗没关|Not locked up",
                "报警没设|Alarm not set",
            ),
        ],
    },
)
