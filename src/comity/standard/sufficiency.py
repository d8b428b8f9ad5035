"""Whether what was sent is an address at all: one class per address, judged on the standardised parts."""

from __future__ import annotations

from comity.standard.steps import Step

# Beginnings that no street has; they count where the line is not a number, a name and a street type.
_HEADS = (
    "FAIL(?:ED|URE|S)? TO|REFUS(?:ED|ES|AL)|DECLIN(?:ED|ES)|(?:DID|DOES|DO|WOULD|WILL|COULD|CAN) ?NO?T|DIDNT|DOESNT|DONT|WONT"
    "|UNABLE|UNWILLING|UNKNOWN (?:AT|TO|FOR|BY|AS)|NOT (?:PROVIDED|GIVEN|KNOWN|AVAILABLE|STATED|APPLICABLE|LISTED|DISCLOSED|SURE)"
    "|NO (?:ADDRESS|ADDR|KNOWN|FIXED|PERMANENT|CURRENT|STREET|INFORMATION|INFO|DATA|SABE|TIENE|DOMICILIO)|NONE (?:PROVIDED|GIVEN)"
    "|SAME (?:AS|ADDRESS)|SEE (?:ABOVE|FILE|NOTES?|ATTACHED|REMARKS)|HOMELESS|TRANSIENT|SIN (?:DOMICILIO|DIRECCION|HOGAR|CASA)"
    "|DESCONOCID[OA]|TO BE (?:DETERMINED|PROVIDED)|ADDRESS (?:UNKNOWN|NOT|UNAVAILABLE|REFUSED|WITHHELD)|LIVES? (?:IN|ON|WITH)"
)
_TOKENS = "(?:(?:NA|N A|N/A|UNK|UNKN|UNKNOWN|NONE|NULL|NIL|TBD|TEST|X+|Z{3,}|[.*?-]+) ?)+"

_HELD = (
    "JAIL|PRISON|PENITENTIARY|STOCKADE|DETENTION|CORRECTION(?:AL|S)?(?: (?:CENTER|CTR|FACILITY|INSTITUTION|INST|COMPLEX))?"
    "|DETENTION (?:CENTER|CTR|CENTRE|FACILITY|FAC|COMPLEX)|PROCESSING (?:CENTER|CTR)|(?:CCA|ICE|INS|ERO|CBP|GEO|FCI|USP|DHS|SPC|IPC)"
    "|(?:ICE|ERO|CBP|USCIS|DHS|INS|BORDER PATROL)(?: [A-Z]+)* (?:OFFICE|STATION|FACILITY|CENTER|CUSTODY|HOLD|DETAINEE)"
    "|(?:FIELD|SUB|REGIONAL|ASYLUM) OFFICE|STAGING (?:FACILITY|CENTER)"
)
_HOUSED = (
    "COURTHOUSE|COURT HOUSE|(?:IMMIGRATION|DISTRICT|CIRCUIT|SUPERIOR|MUNICIPAL|COUNTY) COURT|CONSULATE|EMBASSY|FEDERAL BUILDING"
    "|SHELTER|MISSION SHELTER|RESCUE MISSION|SALVATION ARMY|CATHOLIC CHARITIES|RED CROSS|HALFWAY HOUSE"
    "|HOTEL|MOTEL|HOSTEL|SUITES|SUPER 8|MOTEL 6|HOLIDAY INN|DAYS INN"
    "|HOSPITAL|MEDICAL CENTER|CLINIC|NURSING HOME|CHURCH|SCHOOL|UNIVERSITY|COLLEGE"
    "|LAW OFFICES?|LAW FIRM|ATTORNEYS?|SPONSOR|EMPLOYER|BUS STATION|AIRPORT|POLICE DEPARTMENT|POLICE STATION|SHERIFFS? OFFICE"
)
_CARE_OF = "^(?:C/O|C O |CARE OF|ATTN|ATTENTION|A CARGO DE)\\b"
_CUSTODY = "^(?:IN |ICE |CBP |USMS |DHS |COUNTY |STATE |FEDERAL )*(?:CUSTODY|DETAINED|INCARCERATED|INMATE|JAILED)\\b"
_AT_END = f"\\b(?:{_HELD}|{_HOUSED})$"

_READ = f"""
SELECT w.*, p.detail AS phrase_detail,
    a_form IN ('street', 'highway', 'grid', 'rural_route') AND a_number IS NOT NULL AND a_name IS NOT NULL AS delivers,
    a_form = 'street' AND (a_number IS NULL OR a_suffix IS NULL) AS doubtful
FROM (SELECT *, CASE WHEN as_sent IS NULL THEN NULL WHEN regexp_matches(as_sent, '^[0-9]|[0-9]$|^[^A-Z]|[^A-Z]$')
        THEN regexp_replace(as_sent, '^[^A-Z]+|[^A-Z]+$', '', 'g') ELSE as_sent END AS core FROM whole) w
LEFT JOIN phrases p ON p.phrase = core
"""

_JUDGED = f"""
SELECT *,
    CASE
        WHEN coalesce(as_sent, a_city, a_state, zip_sent, abroad) IS NULL THEN 'missing'
        WHEN phrase_detail IS NOT NULL OR a_street IN ('123 MAIN ST', '1234 MAIN ST', '123 STREET') THEN 'placeholder'
        WHEN doubtful AND regexp_matches(core, '^(?:{_HEADS})\\b') THEN 'placeholder'
        WHEN doubtful AND (regexp_full_match(core, '{_TOKENS}') OR replace(core, left(core, 1), '') = '' AND length(core) > 1) THEN 'placeholder'
        WHEN core = '' THEN CASE WHEN regexp_matches(as_sent, '[0-9]') THEN CASE WHEN regexp_full_match(as_sent, '[0 ]+|9{{5,}}') THEN 'placeholder' ELSE 'zip_only' END ELSE 'missing' END
        WHEN as_sent IS NULL AND coalesce(a_city, a_state, abroad) IS NULL THEN 'zip_only'
        WHEN doubtful AND regexp_full_match(as_sent, '(?:[0-9.,/-]+ ?[NSEW]? ?)+') THEN 'zip_only'
        WHEN regexp_matches(as_sent, '{_CARE_OF}|{_CUSTODY}') THEN 'institutional'
        WHEN (doubtful OR delivers) AND regexp_matches(as_sent, '{_AT_END}') AND NOT coalesce(a_suffix IN ('CTR', 'RD', 'ST', 'AVE', 'DR'), FALSE) THEN 'institutional'
        WHEN a_form = 'general_delivery' THEN 'general_delivery'
        WHEN a_form IN ('po_box', 'military') THEN 'po_box'
        WHEN a_form = 'foreign' THEN CASE WHEN a_city IS NOT NULL AND regexp_matches(as_sent, '[0-9]') THEN 'foreign' ELSE 'incomplete' END
        WHEN doubtful AND a_number IS NULL AND regexp_full_match(as_sent, '[^0-9]+ (?:[0-9]{{5}}|[0-9]{{9}}|[0-9]{{5}}-[0-9]{{4}})') AND a_suffix IS NULL THEN 'placeholder'
        WHEN regexp_matches(as_sent, '[^A-Z0-9 #/&.\\-]') OR (a_name IS NULL AND rest IS NOT NULL) THEN 'unreadable'
        WHEN regexp_matches(as_sent, '&') THEN 'incomplete'
        WHEN NOT delivers AND regexp_matches(as_sent, '^[0-9A-Z]*[0-9]') THEN CASE WHEN a_number IS NULL AND NOT regexp_matches(as_sent, '^[0-9]+(?:ST|ND|RD|TH)\\b') THEN 'unreadable' ELSE 'incomplete' END
        WHEN NOT delivers THEN 'incomplete'
        WHEN a_number = a_zip AND a_suffix IS NULL THEN 'placeholder'
        WHEN a_name = a_city AND a_suffix IS NULL THEN 'incomplete'
        WHEN a_zip IS NULL AND (a_city IS NULL OR a_state IS NULL) THEN 'incomplete'
        ELSE 'sufficient' END AS a_class,
    CASE a_class WHEN 'placeholder' THEN phrase_detail WHEN 'po_box' THEN nullif(a_form, 'po_box') END AS a_class_detail
FROM read
"""


def sufficiency_steps() -> list[Step]:
    """The steps that judge the parts: one `a_class` for every address, and where there is one a word of detail."""
    return [
        Step("read", "the line without the numbers around it, looked up among the lines that say nothing", _READ),
        Step("judged", "one class, the first that applies", _JUDGED),
    ]
