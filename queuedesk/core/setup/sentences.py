"""The sentences a hall has ready: for messages between stations, for announcements, for an emergency, for calling
help."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in the hall's own language, and in English where there is one."""

    text: str
    text_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentences:
    """`messages` go between stations, `announcements` to the displays, `help` says what somebody needs; `emergency` is
    the one that goes out in two presses."""

    messages: tuple[Sentence, ...]
    announcements: tuple[Sentence, ...]
    help: tuple[Sentence, ...]
    emergency: tuple[Sentence, ...]


USUAL = Sentences(
    messages=(
        Sentence("请来一下", "Please come over"),
        Sentence("客户去了您的窗口", "A customer is on the way to you"),
        Sentence("材料用完了", "We are out of forms"),
        Sentence("请打开您的窗口", "Please open your window"),
        Sentence("系统出故障了，请稍等", "The system is down, please wait"),
        Sentence("请帮忙复核", "Please check something for me"),
    ),
    announcements=(
        Sentence("请持号票的客户在座位上等候叫号。", "Please take a seat and wait for your number."),
        Sentence("业务系统暂时故障，请稍候，号码保留。", "Our system is down for a moment. Your number is kept."),
        Sentence(
            "本厅即将结束营业，未取号的客户请明日再来。",
            "We are closing soon. If you have no ticket, please come tomorrow.",
        ),
    ),
    help=(
        Sentence("需要值班经理", "The duty manager, please"),
        Sentence("有客户需要帮助", "A customer needs help"),
        Sentence("有争执", "There is an argument"),
        Sentence("有人不舒服", "Somebody feels unwell"),
    ),
    emergency=(
        Sentence(
            "紧急情况，请立即从最近的出口离开大厅，不要乘坐电梯。",
            "Emergency. Leave the hall now by the nearest exit. Do not use the lift.",
        ),
        Sentence("请大家留在原地，听从工作人员安排。", "Please stay where you are and follow the staff."),
    ),
)
"""What a hall has ready unless it says otherwise."""
