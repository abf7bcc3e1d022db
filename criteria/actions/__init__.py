"""What coordinators do with criteria sets, each in one transaction with its audit entry."""
