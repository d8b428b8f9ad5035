"""The addresses of a real sign-in. Their names are those that django-allauth looks for."""

from __future__ import annotations

from allauth.socialaccount.providers.openid_connect.views import callback
from django.urls import path

from comity.console import welcome
from comity.signin import enrolling, entering, provider, proving, scripting, setting_up

urlpatterns = [
    path("passkey.js", scripting.script),
    path("sign-in", scripting.scripted(entering.SignInPage.as_view()), name="account_login"),
    path("sign-in/passkey", entering.passkey, name="mfa_login_webauthn"),
    path("sign-in/code", entering.SecondPage.as_view(), name="mfa_authenticate"),
    path("sign-in/not-yet", entering.not_yet, name="account_inactive"),
    path("sign-in/provider", provider.depart),
    path("sign-in/provider/<slug:provider_id>/callback", callback, name="openid_connect_callback"),
    path("sign-out", welcome.leave, name="account_logout"),
    path("set-up", setting_up.begin),
    path("set-up/ways", scripting.scripted(setting_up.choose)),
    path("set-up/picture", setting_up.picture),
    path("set-up/finish", setting_up.finish),
    path("prove", scripting.scripted(proving.prove)),
    path("account", proving.own),
    path("account/signing-passkey", scripting.scripted(enrolling.signing_passkey)),
    path("account/signing-passkey/file", enrolling.saved),
    path("account/end", proving.end_all),
    path("sign-ins", proving.every),
]
