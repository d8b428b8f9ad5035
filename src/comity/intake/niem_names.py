"""Where NIEM 6 says what a column of the requests says: the published names, and ours where nothing is published.

The names under nc and j are those of the NIEM model 6.0 (niemopen/niem-model, version 6.0, csv/Property.csv and
csv/TypeContainsProperty.csv); comity is a namespace of this project, on a host name that is reserved for examples.
"""

from __future__ import annotations

NAMESPACES = {
    "nc": "https://docs.oasis-open.org/niemopen/ns/model/niem-core/6.0/",
    "j": "https://docs.oasis-open.org/niemopen/ns/model/domains/justice/6.0/",
    "comity": "https://comity.example/ns/request/1.0/",
}
CONTEXT = "@context"
REQUEST = "comity:Request"

_NAME = ("nc:Person", "nc:PersonName")
_ADDRESS = ("nc:Person", "nc:PersonResidenceAddress")

PATHS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("request_id", ("nc:ActivityIdentification", "nc:IdentificationID")),
    ("given_name", (*_NAME, "nc:PersonGivenName")),
    ("middle_name", (*_NAME, "nc:PersonMiddleName")),
    ("family_name", (*_NAME, "nc:PersonSurName")),
    ("name_suffix", (*_NAME, "nc:PersonNameSuffixText")),
    ("street_line", (*_ADDRESS, "nc:AddressDeliveryPointText")),
    ("street_line", (*_ADDRESS, "nc:AddressStreet", "nc:StreetFullText")),
    ("unit_line", (*_ADDRESS, "nc:AddressSecondaryUnitText")),
    ("city", (*_ADDRESS, "nc:AddressCityName")),
    ("state", (*_ADDRESS, "nc:AddressState", "nc:StateName")),
    ("state", (*_ADDRESS, "nc:AddressState", "nc:StateCode")),
    ("zip", (*_ADDRESS, "nc:AddressPostalCode")),
    ("country", (*_ADDRESS, "nc:AddressCountry", "nc:CountryName")),
    ("address_text", (*_ADDRESS, "nc:AddressFullText")),
    ("tax_years", ("comity:TaxYear",)),
    ("tin", ("nc:Person", "nc:PersonTaxIdentification", "nc:IdentificationID")),
    ("date_of_birth", ("nc:Person", "nc:PersonBirthDate", "nc:Date")),
    ("statute", ("j:Statute", "j:StatuteCodeSectionIdentification", "nc:IdentificationID")),
    ("purpose", ("comity:RequestPurposeCode",)),
    ("case_id", ("nc:Case", "nc:CaseTrackingID")),
    ("case_opened_on", ("nc:Case", "comity:CaseOpenedDate", "nc:Date")),
    ("case_status", ("nc:Case", "nc:ActivityStatus", "nc:StatusDescriptionText")),
    ("order_final_on", ("comity:RemovalOrder", "comity:OrderFinalDate", "nc:Date")),
    ("court_final_on", ("comity:RemovalOrder", "comity:CourtFinalDate", "nc:Date")),
    ("removal_ground", ("comity:RemovalOrder", "comity:RemovalGroundText")),
    ("prong", ("comity:StatuteSubparagraphText",)),
    ("removed_on", ("comity:EarlierRemovalDate", "nc:Date")),
    ("reentered_on", ("comity:ReentryDate", "nc:Date")),
    ("bars", ("comity:BarCode",)),
    ("reason", ("nc:ActivityReasonText",)),
    ("recipients", ("comity:RecipientID",)),
    ("elements", ("comity:RequestedElementCode",)),
)
"""Each column with a path of names to it; the first path of a column is the one that is written and named."""

FIRST: dict[str, tuple[str, ...]] = dict(reversed(PATHS))
"""Of each column the path that comes first."""

Names = dict[str, "Names | str"]


def tree() -> Names:
    """The names by the objects they stand in; at the end of each path the column."""
    root: Names = {}
    for column, path in PATHS:
        inner = root
        for name in path[:-1]:
            below = inner.setdefault(name, {})
            inner = below if isinstance(below, dict) else {}
        inner[path[-1]] = column
    return root
