"""A policy file says which witnesses are enough; anything it does not say clearly is refused."""

from __future__ import annotations

import pytest

from comity.accounting.checkpoint import COSIGNATURE_V1, Checkpoint, sign_note
from comity.accounting.errors import LogError
from comity.accounting.policy import parse_policy, verify_checkpoint

ORIGIN = "log.agency.example/accounting"


@pytest.fixture
def vkeys(keys):
    return {name: keys.key(name, COSIGNATURE_V1).vkey for name in ("x1", "x2", "x3", "y1", "y2", "y3")}


@pytest.fixture
def two_groups(keys, vkeys) -> bytes:
    """The example of the specification: two of three, and one of three others."""
    witnesses = "".join(f"witness {name.upper()} {vkey}\n" for name, vkey in vkeys.items())
    return (
        f"# who watches\nlog {keys.key(ORIGIN).vkey} https://log.agency.example/\n\n{witnesses}"
        "group X-witnesses 2 X1 X2 X3\n \tgroup  Y-witnesses\tany Y1 Y2 Y3\n"
        "group X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n"
    ).encode()


def cosigned(keys, *witnesses: str) -> str:
    note = sign_note(Checkpoint(ORIGIN, 3, bytes(32)).text, [keys.signer(ORIGIN)])
    for witness in witnesses:
        note = keys.cosign(note, witness)
    return note


@pytest.mark.parametrize("enough", [("x1", "x2", "y1"), ("x1", "x3", "y3"), ("x1", "x2", "x3", "y1", "y2", "y3")])
def test_enough_witnesses_of_both_groups_make_the_quorum(keys, two_groups, enough):
    policy = parse_policy(two_groups)
    assert verify_checkpoint(cosigned(keys, *enough), policy.verifiers(keys.verify_with), policy).size == 3


@pytest.mark.parametrize("few", [(), ("x1",), ("x1", "x2"), ("x1", "y1", "y2"), ("x1", "x1", "y1")])
def test_too_few_witnesses_do_not_and_one_counts_once(keys, two_groups, few):
    policy = parse_policy(two_groups)
    with pytest.raises(LogError, match="QUORUM_NOT_MET"):
        verify_checkpoint(cosigned(keys, *few), policy.verifiers(keys.verify_with), policy)


def test_quorum_none_needs_the_log_alone(keys):
    policy = parse_policy(b"quorum none\n")
    assert verify_checkpoint(cosigned(keys), [keys.verifier(ORIGIN)], policy).origin == ORIGIN


def test_a_single_witness_can_be_the_quorum(keys, vkeys):
    policy = parse_policy(f"witness W {vkeys['x1']}\nquorum W\n".encode())
    verifiers = [keys.verifier(ORIGIN), *policy.verifiers(keys.verify_with)]
    assert verify_checkpoint(cosigned(keys, "x1"), verifiers, policy).size == 3
    with pytest.raises(LogError, match="QUORUM_NOT_MET"):
        verify_checkpoint(cosigned(keys), verifiers, policy)


def test_a_log_that_the_policy_does_not_name_is_not_believed(keys):
    policy = parse_policy(f"log {keys.key('other.example').vkey}\nquorum none\n".encode())
    with pytest.raises(LogError, match="CHECKPOINT_NOT_THE_LOGS"):
        verify_checkpoint(cosigned(keys), [keys.verifier(ORIGIN)], policy)


@pytest.mark.parametrize(
    "lines",
    [
        "",
        "quorum none\nquorum none",
        "quorum W\nwitness W {x1}",
        "witness none {x1}\nquorum none",
        "witness W {x1}\nwitness W {x2}\nquorum W",
        "witness W {x1}\nwitness V {x1}\nquorum W",
        "witness W {x1}\ngroup W any W\nquorum W",
        "witness W {x1}\ngroup G any\nquorum G",
        "witness W {x1}\ngroup G 0 W\nquorum G",
        "witness W {x1}\ngroup G 2 W\nquorum G",
        "witness W {x1}\ngroup G 01 W\nquorum G",
        "witness W {x1}\ngroup G some W\nquorum G",
        "witness W {x1}\ngroup G any none\nquorum G",
        "witness W {x1}\ngroup G any W W\nquorum G",
        "witness W {x1}\ngroup G any W\ngroup H any W\nquorum G",
        "witness W {x1} url more\nquorum W",
        "witness W {log}\nquorum W",
        "log {x1}\nquorum none",
        "log {log}\nlog {log}\nquorum none",
        "witness W nothing\nquorum W",
        "watcher W {x1}\nquorum none",
        "quorum none\r",
        "quorum\x0bnone",
        "quorum",
    ],
)
def test_a_policy_that_breaks_a_rule_of_the_specification_is_refused(keys, vkeys, lines):
    text = lines.format(log=keys.key(ORIGIN).vkey, **vkeys)
    with pytest.raises(LogError, match="POLICY_MALFORMED"):
        parse_policy(text.encode())


def test_names_are_octets_and_not_letters(vkeys):
    policy = parse_policy("witness K {x1}\nwitness \u212a {x2}\nquorum \u212a\n".format(**vkeys).encode())
    assert policy.quorum == "\u212a".encode()
    assert set(policy.witnesses) == {b"K", "\u212a".encode()}
