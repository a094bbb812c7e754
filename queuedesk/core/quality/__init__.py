"""What customers say of their visits and what the hall does about it: reasons, comments, cases with deadlines."""
