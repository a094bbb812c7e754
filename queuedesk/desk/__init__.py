"""What people do: one function is one transaction."""
