"""What people of a demo's hall type, in English where that is the hall's first language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from queuedesk.core.setup.rows import Setup

ENGLISH: Mapping[str, str] = {
    # indicators
    "总体满意度": "Satisfaction overall",
    "供电可靠": "Reliable supply",
    "缴费便利": "Easy to pay",
    "业务办理": "Matters done",
    "营业厅服务": "Service in the hall",
    "95598 服务": "95598 hotline",
    "客户沟通": "Talking with customers",
    "问题处理": "Problems solved",
    "第三方满意度调查": "Survey by a third party",
    # people
    "计量班": "Metering team",
    "抄表班": "Reading team",
    # training
    "新收费公示怎么讲": "How to explain the new list of fees",
    "新装表要哪些材料": "Which papers a new meter takes",
    "叫号后等一等再叫": "Wait a little before calling again",
    # sheets
    "客户说按错了键，本想按满意": "The customer pressed the wrong key, he said",
    "第二天打电话核实过，是按错": "Confirmed by telephone the next day",
    "客户回去拿房产证，等了一会儿": "The customer went home for the deed; we waited",
    "拿材料的时间本来就可以搁置，仍算": "The ticket could have been set aside; it counts",
    "打印机卡纸，换了一次": "The printer jammed once",
    "那天票据打印机坏了，上月没来得及说": "The printer was broken that day; I said so too late",
    "有记录，那天上午打印机修了半小时": "It is noted: half an hour of repair that morning",
    # cases
    "等得比告知的久": "Waited longer than told",
    "说等十分钟，等了快半小时，也没人来说一声。": "Told ten minutes, waited nearly half an hour, and nobody said a word.",
    "电话致歉": "Apologised by telephone",
    "高峰时增开一个窗口，大屏提前告知": "One window more at the peak, and the display says so ahead",
    "电表箱没关好": "Meter box left open",
    "已派人关好，换了锁": "Somebody closed it and changed the lock",
    "第二张账单电价不对": "Wrong tariff on the 2nd bill",
    "上个月已经说过一次，这个月还是错的。": "I said so last month, and this month it is wrong again.",
    "约好三天内答复": "Promised an answer within three days",
    "已更正账单": "The bill is put right",
    "又要别的材料": "Asked for other papers",
    "第一次来没说要房产证，跑了两趟。": "Nobody mentioned the deed the first time; I came twice.",
    "没讲清楚要带什么": "Not told what to bring",
    "窗口没人告诉我要带原户主的卡，只好再来一趟。": "Nobody at the window told me to bring the former owner's card.",
    "电话联系，约定回访": "Rang, and agreed when to ring again",
    "材料清单现在印在号票上": "The list of papers is printed on the ticket now",
    "新表什么时候来装": "When is the new meter fitted?",
    "夜间店铺用哪档电价": "Which tariff for a shop at night?",
    "叫号听不清": "Calls hard to hear",
    "坐在后排完全听不见。": "From the back row one hears nothing at all.",
    "窗口姑娘特别耐心": "Very patient at the window",
    "帮我妈填完了所有的表。": "She helped my mother with every form.",
    # inspections
    "填单台缺老花镜": "No reading glasses at the desk",
    "窗口没有工牌": "No name plate at the window",
    "公示的收费是去年的": "The fees on the wall are last year's",
    "检查/填单台.jpg": "inspection/desk.jpg",
    "检查/工牌.jpg": "inspection/plate.jpg",
    # improvement projects
    "中午少等": "Shorter waits at noon",
    "中午只开两个窗口": "Only two windows at noon",
    "中午看一小时：开两个窗口和开四个窗口，超时的": "An hour at noon: late calls with two windows and with four",
    "等候时间达标的先提高三个百分点": "First three points more called in time",
    "十一点半到一点错开吃饭，至少开四个窗口": "Breaks one after the other from 11:30 to 1:00, four windows at least",
    "午休轮流，任何时候不少于四个窗口": "Breaks in turn, four windows at any time",
    "每季度看一次中午的等候": "Look at the wait at noon once a quarter",
    "数字怎么说就怎么记，继续看": "It is as the figures say; we go on looking",
    "一次办对": "Right the first time",
    "老人进门没人可问": "Elderly customers have no one to ask",
    "中午引导台没人": "Guide leaves the door at noon",
    "到了窗口才问材料": "Papers asked for only at the window",
    "窗口要的材料不一样": "Clerks ask for different papers",
    "「报装」键看错": "Kiosk key C misread",
    "材料单字太小": "Printed list too small to read",
    "门口看不清指示牌": "Signs can't be read from the door",
    "缴费日人多": "Crowd on pay days",
    "营销系统慢": "Customer system is slow",
    "现场看了两周，每天上午": "Looked at for two weeks, each morning",
    "客户意见": "Customers' remarks",
    "差不多减一半": "About half of it",
    # days, thanks and the forum
    "票据打印机很慢，每张要等半分钟": "The printer is slow, half a minute a slip",
    "大雨，来的人少": "Heavy rain, few people",
    "雨大，还把自己的伞借给我": "Lent me her own umbrella in the rain",
    "小区集中过户，十六人一起来": "Sixteen neighbours came together for a change of name",
    "人这么多，还是一样一样讲清楚了": "So many people, and still every step explained",
    "营销系统反应慢": "The billing system is slow",
    "新员工跟岗，讲解得细": "A new colleague looks on, explaining takes longer",
    "讲得细，一次就办好了": "Well explained, done in one visit",
    "阶梯电价宣讲结束，听众来咨询": "Talk on tiered prices ended, listeners come to ask",
    "过户要带的材料，网上写的和窗口说的不一样": "For a change of name the web page asks for other papers than the window",
    "中午只开两个窗口，等得太久": "Only two windows at noon, the wait is too long",
    # what customers say
    "说等十分钟，等了快半小时。": "Told ten minutes, waited nearly half an hour.",
    "前面叫得很慢，也没人出来说一声。": "Calls came slowly, and nobody told us why.",
    "阶梯电价讲了两遍，我还是没听懂。": "Explained twice, and I still do not understand the tiers.",
    "上次说带身份证就行，这次又要房产证，只好再跑一趟。": "Last time the identity card was enough; now they want the deed too.",
    "问一句就不耐烦。": "One question, and they lost patience.",
    "过户办到一半说系统查不到，让我明天再来。": "Half way through the system found nothing, come back tomorrow.",
    "电脑卡了十几分钟，大家干等。": "The computer hung for ten minutes and everybody waited.",
    "空调太冷，老人受不了。": "The air is too cold for old people.",
    "停车场那边的门太重，轮椅推不动。": "The door to the car park is too heavy for a wheelchair.",
    "缴费机吞了两次卡，窗口查不到。": "The machine kept my card twice, and the window finds nothing.",
    "希望中午也能多开一个窗口。": "Please open one window more at noon.",
    "老人看不清单子，姑娘一项一项念给我听，谢谢。": "I could not read the form; she read every line to me. Thank you.",
    "说等十分钟，等了二十五分钟，差点误了班车。": "Told ten minutes, waited twenty-five. I nearly missed my bus.",
    "第二张账单为什么高，没人说得清。": "Nobody could tell me why the second bill was higher.",
    "什么也没说就让我走了。": "I was sent away without a word.",
    "同一张表跑了两趟，还没办好。": "Came twice for the same form, still not done.",
    "刷卡机坏了，又没有别的交费办法。": "The card machine failed and there was no other way to pay.",
    "椅子太少，好多人靠墙站着。": "Too few chairs, people stood along the wall.",
    "给我画了充电桩装在哪里，清楚又快。": "The clerk drew me where the charger goes. Clear and quick.",
    "门口牌子上还是去年的营业时间。": "The sign at the gate still shows last year's opening hours.",
}


def typed(setup: Setup, text: str) -> str:
    """Return what somebody types, in the hall's first language."""
    return ENGLISH.get(text, text) if setup.hall.lang == "en" else text


def either(setup: Setup, chinese: str, english: str) -> str:
    """Return what somebody types of what a feature says in both languages."""
    return english if setup.hall.lang == "en" else chinese


def put_in_english(ready: dict[str, Any]) -> None:
    """Make English the first language of a set-up's file, and of the names that have no English one beside them."""
    english = {one["name"]: one["name_en"] for one in ready["staff"]}
    hall = ready["hall"]
    hall |= {"lang": "en", "report_owner": english.get(hall["report_owner"], hall["report_owner"])}
    for one in ready["staff"]:
        if "department" in one:
            one["department"] = ENGLISH.get(one["department"], one["department"])
