"""A lived-in year: eleven stations at different stages, told through the verbs of service."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType

from assessments.actions import (
    answering,
    assigning,
    evidence,
    extending,
    recognising,
    reviewing,
    revising,
    submitting,
)
from assessments.models import Assessment, Registration, RegistrationSource
from assessments.outcome import AnswerValue
from criteria.models import Criterion, Indicator, Round
from criteria.scale import IndicatorKind
from reports.demo.choice import choose_for_next_year
from reports.demo.commendations import commend_sample
from reports.demo.documents import sample_pdf, sample_picture
from reports.demo.duties import report_duties
from reports.demo.people import Staff, Station
from reports.demo.remedies import plan_remedies
from reports.demo.scenario import spread_over_the_years
from reports.demo.second_look import ADJUSTED, contest, look_again

SAMPLE_NOTE = "Dữ liệu mẫu để xem thử, không phải kết quả thật."
CITED = {"C10", "C16"}
"""Criteria proved by documents that are cited and never uploaded (equipment, listed persons)."""
PICTURED = "C09"


@dataclass(frozen=True, slots=True)
class Found:
    """What a station found: failing and awaited criteria, those left open, those without proof."""

    failing: Mapping[str, str] = field(default_factory=dict)
    """Criterion code → the station's note."""
    awaiting: frozenset[str] = frozenset()
    untouched: frozenset[str] = frozenset()
    unproved: frozenset[str] = frozenset()
    explained: Mapping[str, str] = field(default_factory=dict)
    """Criterion code → why there is no evidence."""


LAND = "Đang lập thủ tục giao đất; trụ sở hiện tại chưa đúng mẫu thiết kế."
GEAR = "Chưa được trang cấp đủ chủng loại theo Thông tư 69/2021/TT-BCA."
PAVEMENT = "Còn hộ kinh doanh lấn chiếm vỉa hè vào giờ cao điểm."

LATE_PAPER = "Báo cáo năm đang chờ Công an tỉnh phê duyệt; sẽ bổ sung ngay khi có (mẫu)."
LOST_PAPER = "Sổ trực ban quý I hư hỏng do mưa bão, có biên bản xác nhận tại đơn vị (mẫu)."

EVERYTHING_MET = Found()
FOUND: dict[str, Found] = {
    "p1": Found(failing={"C09": LAND, "C10": GEAR, "C21": PAVEMENT}),
    "p2": Found(
        failing={"C09": LAND, "C10": GEAR},
        untouched=frozenset({"C17", "C18", "C19", "C20", "C21", "C22"}),
        unproved=frozenset({"C06"}),
        explained={"C11": LATE_PAPER},
    ),
    "p3": EVERYTHING_MET,
    "p4": Found(failing={"C09": LAND, "C10": GEAR}, explained={"C15": LATE_PAPER}),
    "p5": Found(failing={"C09": LAND, "C10": GEAR}, awaiting=frozenset({"C01", "C05"})),
    "p6": Found(failing={"C09": LAND, "C10": GEAR}, awaiting=frozenset({"C01"})),
    "p7": Found(failing={"C10": GEAR}, explained={"C17": LOST_PAPER}),
    "p8": EVERYTHING_MET,
    "p9": EVERYTHING_MET,
    "dh1": Found(
        failing={"C10": GEAR},
        awaiting=frozenset({"C01", "C02", "C03", "C04", "C05"}),
        untouched=frozenset({"C12", "C13", "C14", "C20", "C21", "C22"}),
    ),
}


class Story:
    """Plays the year on a round; `start` is when the round was opened."""

    def __init__(
        self, round_: Round, stations: Mapping[str, Station], staff: Staff, start: datetime
    ) -> None:
        self.round = round_
        self.stations = stations
        self.staff = staff
        self.start = start
        self.criteria = list(round_.criteria_set.criteria.with_indicators())
        self.pdfs = {criterion.code: sample_pdf(criterion) for criterion in self.criteria}

    def play(self) -> None:
        """Bring every station to its stage."""
        for prefix in ("p3", "p8"):
            self._register(prefix)
        for prefix in FOUND:
            self._self_assess(prefix)
        for prefix in ("p3", "p8", "p9", "p6", "p7", "p5", "p4", "p1"):
            self._submit(prefix)
        for prefix in ("p3", "p8", "p9"):
            self._verify(prefix, comment="Hồ sơ đầy đủ, đề nghị công nhận.")
            recognising.propose(
                self._file(prefix), by=self.staff.coordinator, now=self._after(days=130)
            )
        for prefix in ("p3", "p8"):
            self._recognise(prefix)
        commend_sample(self._file("p3"), by=self.staff.coordinator, now=self._after(days=190))
        self._verify(
            "p6",
            comment="Còn 2 tiêu chí phụ thuộc đầu tư, 2 tiêu chí chưa đạt, 1 chờ xếp loại.",
            adjusted=ADJUSTED,
        )
        contest(
            self._file("p6"),
            self.stations["p6"],
            self.staff,
            start=self._after(days=27, minutes=60),
        )
        look_again(self.round, self.staff, start=self._after(days=33))
        self._half_review("p7")
        self._return("p4", {"C15": "Đề nghị bổ sung báo cáo tình hình an ninh, trật tự năm."})
        self._return(
            "p1",
            {
                "C06": "Bổ sung quyết định phân loại cán bộ năm.",
                "C21": "Làm rõ số điểm lấn chiếm còn tồn tại.",
            },
        )
        self._correct_and_resubmit("p1")
        self._give_away("p2")
        self._extend("dh2")
        plan_remedies(self.round, self.stations, self.staff, start=self._after(days=40))
        choose_for_next_year(self.round, self.staff, now=self._after(days=200))
        spread_over_the_years(self.round, self.staff, now=self._after(days=205))
        report_duties(self.round.programme)

    def _file(self, prefix: str) -> Assessment:
        return Assessment.objects.with_places().get(
            round=self.round, unit=self.stations[prefix].unit
        )

    def _after(self, *, days: int, minutes: int = 0) -> datetime:
        return self.start + timedelta(days=days, minutes=minutes)

    def _register(self, prefix: str) -> None:
        Registration.objects.create(
            programme=self.round.programme,
            unit=self.stations[prefix].unit,
            year=self.round.year,
            source=RegistrationSource.SELF,
            is_sample=True,
        )

    def _self_assess(self, prefix: str) -> None:
        found, station, assessment = FOUND[prefix], self.stations[prefix], self._file(prefix)
        for number, criterion in enumerate(self.criteria):
            if criterion.code in found.untouched:
                continue
            now = self._after(days=5 + number // 6, minutes=7 * number)
            answering.save_criterion(
                assessment,
                criterion,
                answers_for(criterion, found),
                note=found.failing.get(criterion.code, ""),
                explanation=found.explained.get(criterion.code, ""),
                version=0,
                by=station.officer,
                now=now,
            )
            without = (
                found.awaiting | found.unproved | found.failing.keys() | found.explained.keys()
            )
            if criterion.code in without:
                continue
            self._prove(assessment, criterion, station, now + timedelta(minutes=3))

    def _prove(
        self, assessment: Assessment, criterion: Criterion, station: Station, now: datetime
    ) -> None:
        if criterion.code in CITED:
            evidence.attach_reference(
                assessment,
                criterion,
                number=f"{criterion.position:02d}/BB-CAP (mẫu)",
                issued_on=date(2023, 10, 30),
                issuer=station.unit.station_name,
                title="Biên bản kiểm tra, xác nhận đủ theo quy định (viện dẫn, không tải lên)",
                by=station.officer,
                now=now,
            )
            return
        evidence.attach_file(
            assessment,
            criterion,
            self.pdfs[criterion.code],
            title=f"Tài liệu mẫu chứng minh tiêu chí {criterion.code}",
            issued_on=date(2023, 10, 30),
            by=station.officer,
            now=now,
        )
        if criterion.code == PICTURED:
            evidence.attach_file(
                assessment,
                criterion,
                sample_picture(station.unit.station_name),
                title="Ảnh trụ sở làm việc",
                by=station.officer,
                now=now,
            )

    def _submit(self, prefix: str) -> None:
        submitting.submit(
            self._file(prefix), by=self.stations[prefix].commander, now=self._after(days=14)
        )

    def _verify(
        self, prefix: str, *, comment: str, adjusted: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        assessment = self._file(prefix)
        now = self._after(days=25)
        reviewing.claim(assessment, by=self.staff.reviewer, now=now)
        for number, criterion in enumerate(self.criteria):
            then = now + timedelta(minutes=6 * number)
            if criterion.code in adjusted:
                self._adjust(assessment, criterion, adjusted[criterion.code], then)
            else:
                self._accept(assessment, criterion, then)
        reviewing.conclude(
            assessment, comment=comment, by=self.staff.reviewer, now=now + timedelta(hours=4)
        )

    def _accept(self, assessment: Assessment, criterion: Criterion, now: datetime) -> None:
        reviewing.save_verdict(
            assessment,
            criterion,
            decision="accept",
            comment="",
            version=0,
            by=self.staff.reviewer,
            now=now,
        )

    def _adjust(
        self, assessment: Assessment, criterion: Criterion, comment: str, now: datetime
    ) -> None:
        reviewing.save_verdict(
            assessment,
            criterion,
            decision="adjust",
            outcome="not_met",
            comment=comment,
            version=0,
            by=self.staff.reviewer,
            now=now,
        )

    def _half_review(self, prefix: str) -> None:
        assessment = self._file(prefix)
        now = self._after(days=27)
        reviewing.claim(assessment, by=self.staff.reviewer, now=now)
        for number, criterion in enumerate(self.criteria[:9]):
            self._accept(assessment, criterion, now + timedelta(minutes=5 * number))

    def _return(self, prefix: str, reasons: Mapping[str, str]) -> None:
        assessment = self._file(prefix)
        now = self._after(days=22)
        reviewing.claim(assessment, by=self.staff.second_reviewer, now=now)
        for number, criterion in enumerate(self.criteria):
            reason = reasons.get(criterion.code)
            reviewing.save_verdict(
                assessment,
                criterion,
                decision="more" if reason else "accept",
                comment=reason or "",
                explanation="rejected" if criterion.code in FOUND[prefix].explained else "",
                version=0,
                by=self.staff.second_reviewer,
                now=now + timedelta(minutes=4 * number),
            )
        reviewing.return_to_station(
            assessment,
            comment="Đề nghị đồng chí bổ sung các tiêu chí nêu trên và nộp lại.",
            by=self.staff.second_reviewer,
            now=now + timedelta(hours=3),
        )

    def _correct_and_resubmit(self, prefix: str) -> None:
        station, assessment = self.stations[prefix], self._file(prefix)
        now = self._after(days=24)
        for code, note in (
            ("C06", "Đã bổ sung quyết định phân loại cán bộ năm 2023 (mẫu)."),
            ("C21", "Còn 2 điểm lấn chiếm; đã lập biên bản và kế hoạch xử lý (mẫu)."),
        ):
            criterion = next(one for one in self.criteria if one.code == code)
            answering.save_criterion(
                assessment,
                criterion,
                answers_for(criterion, FOUND[prefix]),
                note=note,
                version=1,
                by=station.officer,
                now=now,
            )
        self._revise(assessment, "C06", station, now + timedelta(hours=1))
        submitting.submit(self._file(prefix), by=station.commander, now=now + timedelta(hours=2))

    def _revise(self, assessment: Assessment, code: str, station: Station, now: datetime) -> None:
        attachment = assessment.attachments.select_related("evidence").get(
            criterion__code=code, removed_at__isnull=True
        )
        attachment.assessment = assessment
        criterion = next(one for one in self.criteria if one.code == code)
        revising.replace_file(
            attachment,
            sample_pdf(criterion, edition="Bản bổ sung theo yêu cầu của cán bộ thẩm định."),
            revising.details_of(attachment.evidence),
            by=station.officer,
            now=now,
        )

    def _give_away(self, prefix: str) -> None:
        station = self.stations[prefix]
        given = [one for one in self.criteria if one.code in FOUND[prefix].untouched]
        assigning.assign(
            self._file(prefix),
            given,
            station.officer,
            by=station.commander,
            now=self._after(days=9),
        )

    def _extend(self, prefix: str) -> None:
        extending.extend_deadline(
            self.round,
            [self._file(prefix).pk],
            until=self.round.deadline + timedelta(days=7),
            reason="Đơn vị di dời trụ sở, máy móc chưa lắp đặt xong (mẫu).",
            approver="Thủ trưởng Công an tỉnh (mẫu)",
            by=self.staff.coordinator,
            now=self._after(days=20),
        )

    def _recognise(self, prefix: str) -> None:
        recognising.recognise(
            self._file(prefix),
            number="MẪU-01/QĐ-BCA",
            decided_on=date(2024, 4, 22),
            issuer="Bộ Công an",
            title="Quyết định công nhận (dữ liệu mẫu)",
            note=SAMPLE_NOTE,
            by=self.staff.coordinator,
            now=self._after(days=190),
            is_sample=True,
        )


def answers_for(criterion: Criterion, found: Found) -> dict[int, AnswerValue]:
    """Believable answers: everything met, but for one failing indicator where the story says so."""
    indicators = list(criterion.indicators.all())
    answers = {indicator.pk: _met(indicator) for indicator in indicators}
    first = indicators[0]
    if criterion.code in found.failing:
        answers[first.pk] = _failing(first)
    if criterion.code in found.awaiting:
        for indicator in indicators:
            if indicator.kind == IndicatorKind.TITLE:
                answers[indicator.pk] = AnswerValue(state="awaiting")
    return answers


def _met(indicator: Indicator) -> AnswerValue:
    if indicator.kind == IndicatorKind.TITLE:
        return AnswerValue(level=indicator.at_least_level, decision="QĐ mẫu, tháng 12/2023")
    if indicator.kind == IndicatorKind.YES_NO:
        return AnswerValue(yes=True)
    if indicator.kind == IndicatorKind.COUNT:
        return AnswerValue(number=indicator.at_least or Decimal(0))
    whole = Decimal(1200 if indicator.unit_label == "m²" else 120)
    part = max(indicator.at_least or Decimal(0), Decimal(12)) * whole / 100
    return AnswerValue(numerator=part, denominator=whole)


def _failing(indicator: Indicator) -> AnswerValue:
    answer = _met(indicator)
    if indicator.kind == IndicatorKind.YES_NO:
        return replace(answer, yes=False)
    if indicator.kind == IndicatorKind.RATIO:
        return replace(answer, numerator=(answer.denominator or Decimal(1)) * 65 / 100)
    if indicator.kind == IndicatorKind.COUNT:
        low = indicator.at_least is not None
        return replace(answer, number=(indicator.at_least or Decimal(1)) - 1 if low else Decimal(2))
    scale = indicator.scale
    return replace(answer, level=scale.levels[-1][0] if scale else "")
