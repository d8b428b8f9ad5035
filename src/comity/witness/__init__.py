"""A witness of logs, run by others than the office: it cosigns a checkpoint only if that extends the one before."""

from comity.witness.home import WitnessHome, create_witness, distrust_key, open_witness, trust_log
from comity.witness.serving import serve
from comity.witness.witness import Witness

__all__ = ["Witness", "WitnessHome", "create_witness", "distrust_key", "open_witness", "serve", "trust_log"]
