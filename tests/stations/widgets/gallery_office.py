"""The office pages of the gallery: the manager's day and the set-up."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.charts.bar_rows import BarRow
from queuedesk.core.charts.waits import WaitsOverTickets
from queuedesk.stations.widgets.buttons import (
    PrimaryButton,
)
from queuedesk.stations.widgets.cards import WindowCard, WindowText
from queuedesk.stations.widgets.charts.bars import BarRows
from queuedesk.stations.widgets.charts.chart_view import ChartView
from queuedesk.stations.widgets.charts.figures import FigureStrip
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.lists.strips import Banner, Figure
from queuedesk.stations.widgets.lists.tiles import ChoiceCard, PaperRow, ToggleChoice
from queuedesk.stations.widgets.panels import Card, EmptyState, LetterBadge, Panel, Rule, spread
from queuedesk.stations.widgets.questions.forms import FormField
from queuedesk.stations.widgets.topbar import SideNav
from queuedesk.stations.window.style import Look
from tests.stations.widgets.gallery_parts import row


def chart_data() -> WaitsOverTickets:
    """The chart of the drawing."""
    waits = [4, 9, 11.5, 10.5, 9.5, *[None] * 13]
    bars = [20, 33, 36, 29, 11, *[None] * 13]
    usual = [18, 28, 30, 27, 26, 20, 11, 7, 6, 9, 19, 27, 29, 25, 18, 13, 8, 4]
    hours = [(1 + 2 * number, f"{9 + number}:00") for number in range(9)]
    return WaitsOverTickets(
        title="来了多少人，等了多久",
        line_title="平均等候，分钟",
        bar_title="每半小时取号，张",
        line=waits,
        bars=bars,
        past_bars=usual,
        labels=hours,
        target=15,
        target_text="目标 15 分钟",
        now=4.9,
        now_text="现在",
        running=4,
        legend="今天",
        past_legend="往常周五",
    )


def manager(look: Look) -> QWidget:
    """The manager's day."""
    page = Panel(look)
    line = QHBoxLayout(page)
    spread(look, line)
    nav = SideNav(look, "QueueDesk")
    nav.set_entries([("today", "chart", "今日"), ("tickets", "ticket", "号票"), ("setup", "gear", "设置")])
    nav.set_current("today")
    nav.set_foot(["城东供电营业厅", "值班经理 赵强"])
    line.addWidget(nav)
    column = QVBoxLayout()
    spread(look, column, (32, 8, 32, 20), 12)
    line.addLayout(column, 1)
    date = Label(look, "11月20日 周五 · 10:42 · 实时", px=17, token="ink2")
    report = PrimaryButton(look, "日报", icon="document", height=48, px=17)
    row(look, column, Label(look, "今日", px=28, bold=True, elide=False), date, report)
    alert = Banner(look, stacked=True)
    alert.set_banner("red", "B 业务办理等得久", "最久 18 分钟，目标 15 分钟", button="去看看")
    column.addWidget(alert)
    strip = FigureStrip(look)
    strip.set_figures(
        [
            Figure("正在等候", "19", "人", "已取号 129 · 办结 99"),
            Figure("平均等候", "9.6", "分钟", "目标 15 分钟以内"),
            Figure("15 分钟内叫到", "81", "%", "目标 80 %"),
            Figure("开着的窗口", "5", "个", "4 号暂停 7 分钟"),
            Figure("满意率", "94.8", "%", "58 人评 · 86–98 % 之间"),
        ]
    )
    column.addWidget(strip)
    cards = [
        WindowText(number="1 号", staff="张敏", ticket="A057", state="serving", word="办理", time="2:10"),
        WindowText(number="3 号", staff="王芳", ticket="B031", state="called", word="已叫号", time="0:12"),
        WindowText(number="4 号", staff="陈静", state="paused", word="暂停 · 短休", time="7:05", away=True),
        WindowText(number="5 号", staff="刘洋", ticket="C012", state="serving", word="办理", time="24:30", late=True),
    ]
    row(look, column, *(WindowCard(look, card) for card in cards), stretch=False)
    chart = ChartView(look, height=377, least=200)
    chart.set_chart(chart_data().chart())
    ratings = Card(look)
    inside = QVBoxLayout(ratings)
    spread(look, inside, (18, 12, 18, 12), 4)
    inside.addWidget(Label(look, "今日评价", bold=True))
    bars = BarRows(look)
    levels = (("非常满意", 34), ("满意", 15), ("基本满意", 6), ("不满意", 2), ("非常不满意", 1))
    colours = {word: "red" if "不" in word else "primary" for word, count in levels}
    bars.set_rows(
        "今日评价",
        [BarRow(word=word, value=count, number=str(count), colour=colours[word]) for word, count in levels],
    )
    inside.addWidget(bars)
    inside.addWidget(EmptyState(look, "waiting", "A、B 现在没有人等", "C 还有 3 人，由 5、6 号窗口办"))
    lower = QHBoxLayout()
    spread(look, lower, spacing=12)
    lower.addWidget(chart, 3)
    lower.addWidget(ratings, 2)
    column.addLayout(lower, 1)
    return page


def setup(look: Look) -> QWidget:
    """Fields and choices of the set-up, presets of the wizard, papers of the guide."""
    page = Panel(look)
    column = QVBoxLayout(page)
    spread(look, column, (32, 20, 32, 20), 12)
    row(look, column, LetterBadge(look, "B", side=44), Label(look, "业务办理", px=28, bold=True))
    name, last = FormField(look, "名称"), FormField(look, "最后取号", hint="跨天从 001 重新开始")
    name.set_value("业务办理")
    last.set_value("17:40")
    last.set_error("最后取号晚于下班 17:30，请改早一些")
    row(look, column, name, last, FormField(look, "字母", hint="号票开头"), stretch=False)
    windows = []
    for number in range(1, 7):
        choice = ToggleChoice(look, f"{number} 号", height=46, px=17)
        choice.setChecked(number > 2)
        windows.append(choice)
    row(look, column, *windows)
    presets = (
        ("bolt", "供电营业厅", "电费缴纳、业务办理、报装、咨询"),
        ("bank", "银行网点", "对私现金、非现金、对公、理财"),
    )
    cards = [ChoiceCard(look, icon, title, (what, "6 个窗口 · 4 类业务 · 8:30–17:30")) for icon, title, what in presets]
    cards[0].setChecked(True)
    row(look, column, *cards, stretch=False)
    row(look, column, *(ChoiceCard(look, "person", "引导台", ("迎客、取号、查材料",)) for _ in range(3)), stretch=False)
    column.addWidget(Rule(look))
    papers = [PaperRow(look, "新户主身份证", "原件"), PaperRow(look, "房产证或购房合同", "原件或复印件")]
    papers[0].setChecked(True)
    for paper in papers:
        column.addWidget(paper)
    column.addStretch(1)
    return page
