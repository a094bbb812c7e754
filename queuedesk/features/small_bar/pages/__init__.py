"""The bar, and what switches between it and the full window."""
