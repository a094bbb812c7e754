"""The manager's pages of sheets and training, and the own work at the counter."""
