"""One number a person at the front desk; the rule itself is the hall's (desk/queue/issuing.py)."""

from queuedesk.core.features import Feature

FEATURE = Feature(
    name="one_number", of_halls=False, before_ticket="features.one_number.pages:ask_whose_ticket_if_rule_on"
)
