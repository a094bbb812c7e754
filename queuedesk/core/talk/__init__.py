"""What the hall says: calls, notices, messages, calls for help, and the devices that say it."""
