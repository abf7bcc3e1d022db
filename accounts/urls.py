"""Signing in and out, one's own password, notices; the rest of allauth stays closed."""

from allauth.account import views
from django.urls import path, re_path

from accounts.access import public, signed_in
from accounts.views import mail, notices

urlpatterns = [
    path("dang-nhap/", public(views.login), name="account_login"),
    path("dang-xuat/", public(views.logout), name="account_logout"),
    path("tai-khoan/bi-khoa/", public(views.account_inactive), name="account_inactive"),
    path("tai-khoan/mat-khau/", signed_in(views.password_change), name="account_change_password"),
    path("tai-khoan/xac-nhan/", signed_in(views.reauthenticate), name="account_reauthenticate"),
    path("tai-khoan/dang-ky/", public(views.signup), name="account_signup"),
    path("quen-mat-khau/", public(views.password_reset), name="account_reset_password"),
    path(
        "quen-mat-khau/da-gui/",
        public(views.password_reset_done),
        name="account_reset_password_done",
    ),
    re_path(
        r"^quen-mat-khau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        public(views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "quen-mat-khau/xong/",
        public(views.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("thong-bao/", notices.notice_list, name="notices"),
    path("thong-bao/da-doc/", notices.notices_read, name="notices_read"),
    path("thong-bao/<uuid:pk>/", notices.notice_open, name="notice"),
    path("thu-dien-tu/", mail.mail_list, name="mail"),
    path("thu-dien-tu/<uuid:pk>/gui-lai/", mail.mail_again, name="mail_again"),
]
