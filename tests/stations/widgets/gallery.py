"""Pages that show every widget with the words of the drawings, to be looked at and to be measured."""

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.stations.rating.view import Face
from queuedesk.stations.widgets.buttons import (
    ButtonRow,
    DangerButton,
    IconButton,
    PrimaryButton,
    SecondaryButton,
    TextButton,
)
from queuedesk.stations.widgets.cards import NextCard, NextText
from queuedesk.stations.widgets.charts.bars import Moment, Part, StoryBar, TimelineRow
from queuedesk.stations.widgets.labels import HeroLabel, Label, Run, RunsLabel
from queuedesk.stations.widgets.lists.lists import Result, ResultList, TicketList, TicketRow
from queuedesk.stations.widgets.lists.strips import Banner, StackedRow, Toast
from queuedesk.stations.widgets.lists.tiles import ItemTile, ServiceTile, TickBox, TileText
from queuedesk.stations.widgets.paint import CanvasWidget, Painter
from queuedesk.stations.widgets.panels import FixedSize, Panel, spread
from queuedesk.stations.widgets.pills import ClassPill, FilterPill, StatePill
from queuedesk.stations.widgets.progress_bar import ProgressBar
from queuedesk.stations.widgets.questions.forms import SearchField
from queuedesk.stations.widgets.topbar import TopBar, TopItem
from queuedesk.stations.window.style import HALL, Look
from tests.stations.widgets.gallery_office import manager, setup
from tests.stations.widgets.gallery_parts import heading, row

SERVICES = (
    ("A", "电费缴纳", "9", "10–15", "5 个窗口"),
    ("B", "业务办理", "6", "20–30", "3 个窗口"),
    ("C", "报装接电", "3", "20–30", "2 个窗口"),
    ("D", "咨询", "1", "0–5", "2 个窗口"),
)
WAITING = [
    TicketRow(id=1, number="B032", service="业务办理", class_text="老年人", wait="18 分钟", level="red"),
    TicketRow(id=2, number="A059", service="电费缴纳", wait="14 分钟", level="amber"),
    TicketRow(id=3, number="A060", service="电费缴纳", wait="13 分钟", level="amber"),
    TicketRow(id=4, number="C013", service="报装接电", wait="11 分钟", level="amber"),
    TicketRow(id=5, number="B033", service="业务办理", wait="9 分钟"),
    TicketRow(id=6, number="A111", service="电费缴纳", wait="8 分钟"),
]
STATES = (
    ("waiting", "等候"),
    ("called", "已叫号"),
    ("serving", "办理中"),
    ("parked", "挂起"),
    ("missed", "过号"),
    ("finished", "办结"),
    ("left", "离开"),
    ("void", "作废"),
)


def components(look: Look) -> QWidget:
    """The page of the components drawing."""
    page = Panel(look)
    columns = QHBoxLayout(page)
    spread(look, columns, (40, 24, 40, 24), 60)
    left, right = QVBoxLayout(), QVBoxLayout()
    for column in (left, right):
        spread(look, column, spacing=10)
        columns.addLayout(column, 1)
    left.addWidget(heading(look, "按钮：普通、按下、还不能按、次要、文字、危险"))
    down, blocked = PrimaryButton(look, "按下", height=48, px=17), PrimaryButton(look, height=48, px=17)
    down.setDown(True)
    blocked.block("还差 1 位")
    row(
        look,
        left,
        PrimaryButton(look, "打印号票", height=48, px=17),
        down,
        blocked,
        SecondaryButton(look, "返回"),
        TextButton(look, "全部"),
    )
    row(look, left, DangerButton(look, "作废这张号"), IconButton(look, "more", "更多"))
    left.addWidget(heading(look, "号票状态：颜色 + 图形 + 字"))
    row(look, left, *(StatePill(look, *state) for state in STATES[:5]))
    row(look, left, *(StatePill(look, *state) for state in STATES[5:]), ClassPill(look, "老年人"))
    left.addWidget(heading(look, "窗口状态"))
    windows = (("open", "营业中"), ("paused", "暂停"), ("closed", "关闭"), ("away", "连不上"))
    row(look, left, *(StatePill(look, *state) for state in windows))
    left.addWidget(heading(look, "数字"))
    left.addWidget(HeroLabel(look, "B031", px=104))
    units = [Run("9", 34, True), Run("人等候", 17, token="ink2", gap=9), Run("10–15", 34, True, gap=24)]
    left.addWidget(RunsLabel(look, [*units, Run("分钟", 17, token="ink2", gap=9)]))
    progress = ProgressBar(look)
    progress.set_progress(0.17, "目标 20 分钟")
    late = ProgressBar(look)
    late.set_progress(1.2, "目标 20 分钟", late=True)
    left.addWidget(progress)
    left.addWidget(late)
    left.addStretch(1)
    right.addWidget(heading(look, "提示条与轻提示"))
    for kind, title, second in (
        ("red", "B 业务办理等得久", "最久 18 分钟"),
        ("amber", "数据文件从 10:42 起打不开", "正在重试"),
        ("blue", "日报已保存", "11月19日"),
    ):
        banner = Banner(look)
        banner.set_banner(kind, title, second)
        right.addWidget(banner)
    story = StoryBar(look)
    story.set_parts(
        [
            Part("等候", "17:51", 1071, "wait"),
            Part("走来", "0:38", 38, "way"),
            Part("办理", "2:21", 141, "serving"),
            Part("挂起", "5:28", 328, "held"),
            Part("办理", "4:45", 285, "serving"),
        ]
    )
    right.addWidget(story)
    moments = (
        Moment(time="09:58:12", icon="ticket", title="取号", detail="引导台，周琳 · 更名过户 · 普通"),
        Moment(time="10:16:03", icon="speaker-on", token="amber", title="叫号", detail="3 号窗口，王芳 · 等了 18 分钟"),
        Moment(time="10:29:15", icon="check", token="primary", title="办结", detail="办理 7 分 06 秒"),
    )
    for number, moment in enumerate(moments):
        right.addWidget(TimelineRow(look, moment, first=number == 0, last=number == len(moments) - 1))
    ticked = FilterPill(look, "业务 B")
    ticked.setChecked(True)
    row(look, right, ticked, FilterPill(look, "今天"), TickBox(look, "开机自动进入"))
    results = ResultList(look)
    found = [Result(id=1, letter="B", name="更名过户", matched="gmgh", right="6 人 · 20–30 分钟")]
    found.append(Result(id=2, letter="B", name="更名过户（单位用户）", matched="gmgh", rest="dwyh", right="6 人"))
    results.set_results(found, last="找不到？按 D 咨询取号，由窗口判断", key="回车")
    right.addWidget(results)
    right.addStretch(1)
    toast = Toast(look, page)
    toast.show_toast("已打印 B038", undo="撤销")
    return page


def guide(look: Look) -> QWidget:
    """The guide's page: top bar, services, items, people waiting."""
    page = Panel(look)
    column = QVBoxLayout(page)
    spread(look, column)
    bar = TopBar(look, more="更多")
    bar.set_place("引导台", "城东供电营业厅")
    bar.set_items([TopItem("打印机正常", icon="print"), TopItem("引导员 周琳", rule=True)])
    bar.set_clock("10:42")
    column.addWidget(bar)
    alert = Banner(look)
    alert.set_banner("red", "等候 200 人，下班前可能办不完", "B、C 现在取号约 16:40 办到。", button="去看看")
    column.addWidget(alert)
    body = QHBoxLayout()
    column.addLayout(body, 1)
    stage, rail = QWidget(), Panel(look, "surface", edge="left")
    FixedSize(look, rail, width=416)
    body.addWidget(stage, 1)
    body.addWidget(rail)
    left = QVBoxLayout(stage)
    spread(look, left, (28, 20, 28, 24), 14)
    left.addWidget(SearchField(look, "搜业务、材料、号码：汉字或拼音首字母，如 gmgh", hint="直接打字即可"))
    grid = QGridLayout()
    spread(look, grid, spacing=14)
    for number, (letter, name, count, wait, windows) in enumerate(SERVICES):
        said = TileText(
            name=name, count=count, count_unit="人等候", before="约", range_=wait, range_unit="分钟", windows=windows
        )
        tile = ServiceTile(look, letter, said)
        tile.setEnabled(letter != "C")
        grid.addWidget(tile, number // 2, number % 2)
    left.addLayout(grid, 1)
    left.addWidget(heading(look, "常用事项"))
    items = (("B", "更名过户"), ("B", "居民更名过户与一户多人口申请"), ("A", "打印发票"))
    row(look, left, *(ItemTile(look, *item) for item in items), stretch=False)
    right = QVBoxLayout(rail)
    spread(look, right, (24, 14, 24, 16), 10)
    row(look, right, heading(look, "等候 19 人"))
    tickets = TicketList(look)
    tickets.set_rows(WAITING)
    right.addWidget(tickets, 1)
    right.addWidget(heading(look, "过号 2 人"))
    missed = StackedRow(look, accent=True)
    missed.set_row("missed", "A052", "过号 4 分钟", "恢复排队")
    right.addWidget(missed)
    acts = QGridLayout()
    spread(look, acts, spacing=10)
    buttons = (("ticket", "查号"), ("print", "补打号票"), ("redirect", "改派"), ("undo", "撤销上一张"))
    for number, (icon, word) in enumerate(buttons):
        button = SecondaryButton(look, word, icon=icon, height=56, align="left")
        acts.addWidget(button, number // 2, number % 2)
    right.addLayout(acts)
    return page


def counter(look: Look) -> QWidget:
    """The counter's page while a ticket is called, and the guide's papers row."""
    page = Panel(look)
    column = QVBoxLayout(page)
    spread(look, column)
    bar = TopBar(look, height=60, more="更多")
    bar.set_sign("3")
    bar.set_place("3 号窗口")
    bar.set_pill("open", "营业中")
    today = (Run("今日", 15, token="ink2"), Run("18", 15, True, gap=5), Run("人", 15, token="ink2", gap=5))
    bar.set_items([TopItem(runs=today), TopItem("王芳", rule=True)])
    bar.set_clock("10:42")
    bar.add_button(SecondaryButton(look, "暂停", icon="pause", key="F10", height=40, px=15))
    column.addWidget(bar)
    body = QHBoxLayout()
    column.addLayout(body, 1)
    stage, rail = QWidget(), Panel(look, "surface", edge="left")
    FixedSize(look, rail, width=400)
    body.addWidget(stage, 1)
    body.addWidget(rail)
    left = QVBoxLayout(stage)
    spread(look, left, (48, 32, 48, 32), 12)
    row(look, left, StatePill(look, "called", "已叫号"), Label(look, "正在播报", px=20, token="ink2"))
    left.addStretch(1)
    left.addWidget(HeroLabel(look, "B031"))
    left.addWidget(Label(look, "业务办理 · 峰谷电申请", px=28, bold=True))
    left.addWidget(Label(look, "等了 17 分钟 · 引导员已看过材料", px=20, token="ink2"))
    left.addStretch(1)
    left.addWidget(PrimaryButton(look, "客户到了，开始办理", key="空格"))
    acts = ButtonRow(look)
    big = {"height": 64, "px": 18}
    acts.set_buttons(
        [
            SecondaryButton(look, "重呼 · 已叫 1 次", icon="speaker", key="F2", **big),
            SecondaryButton(look, "没来，过号", icon="missed", key="F3", **big),
            SecondaryButton(look, "改派", icon="redirect", key="F7", **big),
            IconButton(look, "more", "更多", side=64, framed=True),
        ]
    )
    left.addWidget(acts)
    right = QVBoxLayout(rail)
    spread(look, right, (24, 16, 24, 16), 8)
    row(look, right, Label(look, "我能办的 15 人", bold=True), Label(look, "全厅 19 人", px=15, token="ink2"))
    card = NextCard(look)
    card.set_next(
        NextText(
            caption="下一位",
            number="B032",
            service="业务办理 · 更名过户",
            wait="18 分钟",
            level="red",
            class_text="老年人",
        )
    )
    right.addWidget(card)
    tickets = TicketList(look, inset=4)
    tickets.set_rows(WAITING[1:4])
    right.addWidget(tickets, 1)
    right.addWidget(heading(look, "挂起和过号"))
    for state, number, second, act in (
        ("parked", "B026", "去复印 · 6 分钟", "接着办"),
        ("missed", "B027", "过号 · 9 分钟", "恢复"),
    ):
        aside = StackedRow(look, height=52, rule=state == "parked")
        aside.set_row(state, number, second, act)
        right.addWidget(aside)
    return page


class Rating(CanvasWidget):
    """The canvas of the rating: five faces."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, 1280, 800)
        words = ("非常满意", "满意", "基本满意", "不满意", "非常不满意")
        self.faces = [Face(self.look, 5 - number, word) for number, word in enumerate(words)]
        for number, face in enumerate(self.faces):
            self.place(face, QRectF(48 + number * 240.6, 317, 221, 316))
        self.place(SecondaryButton(self.look, "不评价", height=72, px=24), QRectF(1086, 692, 146, 72))

    def paint_canvas(self, painter: Painter) -> None:
        painter.fillRect(QRectF(0, 0, 1280, 84), self.unit.color("surface"))
        painter.words("3 号窗口 · 王芳", self.unit.font(22, bold=True), "ink", 48, 50)
        painter.words("这次服务，您满意吗？", self.unit.font(60, bold=True), "ink", 340, 195)


class Hall(CanvasWidget):
    """A corner of the hall's display: a fresh call."""

    def __init__(self, look: Look) -> None:
        super().__init__(Look(HALL, look.scale, look), 1920, 1080)

    def paint_canvas(self, painter: Painter) -> None:
        painter.box(QRectF(48, 84, 1270, 258), 12, "fresh", edge="ink", width=6)
        painter.words("B031", self.unit.font(224, bold=True), "fresh_ink", 98, 296)
        painter.icon("arrow-left", "fresh_ink", 1030, 230, 40)


PAGES = {"components": components, "guide": guide, "counter": counter, "manager": manager, "setup": setup}
CANVASES = {"rating": Rating, "hall": Hall}
