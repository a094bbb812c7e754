"""The rule of a hall's order in words."""

import pytest

from queuedesk.core.queue.dispatch import CREDIT, CREDIT_DOUBLE, PRIORITY_FIRST, Rule
from queuedesk.i18n.queue.line_words import rule_text


@pytest.mark.parametrize("order", [CREDIT, CREDIT_DOUBLE, PRIORITY_FIRST])
def test_where_every_call_may_be_a_jump_no_share_is_told(order):
    assert rule_text(Rule(order=order, jump_every=1), "en").endswith("any call may go ahead by priority")
    assert rule_text(Rule(order=order, jump_every=3), "en").endswith("at most one call in 3 goes ahead by priority")
    assert rule_text(Rule(order=order, jump_every=1), "zh_CN").endswith("每 1 次叫号最多提前一次")
