"""The demo's hall, the days of its story, the day that is shown, and the hall of a trial."""
