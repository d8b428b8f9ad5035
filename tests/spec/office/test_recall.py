"""Recall: what should not have left is called back by one act, nothing sealed leaves any more, and all certify."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from comity import requester
from comity.case.errors import BadInput, ComityError, Integrity, Refused
from comity.crypto import Certificate, sign
from comity.office import handing, reading, recalling, story
from comity.oversight.verify import verify_log
from tests.spec.oversight.test_verify import hand_all_over, small
from tests.world import World

REASON = "The address was read wrongly."


def refused(kind: type[ComityError], code: str, act, *given) -> None:
    with pytest.raises(kind) as raised:
        act(*given)
    assert raised.value.code == code


def recipients(world: World, batch: str) -> list[str]:
    return [who for who in handing.recipients(world.office, world.office.batch(batch)) if who != "signatory"]


def order(world: World, batch: str, rows=(1,), reason=REASON):
    return recalling.order(world.office, world.actor("counsel"), batch, rows, reason)


def notice(world: World, batch: str, recipient: str, number: int = 1):
    """The notice as the recipient reads it."""
    out = world.place / f"{recipient}.notice"
    recalling.notify(world.office, world.actor("transmitter"), batch, number, recipient, out)
    roots = [world.office.home.authority]
    return requester.read_notice(out.read_text(), roots, world.office.now())


def certify(world: World, batch: str, recipient: str, token: str, number: int = 1) -> None:
    path = world.place / "disposal"
    path.write_text(token)
    recalling.certify(world.office, world.actor("transmitter"), batch, number, recipient, path)


def own(world: World, recipient: str):
    return world.stage.cast.agency_key(recipient), Certificate.load(world.stage.cast.agency / f"{recipient}.pem")


def dispose(world: World, batch: str, recipient: str, number: int = 1) -> None:
    said = notice(world, batch, recipient, number)
    certify(world, batch, recipient, requester.certify_disposal(said, "destroyed", *own(world, recipient)), number)


def test_a_recall_is_open_until_everybody_who_got_the_answer_has_certified(prepared: World) -> None:
    batch = small(prepared)
    hand_all_over(prepared, batch)
    ordered = order(prepared, batch)
    affected = set(ordered.recipients)
    assert affected <= set(recipients(prepared, batch))
    for recipient in sorted(affected):
        assert not prepared.office.batch(batch).recalls[1].closed
        assert [item.waits_for for item in reading.waiting(prepared.office, batch)] == ["recipients"]
        said = notice(prepared, batch, recipient)
        assert (said.requests, said.reason, said.destroy_by) == (("SMALL-00001",), REASON, ordered.destroy_by)
        dispose(prepared, batch, recipient)
    assert prepared.office.batch(batch).recalls[1].closed
    assert reading.waiting(prepared.office, batch) == []
    assert verify_log(prepared.place / "home").batches == 1


def test_what_lies_sealed_does_not_leave_after_a_recall(prepared: World) -> None:
    batch = small(prepared)
    [first, *_] = order(prepared, batch).recipients
    refused(Refused, "RECALLED", prepared.collect, first, prepared.place / "reply", batch)
    assert not (prepared.place / "reply").exists()
    assert prepared.office.batch(batch).recalls[1].closed, "nobody has anything to destroy"
    refused(BadInput, "NOT_RECALLED_FROM", notice, prepared, batch, first)


def test_a_batch_whose_last_reply_was_stopped_is_closed_all_the_same(prepared: World) -> None:
    batch = small(prepared)
    others = set(handing.recipients(prepared.office, prepared.office.batch(batch)))
    order(prepared, batch, rows=(1, 2, 3))
    stopped = set(prepared.office.batch(batch).recalls[1].ordered.recipients)
    assert prepared.office.batch(batch).closed == (not others - stopped)


@pytest.mark.parametrize("today", [0, 10, 11])
def test_who_has_not_certified_by_the_day_is_overdue_and_not_before(prepared: World, today: int) -> None:
    batch = small(prepared)
    hand_all_over(prepared, batch)
    order(prepared, batch)
    prepared.stage.calendar.move_to(prepared.office.now() + timedelta(days=today))
    [(_, closed, standings)] = recalling.standings(prepared.office, batch)
    assert (closed, {who.overdue for who in standings}) == (False, {today > 10})


def test_a_second_recall_of_other_answers_is_another(prepared: World) -> None:
    batch = small(prepared)
    hand_all_over(prepared, batch)
    assert [order(prepared, batch, rows=(row,)).recall for row in (1, 2)] == [1, 2]


@pytest.mark.parametrize(
    ("kind", "code", "given"),
    [
        (BadInput, "REASON_NEEDED", {"reason": "  "}),
        (BadInput, "ROW_UNKNOWN", {"rows": (1, 99)}),
        (BadInput, "NOTHING_RECALLED", {"rows": ()}),
    ],
)
def test_a_recall_names_requests_that_were_answered_and_says_why(prepared: World, kind, code, given) -> None:
    batch = small(prepared)
    with pytest.raises(kind) as raised:
        order(prepared, batch, **given)
    assert raised.value.code == code


def test_counsel_alone_recalls_and_only_what_was_sealed(prepared: World) -> None:
    batch = small(prepared)
    refused(
        Refused, "RIGHT_MISSING", recalling.order, prepared.office, prepared.actor("transmitter"), batch, (1,), REASON
    )
    second = prepared.receive(prepared.sent(3, rows="request_id <= 'SMALL-00003'"))
    refused(Refused, "NOT_IN_THIS_STATE", order, prepared, second)


def test_a_certificate_of_somebody_else_or_about_something_else_closes_nothing(prepared: World) -> None:
    batch = small(prepared)
    hand_all_over(prepared, batch)
    recipient = order(prepared, batch).recipients[0]
    said = notice(prepared, batch, recipient)
    key, certificate = own(prepared, recipient)
    payload = {"type": "comity/disposal/v1", "notice": said.digest, "recipient": recipient, "method": "destroyed"}

    def signed(**changed: str) -> str:
        return sign(json.dumps(payload | changed).encode(), key, certificate)

    stranger = own(prepared, "signatory")
    refused(
        BadInput,
        "CERTIFIED_BY_ANOTHER",
        certify,
        prepared,
        batch,
        recipient,
        sign(json.dumps(payload).encode(), *stranger),
    )
    refused(BadInput, "DISPOSAL_OF_ANOTHER", certify, prepared, batch, recipient, signed(notice="0" * 64))
    refused(BadInput, "METHOD_UNKNOWN", certify, prepared, batch, recipient, signed(method="kept"))
    refused(BadInput, "DISPOSAL_MALFORMED", certify, prepared, batch, recipient, signed(type="something"))
    refused(BadInput, "RECALL_UNKNOWN", certify, prepared, batch, recipient, signed(), 2)
    assert not prepared.office.batch(batch).recalls[1].certified


def test_a_notice_is_handed_again_and_counted_once(prepared: World) -> None:
    batch = small(prepared)
    hand_all_over(prepared, batch)
    recipient = order(prepared, batch).recipients[0]
    assert notice(prepared, batch, recipient) == notice(prepared, batch, recipient)
    told = [stored for stored in prepared.office.store.read(f"batch/{batch}") if stored.type == "recall_notified"]
    assert len(told) == 1


def test_a_reply_that_left_after_its_recall_is_found(prepared: World, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = small(prepared)
    recipient = order(prepared, batch).recipients[0]
    monkeypatch.setattr(handing.recalls, "require_not_recalled", lambda *_: None)
    story.collect(prepared.office, prepared.actor("transmitter"), batch, recipient, prepared.place / "reply")
    monkeypatch.undo()
    order(prepared, batch, rows=(2,))
    with pytest.raises(Integrity, match="HANDED_OVER_RECALLED"):
        verify_log(prepared.place / "home")


@pytest.mark.parametrize("damage", ["type", "requests", "rehearsal"])
def test_a_notice_that_is_none_is_not_answered(prepared: World, damage: str) -> None:
    home = prepared.office.home
    batch = small(prepared)
    hand_all_over(prepared, batch)
    recipient = order(prepared, batch).recipients[0]
    out = prepared.place / "one.notice"
    recalling.notify(prepared.office, prepared.actor("transmitter"), batch, 1, recipient, out)
    said = json.loads(requester_payload(out.read_text(), prepared))
    said[damage] = {"type": "other", "requests": "all", "rehearsal": False}[damage]
    forged = sign(json.dumps(said).encode(), home.office_key, home.certificate)
    with pytest.raises((Integrity, Refused)) as raised:
        requester.read_notice(forged, [home.authority], prepared.office.now())
    assert raised.value.code == ("REHEARSAL_MIXED" if damage == "rehearsal" else "NOTICE_MALFORMED")


def requester_payload(token: str, world: World) -> bytes:
    from comity.crypto import verify

    return verify(token, [world.office.home.authority], world.office.now()).payload


def test_no_two_stages_of_a_batch_share_a_salt(prepared: World) -> None:
    """Whoever is shown one segment could open the other's commitment."""
    batch = small(prepared)
    order(prepared, batch, rows=(1, 2, 3))
    salted = [stored.body["salt"] for stored in prepared.office.store.read(f"batch/{batch}") if "salt" in stored.body]
    assert prepared.office.batch(batch).recalls[1].closed
    assert len(set(salted)) == len(salted)
