"""Commands about witnesses: running one, saying whose cosignatures an agreement needs, and asking for them."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from comity.cli.entering import Number, Since, approve, first_day, say_proposed, show
from comity.cli.helping import example, group
from comity.cli.options import HERE, OWN_KEYS, As, AsJson, HomeDir, Keys, acting, now, office_at
from comity.cli.speaking import say, say_table, tell

witness = group(
    "A witness of logs, for a court, an inspector general or another office to run (c2sp.org/tlog-witness)."
)
quorum = group("Which witnesses cosign before anything leaves under an agreement. Two officers keep the register.")

WitnessDir = Annotated[Path, typer.Argument(metavar="DIRECTORY", help="The folder of the witness.")]
Agreement = Annotated[str, typer.Argument(metavar="AGREEMENT", help="The agreement.")]
_COLUMNS = {"policy": "policy", "binds_from": "from"}


@witness.command("new", epilog=example("comity witness new witness --name witness.example/inspector-general"))
def new(
    directory: WitnessDir,
    name: Annotated[str, typer.Option(help="Its name in signatures: a URL without scheme, of a domain of its own.")],
    as_json: AsJson = False,
) -> None:
    """Make a witness with keys of its own, and show what logs and verifiers have to know of it."""
    from comity.witness import create_witness

    create_witness(directory, name)
    show_witness(directory, as_json=as_json)


@witness.command("show", epilog=example("comity witness show witness"))
def show_witness(directory: WitnessDir, as_json: AsJson = False) -> None:
    """Show a witness's verifier keys, ML-DSA-44 first, and the logs that it watches."""
    from comity.witness import open_witness

    home = open_witness(directory)
    vkeys = [signer.key.vkey for signer in home.signers()]
    logs = sorted(home.watched())
    watched = "\n".join(logs) or "It watches no log yet: comity witness watch DIRECTORY LOG-KEY"
    say(
        {"name": home.name, "vkeys": vkeys, "logs": logs},
        f"{home.name}\n{vkeys[0]}\n{vkeys[1]}\n{watched}",
        as_json=as_json,
    )


@witness.command("watch", epilog=example("comity witness watch witness 'comity.example/revenue+...'"))
def watch(
    directory: WitnessDir,
    vkey: Annotated[str, typer.Argument(metavar="LOG-KEY", help="The log's verifier key, as its office gave it out.")],
    as_json: AsJson = False,
) -> None:
    """Cosign for a log from now on; a witness that is serving takes it up at once."""
    from comity.witness import open_witness, trust_log

    key = trust_log(open_witness(directory), vkey)
    say({"watches": key.name}, f"The log {key.name} is watched.", as_json=as_json)


@witness.command("forget", epilog=example("comity witness forget witness 'comity.example/revenue+...'"))
def forget(
    directory: WitnessDir,
    vkey: Annotated[str, typer.Argument(metavar="LOG-KEY", help="A key of a log that it trusted so far.")],
    as_json: AsJson = False,
) -> None:
    """Trust a key of a log no more, when it was changed or is in other hands; at once, also while serving."""
    from comity.witness import distrust_key, open_witness

    key = distrust_key(open_witness(directory), vkey)
    say({"forgot": vkey}, f"Nothing is cosigned for {key.name} any more that this key alone signed.", as_json=as_json)


@witness.command("serve", epilog=example("comity witness serve witness --port 8470"))
def serve(
    directory: WitnessDir,
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 for any that is free.")] = 8470,
    as_json: AsJson = False,
) -> None:
    """Answer logs over HTTP until interrupted. It speaks no TLS: put a web server that does before it."""
    from comity.witness import Witness, open_witness
    from comity.witness import serve as served

    home = open_witness(directory)
    with (
        served(Witness(home, lambda: int(now().timestamp()), tell), host, port, tell) as server,
        suppress(KeyboardInterrupt),
    ):
        url = f"http://{host}:{server.server_port}"
        say({"name": home.name, "url": url}, f"{home.name} answers at {url}", as_json=as_json)
        server.serve_forever()


@quorum.command(
    "set",
    epilog=example(
        "comity quorum set irs_ice_2025 --policy witnesses.policy --home office --as registrar --keys officers"
    ),
)
def set_quorum(
    agreement: Agreement,
    policy: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="A policy file (c2sp.org/tlog-policy), with URLs.")
    ],
    since: Since = None,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Propose the quorum of an agreement. Another officer approves it; it binds what is intended from its day on."""
    from comity.case.registers import QUORUM
    from comity.office.witnessing import propose_quorum

    office, actor = acting(home, officer_id, keys)
    number = propose_quorum(office, actor, agreement, policy.read_bytes(), first_day(since))
    say_proposed(QUORUM, agreement, number, as_json=as_json)


@quorum.command(
    "approve", epilog=example("comity quorum approve irs_ice_2025 1 --home office --as counsel --keys officers")
)
def approve_quorum(
    agreement: Agreement,
    number: Number,
    home: HomeDir = HERE,
    officer_id: As = "",
    keys: Keys = OWN_KEYS,
    as_json: AsJson = False,
) -> None:
    """Approve a version of an agreement's quorum that another officer proposed."""
    from comity.case.registers import QUORUM

    approve(QUORUM, agreement, number, home, officer_id, keys, as_json=as_json)


@quorum.command("show", epilog=example("comity quorum show irs_ice_2025 --home office"))
def show_quorum(
    agreement: Annotated[
        str, typer.Argument(metavar="[AGREEMENT]", help="The agreement; every one if not given.")
    ] = "",
    home: HomeDir = HERE,
    as_json: AsJson = False,
) -> None:
    """Show the register of quorums: every version, from which day, who proposed and who approved it."""
    from comity.case.registers import QUORUM

    show("Quorums", QUORUM, agreement, _COLUMNS, home, as_json=as_json)


def key(home: HomeDir = HERE, as_json: AsJson = False) -> None:
    """Show the log's verifier key, for witnesses and for whoever verifies the log."""
    vkey = office_at(home).home.note_key().vkey
    say({"key": vkey}, vkey, as_json=as_json)


def ask(agreement: Agreement, home: HomeDir = HERE, as_json: AsJson = False) -> None:
    """Have the log's checkpoint cosigned by the witnesses of an agreement; exit 4 while too few do."""
    from comity.office.witnessing import quorum_today, require_met, witness_log

    office = office_at(home)
    found = witness_log(office, quorum_today(office, agreement))
    rows = [(name, found.refusals.get(name, "cosigned")) for name in found.names()]
    say_table("Witnesses", ("witness", "answer"), rows, as_json=as_json, empty="The agreement names no witness.")
    require_met(found)
