"""Commands of the requester's desk: prepare a submission, check it, sign it, open a reply."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

request = typer.Typer(no_args_is_help=True, help="Prepare, check and sign a submission; open a reply.")

PackageDir = Annotated[Path, typer.Argument(help="The package's folder.")]
