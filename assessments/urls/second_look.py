"""Addresses of appeals and the blind second review."""

from django.urls import path

from assessments.views import second_look_appeals as appeals
from assessments.views import second_look_blind as blind

urlpatterns = [
    path("phieu/<uuid:pk>/phuc-tra/", appeals.appeals, name="appeals"),
    path("phieu/<uuid:pk>/phuc-tra/<code:code>/", appeals.appeal_new, name="appeal_new"),
    path("phuc-tra/", appeals.appeal_list, name="appeal_list"),
    path("phuc-tra/<uuid:pk>/", appeals.appeal, name="appeal"),
    path("phuc-tra/<uuid:pk>/ket-luan/", appeals.appeal_decide, name="appeal_decide"),
    path("tham-dinh-lan-hai/", blind.second_review_list, name="second_review_list"),
    path(
        "tham-dinh-lan-hai/muc-do-thong-nhat/",
        blind.second_review_agreement,
        name="second_review_agreement",
    ),
    path("tham-dinh-lan-hai/<uuid:pk>/", blind.second_review, name="second_review"),
]
