"""What the manager's pages share."""
