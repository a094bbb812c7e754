"""Announcements, messages, calls for help, notices, devices."""
