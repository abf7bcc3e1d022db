"""Questions about reports and scenarios."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from accounts.models import User
from criteria.models import Programme

if TYPE_CHECKING:
    from reports.models import AnnualReport, Scenario


class AnnualReportQuerySet(models.QuerySet["AnnualReport"]):
    """Annual reports."""

    def visible_to(self, user: User) -> Self:
        """Reports of one's provinces' programmes; stations read official ones only."""
        scope = user.scope
        if scope.everything:
            return self.all()
        staff = Q(programme__province_id__in=scope.provinces)
        station = Q(programme__in=Programme.objects.visible_to(user), state="official")
        return self.filter(staff | station).distinct()

    def startable(self, silent_since: datetime) -> Self:
        """Waiting, or running without a sign of life since `silent_since`."""
        return self.filter(
            Q(job_state="waiting") | Q(job_state="running", job_heartbeat__lt=silent_since)
        )


class ScenarioQuerySet(models.QuerySet["Scenario"]):
    """Scenarios of the coming years."""

    def visible_to(self, user: User) -> Self:
        """Those of the provinces one serves."""
        scope = user.scope
        return self.all() if scope.everything else self.filter(province_id__in=scope.provinces)
