"""What front desk, counter and manager share: messages, calls for help, emergencies."""
