"""Pages of the ground floor: notices, and mails that did not arrive."""
