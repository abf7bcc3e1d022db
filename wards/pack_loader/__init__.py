"""Writing packs into the database: what is new is added, what differs is settled or refused."""
