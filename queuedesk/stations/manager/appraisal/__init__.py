"""The person's sheet in the manager's station."""
