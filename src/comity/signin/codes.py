"""One-time codes: drawn by an officer with the registered key, used once, soon, by nobody else."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from comity.signin.models import Account, Binding, Offer

# Letters and digits that are not taken for one another when read from a terminal; twenty of them are 98 bits.
_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
_GROUPS, _IN_A_GROUP = 5, 4


def draw(officer: str, until: datetime) -> str:
    """A code for `officer` that is good until then; it takes the place of an earlier one."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_IN_A_GROUP)) for _ in range(_GROUPS))
    code = "-".join(groups)
    Offer.objects.update_or_create(officer=officer, defaults={"digest": _digest(code), "until": until})
    return code


def redeem(officer: str, code: str, now: datetime) -> Account | None:
    """The account to set up, emptied of all that was set up before; None if the code is not good. It is used up.

    Whoever lost a passkey, or whose passkey somebody has, is rid of it by this, and every open session ends.
    """
    with transaction.atomic():
        offer = Offer.objects.filter(officer=officer).first()
        if offer is None or not hmac.compare_digest(offer.digest, _digest(code)):
            return None
        # Deleting tells who came first: of two that use one code at the same moment, one deletes nothing.
        deleted, _ = Offer.objects.filter(officer=officer, digest=offer.digest).delete()
        if not deleted or offer.until < now:
            return None
        account, _ = Account.objects.get_or_create(officer=officer)
        account.is_active = False
        account.epoch += 1
        account.set_unusable_password()
        account.save()
        Authenticator.objects.filter(user_id=account.pk).delete()
        Binding.objects.filter(officer=officer).delete()
    return account


def ways(account: Account) -> list[str]:
    """The ways to sign in that are set up in the account."""
    kinds = set(Authenticator.objects.filter(user_id=account.pk).values_list("type", flat=True))
    found = ["passkey"] if Authenticator.Type.WEBAUTHN in kinds else []
    if Authenticator.Type.TOTP in kinds and account.has_usable_password():
        found.append("password_and_code")
    if Binding.objects.filter(officer=account.officer).exists():
        found.append("provider")
    return found


def _digest(code: str) -> str:
    plain = "".join(code.upper().split()).replace("-", "")
    return hashlib.sha256(plain.encode()).hexdigest()
