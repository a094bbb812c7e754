"""What each login of a shared hall may do, kept by the database itself."""
