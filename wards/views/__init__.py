"""Pages of the working calendar and of the tokens of the API."""
