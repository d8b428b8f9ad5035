"""The real sign-in in front of a console: what a session has to show before a page opens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from time import time
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

from comity.signin.parameters import Parameters

# How django-allauth records what a session has shown: a code or passkey, or the token of an identity provider, which is
# taken only where it says that a second factor was seen.
_SECOND = frozenset({"mfa", "socialaccount"})


@dataclass(frozen=True)
class SignIn:
    """Officers sign in to their own accounts, with a second factor, for as long as `parameters` say."""

    parameters: Parameters

    @property
    def idle_seconds(self) -> int:
        """How long a session lasts without a page."""
        return self.parameters.idle_seconds

    @property
    def longest_seconds(self) -> int:
        """How long a session lasts however busy it is."""
        return self.parameters.longest_seconds

    def vouches(self, request: HttpRequest, officer: str) -> bool:
        """Whether the account behind the session is this officer's, and showed a second factor."""
        account = request.user
        return account.is_authenticated and account.get_username() == officer and any(_shown(request))

    def is_fresh(self, request: HttpRequest) -> bool:
        """Whether the newest second factor was shown within the time for signing."""
        # What a provider said at sign-in may rest on a session there that is hours old.
        at_hand = (record for record in _shown(request) if record["method"] == "mfa" or record.get("reauthenticated"))
        shown = [record["at"] for record in at_hand]
        return bool(shown) and time() - max(shown) < self.parameters.fresh_seconds


def _shown(request: HttpRequest) -> Iterator[Mapping[str, Any]]:
    return (record for record in get_authentication_records(request, request.user) if record["method"] in _SECOND)
