"""The demonstration: the real programme, with people and a lived-in year that are sample data."""
