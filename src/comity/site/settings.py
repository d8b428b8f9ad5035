"""The settings of Django for a console: few, all in one place, and none of them to be forgotten."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import comity.console
from comity.console.opened import Console, fresh_secret

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_TEMPLATES = Path(comity.console.__file__).parent / "templates"
# Nothing of Django's own is written down: its messages repeat paths and values (P9).
_SILENT = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"nowhere": {"class": "logging.NullHandler"}},
    "loggers": {"django": {"handlers": ["nowhere"], "propagate": False}},
}


def settings_for(console: Console) -> dict[str, Any]:
    """What a site for `console` sets, beside what the store has set up already."""
    return {
        "COMITY_CONSOLE": console,
        "DEBUG": False,
        "SECRET_KEY": fresh_secret(),
        "ALLOWED_HOSTS": list(LOOPBACK),
        "ROOT_URLCONF": "comity.site.urls",
        "MIDDLEWARE": [
            "comity.console.guarding.Guard",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "comity.console.guarding.Stops",
        ],
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [_TEMPLATES],
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.csrf",
                        "django.template.context_processors.request",
                    ],
                    "builtins": ["comity.console.words"],
                },
            }
        ],
        "SESSION_ENGINE": "django.contrib.sessions.backends.signed_cookies",
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
