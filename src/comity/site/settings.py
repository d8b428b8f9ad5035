"""The settings of Django for a console: few, all in one place, and none of them to be forgotten."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import comity.console
import comity.signin
from comity.console.opened import Console, fresh_secret
from comity.signin import provider
from comity.signin.entrance import SignIn
from comity.signin.secret import console_secret

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_TEMPLATES = Path(comity.console.__file__).parent / "templates"
_ACCOUNT_TEMPLATES = Path(comity.signin.__file__).parent / "templates"
_PREFIX = "__Host-"
# Nothing of Django's own is written down: its messages repeat paths and values (P9).
_SILENT = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"nowhere": {"class": "logging.NullHandler"}},
    "loggers": {"django": {"handlers": ["nowhere"], "propagate": False}},
}


def settings_for(console: Console) -> dict[str, Any]:
    """What a site for `console` sets, beside what Django has been set up with already."""
    shared = {
        "COMITY_CONSOLE": console,
        "DEBUG": False,
        "TEMPLATES": [_templates()],
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Strict",
        "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
        "CSRF_USE_SESSIONS": True,
        "CSRF_FAILURE_VIEW": "comity.console.stopping.form_expired",
        "FILE_UPLOAD_TEMP_DIR": str(console.office.home.directory),
        "FILE_UPLOAD_PERMISSIONS": 0o600,
        "LOGGING": _SILENT,
        "USE_THOUSAND_SEPARATOR": False,
    }
    chosen = _of_accounts(console, console.entrance) if isinstance(console.entrance, SignIn) else _of_picker()
    return shared | chosen


def _of_picker() -> dict[str, Any]:
    return {
        "SECRET_KEY": fresh_secret(),
        "ALLOWED_HOSTS": list(LOOPBACK),
        "ROOT_URLCONF": "comity.site.urls",
        "MIDDLEWARE": [
            "comity.console.guarding.Guard",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "comity.console.guarding.Stops",
        ],
        "SESSION_ENGINE": "django.contrib.sessions.backends.signed_cookies",
        "SESSION_COOKIE_NAME": "sessionid",
        "SESSION_COOKIE_SECURE": False,
    }


def _of_accounts(console: Console, entrance: SignIn) -> dict[str, Any]:
    away, named = bool(entrance.parameters.origin), entrance.parameters.provider
    return {
        "SECRET_KEY": console_secret(console.office.home.directory).hex(),
        "ALLOWED_HOSTS": [entrance.parameters.host],
        "ROOT_URLCONF": "comity.site.account_urls",
        "MIDDLEWARE": [
            "comity.console.guarding.Guard",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "comity.console.guarding.Stops",
            # Inside what turns an exception into a page: some of its exceptions are ways to go on.
            "allauth.account.middleware.AccountMiddleware",
        ],
        "SESSION_ENGINE": "django.contrib.sessions.backends.db",
        "SESSION_COOKIE_AGE": entrance.longest_seconds,
        # The prefix has a browser refuse the cookie unless it is secure and of this host alone (RFC 6265bis, 4.1.3.2).
        "SESSION_COOKIE_NAME": f"{_PREFIX}sessionid" if away else "sessionid",
        "SESSION_COOKIE_SECURE": away,
        # The one server in front of it says who called; without one, whoever called did.
        "ALLAUTH_TRUSTED_PROXY_COUNT": 1 if away else 0,
        "SOCIALACCOUNT_PROVIDERS": provider.settings_of(named) if named else {},
    }


def _templates() -> dict[str, Any]:
    return {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_TEMPLATES, _ACCOUNT_TEMPLATES],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.csrf",
                "django.template.context_processors.request",
                "comity.console.opened.kind_of_home",
            ],
            "builtins": ["comity.console.words"],
        },
    }
