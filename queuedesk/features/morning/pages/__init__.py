"""The manager's page of the morning."""
