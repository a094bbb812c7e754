"""The demo's hall, the days of its story, and the day that is shown."""
