"""The command line as a whole: every command and the group it belongs to."""

from __future__ import annotations

import typer

from comity.cli import (
    accounts,
    agencies,
    agreeing,
    bench,
    console,
    copying,
    decoying,
    desk,
    enrolling,
    evaluating,
    explaining,
    founding,
    keeping,
    oversee,
    passkeys,
    people,
    recalling,
    receipting,
    registry,
    rekeying,
    replaying,
    retaining,
    screening,
    signing_in,
    steps,
    striking,
    synth,
    witnesses,
)
from comity.cli.ending import Commands
from comity.cli.helping import DESK, OVERSIGHT, SET_UP, STEPS, example

app = typer.Typer(
    name="comity",
    cls=Commands,
    no_args_is_help=True,
    # Help as plain text: Rich's takes as long to load as all the rest, and a screen reader has no use for its frames.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="""The gateway of an agency that keeps confidential records.

    It reads each request against the law, checks the name and address that were sent against the custodian's own
    records, has two people sign the answers, and can prove afterwards what was asked and answered.

    Try it on synthetic people:  comity demo

    Exit codes: 0 done, 2 usage, 3 refused by law, right or hold, 4 waiting for people, 5 bad input, 6 integrity.""",
)

app.command(
    "init",
    rich_help_panel=SET_UP,
    epilog=example(
        "comity init office --name revenue --authority authority --registrar registrar --counsel counsel "
        "--certificates officers"
    ),
)(founding.init)
app.add_typer(founding.rehearsal, name="rehearsal", rich_help_panel=SET_UP)
app.add_typer(enrolling.authority, name="authority", rich_help_panel=SET_UP)
app.add_typer(enrolling.officer, name="officer", rich_help_panel=SET_UP)
app.add_typer(signing_in.sign_in, name="sign-in", rich_help_panel=SET_UP)
app.add_typer(passkeys.passkey, name="passkey", rich_help_panel=SET_UP)
app.add_typer(agencies.agency, name="agency", rich_help_panel=SET_UP)
app.add_typer(agencies.safeguards, name="safeguards", rich_help_panel=SET_UP)
app.add_typer(agencies.system, name="system", rich_help_panel=SET_UP)
app.add_typer(enrolling.signatory, name="signatory", rich_help_panel=SET_UP)
app.add_typer(enrolling.recipient, name="recipient", rich_help_panel=SET_UP)
app.add_typer(agreeing.agreement, name="agreement", rich_help_panel=SET_UP)
app.add_typer(witnesses.quorum, name="quorum", rich_help_panel=SET_UP)
app.add_typer(retaining.retention, name="retention", rich_help_panel=SET_UP)
app.add_typer(striking.strike, name="strike", rich_help_panel=SET_UP)
app.add_typer(registry.registry, name="registry", rich_help_panel=SET_UP)
app.add_typer(desk.request, name="request", rich_help_panel=DESK)
app.command(
    "receive",
    rich_help_panel=STEPS,
    epilog=example("comity receive package --home office --as operator --keys officers"),
)(steps.receive)
app.command(
    "work", rich_help_panel=STEPS, epilog=example("comity work BATCH --home office --as operator --keys officers")
)(steps.work)
app.add_typer(people.review, name="review", rich_help_panel=STEPS)
app.add_typer(screening.screen, name="screen", rich_help_panel=STEPS)
app.command(
    "release",
    rich_help_panel=STEPS,
    epilog=example("comity release BATCH --home office --as transmitter --keys officers"),
)(steps.release)
app.command(
    "abandon",
    rich_help_panel=STEPS,
    epilog=example("comity abandon BATCH --reason 'A recipient left.' --home office --as transmitter --keys officers"),
)(steps.abandon)
app.command(
    "collect",
    rich_help_panel=STEPS,
    epilog=example("comity collect BATCH --recipient R1 --out reply --home office --as transmitter --keys officers"),
)(steps.collect)
app.command(
    "acknowledge",
    rich_help_panel=STEPS,
    epilog=example(
        "comity acknowledge BATCH acknowledgement --recipient R1 --home office --as transmitter --keys officers"
    ),
)(steps.acknowledge)
app.command("console", rich_help_panel=STEPS, epilog=example("comity console demo/home"))(console.console)
app.add_typer(copying.files, name="files", rich_help_panel=STEPS)
app.command("batches", rich_help_panel=STEPS, epilog=example("comity batches --home office"))(steps.batches)
app.add_typer(oversee.hold, name="hold", rich_help_panel=OVERSIGHT)
app.add_typer(recalling.recall, name="recall", rich_help_panel=OVERSIGHT)
app.command(
    "account",
    rich_help_panel=OVERSIGHT,
    epilog=example(
        "comity account --person person.json --request LETTER-17 --out for-the-person --home office --as counsel"
    ),
)(accounts.account)
app.add_typer(accounts.embargo, name="embargo", rich_help_panel=OVERSIGHT)
app.add_typer(accounts.contest, name="contest", rich_help_panel=OVERSIGHT)
app.add_typer(oversee.log, name="log", rich_help_panel=OVERSIGHT)
oversee.log.command("key", epilog=example("comity log key --home office"))(witnesses.key)
oversee.log.command("witness", epilog=example("comity log witness irs_ice_2025 --home office"))(witnesses.ask)
oversee.log.command("new-key", epilog=example("comity log new-key --home office --as registrar --keys officers"))(
    rekeying.new_key
)
oversee.log.command("change-key", epilog=example("comity log change-key --home office --as counsel --keys officers"))(
    rekeying.change_key
)
app.add_typer(witnesses.witness, name="witness", rich_help_panel=OVERSIGHT)
app.add_typer(keeping.home, name="home", rich_help_panel=OVERSIGHT)
app.command(
    "verify-receipt",
    rich_help_panel=OVERSIGHT,
    epilog=example("comity verify-receipt request-7.receipt --key 'comity.example/revenue+...'"),
)(receipting.verify)
app.command(
    "evaluate",
    rich_help_panel=OVERSIGHT,
    epilog=example(
        "comity evaluate --registry registry.parquet --requests requests.csv --truth truth.csv --evidence all"
    ),
)(evaluating.evaluate)
app.add_typer(synth.synth, name="synth", rich_help_panel=OVERSIGHT)
app.command(
    "explain",
    rich_help_panel=OVERSIGHT,
    epilog=example("comity explain BATCH 7 --home office --as approver-1 --keys officers"),
)(explaining.explain)
app.command(
    "decoys",
    rich_help_panel=OVERSIGHT,
    epilog=example("comity decoys BATCH --home office --as approver-1 --keys officers"),
)(decoying.decoys)
app.command(
    "replay",
    rich_help_panel=OVERSIGHT,
    epilog=example("comity replay --all --rules new-text --home office --as counsel --keys officers"),
)(replaying.replay)
app.command("demo", rich_help_panel=OVERSIGHT, epilog=example("comity demo --out demo --seed 7"))(oversee.demo)
app.add_typer(bench.bench, name="bench", rich_help_panel=OVERSIGHT)
