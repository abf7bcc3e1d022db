"""How a file stood on any day, told by what is stored of it: derived once, kept with each write."""
