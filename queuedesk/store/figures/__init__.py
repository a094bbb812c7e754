"""The rows that figures are made from."""
