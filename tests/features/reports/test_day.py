"""A day's report in Chinese, and what is worth attention in it."""

import pytest

from tests.reports.days import eventful
from tests.reports.figures.test_day import typefaces_are_embedded, written
from tests.reports.figures.test_findings import (
    quiet,  # noqa: F401
    said,
)
from tests.reports.read_back import english


def test_the_page_is_chinese_in_a_chinese_hall(tmp_path):
    page = written(eventful(tmp_path), tmp_path, "zh_CN", printed_by="M1")
    typefaces_are_embedded(tmp_path / "day-zh_CN.pdf")

    for words in (
        "城东供电营业厅",
        "服务厅日报",
        "2026年11月19日 星期四",
        "平均等候",
        "这一天要留意的",
        "每半小时",
        "A 电费缴纳",
        "非常不满意",
        "公平与预计",
        "没有算进去的：作废 1 张",
        "11月20日 8:05 由 赵强 打印 · QueueDesk",
        "1 / 2",
        "附页 1 / 2",
        "仅供管理人员 1 / 2",
    ):
        assert words in page
    assert english(page) == []


@pytest.mark.parametrize(
    ("beyond", "told"), [(20, []), (21, ["21 of 100 waited longer than estimated, on average by 4.2 min."])]
)
def test_missed_promises_are_said_past_a_fifth(quiet, beyond, told):  # noqa: F811
    assert (
        said(quiet, promise={"n": 100, "within": 100 - beyond, "beyond": beyond, "mean_minutes_beyond": 4.21}) == told
    )
