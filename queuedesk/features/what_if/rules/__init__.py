"""A recorded day as numbers, one run of it, and what may be changed with the waits before and after."""
