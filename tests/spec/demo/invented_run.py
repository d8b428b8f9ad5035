"""An invented run, so that the report can be tested without one."""

from datetime import UTC, datetime

from comity.demo.facts import (
    AccuracyFacts,
    AuditFacts,
    CodeFacts,
    ComparedField,
    ComparisonCase,
    HoldFacts,
    LogFacts,
    Refusal,
    ReplyFacts,
    ReviewFacts,
    RulingCase,
    RunFacts,
    StepFacts,
)

RULING = RulingCase(
    "ERO-000243",
    "A civil purpose",
    (("Purpose", "CIVIL_REMOVAL"), ("Reason", "An arrest team is to be sent <at dawn> & return.")),
    "G-33",
    "PURPOSE_NOT_CRIMINAL",
    "statute",
    "26 USC 6103(i)(2)(A)",
    "solely for the use of such officers and employees in such preparation, investigation, or grand jury proceeding",
    "The purpose is not a criminal proceeding or investigation.",
    "A civil purpose cannot be served by this agreement.",
    "RETURNED",
)
COMPARISON = ComparisonCase(
    "ERO-000431",
    "A nickname and an exact birth date",
    (
        ComparedField("Given name", "Lou", "LOUIS", "One given name is a short or pet form of the other.", "in part"),
        ComparedField("Family name", "Shook", "SHOOK", "The family names are the same.", "agrees"),
        ComparedField("Address", "2280 duchess ct", "2280 DUCHESS CT", "The addresses are equal.", "agrees"),
        ComparedField("Birth date", "1961-04-02", "1961-02-04", "The birth dates conflict.", "differs"),
        ComparedField("Middle name", "", "D", "Missing on one side.", "not compared"),
    ),
    "unclear",
    "The birth date conflicts.",
    "Two reviewers found the same person.",
    "CONFIRMED",
    "the person asked about",
)
AUDIT = AuditFacts(2890, 300, 1, 27, 100, 2, 280, 3, "0.2% to 3.1%")
RUN = RunFacts(
    seed=7,
    at=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
    agreement="irs_ice_2025",
    agreement_version="1",
    custodian="Rehearsal Revenue Office",
    requester="ICE",
    submission="01JDEXAMPLE0000000000000AA",
    requests=8315,
    recipients=44,
    registry_rows=44946,
    taxpayers=11863,
    passed=7011,
    returned=1304,
    steps=tuple(
        StepFacts(number, name, f"Something was done to 8,315 requests by {name}.", 1.25)
        for number, name in enumerate(
            ("intake", "gates", "linkage", "review", "accounting", "disclosure", "oversight"), start=1
        )
    ),
    codes=(
        CodeFacts("ADDRESS_MISSING", "The address is missing.", "26 USC 6103(i)(2)(B)(i)", "return", 148),
        CodeFacts("ADDRESS_PLACEHOLDER", "Words stand for no address.", "26 USC 6103(i)(2)(B)(i)", "return", 131),
        CodeFacts("PURPOSE_NOT_CRIMINAL", "Not a criminal purpose.", "26 USC 6103(i)(2)(A)", "return", 52),
        CodeFacts("PROBING_SUSPECTED", "The same person twice.", "Policy 7", "review", 96),
        CodeFacts("SUBJECT_MINOR", "The birth date is a minor's.", "Policy 8", "review", 47),
    ),
    determinations={
        "confirmed": 2890,
        "unclear": 3105,
        "ambiguous": 31,
        "name_differs": 240,
        "address_differs": 612,
        "not_found": 96,
        "discriminator_differs": 37,
    },
    answers={"CONFIRMED": 5710, "NO_DISCLOSURE": 1301, "RETURNED": 1304},
    review=ReviewFacts(
        212,
        143,
        3136,
        6301,
        2820,
        0.01,
        ("approver-1", "approver-2"),
        AUDIT,
    ),
    accuracy=AccuracyFacts(5710, 5990, 0.953, 0, 1, 0),
    log=LogFacts(
        "rehearsal-revenue/log",
        8343,
        "9f3c" * 16,
        "rehearsal-revenue/log\n8343\nnzxLkq==\n\n— rehearsal-revenue/log Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+\n",
        verified=True,
        checked=("Every tile hashes to the root of the checkpoint.", "Every request that was answered has one entry."),
    ),
    reply=ReplyFacts(45, "ICE-R004", 187, opened=True, other_recipient="ICE-R005", other_refusal="NOT_YOUR_REPLY"),
    hold=HoldFacts(
        "D. Rehearsal",
        "1:26-cv-00000",
        "hold-officer",
        "counsel",
        (
            Refusal("Releasing a batch", "HOLD_ACTIVE", "A court's order stands in the way."),
            Refusal("Handing over a sealed reply", "HOLD_ACTIVE", "A court's order stands in the way."),
        ),
        8342,
        '{"kind":"hold_placed","scope":"agreement:irs_ice_2025","at":"2026-11-22T09:31:07Z"}',
    ),
    cases=(RULING, COMPARISON),
    commands=(
        ("comity log verify demo/home", "verifies the log from its files"),
        ("comity agreement show irs_ice_2025", "law, rule and cases side by side"),
    ),
    seconds=41.7,
)
