"""The manager's page of other channels."""
