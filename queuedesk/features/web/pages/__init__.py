"""The windows of the web: its page of the set-up, and cases at the front desk and in the manager."""
