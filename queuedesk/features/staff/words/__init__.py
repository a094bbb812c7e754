"""Sheets, needs of training and sessions in words."""
