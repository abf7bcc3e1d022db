"""Pages about criteria sets: to read, to compare, and for coordinators to draft and publish."""
