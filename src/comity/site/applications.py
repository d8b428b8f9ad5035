"""What Django is set up with in a process that serves or opens accounts: the store's tables and those of the accounts.

A process that opens an office alone knows neither (`comity.store.configure`): it is ready sooner, and has less in it.
"""

from __future__ import annotations

import django
from django.conf import settings

INSTALLED = (
    "comity.store",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "comity.signin",
)
# Five wrong passwords or codes for one account, or sixty from one address, in a quarter of an hour.
_FAILURES = "60/15m/ip,5/15m/key"
# One-time codes are not protected by counting: see `signin.setting_up.begin`.
_WRONG_CODES = "60/15m/ip"


def configure() -> None:
    """Set Django up for the whole site. Raises RuntimeError in a process that set it up for the store alone."""
    if not settings.configured:
        settings.configure(
            INSTALLED_APPS=INSTALLED,
            DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
            CACHES={"default": _CACHE},
            USE_TZ=True,
            TIME_ZONE="UTC",
            MIDDLEWARE=["allauth.account.middleware.AccountMiddleware"],
            AUTH_USER_MODEL="signin.Account",
            AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
            PASSWORD_HASHERS=["django.contrib.auth.hashers.ScryptPasswordHasher"],
            AUTH_PASSWORD_VALIDATORS=[
                {"NAME": f"{_RULES}.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
                {"NAME": f"{_RULES}.CommonPasswordValidator"},
                {"NAME": f"{_RULES}.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ["officer"]}},
            ],
            LOGIN_URL="/sign-in",
            LOGIN_REDIRECT_URL="/",
            **_ALLAUTH,
        )
        django.setup()
    elif tuple(settings.INSTALLED_APPS) != INSTALLED:
        raise RuntimeError("Django was set up for the store alone before the site was asked for.")


_RULES = "django.contrib.auth.password_validation"
# What is counted has to hold for every process on the home, and none of it may be dropped for want of room.
_CACHE = {
    "BACKEND": "django.core.cache.backends.db.DatabaseCache",
    "LOCATION": "signin_cache",
    "OPTIONS": {"MAX_ENTRIES": 1_000_000},
}
_ALLAUTH = {
    "ACCOUNT_ADAPTER": "comity.signin.adapters.AccountAdapter",
    "ACCOUNT_USER_MODEL_USERNAME_FIELD": "officer",
    "ACCOUNT_USER_MODEL_EMAIL_FIELD": None,
    "ACCOUNT_LOGIN_METHODS": {"username"},
    "ACCOUNT_SIGNUP_FIELDS": ["username*", "password1*"],
    "ACCOUNT_EMAIL_VERIFICATION": "none",
    "ACCOUNT_PRESERVE_USERNAME_CASING": True,
    "ACCOUNT_SESSION_REMEMBER": False,
    "ACCOUNT_RATE_LIMITS": {"login_failed": _FAILURES, "login": "60/m/ip", "set_up_failed": _WRONG_CODES},
    "SOCIALACCOUNT_ADAPTER": "comity.signin.provider.ProviderAdapter",
    "MFA_FORMS": {
        "authenticate": "comity.signin.forms.SecondFactorForm",
        "authenticate_webauthn": "comity.signin.forms.SecondPasskeyForm",
        "login_webauthn": "comity.signin.forms.PasskeyForm",
    },
    "MFA_ADAPTER": "comity.signin.adapters.FactorAdapter",
    "MFA_SUPPORTED_TYPES": ["totp", "webauthn"],
    "MFA_PASSKEY_LOGIN_ENABLED": True,
    "MFA_WEBAUTHN_USER_VERIFICATION": "required",
    "MFA_TOTP_TOLERANCE": 1,
}
