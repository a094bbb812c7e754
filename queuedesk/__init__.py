"""QueueDesk: the front desk of a service hall, with nothing but its own PCs."""

__version__ = "0.1.0"
