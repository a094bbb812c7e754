"""Slips as halls print them: usual ones, bare ones, and ones whose every name is too long for a line."""

from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from msgspec.structs import replace
from PySide6.QtGui import QImage

from queuedesk.core.features import import_reference, list_in_features_package
from queuedesk.core.queue.dispatch import NO_FIGURES, QuotedWait
from queuedesk.core.setup.hall import PARTS, TicketDesign
from queuedesk.core.talk.number_block import WindowLabel
from queuedesk.printing.qr import ticket_code_text
from queuedesk.printing.slip_contents import PapersSlip, PaperToBring, TicketSlip
from queuedesk.printing.slip_layout import draw_slip, lay_out_slip
from queuedesk.printing.slip_painter import SlipSheet, TextMark

LONG_ZONE = "大厅左侧A区，自助缴费机旁边的玻璃隔间"
LONG_ZONE_EN = "left of the main entrance, area A, behind the payment machines"
AT = datetime(2026, 11, 20, 10, 42, tzinfo=ZoneInfo("Asia/Shanghai"))
CODE = ticket_code_text("CD", date(2026, 11, 20), "B038", "8KR2WT")
PAPERS = (("新户主身份证", "原件"), ("房产证或购房合同",), ("原户主身份证", "复印件"))
CHINESE: dict[str, Any] = {"lang": "zh_CN", "hall": "城东供电营业厅", "service": "业务办理", "item": "更名过户"}
CHINESE |= {"issued_at": AT, "papers": tuple(PaperToBring(*paper) for paper in PAPERS)}
OF_B038: dict[str, Any] = {"label": "B038", "qr_text": CODE, "token": "8KR2WT", "ahead": 6, "wait": QuotedWait(20, 30)}
USUAL_ZH = TicketSlip(**CHINESE, **OF_B038, window=WindowLabel("3–6", behind="号窗口"))
USUAL_EN = replace(
    USUAL_ZH,
    lang="en",
    hall="Chengdong Power Service Hall",
    service="Account services",
    item="Change of name",
    window=WindowLabel("3–6", before="Window", zone="left, area A", arrow="left"),
    papers=(PaperToBring("ID card of the new owner", "original"), PaperToBring("Deed or purchase contract")),
)
BARE = replace(USUAL_ZH, item=None, papers=())
LONG_ZH = replace(
    USUAL_ZH,
    hall="国网江苏省电力有限公司南京市江宁区供电分公司城东营业厅",
    label="AB1038",
    service="高压新装增容及变更用电业务受理",
    item="企业客户更名过户（含电费结清）",
    class_name="老年人",
    wait=NO_FIGURES,
    window=WindowLabel("3–6、8、10–12 号窗口", zone=LONG_ZONE, arrow="left"),
    papers=(PaperToBring("新户主身份证正反面复印件并加盖公章，经办人签字", "原件"), PaperToBring("房产证")),
    steps=("业务办理 · 更名过户", "电费缴纳"),
    phone="025-95598",
)
LONG_EN = replace(
    LONG_ZH,
    lang="en",
    hall="State Grid Jiangsu Electric Power Company, Nanjing Jiangning Branch, Chengdong Hall",
    service="High-voltage connection and capacity services",
    item="Change of account holder for companies",
    class_name="Elderly",
    ahead=1,
    window=WindowLabel("Window 3–6, 8, 10–12", zone=LONG_ZONE_EN, arrow="up"),
    papers=(PaperToBring("Identity card of the new account holder, both sides", "original"), PaperToBring("Deed")),
    steps=("Account services · Change of name", "Bill payment"),
)
LIST_ZH = PapersSlip(
    **CHINESE,
    version="2026年11月1日",
    steps=("核对证件和材料", "填写或核对申请表，受理后领回执，5 个工作日内办好并短信通知"),
    fees=("不收费",),
    hours=("周一至周五 8:30–17:30", "周六 9:00–12:00"),
    phone="95598",
)
LIST_EN = replace(
    LIST_ZH,
    **{name: getattr(LONG_EN, name) for name in ("lang", "hall", "service", "item", "papers")},
    version="1 November 2026",
    steps=("Papers are checked", "Fill in or check the form, hand it in, take the receipt and wait for the message"),
    fees=("Free of charge",),
    hours=("Monday to Friday 8:30–17:30, on the last Thursday of a month until 20:00", "Sat 9:00–12:00"),
)
OWN_WORDS = TicketDesign(
    head="服务热线 95598，全天有人接听，欢迎来电咨询各项业务办理所需的材料",
    head_en="Hotline 95598, answered around the clock, for every question about papers",
    foot="请妥善保管号票。",
    foot_en="Please keep this ticket.",
)
BOTH = replace(LONG_ZH, design=OWN_WORDS, also=replace(LONG_EN, design=OWN_WORDS))
ON_THE_LEFT = WindowLabel("3–6", behind="号窗口", zone="左侧 A 区", arrow="left")
USUAL_BOTH = replace(USUAL_ZH, window=ON_THE_LEFT, also=USUAL_EN)
LIST_BOTH = replace(LIST_ZH, design=OWN_WORDS, also=replace(LIST_EN, design=OWN_WORDS))
MOST_HIDDEN = replace(LONG_ZH, design=TicketDesign(hidden=frozenset(PARTS), number="small"))


def appointments() -> dict[str, Any]:
    """Return the slips of appointments, where the program has that feature."""
    if "appointments" not in list_in_features_package("FEATURES"):
        return {}
    half_past_two = datetime(2026, 11, 24, 14, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    when = {"at": half_past_two, "grace_until": half_past_two.replace(minute=45)}
    code = {"number": 214, "qr_text": "QA1 CD 2026-11-24 214", "ref": "2026-0118-企业更名过户-城东", "phone": "95598"}
    there = WindowLabel("3–6", behind="号窗口", zone=LONG_ZONE, arrow="left")
    chinese = import_reference("features.appointments.papers:AppointmentSlip")(**CHINESE, **when, **code, window=there)
    english = replace(chinese, lang="en", hall=LONG_EN.hall, service=LONG_EN.service, window=LONG_EN.window)
    both = replace(chinese, design=OWN_WORDS, also=replace(english, design=OWN_WORDS))
    return {"appointment_zh": chinese, "appointment_en": english, "appointment_both": both}


NAMES = "usual_zh usual_en bare long_zh long_en list_zh list_en both usual_both list_both most_hidden"
OWN = (USUAL_ZH, USUAL_EN, BARE, LONG_ZH, LONG_EN, LIST_ZH, LIST_EN, BOTH, USUAL_BOTH, LIST_BOTH, MOST_HIDDEN)
ALL = dict[str, Any](zip(NAMES.split(), OWN, strict=True)) | appointments()


@cache
def sheet(name: str, width: int) -> SlipSheet:
    """Return a slip of ALL laid out, which many only look at."""
    return lay_out_slip(ALL[name], width)


@cache
def picture(name: str, width: int) -> QImage:
    """Return a slip of ALL drawn, which many only look at."""
    return draw_slip(ALL[name], width)


def dots(image: QImage) -> np.ndarray:
    """Return a picture as rows of 0 (black) to 255 (white)."""
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    return rows[:, : grey.width()].copy()


def words(sheet: SlipSheet) -> list[str]:
    return [mark.text for mark in sheet.marks if isinstance(mark, TextMark)]
