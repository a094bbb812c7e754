"""Windows needed: forecast, roster, what if."""
