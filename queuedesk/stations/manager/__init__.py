"""The manager's station: today at a glance, every ticket's story, the day's report, the set-up."""
