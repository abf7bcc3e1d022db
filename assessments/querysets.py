"""Questions about assessments, evidence and recognition."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, F, Q, Sum, Value, When

from accounts.models import Role, User
from assessments.workflow import EDITABLE, Status

if TYPE_CHECKING:
    from assessments.models import (
        Appeal,
        Assessment,
        Commendation,
        DutyReport,
        Evidence,
        FileMark,
        FileState,
        Inspection,
        InspectionFinding,
        Recognition,
        Registration,
        Remedy,
        SecondReview,
        Selection,
    )


def _reach(user: User, unit: str) -> Q:
    scope = user.scope
    if scope.everything:
        return Q()
    return Q(**{f"{unit}_id__in": scope.units}) | Q(**{f"{unit}__province_id__in": scope.provinces})


class FileStateQuerySet(models.QuerySet["FileState"]):
    """Derived states of files."""

    def on(self, day: date) -> Self:
        """How each file stood at the end of a day; files opened later are not there."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=day), since__lte=day)

    def editable(self) -> Self:
        """Those in the hands of their station: what it says may have changed since it was read."""
        return self.filter(status__in=EDITABLE)

    def with_words(self, day: date) -> Self:
        """With the station's outcomes as known at the end of the day: `own_word`.

        Of a file that was handed in they are what was handed in; so they are where the station
        changed an answer later than the day. Of a draft never handed in, `own_days` and `opened`
        tell what was given later and is therefore not known; both are empty otherwise.
        """
        changed = Q(assessment__draft_changed_on__gt=day)
        masked = changed & Q(handed_in_outcomes="")
        draft = Q(status__in=EDITABLE) & (~changed | masked)
        unknown = Q(status__in=EDITABLE) & masked
        return self.annotate(
            own_word=Case(
                When(draft, then=F("assessment__draft_outcomes")),
                default=F("handed_in_outcomes"),
            ),
            own_days=Case(When(unknown, then=F("assessment__draft_days")), default=Value("")),
            opened=Case(When(unknown, then=F("assessment__opened_at"))),
        )


class FileMarkQuerySet(models.QuerySet["FileMark"]):
    """Marks that files get with each change."""

    def by_province(self) -> dict[int, tuple[int, int]]:
        """The marks of each province's files added up, by its id: of their states, their drafts."""
        found = self.order_by().values_list("province")
        return {
            province: (int(states), int(drafts))
            for province, states, drafts in found.annotate(Sum("states"), Sum("drafts"))
        }


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    """Assessments."""

    def visible_to(self, user: User) -> Self:
        """Those of one's unit, of one's provinces, or all for the Ministry."""
        return self.filter(_reach(user, "unit"))

    def with_places(self) -> Self:
        """With round, programme and unit, for headings and lists."""
        return self.select_related(
            "round__programme",
            "round__criteria_set",
            "unit__district",
            "unit__province",
            "reviewer",
        )

    def awaiting(self, user: User) -> Self:
        """Whose next act is this person's: own drafts, the queue, or what needs a decision."""
        scope = user.scope
        wanted = Q(pk__in=[])
        if scope.units:
            wanted |= Q(
                unit_id__in=scope.units,
                status__in=[Status.NOT_STARTED, Status.IN_PROGRESS, Status.RETURNED],
            )
        if Role.REVIEWER in scope.roles:
            wanted |= Q(unit__province_id__in=scope.provinces_as(Role.REVIEWER)) & (
                Q(status=Status.SUBMITTED) & (Q(reviewer__isnull=True) | Q(reviewer=user))
                | Q(status=Status.UNDER_REVIEW, reviewer=user)
            )
        if Role.COORDINATOR in scope.roles:
            wanted |= Q(
                unit__province_id__in=scope.provinces_as(Role.COORDINATOR),
                status__in=[Status.VERIFIED, Status.PROPOSED],
            )
        return self.filter(wanted)

    def in_review_queue(self) -> Self:
        """Submitted or under review: resubmissions first, then the oldest."""
        return self.filter(status__in=[Status.SUBMITTED, Status.UNDER_REVIEW]).order_by(
            models.Case(models.When(submissions_made__gt=1, then=0), default=1),
            "submitted_at",
            "pk",
        )


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Evidence."""

    def visible_to(self, user: User) -> Self:
        """Evidence of the units one sees."""
        return self.filter(_reach(user, "unit"))


class RecognitionQuerySet(models.QuerySet["Recognition"]):
    """Recognitions."""

    def visible_to(self, user: User) -> Self:
        """Recognitions of the units one sees."""
        return self.filter(_reach(user, "unit"))

    def in_force_on(self, day: date) -> Self:
        """Decided by this day and not revoked by it."""
        return self.unrevoked_on(day).filter(Q(lapses_on__isnull=True) | Q(lapses_on__gt=day))

    def unrevoked_on(self, day: date) -> Self:
        """Decided by this day and not revoked by it, whether or not the term is over."""
        return self.filter(Q(revoked_on__isnull=True) | Q(revoked_on__gt=day), decided_on__lte=day)


class CommendationQuerySet(models.QuerySet["Commendation"]):
    """Commendations."""

    def visible_to(self, user: User) -> Self:
        """Commendations of the units one sees."""
        return self.filter(_reach(user, "unit"))


class InspectionQuerySet(models.QuerySet["Inspection"]):
    """Inspections."""

    def visible_to(self, user: User) -> Self:
        """Inspections of the units one sees."""
        return self.filter(_reach(user, "unit"))

    def still_planned(self) -> Self:
        """Neither held nor called off."""
        return self.filter(done_on__isnull=True, cancelled_on__isnull=True)

    def with_places(self) -> Self:
        """With programme, unit and who wrote them, for headings and lists."""
        return self.select_related(
            "programme", "unit__district", "unit__province", "created_by", "updated_by"
        )


class InspectionFindingQuerySet(models.QuerySet["InspectionFinding"]):
    """What inspections found."""

    def visible_to(self, user: User) -> Self:
        """Findings at the units one sees."""
        return self.filter(_reach(user, "inspection__unit"))

    def with_plans(self) -> Self:
        """With the criterion, the visit and the remedy, in their order."""
        return self.select_related(
            "criterion",
            "remedy__agency",
            "remedy__unit__district",
            "inspection__programme",
            "inspection__unit__district",
            "inspection__unit__province",
        ).order_by("position", "pk")


class SelectionQuerySet(models.QuerySet["Selection"]):
    """Proposed lists of a year."""

    def visible_to(self, user: User) -> Self:
        """Those for the provinces one serves."""
        scope = user.scope
        return self.all() if scope.everything else self.filter(province_id__in=scope.provinces)

    def awaiting(self, user: User) -> Self:
        """Undecided, by somebody else, where this person leads."""
        return self.filter(
            state="proposed", province_id__in=user.scope.provinces_as(Role.LEADER)
        ).exclude(proposed_by=user.pk)

    def with_counts(self) -> Self:
        """With `units`, how many each names."""
        return self.annotate(units=models.Count("chosen"))


class DutyReportQuerySet(models.QuerySet["DutyReport"]):
    """Reports of agencies on their duties."""

    def visible_to(self, user: User) -> Self:
        """Those of one's agency, and what was handed in within the provinces one serves."""
        scope = user.scope
        if scope.everything:
            return self.filter(submitted_at__isnull=False)
        return self.filter(
            Q(agency_id__in=scope.agencies)
            | Q(agency__province_id__in=scope.provinces, submitted_at__isnull=False)
        )


class RegistrationQuerySet(models.QuerySet["Registration"]):
    """Registrations."""

    def visible_to(self, user: User) -> Self:
        """Registrations of the units one sees."""
        return self.filter(_reach(user, "unit"))

    def known_at(self, moment: datetime) -> Self:
        """Those recorded by then; what a document told without its day counts as always known."""
        return self.filter(Q(registered_at__isnull=True) | Q(registered_at__lte=moment))


class AppealQuerySet(models.QuerySet["Appeal"]):
    """Contested verdicts."""

    def visible_to(self, user: User) -> Self:
        """Those of the units one sees."""
        return self.filter(_reach(user, "assessment__unit"))

    def with_views(self) -> Self:
        """With everyone who spoke, the criterion and the file, for showing the views together."""
        return self.select_related(
            "assessment__round__programme",
            "assessment__round__criteria_set",
            "assessment__unit__district",
            "assessment__unit__province",
            "submission",
            "criterion__group",
            "filed_by",
            "first_by",
            "decided_by",
        )

    def awaiting(self, user: User) -> Self:
        """Undecided, and this reviewer may decide: others gave the first verdict and concluded."""
        undecided = self.filter(
            decided_at__isnull=True,
            assessment__unit__province_id__in=user.scope.provinces,
        )
        return undecided.exclude(first_by=user).exclude(assessment__verified_by=user)


class SecondReviewQuerySet(models.QuerySet["SecondReview"]):
    """Verdicts given a second time."""

    def visible_to(self, user: User) -> Self:
        """Those of the provinces one serves; a station never learns what was drawn."""
        if user.scope.everything:
            return self
        return self.filter(submission__assessment__unit__province_id__in=user.scope.provinces)

    def with_criterion(self) -> Self:
        """With the criterion and the file, and nothing of the first verdict."""
        return self.defer("first_outcome").select_related(
            "submission__assessment__round__programme",
            "submission__assessment__round__criteria_set",
            "submission__assessment__unit__district",
            "submission__assessment__unit__province",
            "criterion__group",
            "decided_by",
        )


class RemedyQuerySet(models.QuerySet["Remedy"]):
    """Improvement plans."""

    def visible_to(self, user: User) -> Self:
        """Those of the units one sees."""
        return self.filter(_reach(user, "unit"))
