"""Which criteria of one version are those of an earlier one, by what people said of them."""

from criteria.models import Correspondence, CriteriaSet, Relation


def kept_from(former: CriteriaSet, current: CriteriaSet) -> dict[int, int] | None:
    """Criteria of `current` with the criterion of `former` that each one is, both by id.

    None: the two are the same version, in which every criterion is itself. Between versions only
    lines that say "kept" count, step by step over every version in between: codes alone prove
    nothing, because a new set may use an old code for something else.
    """
    if former.pk == current.pk:
        return None
    kept: dict[int, int] | None = None
    step: CriteriaSet | None = current
    seen: set[int] = set()
    while step is not None and step.replaces_id is not None and step.pk not in seen:
        seen.add(step.pk)
        lines = dict(
            Correspondence.objects.filter(criteria_set=step, relation=Relation.KEPT).values_list(
                "current_id", "former_id"
            )
        )
        if kept is None:
            kept = lines
        else:
            kept = {now: lines[before] for now, before in kept.items() if before in lines}
        if step.replaces_id == former.pk:
            return kept
        step = step.replaces
    return {}
