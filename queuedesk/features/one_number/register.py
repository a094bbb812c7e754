"""What the rule of one number a person adds to the front desk of every hall."""

from queuedesk.core.features import Feature

FEATURE = Feature(
    name="one_number", of_halls=False, before_ticket="features.one_number.pages:ask_whose_ticket_if_rule_on"
)
