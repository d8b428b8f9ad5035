"""Commands of oversight: holds, the log, and the demonstration."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from comity.cli.helping import example, group
from comity.cli.options import HERE, OWN_KEYS, As, AsJson, HomeDir, Keys, acting, office_at
from comity.cli.speaking import say, say_table, tell

if TYPE_CHECKING:
    from comity.case.holds import Hold

hold = group("A court's order stops an agreement, or what is asked about the persons it names.")
log = group("The log that outsiders can verify.")

Paper = Annotated[Path, typer.Option(exists=True, dir_okay=False, help="The order's document; its digest is kept.")]


@hold.command(
    "place",
    epilog=example(
        "comity hold place H1 --agreement irs_ice_2025 --court 'D.D.C.' --docket 1:25-cv-00457 "
        "--ordered-on 2026-02-01 --paper order.pdf --home office --as hold-officer --keys officers"
    ),
)
def place(
    id_: Annotated[str, typer.Argument(metavar="ID", help="An id for the hold.")],
    agreement: Annotated[str, typer.Option(help="The agreement that stops, or * for every one.")],
    court: Annotated[str, typer.Option(help="The court.")],
    docket: Annotated[str, typer.Option(help="The docket number.")],
    ordered_on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day of the order.")],
    paper: Paper,
    direction: Annotated[str, typer.Option(help="disclose or use")] = "disclose",
    says: Annotated[str, typer.Option(help="What it says, in a sentence.")] = "",
    persons: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="A CSV file (given_name, family_name, date_of_birth) of the persons it is about; without, everybody.",
        ),
    ] = None,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Place a hold. It binds from this moment; a second officer confirms it.

    Without --persons nothing leaves under the agreement. With it nothing is confirmed of those whom the file names, and
    answers that were made before have to be made anew.
    """
    from comity.office import acts

    office, actor = acting(home, officer_id, keys)
    order = {"court": court, "docket": docket, "ordered_on": ordered_on.date().isoformat(), "says": says}
    listed = persons.read_bytes() if persons else None
    named = acts.place_hold(office, actor, id_, agreement, direction, order, paper.read_bytes(), listed)
    whom = f" what is asked about {_people(named)}" if named else ""
    say(
        {"hold": id_, "binding": True, "persons": named},
        f"Hold {id_} binds{whom}. Next: comity hold confirm {id_}",
        as_json=as_json,
    )


@hold.command("confirm", epilog=example("comity hold confirm H1 --home office --as counsel --keys officers"))
def confirm(
    id_: Annotated[str, typer.Argument(metavar="ID", help="The hold.")],
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Confirm a hold as its second reader."""
    from comity.office import acts

    office, actor = acting(home, officer_id, keys)
    acts.confirm_hold(office, actor, id_)
    say({"hold": id_, "confirmed": True}, f"Hold {id_} is confirmed.", as_json=as_json)


@hold.command(
    "lift",
    epilog=example(
        "comity hold lift H1 --court 'D.D.C.' --order '1:25-cv-00457, No. 61' --ordered-on 2026-03-01 "
        "--paper vacated.pdf --home office --as hold-officer --keys officers"
    ),
)
def lift(
    id_: Annotated[str, typer.Argument(metavar="ID", help="The hold.")],
    court: Annotated[str, typer.Option(help="The court that ends it.")],
    order: Annotated[str, typer.Option(help="The order's id there: docket, and number in it.")],
    ordered_on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day of that order.")],
    paper: Paper,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Propose that a hold ends by a later order. It binds on until the other of hold officer and counsel confirms."""
    from comity.office import acts

    office, actor = acting(home, officer_id, keys)
    said = {"court": court, "order": order, "ordered_on": ordered_on.date().isoformat()}
    number = acts.propose_lift(office, actor, id_, said, paper.read_bytes())
    say(
        {"hold": id_, "lift": number, "binding": True},
        f"Lift {number} of hold {id_} waits for the other role, and the hold binds: "
        f"comity hold confirm-lift {id_} {number} --paper {paper}",
        as_json=as_json,
    )


@hold.command(
    "confirm-lift",
    epilog=example("comity hold confirm-lift H1 1 --paper vacated.pdf --home office --as counsel --keys officers"),
)
def confirm_lift(
    id_: Annotated[str, typer.Argument(metavar="ID", help="The hold.")],
    number: Annotated[int, typer.Argument(metavar="LIFT", min=1, help="The proposal, as `hold list` numbers it.")],
    paper: Paper,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Confirm a lift, with the same paper in hand. The hold stops nothing from then on; a release is asked again."""
    from comity.office import acts

    office, actor = acting(home, officer_id, keys)
    acts.confirm_lift(office, actor, id_, number, paper.read_bytes())
    say({"hold": id_, "lift": number, "binding": False}, f"Hold {id_} is lifted from now on.", as_json=as_json)


@hold.command("list", epilog=example("comity hold list --home office"))
def list_holds(home: HomeDir = HERE, as_json: AsJson = False) -> None:
    """The holds, those that were lifted too."""
    holds = office_at(home).state().holds.values()
    rows = [
        (
            h.hold,
            h.agreement,
            _about(h),
            h.direction,
            h.order(),
            h.placed_at,
            h.confirmed_by or "not yet confirmed",
            _lift_of(h),
        )
        for h in holds
    ]
    say_table(
        "Holds",
        ("hold", "agreement", "about", "direction", "order", "binds since", "confirmed by", "lift"),
        rows,
        as_json=as_json,
        empty="No hold.",
    )


def _about(hold: Hold) -> str:
    return _people(len(hold.persons)) if hold.persons else "everybody"


def _people(number: int) -> str:
    return f"{number:,} person{'s' if number > 1 else ''}"


def _lift_of(hold: Hold) -> str:
    if hold.lift is None:
        return "none"
    by = f"{hold.lift.order}, {hold.lift.ordered_on}"
    return f"lifted {hold.lifted_at}, {by}" if hold.lifted_at else f"{hold.lift.number} waits for the other role, {by}"


@log.command("verify", epilog=example("comity log verify office --key 'comity.example/revenue+...'"))
def verify(
    directory: Annotated[
        Path,
        typer.Argument(
            metavar="DIRECTORY",
            exists=True,
            file_okay=False,
            help="A folder with log/, batches/ and agreements/: a home, or a copy.",
        ),
    ],
    key: Annotated[
        str, typer.Option(help="The log's key as you were given it; without, the one in the log's genesis.")
    ] = "",
    policy: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="Your own witness policy (c2sp.org/tlog-policy) for every release; without, the quorum each had set.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Re-derive everything the log commits to, from its files alone; exit 6 at the first inconsistency.

    Of a home, what lies beside the log is held against it as well: events, keys, registries.
    """
    from comity.office.homecheck import is_home, require_one_story, verify_home
    from comity.oversight.verify import verify_log

    if is_home(directory):
        # First, for the log alone would say of a home that a crash left half way that it is not to be relied on.
        require_one_story(directory)
    found = verify_log(directory, key, tell, policy.read_text("utf-8") if policy else None)
    facts, sentence = found.facts(), found.sentence()
    if is_home(directory):
        tell("holding the events, the keys and the registries of the home against it")
        beside = verify_home(directory)
        facts, sentence = {**facts, "home": asdict(beside)}, f"{sentence}\n{beside.sentence()}"
    say(facts, sentence, as_json=as_json)


def demo(
    directory: Annotated[
        Path | None,
        typer.Option(
            "--out", help="A new folder for everything it makes; without, demo, or the next demo-N that is free."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same people, requests and determinations.")] = 1,
    as_json: AsJson = False,
) -> None:
    """The whole story on synthetic people, from keys to sealed replies and a report; about a minute."""
    from comity.demo import run_demo

    found = run_demo(directory or _free_folder(), seed, progress=tell)
    say(found.facts(), found.sentence(), as_json=as_json)


def _free_folder() -> Path:
    """The first of `demo`, `demo-2`, `demo-3`, … that is not there yet: an earlier demonstration stays as it was."""
    names = chain(["demo"], (f"demo-{number}" for number in count(2)))
    return next(path for path in map(Path, names) if not path.exists())
