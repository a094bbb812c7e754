"""Every ticket, its history, corrections, paper days, appointments."""
