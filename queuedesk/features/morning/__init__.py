"""Morning: the day's briefing; the hall opened and closed by a sheet."""
