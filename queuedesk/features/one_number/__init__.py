"""One number a person at the front desk; the rule itself is the hall's (desk/queue/issuing.py)."""
