"""Equipment: what is down and what was, checks before opening."""
