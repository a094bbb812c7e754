"""Gives stations and commands what lies in layers beside theirs: printing, reports, voice."""
