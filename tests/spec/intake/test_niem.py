"""A NIEM 6 JSON document says the requests in published names, and in ours where none is published; nothing else."""

from __future__ import annotations

import json
import re

import pytest

from comity.case.tables import REQUESTS
from comity.intake import json_stream
from comity.intake.niem_names import CONTEXT, FIRST, NAMESPACES, PATHS, REQUEST
from tests.spec.intake.writing import ROW, as_niem

SECOND = dict(ROW) | {"request_id": "R-2"}
# Of the NIEM model 6.0, csv/TypeContainsProperty.csv with what its types inherit: what may stand in what, for every
# published name that the mapping uses. An abstract property is replaced by one of its substitution group.
PUBLISHED = {
    "": {"nc:ActivityIdentification", "nc:ActivityReasonText", "nc:Person", "nc:Case", "j:Statute"},
    "nc:ActivityIdentification": {"nc:IdentificationID"},
    "nc:Person": {"nc:PersonName", "nc:PersonBirthDate", "nc:PersonTaxIdentification", "nc:PersonResidenceAddress"},
    "nc:PersonName": {"nc:PersonGivenName", "nc:PersonMiddleName", "nc:PersonSurName", "nc:PersonNameSuffixText"},
    "nc:PersonBirthDate": {"nc:Date"},
    "nc:PersonTaxIdentification": {"nc:IdentificationID"},
    "nc:PersonResidenceAddress": {
        "nc:AddressFullText",
        "nc:AddressSecondaryUnitText",
        "nc:AddressDeliveryPointText",
        "nc:AddressStreet",
        "nc:AddressCityName",
        "nc:AddressState",
        "nc:AddressCountry",
        "nc:AddressPostalCode",
    },
    "nc:AddressStreet": {"nc:StreetFullText"},
    "nc:AddressState": {"nc:StateName", "nc:StateCode"},
    "nc:AddressCountry": {"nc:CountryName"},
    "nc:Case": {"nc:CaseTrackingID", "nc:ActivityStatus"},
    "nc:ActivityStatus": {"nc:StatusDescriptionText"},
    "j:Statute": {"j:StatuteCodeSectionIdentification"},
    "j:StatuteCodeSectionIdentification": {"nc:IdentificationID"},
}


def document(*requests: object, **more: object) -> bytes:
    return json.dumps({CONTEXT: NAMESPACES, REQUEST: list(requests)} | more, indent=1).encode()


def request(request_id: str, **more: object) -> dict[str, object]:
    return {"nc:ActivityIdentification": {"nc:IdentificationID": request_id}} | more


def test_every_column_has_a_path_and_every_path_a_column():
    assert set(FIRST) == set(REQUESTS.names())
    assert {column for column, _ in PATHS} == set(REQUESTS.names())
    assert len({path for _, path in PATHS}) == len(PATHS)


def test_every_name_is_published_where_it_stands_or_is_ours():
    for _, path in PATHS:
        for holder, name in zip(("", *path), path, strict=False):
            prefix = name.split(":")[0]
            assert prefix in NAMESPACES
            # Ours may stand anywhere, and nc:Date in any date of ours.
            if prefix != "comity" and not holder.startswith("comity:"):
                assert name in PUBLISHED[holder], name
            assert not holder.startswith("comity:") or prefix == "comity" or name == "nc:Date"


def test_one_request_needs_no_array_and_one_value_of_several_none(taken):
    content = {CONTEXT: NAMESPACES, REQUEST: request("R-1") | {"comity:TaxYear": 2020, "comity:RecipientID": "agent-1"}}
    assert taken("r.json", json.dumps(content).encode()) == [("R-1", None)]


def test_either_of_two_published_ways_to_say_a_street_and_a_state_is_read(tmp_path, taken):
    address = {"nc:AddressStreet": {"nc:StreetFullText": "12 Elm St"}, "nc:AddressState": {"nc:StateCode": "TX"}}
    person = {"nc:Person": {"nc:PersonResidenceAddress": address, "nc:PersonName": {"nc:PersonGivenName": "Ana"}}}
    assert taken("r.json", document(request("R-1", **person))) == [("R-1", "Ana")]


def test_both_ways_at_once_are_not(refuse):
    address = {"nc:AddressState": {"nc:StateName": "Texas", "nc:StateCode": "TX"}}
    content = document(request("R-1"), request("R-2", **{"nc:Person": {"nc:PersonResidenceAddress": address}}))
    path = "/comity:Request/1/nc:Person/nc:PersonResidenceAddress/nc:AddressState/nc:StateCode"
    assert refuse("r.json", content) == [(21, path, "MEMBER_REPEATED")]


@pytest.mark.parametrize(
    ("more", "path", "code"),
    [
        ({"nc:PersonNames": {}}, "nc:PersonNames", "MEMBER_UNKNOWN"),
        ({"j:Charge": {}}, "j:Charge", "MEMBER_UNKNOWN"),
        ({"nc:Person": {"nc:PersonSSNIdentification": {}}}, "nc:Person/nc:PersonSSNIdentification", "MEMBER_UNKNOWN"),
        ({"nc:Person": {"j:PersonGivenName": 1}}, "nc:Person/j:PersonGivenName", "MEMBER_UNKNOWN"),
        ({"nc:Canary Ana": 1}, "#2", "MEMBER_UNKNOWN"),
        ({"Canary": 1}, "#2", "MEMBER_UNKNOWN"),
        ({"comity:Canary": 1}, "#2", "MEMBER_UNKNOWN"),
        ({"@id": "Canary"}, "#2", "MEMBER_UNKNOWN"),
        ({"nc:Person": "Canary"}, "nc:Person", "VALUE_TYPE"),
        ({"nc:Person": [{}]}, "nc:Person", "VALUE_TYPE"),
        ({"nc:ActivityReasonText": {"value": "Canary"}}, "nc:ActivityReasonText", "VALUE_TYPE"),
        ({"nc:ActivityReasonText": ["Canary", "Canary"]}, "nc:ActivityReasonText", "VALUE_TYPE"),
        ({"nc:ActivityReasonText": 7}, "nc:ActivityReasonText", "VALUE_TYPE"),
        ({"comity:TaxYear": ["2020"]}, "comity:TaxYear", "VALUE_TYPE"),
        ({"comity:TaxYear": 2020.5}, "comity:TaxYear", "VALUE_TYPE"),
        ({"comity:RecipientID": [["agent-1"]]}, "comity:RecipientID", "VALUE_TYPE"),
        ({"comity:TaxYear": 2**31}, "comity:TaxYear", "VALUE_UNREADABLE"),
        ({"nc:ActivityReasonText": "Canary\u0000"}, "nc:ActivityReasonText", "CONTROL_CHARACTER"),
        ({"comity:ReentryDate": {"nc:Date": "soon"}}, "comity:ReentryDate/nc:Date", "VALUE_UNREADABLE"),
    ],
)
def test_what_is_none_of_the_names_or_no_such_value_is_named_by_its_path_and_line(refuse, more, path, code):
    content = document(request("R-1"), request("R-2", **more), request("R-3"))
    [(line, column, said)] = refuse("r.json", content)
    assert (column, said) == (f"/comity:Request/1/{path}", code)
    name = next(iter(more)) if path.startswith("#") else path.rsplit("/", 1)[-1]
    assert f'"{name}"' in content.decode().split("\n")[line - 1]


def test_a_member_given_twice_is_named(refuse):
    content = document(request("R-1"), request("R-2", one=1)).replace(b'"one"', b'"nc:ActivityIdentification"')
    assert refuse("r.json", content) == [(17, "/comity:Request/1/nc:ActivityIdentification", "MEMBER_REPEATED")]


def test_a_request_without_an_id_is_named_by_where_its_id_would_stand(refuse):
    missing = "/comity:Request/1/nc:ActivityIdentification/nc:IdentificationID"
    assert refuse("r.json", document(request("R-1"), {})) == [(13, missing, "REQUEST_ID_MISSING")]


@pytest.mark.parametrize(
    "context",
    [
        {},
        NAMESPACES | {"nc": "http://release.niem.gov/niem/niem-core/5.0/"},
        NAMESPACES | {"Canary": "x"},
        {"nc": NAMESPACES["nc"]},
        "Canary",
        [NAMESPACES],
    ],
)
def test_other_namespaces_than_the_published_are_refused(refuse, context):
    content = json.dumps({CONTEXT: context, REQUEST: [request("R-1")]}).encode()
    assert refuse("r.json", content) == [(1, "/@context", "NIEM_CONTEXT")]


def test_requests_come_after_the_context_that_says_what_their_names_mean(refuse):
    content = json.dumps({REQUEST: [request("R-1")], CONTEXT: NAMESPACES}).encode()
    assert refuse("r.json", content) == [(1, "/@context", "NIEM_CONTEXT")]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b'"Canary"',
        document(request("R-1"))[:-1],
        document(request("R-1")) + b"{}",
        document(request("R-1")).replace(b"]", b",]"),
        document(request("R-1"), request("R-2")).replace(b"},\n  {", b"}\n  {"),
        document(request("R-1")).replace(b'"R-1"', b"NaN"),
        document(request("R-1")).replace(b'"R-1"', b"[" * 100_000 + b"]" * 100_000),
        document(request("R-1")).replace(b'"comity:Request"', b"1"),
        document(request("R-1")).replace(b'"comity:Request"', b"\xef\xbb\xbf"),
    ],
)
def test_what_is_no_json_document_is_refused_with_its_line(refuse, content):
    [(line, column, code)] = refuse("r.json", content)
    assert (column, code) == ("", "JSON_INVALID")
    assert 1 <= line <= content.count(b"\n") + 1


def test_another_member_of_the_document_is_refused(refuse):
    assert refuse("r.json", document(request("R-1"), Canary=[1])) == [(15, "", "MEMBER_UNKNOWN")]


@pytest.mark.parametrize("length", [1_000_000, 3_000_000, 9_000_000])
def test_a_request_longer_than_any_is_refused_and_not_held(refuse, length):
    content = document(request("R-1"), request("R-2", **{"nc:ActivityReasonText": "x" * length}))
    [(line, column, code)] = refuse("r.json", content)
    assert (line in (13, 17), column, code) == (True, "", "LINE_TOO_LONG")


@pytest.mark.parametrize("piece", [1, 2, 7, 64])
def test_a_document_is_the_same_in_pieces_of_any_size(tmp_path, monkeypatch, piece):
    content = as_niem([ROW, SECOND, ROW], indent=2)
    (tmp_path / "r.json").write_bytes(content)
    whole = [(v.name, v.index, v.line, v.text) for v in json_stream.values(tmp_path / "r.json")]
    longest = max(len(text) for *_, text in whole)
    monkeypatch.setattr(json_stream, "MAXIMUM_OBJECT", longest)
    monkeypatch.setattr(json_stream, "_PIECE", piece)
    assert [(v.name, v.index, v.line, v.text) for v in json_stream.values(tmp_path / "r.json")] == whole
    assert [line for _, _, line, _ in whole][1:] == [
        place + 1 for place, text in enumerate(content.decode().split("\n")) if re.fullmatch(r" {4}\{", text)
    ]
