"""Contingency cards: steps to take when things go wrong; and opened cards, with the ticks of their steps."""

import datetime as clock
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.features import Wording
from queuedesk.core.setup import field_kinds as kinds
from queuedesk.core.setup.field_kinds import BASICS, entry, read_row

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
