"""In which form people, their passkeys and authorities enter the registers, and whose keys are whose.

An id and a key belong to one person only, whatever certificates name the key: two officers with one key would be one
person who signs twice (P4), nobody of the office receives what it sends, and what is sealed to one recipient or signed
by one signatory is no other's. Whoever signs for an agency and receives from it does both under one id.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from comity.case import office_events as e
from comity.case import passkeys
from comity.case.errors import BadInput, Refused
from comity.case.office_state import OfficeState, Recipient
from comity.case.wording import require_id, require_printable, require_term


def require_officer(office: OfficeState, said: e.OfficerProposed) -> None:
    """A person joins the office with a key of their own, or holds more roles than before.

    Raises BadInput `TEXT_UNPRINTABLE`, Refused `TAKEN` or `KEY_TAKEN`.
    """
    require_printable(said.name)
    known = office.officers.get(said.subject)
    if known:
        if known.certificate != said.certificate or not known.roles < frozenset(said.roles):
            raise _taken("officer, or role of this officer,")
        return
    certificates = {
        *(other.fingerprint for other in office.officers.values()),
        *(other.fingerprint for other in office.signatories.values()),
    }
    if said.fingerprint in certificates:
        raise _taken("officer")
    _require_own_key(said.key, _of_office(office) | _of_agencies(office))


def require_passkey(office: OfficeState, said: e.PasskeyProposed) -> None:
    """A passkey of a registered officer, which nobody has entered before and whose key nobody else holds.

    Raises BadInput `PASSKEY_PLACE_UNFIT`, Refused `OFFICER_UNKNOWN`, `TAKEN` or `KEY_TAKEN`.
    """
    office.officer(said.subject)
    passkeys.require_place(said)
    if said.credential in passkeys.entered(office.entries):
        raise _taken("passkey")
    _require_own_key(said.key, _of_office(office) | _of_agencies(office))


def require_authority(office: OfficeState, said: e.AuthorityProposed) -> None:
    """An agency's root certificate is trusted once. Raises Refused `TAKEN`."""
    if said.certificate in office.authorities.get(said.subject, ()):
        raise _taken("authority")


def require_signatory(office: OfficeState, said: e.SignatoryProposed) -> None:
    """A signatory of a trusted agency, or another version of one (26 U.S.C. 6103(i)(2)(A)).

    Raises BadInput `TEXT_UNPRINTABLE`, `DAY_UNFIT`, `TERM_UNFIT` or `AGENCY_UNKNOWN`, Refused `KEY_TAKEN`.
    """
    require_printable(said.name, said.office, said.basis, said.instrument)
    require_term(said.valid_from, said.valid_to)
    _require_agency(office, said.agency)
    _require_own_key(said.key, _of_office(office) | _of_agencies(office, said.subject))


def require_recipients(office: OfficeState, said: e.RecipientsProposed) -> None:
    """Recipients of trusted agencies, each new and named once.

    Raises BadInput `LIST_UNFIT`, `ID_UNFIT`, `TEXT_UNPRINTABLE` or `AGENCY_UNKNOWN`, Refused `TAKEN` or `KEY_TAKEN`.
    """
    if not said.recipients or len(said.recipients) != said.rows:
        raise BadInput("LIST_UNFIT", "The list names nobody, or not as many as it says.", "List each person once.")
    _require_new([row["recipient"] for row in said.recipients], _recipients(office))
    if len({row["key"] for row in said.recipients}) != said.rows:
        raise _key_taken()
    held, signing = _of_office(office), _of_signatories(office)
    held |= {known.key for known in _recipients(office).values()}
    for agency in {row["agency"] for row in said.recipients}:
        _require_agency(office, agency)
    for row in said.recipients:
        require_id(row["recipient"])
        require_printable(row["name"], row["role"], row["office_address"])
        _require_own_key(row["key"], held)
        _require_own_key(row["key"], signing.keys() if signing.get(row["key"]) != row["recipient"] else ())


def _recipients(office: OfficeState) -> dict[str, Recipient]:
    """All who are or were recipients: what lies sealed for one who was struck off is of that id for ever."""
    return {**office.former, **office.recipients}


def _require_new(listed: Sequence[str], known: Collection[str]) -> None:
    if len(set(listed)) != len(listed) or not set(listed).isdisjoint(known):
        raise _taken("recipient")


def _of_office(office: OfficeState) -> set[str]:
    """The keys of all officers, of their certificates and passkeys, and of the office itself."""
    own = {office.opened.key} if office.opened else set()
    own |= {known.said.key for known in passkeys.entered(office.entries).values()}
    return own | {known.key for known in office.officers.values()}


def _of_signatories(office: OfficeState) -> dict[str, str]:
    """The keys of the signatories, each with whose it is."""
    return {known.key: known.subject for known in office.signatories.values()}


def _of_agencies(office: OfficeState, but: str = "") -> set[str]:
    """The keys of all signatories and recipients `but` the one of that id."""
    signing = {key for key, whose in _of_signatories(office).items() if whose != but}
    return signing | {known.key for known in _recipients(office).values() if known.recipient != but}


def _require_agency(office: OfficeState, agency: str) -> None:
    if agency not in office.authorities:
        raise BadInput(
            "AGENCY_UNKNOWN",
            "No authority of this agency is trusted here.",
            "Propose it, `comity authority trust`, and have it approved.",
        )


def _require_own_key(key: str, held: Collection[str]) -> None:
    if key in held:
        raise _key_taken()


def _key_taken() -> Refused:
    return Refused(
        "KEY_TAKEN",
        "Somebody else in the registers holds this key.",
        "Make a key of this person's own, and have a certificate issued for it.",
    )


def _taken(what: str) -> Refused:
    return Refused("TAKEN", f"This {what} is registered already.", "Use another id, or leave it as it is.")
