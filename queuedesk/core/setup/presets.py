"""The kinds of hall that the program brings a set-up for: resources/presets has a file for each."""

from queuedesk.core.setup.fields import Wording

PRESETS = {
    "power": Wording("Power supply hall"),
    "bank": Wording("Bank branch"),
    "clinic": Wording("Clinic or hospital"),
    "government": Wording("Government service hall"),
}
"""What each is called, in the order in which they are offered."""
