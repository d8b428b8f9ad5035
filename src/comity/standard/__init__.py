"""Names and addresses brought to one form (USPS Publication 28), as named SQL steps; what recurs is read once."""

from comity.standard.address_columns import ADDRESS, STANDARD_ADDRESS
from comity.standard.addresses import address_passes, standardise_addresses
from comity.standard.lists import load_lists
from comity.standard.name_columns import NAME, STANDARD_NAME
from comity.standard.names import name_passes, standardise_names
from comity.standard.rules import VERSION, steps
from comity.standard.steps import Step

__all__ = [
    "ADDRESS",
    "NAME",
    "STANDARD_ADDRESS",
    "STANDARD_NAME",
    "VERSION",
    "Step",
    "address_passes",
    "load_lists",
    "name_passes",
    "standardise_addresses",
    "standardise_names",
    "steps",
]
