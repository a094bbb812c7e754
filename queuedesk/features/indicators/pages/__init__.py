"""The manager's page of yearly indicators."""
