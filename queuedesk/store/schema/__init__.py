"""The tables. What features add to the log is read before any of them: what is made of these tables knows it then."""

from queuedesk.core.log.apply import load_rules

load_rules()
