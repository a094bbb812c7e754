"""The manager's page of the equipment, and the checks before a window opens."""
