"""Addresses of recognition and commendations."""

from django.urls import path

from assessments.views import (
    commendations,
    recognition_acts,
    recognition_history,
    recognition_list,
    recognition_page,
    recognition_record,
    recognition_register,
    recognition_revoke,
)

urlpatterns = [
    path("cong-nhan/", recognition_list.recognition_list, name="recognition_list"),
    path("cong-nhan/so/", recognition_register.recognition_register, name="recognition_register"),
    path("cong-nhan/ghi-nhan/", recognition_history.record_recognition, name="record_recognition"),
    path("cong-nhan/khen-thuong/", commendations.commendation_list, name="commendation_list"),
    path("cong-nhan/khen-thuong/moi/", commendations.commend, name="commend"),
    path(
        "cong-nhan/khen-thuong/<uuid:pk>/go/",
        commendations.remove_commendation,
        name="remove_commendation",
    ),
    path("cong-nhan/<int:pk>/", recognition_page.recognition, name="recognition"),
    path("cong-nhan/<int:pk>/huy/", recognition_revoke.revoke_recognition, name="revoke"),
    path(
        "cong-nhan/<int:pk>/thoi-han/",
        recognition_revoke.correct_recognition_term,
        name="correct_term",
    ),
    path("phieu/<uuid:pk>/de-nghi/", recognition_acts.propose, name="propose"),
    path(
        "phieu/<uuid:pk>/rut-de-nghi/",
        recognition_acts.withdraw_proposal,
        name="withdraw_proposal",
    ),
    path("phieu/<uuid:pk>/mo-lai/", recognition_acts.reopen, name="reopen"),
    path("phieu/<uuid:pk>/cong-nhan/", recognition_record.recognise, name="recognise"),
    path("phieu/<uuid:pk>/khong-cong-nhan/", recognition_record.decline, name="decline"),
]
