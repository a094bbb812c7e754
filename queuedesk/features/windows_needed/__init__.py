"""Windows needed: forecast and roster."""
