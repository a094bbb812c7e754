"""The report of an improvement project, and its pictures on screen and on paper."""
