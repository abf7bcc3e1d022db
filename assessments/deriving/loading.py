"""What is stored of some files, as the states are derived from it."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db.models import F

from assessments.deriving.days import day_of
from assessments.deriving.history import FileHistory, load_histories
from assessments.deriving.states import FileFacts, OwnResult, Ruled
from assessments.deriving.words import letter_of, spread
from assessments.models import Appeal, Assessment, CriterionResult, Submission, Verdict
from criteria.models import Criterion

Codes = Mapping[int, list[str]]
"""Per criteria set, the codes of its criteria in order."""
Places = Mapping[int, int]
"""The place of each criterion in the order of its set, by its id."""


def load_facts(pks: Collection[uuid.UUID]) -> dict[uuid.UUID, FileFacts]:
    """These files as stored, in nine queries at most; one that is not there is left out."""
    files = Assessment.objects.filter(pk__in=pks)
    sets = dict(files.order_by().values_list("pk", "round__criteria_set"))
    codes, places = _criteria(set(sets.values()))
    histories = load_histories(files)
    results = _results(pks, histories, places)
    submissions = {
        one.pk: pk for pk, history in histories.items() if pk in sets for one in history.submissions
    }
    snapshots = _snapshots({pk: sets[file] for pk, file in submissions.items()}, codes)
    verdicts = _verdicts(submissions, places) if submissions else {}
    return {
        pk: FileFacts(
            history,
            len(codes[sets[pk]]),
            tuple(results[pk]),
            {one.pk: snapshots[one.pk] for one in history.submissions},
            {one.pk: tuple(verdicts.get(one.pk, ())) for one in history.submissions},
        )
        for pk, history in histories.items()
        if pk in sets
    }


def _criteria(sets: Collection[int]) -> tuple[Codes, Places]:
    codes: dict[int, list[str]] = {pk: [] for pk in sets}
    places: dict[int, int] = {}
    ordered = Criterion.objects.filter(criteria_set__in=sets).order_by(
        "group__position", "position"
    )
    for set_pk, pk, code in ordered.values_list("criteria_set", "pk", "code"):
        places[pk] = len(codes[set_pk])
        codes[set_pk].append(code)
    return codes, places


def _results(
    pks: Collection[uuid.UUID],
    histories: Mapping[uuid.UUID, FileHistory],
    places: Places,
) -> dict[uuid.UUID, list[OwnResult]]:
    found: dict[uuid.UUID, list[OwnResult]] = defaultdict(list)
    rows = CriterionResult.objects.filter(assessment__in=pks).order_by()
    for pk, criterion, outcome, updated_at in rows.values_list(
        "assessment", "criterion", "outcome", "updated_at"
    ):
        if pk in histories:
            on = day_of(updated_at) if updated_at is not None else None
            found[pk].append(OwnResult(places[criterion], letter_of(outcome), on))
    return found


def _snapshots(submissions: Mapping[int, int], codes: Codes) -> dict[int, str]:
    """What each submission froze, in a word; submissions come with their criteria set."""
    if not submissions:
        return {}
    found = {}
    rows = Submission.objects.filter(pk__in=submissions)
    for pk, snapshot in rows.order_by().values_list("pk", "snapshot"):
        listed, entries = codes[submissions[pk]], snapshot["criteria"]
        found[pk] = spread(
            len(listed),
            (
                (place, letter_of(entries[code]["outcome"]))
                for place, code in enumerate(listed)
                if code in entries
            ),
        )
    return found


def _verdicts(submissions: Collection[int], places: Places) -> dict[int, list[Ruled]]:
    """The verdicts on these submissions; one that an appeal changed is there as it was, too.

    A decision changes the verdict's own row, which then bears the day of the decision; the first
    verdict is frozen in the appeal.
    """
    found: dict[int, list[Ruled]] = defaultdict(list)
    rows = Verdict.objects.filter(submission__in=submissions).order_by()
    for submission, criterion, outcome, decided_at in rows.values_list(
        "submission", "criterion", "outcome", "decided_at"
    ):
        found[submission].append(Ruled(places[criterion], letter_of(outcome), day_of(decided_at)))
    # An appeal that was decided as before leaves the verdict with the day it had.
    changed = Appeal.objects.filter(
        decided_at__isnull=False,
        submission__in=submissions,
        submission__verdicts__criterion=F("criterion"),
        submission__verdicts__decided_at__gte=F("decided_at"),
    )
    for appeal in changed.order_by():
        if appeal.decided_at is not None:
            found[appeal.submission_id].append(
                Ruled(
                    places[appeal.criterion_id],
                    letter_of(appeal.first_outcome),
                    day_of(appeal.first_at),
                    day_of(appeal.decided_at),
                )
            )
    return found
