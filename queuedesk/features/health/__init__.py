"""Whether all is well: twelve alarms for whoever looks after the hall, in a window, as a command, and for a monitor."""
