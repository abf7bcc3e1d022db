"""What is done to places and postings; each verb takes `by=` and `now=`."""
