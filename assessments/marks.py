"""Triggers that give a file another mark whenever it changes (`assessments.models.FileMark`).

The row of a mark is written by whoever holds the row of its file already, so nobody waits for a
mark who would not have waited for the file. Marks are random and below 2^31: thousands of them add
up within 64 bits.
"""

RANDOM = {
    "postgresql": "floor(random() * 2147483648)",
    "sqlite": "abs(random() % 2147483648)",
}
OPENED = """
    INSERT INTO assessments_filemark (assessment_id, round_id, province_id, states, drafts)
    SELECT NEW.id, NEW.round_id, province_id, RANDOM, RANDOM FROM wards_unit WHERE id = NEW.unit_id
"""
CHANGED = """
    UPDATE assessments_filemark SET
        round_id = NEW.round_id,
        province_id = (SELECT province_id FROM wards_unit WHERE id = NEW.unit_id),
        drafts = RANDOM
    WHERE assessment_id = NEW.id
"""
MOVED = """
    UPDATE assessments_filemark SET province_id = NEW.province_id
    WHERE assessment_id IN (SELECT id FROM assessments_assessment WHERE unit_id = NEW.id)
"""
TOLD = "UPDATE assessments_filemark SET states = RANDOM WHERE assessment_id = NEW.assessment_id"
TRIGGERS = {
    "assessments_assessment_opened": ("INSERT ON assessments_assessment", OPENED),
    "assessments_assessment_changed": ("UPDATE ON assessments_assessment", CHANGED),
    "wards_unit_moved": ("UPDATE OF province_id ON wards_unit", MOVED),
}
"""The event and the statement of each trigger, by its name."""
for _table in ("assessments_filestate", "assessments_deadlineextension"):
    TRIGGERS |= {
        f"{_table}_made": (f"INSERT ON {_table}", TOLD),
        f"{_table}_changed": (f"UPDATE ON {_table}", TOLD),
        f"{_table}_gone": (f"DELETE ON {_table}", TOLD.replace("NEW", "OLD")),
    }


def create(vendor: str) -> list[str]:
    """The statements that make files leave marks."""
    return [
        statement
        for name, (event, body) in TRIGGERS.items()
        for statement in _create(vendor, name, event, body.replace("RANDOM", RANDOM[vendor]))
    ]


def _create(vendor: str, name: str, event: str, body: str) -> list[str]:
    if vendor == "postgresql":
        return [
            f"CREATE FUNCTION {name}() RETURNS trigger AS $$ BEGIN {body}; RETURN NULL; END $$ "
            "LANGUAGE plpgsql",
            f"CREATE TRIGGER {name} AFTER {event} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ]
    return [f"CREATE TRIGGER {name} AFTER {event} FOR EACH ROW BEGIN {body}; END"]


def drop(vendor: str) -> list[str]:
    """The statements that undo `create`."""
    if vendor == "postgresql":
        return [f"DROP FUNCTION {name}() CASCADE" for name in TRIGGERS]
    return [f"DROP TRIGGER {name}" for name in TRIGGERS]
