"""The kiosk: a screen at which customers alone take a ticket."""
