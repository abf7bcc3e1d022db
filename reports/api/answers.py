"""What the API answers, as its description says it. Keys may be added; none is renamed."""

from datetime import date, datetime

from ninja import Schema
from pydantic import Field


class Problem(Schema):
    """Why there is no answer."""

    code: str = Field(description="For the machine: not_found, invalid_parameter …")
    message: str = Field(description="One Vietnamese sentence for the person who keeps it.")


class Dated(Schema):
    """What every answer says of itself."""

    as_of: date = Field(description="The figures speak of the end of this day.")
    generated_at: datetime = Field(description="When they were computed.")


class Page(Dated):
    """One page of a list."""

    page: int
    page_size: int
    count: int = Field(description="Rows on all pages together.")


class Place(Schema):
    """A province, or a district of old."""

    code: str
    name: str


class Document(Schema):
    """A legal document."""

    code: str
    number: str
    issued_on: date | None


class CriteriaSetName(Schema):
    """A criteria set (bộ tiêu chí)."""

    code: str
    name: str


class ProgrammeFacts(Schema):
    """A programme (chương trình, Đề án)."""

    code: str
    name: str
    document: Document
    province: Place | None = Field(description="Null: a programme of the whole country.")
    unit_kinds: list[str] = Field(description="ward, commune, township, special")
    starts: int
    ends: int
    counts_as_met: str = Field(description="recognised, verified or self_assessed")
    criteria_set: CriteriaSetName | None


class RoundFacts(Schema):
    """A round (kỳ đánh giá)."""

    year: int
    deadline: datetime
    criteria_set: str


class ProgrammeDetails(ProgrammeFacts):
    """A programme with its rounds, the latest first."""

    rounds: list[RoundFacts]


class UnitFacts(Schema):
    """A commune-level unit. Codes are used again over time: code and `valid_from` are the key."""

    code: str
    name: str
    kind: str = Field(description="ward, commune, township, special")
    province: Place
    district: Place | None
    valid_from: date | None = Field(description="Null: since before records begin.")
    valid_to: date | None = Field(description="The last day, as known today; null: in force.")
    key_area: bool = Field(description="Địa bàn trọng điểm, phức tạp.")


class Count(Schema):
    """So many of so many."""

    met: int
    of: int


class StandingRow(Schema):
    """How one unit stands: what `manage.py standing --json` prints."""

    code: str
    name: str
    self: Count = Field(description="Criteria met by the unit's own assessment.")
    verified: Count = Field(description="Criteria met as the province concluded.")
    recognised: Count = Field(description="1 of 1 while a recognition is in force.")
    status: str | None = Field(description="Status of the file; null before a round is opened.")
    blockers: list[str] = Field(description="What is in the way, one Vietnamese sentence each.")


class RoadmapRow(Schema):
    """One target date: what `manage.py roadmap --json` prints."""

    by: date
    scope: str
    as_approved: str
    required: int
    of: int
    roster_now: int
    required_now: int
    recognised: int
    verified: int
    self_assessed: int
    state: str = Field(description="on_track, behind, met, missed, future")
    document: str
    document_number: str
    year: int
    scope_label: str
    state_label: str
    additional: int | None
    roster_then: int
    required_then: int
    achieved: int
    difference: int
    text: str
    stated_size: int | None
    stated_size_text: str


class Part(Schema):
    """What of a programme an answer speaks of."""

    part: Place | None = Field(
        description="The province whose part of a national programme this is; null: all of it."
    )


class Programmes(Page):
    """Programmes of which the token reads all or a part."""

    items: list[ProgrammeFacts]


class OneProgramme(Dated, Part):
    """One programme."""

    programme: ProgrammeDetails


class Units(Page, Part):
    """Units in a programme's scope."""

    items: list[UnitFacts]


class Standings(Page, Part):
    """Standings of a round's units."""

    year: int | None = Field(description="Year of the round; null when none is opened.")
    items: list[StandingRow]


class Roadmap(Page, Part):
    """Rows of a roadmap."""

    items: list[RoadmapRow]
