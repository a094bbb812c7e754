"""Shares a hall between PCs."""
