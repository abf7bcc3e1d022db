"""What coordinators type about criteria sets."""
