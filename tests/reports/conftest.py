"""Trà Vinh as it was and became: eleven wards, two reorganisations, the roadmap of QĐ 1578."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from assessments.deriving.keeping import derive
from assessments.models import (
    Assessment,
    CriterionResult,
    Decision,
    Recognition,
    Submission,
    Transition,
    Verdict,
)
from assessments.workflow import Status
from criteria.models import (
    CriteriaSet,
    Measure,
    Programme,
    Round,
    Target,
    TargetRevision,
    TargetScope,
)
from criteria.scale import COUNTS_AS_MET, Outcome
from tests import cast
from tests.cast import make_criteria_set
from wards.models import (
    District,
    LegalDocument,
    Province,
    Reorganisation,
    Succession,
    Unit,
)

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
MERGED = date(2025, 1, 1)
REFORMED = date(2025, 7, 1)
LAST_OLD = {"2": date(2024, 12, 31), "6": date(2024, 12, 31)}
CODES = {
    "1": "29239",
    "2": "29245",
    "3": "29242",
    "4": "29236",
    "5": "29248",
    "6": "29251",
    "7": "29254",
    "8": "29257",
    "9": "29260",
}
SUCCESSORS = {
    "Trà Vinh": ("29242", ("P1", "P3", "P9")),
    "Long Đức": ("29263", ("P4",)),
    "Hòa Thuận": ("29398", ("P5",)),
    "Nguyệt Hóa": ("29254", ("P7", "P8")),
    "Duyên Hải": ("29512", ("D1",)),
    "Trường Long Hòa": ("29516", ("D2",)),
}
STEPS = (2, 1, 1, 1, 2, 2, 1, 1)
"""2023 is a level ("có 02/11"); every later year adds ("có thêm")."""


def at(day: date, hour: int = 9) -> datetime:
    """A moment of a Vietnamese day."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=VIETNAM)


@dataclass
class TraVinh:
    """The programme, its wards by short name (P1 … P9, D1, D2), and what happens to their files."""

    programme: Programme
    province: Province
    new_province: Province
    criteria_set: CriteriaSet
    clerk: User
    wards: dict[str, Unit] = field(default_factory=dict)
    successors: dict[str, Unit] = field(default_factory=dict)
    files: dict[tuple[str, int], Assessment] = field(default_factory=dict)
    receipts: int = 0

    @property
    def codes(self) -> list[str]:
        """The codes of the criteria."""
        return list(self.criteria_set.criteria.values_list("code", flat=True))

    def unit(self, name: str) -> Unit:
        """A ward of old or a successor."""
        return self.wards.get(name) or self.successors[name]

    def open(self, year: int, on: date, names: list[str] | None = None) -> Round:
        """A round with a file for every ward (or those named), due before 15/11."""
        round_ = Round.objects.create(
            programme=self.programme,
            year=year,
            criteria_set=self.criteria_set,
            window_starts=date(year - 1, 11, 16),
            window_ends=date(year, 11, 15),
            deadline=at(date(year, 11, 15), hour=0),
            opened_at=at(on),
        )
        for name in names if names is not None else list(self.wards):
            self.files[name, year] = Assessment.objects.create(
                round=round_, unit=self.unit(name), opened_at=at(on), due_at=round_.deadline
            )
            ordered = self.criteria_set.criteria.order_by("group__position", "position")
            for place, criterion in enumerate(ordered):
                CriterionResult.objects.create(
                    assessment=self.files[name, year], criterion=criterion, place=place
                )
            self.derive(self.files[name, year])
        return round_

    def move(self, file: Assessment, target: Status, on: date, comment: str = "") -> None:
        """One change of status."""
        Transition.objects.create(
            assessment=file,
            source=file.status,
            target=target,
            event="-",
            comment=comment,
            made_at=at(on),
            made_by=self.clerk,
        )
        file.status = target
        file.save(update_fields=["status", "verified_at", "verified_by"])
        self.derive(file)

    def derive(self, *files: Assessment) -> None:
        """What the actions do at the end of each."""
        with transaction.atomic():
            derive([file.pk for file in files])

    def answer(
        self, name: str, year: int, on: date, outcomes: Mapping[str, tuple[Outcome, str]]
    ) -> None:
        """The station's results, as the engine would leave them."""
        file = self.files[name, year]
        if file.status == Status.NOT_STARTED:
            self.move(file, Status.IN_PROGRESS, on)
        for code, (outcome, reason) in outcomes.items():
            file.results.filter(criterion__code=code).update(
                outcome=outcome, reason=reason, updated_at=at(on), updated_by=self.clerk
            )
        self.derive(file)

    def hand_in(
        self,
        name: str,
        year: int,
        on: date,
        found: Mapping[str, tuple[Outcome, str]] | None = None,
        moment: datetime | None = None,
    ) -> Submission:
        """Answer everything (met, unless found otherwise) and submit, at noon or at `moment`."""
        file = self.files[name, year]
        met = dict.fromkeys(self.codes, (Outcome.MET, "Đạt."))
        self.answer(name, year, on, met | dict(found or {}))
        self.move(file, Status.SUBMITTED, on)
        snapshot = {
            "criteria": {
                row.criterion.code: {"outcome": row.outcome, "reason": row.reason}
                for row in file.results.select_related("criterion")
            }
        }
        self.receipts += 1
        submission = Submission.objects.create(
            assessment=file,
            number=file.submissions.count() + 1,
            receipt=f"TN{self.receipts}",
            submitted_at=moment or at(on),
            submitted_by=self.clerk,
            met=sum(row["outcome"] in COUNTS_AS_MET for row in snapshot["criteria"].values()),
            of=len(snapshot["criteria"]),
            snapshot=snapshot,
            sha256="0" * 64,
        )
        self.derive(file)
        return submission

    def take_back(self, name: str, year: int, on: date) -> None:
        """The station withdraws its file."""
        self.move(self.files[name, year], Status.IN_PROGRESS, on)

    def review(
        self,
        name: str,
        year: int,
        on: date,
        target: Status,
        rulings: Mapping[str, tuple[Decision, Outcome, str]] | None = None,
    ) -> None:
        """Verdicts on all criteria (accepted, unless ruled otherwise), then the status given."""
        file = self.files[name, year]
        if file.status == Status.SUBMITTED:
            self.move(file, Status.UNDER_REVIEW, on)
        submission = file.submissions.order_by("-number")[0]
        for result in file.results.select_related("criterion"):
            decision, outcome, comment = (rulings or {}).get(
                result.criterion.code, (Decision.ACCEPT, Outcome(result.outcome), "")
            )
            Verdict.objects.update_or_create(
                submission=submission,
                criterion=result.criterion,
                defaults={
                    "decision": decision,
                    "outcome": outcome,
                    "comment": comment,
                    "decided_at": at(on),
                    "decided_by": self.clerk,
                },
            )
        if target != Status.UNDER_REVIEW:
            if target == Status.VERIFIED:
                file.verified_at, file.verified_by = at(on), self.clerk
            self.move(file, target, on)
        self.derive(file)

    def verify(self, name: str, year: int, on: date) -> None:
        """The province concludes that everything handed in is so."""
        self.review(name, year, on, Status.VERIFIED)

    def recognise(
        self, name: str, year: int, on: date, *, revoked_on: date | None = None
    ) -> Recognition:
        """A decision of the Minister."""
        document, _ = LegalDocument.objects.get_or_create(
            code=f"QD-{on}", defaults={"number": f"{on:%d%m}/QĐ-BCA", "issued_on": on}
        )
        return Recognition.objects.create(
            programme=self.programme,
            unit=self.unit(name),
            document=document,
            decided_on=on,
            for_year=year,
            revoked_on=revoked_on,
            recorded_at=at(on),
            is_sample=True,
        )

    def revise(self, on: date, **targets: object) -> TargetRevision:
        """A later decision with one target."""
        document = LegalDocument.objects.create(
            code=f"DC-{on}", number=f"{on:%d%m}/QĐ-UBND", issued_on=on
        )
        revision = TargetRevision.objects.create(programme=self.programme, on=on, document=document)
        self.target(revision=revision, **targets)
        return revision

    def target(self, **fields: object) -> Target:
        """One more target."""
        position = self.programme.targets.count() + 1
        return Target.objects.create(programme=self.programme, position=position, **fields)


@pytest.fixture
def tra_vinh(db: None) -> TraVinh:
    """Everything as approved on 20/10/2023, with what the resolutions of 2025 made of it."""
    province = Province.objects.create(
        code="84", name="Trà Vinh", kind="province", valid_to=date(2025, 6, 30)
    )
    new_province = Province.objects.create(code="86", name="Vĩnh Long", kind="province")
    city = District.objects.create(code="842", name="Trà Vinh", kind="city", province=province)
    town = District.objects.create(code="851", name="Duyên Hải", kind="town", province=province)
    wards = {
        f"P{number}": Unit.objects.create(
            code=code,
            name=f"Phường {number}",
            kind="ward",
            province=province,
            district=city,
            valid_to=LAST_OLD.get(number, date(2025, 6, 30)),
        )
        for number, code in CODES.items()
    }
    for number, code in (("1", "29512"), ("2", "29516")):
        wards[f"D{number}"] = Unit.objects.create(
            code=code,
            name=f"Phường {number}",
            kind="ward",
            province=province,
            district=town,
            valid_to=date(2025, 6, 30),
        )
    resolution = LegalDocument.objects.create(
        code="NQ-1687", number="1687/NQ-UBTVQH15", issued_on=date(2025, 6, 16)
    )

    def merge(on: date, sources: tuple[str, ...], into: Unit) -> None:
        reorganisation = Reorganisation.objects.create(on=on, kind="merge", document=resolution)
        for source in sources:
            Succession.objects.create(
                reorganisation=reorganisation, predecessor=wards[source], successor=into
            )

    merge(MERGED, ("P2", "P6"), wards["P3"])
    successors = {}
    for name, (code, sources) in SUCCESSORS.items():
        successors[name] = Unit.objects.create(
            code=code,
            name=f"phường {name}",
            kind="ward",
            province=new_province,
            valid_from=REFORMED,
        )
        merge(REFORMED, sources, successors[name])
    document = LegalDocument.objects.create(
        code="QD-1578",
        number="1578/QĐ-UBND",
        issued_on=date(2023, 10, 20),
        issuer="UBND tỉnh Trà Vinh",
        title="Ban hành Đề án",
    )
    criteria_set = make_criteria_set()
    programme = Programme.objects.create(
        code="tra-vinh-2023",
        name="Đề án",
        document=document,
        province=province,
        unit_kinds=["ward"],
        starts=2023,
        ends=2030,
        criteria_set=criteria_set,
        inputs_due="11-15",
        report={"name": "CÔNG AN TỈNH TRÀ VINH", "symbol": "BC-CAT-PTM"},
    )
    programme.roster.set(wards.values())
    clerk = User.objects.create_user(username="thao", full_name="Phạm Phương Thảo", password=None)
    found = TraVinh(programme, province, new_province, criteria_set, clerk, wards, successors)
    for year, step in zip(range(2023, 2031), STEPS, strict=True):
        found.target(
            by=date(year, 12, 31),
            measure=Measure.LEVEL if year == 2023 else Measure.ADDITIONAL,
            value=step,
            text=f"Năm {year}",
        )
    found.target(
        by=date(2025, 12, 31),
        measure=Measure.PERCENT,
        value=100,
        scope=TargetScope.DISTRICT,
        scope_code="851",
    )
    found.target(measure=Measure.NEW_UNITS, value=1)
    return found


@pytest.fixture
def many_wards(db: None) -> Callable[..., Programme]:
    """A programme of so many wards, each with a file handed in, verified and recognised."""

    def make(number: int, *, with_files: bool = True) -> Programme:
        province = Province.objects.create(code=f"N{number}", name="Nghệ An", kind="province")
        criteria_set = make_criteria_set(f"TC-{number}")
        document = LegalDocument.objects.create(
            code=f"KH-{number}", number=f"{number}/KH", issued_on=date(2023, 1, 3)
        )
        programme = Programme.objects.create(
            code=f"nghe-an-{number}",
            name="Kế hoạch",
            document=document,
            province=province,
            unit_kinds=["ward"],
            starts=2023,
            ends=2030,
            criteria_set=criteria_set,
            inputs_due="11-15",
        )
        clerk = User.objects.create_user(
            username=f"clerk{number}", full_name="Võ Thanh Bình", password=None
        )
        wards = {
            f"W{n}": Unit.objects.create(
                code=f"{number}{n:03d}", name=f"Phường {n}", kind="ward", province=province
            )
            for n in range(number)
        }
        found = TraVinh(programme, province, province, criteria_set, clerk, wards)
        # The receipts of two such programmes must differ.
        found.receipts = number * 1000
        found.target(by=date(2023, 12, 31), measure=Measure.PERCENT, value=30)
        found.target(by=date(2030, 12, 31), measure=Measure.PERCENT, value=100)
        if not with_files:
            return programme
        found.open(2023, date(2023, 2, 1))
        for name in wards:
            found.hand_in(name, 2023, date(2023, 11, 1))
            found.verify(name, 2023, date(2023, 12, 1))
            found.recognise(name, 2023, date(2024, 4, 22))
        return programme

    return make


@pytest.fixture
def address(programme: Programme) -> str:
    """The overview of the programme in the running year."""
    return f"/tong-quan/{programme.code}/{timezone.localdate().year}/"


@pytest.fixture
def provinces(programme: Programme) -> list[Province]:
    """The provinces of today, in name order."""
    return list(Province.objects.filter(valid_to=None).order_by("sort_key"))


@pytest.fixture
def ministry(programme: Programme, sign_in: Callable[[User], Client]) -> Client:
    """The session of somebody who follows the programme at the Ministry."""
    return sign_in(cast.person("bo", "Nguyễn Bộ", Role.MINISTRY_VIEWER))
