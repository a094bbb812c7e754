"""A month of quality: what cases, call-backs, verdicts and inspections come to, with the rows behind each figure."""
