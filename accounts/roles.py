"""The roles a posting can give."""

from django.db import models


class Role(models.TextChoices):
    """What a posting lets a person do; names as in docs/glossary.md."""

    COMMANDER = "commander", "Trưởng Công an phường"
    OFFICER = "officer", "Cán bộ Công an phường"
    REVIEWER = "reviewer", "Cán bộ thẩm định"
    COORDINATOR = "coordinator", "Cán bộ tổng hợp cấp tỉnh"
    LEADER = "leader", "Lãnh đạo"
    MINISTRY_VIEWER = "ministry_viewer", "Cán bộ theo dõi của Bộ"
    RAPPORTEUR = "rapporteur", "Cán bộ báo cáo của cơ quan"
    SYSTEM_ADMINISTRATOR = "system_administrator", "Quản trị hệ thống"
