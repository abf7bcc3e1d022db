"""Addresses of handing in and of the coordinator's care for a round: extensions, closing."""

from django.urls import path

from assessments.views import round_extend, round_lock, round_page, station_print, station_receipt

urlpatterns = [
    path("phieu/<uuid:pk>/lan-nop/<int:number>/", station_receipt.submission, name="submission"),
    path("phieu/<uuid:pk>/phieu.pdf", station_print.print_file, name="print_file"),
    path("ky/<uuid:pk>/", round_page.round_files, name="round"),
    path("ky/<uuid:pk>/gia-han/", round_extend.extend, name="extend_deadline"),
    path("ky/<uuid:pk>/chot/", round_lock.close, name="close_round"),
    path("ky/<uuid:pk>/mo-chot/", round_lock.ask, name="ask_to_unlock"),
    path("ky/<uuid:pk>/mo-chot/xac-nhan/", round_lock.confirm, name="confirm_unlock"),
    path("ky/<uuid:pk>/mo-chot/rut/", round_lock.withdraw_request, name="withdraw_unlock_request"),
]
