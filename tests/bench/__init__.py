"""What `make bench` runs: measurements, never timed tests. README says how to read them."""
