"""Shares this PC's hall with other PCs, or joins one."""
