"""A package of a stranger's holds the files of the contract, plain and of bearable size, or it is not opened."""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from comity.case.errors import BadInput
from comity.intake import open_package
from comity.intake import package as packages

FILES = {"cover.json": b"{}", "cover.jws": b"", "recipients.ndjson": b"{}\n", "requests.csv": b"request_id\n"}


def zipped(entries, compression=zipfile.ZIP_DEFLATED):
    """A zip file of (name or ZipInfo, bytes)."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compression) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return content.getvalue()


def copy_all(path, to):
    package = open_package(path)
    for place, name in enumerate(packages.LIMITS):
        if name in package.files.names():
            package.copy(name, to / f"copy-{place}")


@pytest.fixture(params=["folder", "zip"])
def written(request, tmp_path):
    """Writes files as a package, once as a folder and once as a zip file."""

    def at(files):
        path = tmp_path / "package"
        if request.param == "zip":
            path.write_bytes(zipped(files.items()))
        else:
            path.mkdir()
            for name, content in files.items():
                (path / name).write_bytes(content)
        return path

    return at


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "package"
    path.mkdir()
    for name, content in FILES.items():
        (path / name).write_bytes(content)
    return path


@pytest.fixture
def refused(tmp_path):
    """Opens a package, or the bytes of one, reads everything in it, and gives the code of the refusal."""

    def code(package):
        if isinstance(package, bytes):
            (tmp_path / "sent.zip").write_bytes(package)
            package = tmp_path / "sent.zip"
        with pytest.raises(BadInput) as refusal:
            copy_all(package, tmp_path)
        assert refusal.value.__context__ is None
        assert "Canary" not in str(refusal.value)
        return refusal.value.code

    return code


def test_a_folder_that_is_no_package_lacks_a_cover(refused, tmp_path):
    (tmp_path / "home" / "batches").mkdir(parents=True)
    assert refused(tmp_path / "home") == "PACKAGE_FILE_MISSING"
    (tmp_path / "table").mkdir()
    (tmp_path / "table" / "people.csv").write_text("name")
    assert refused(tmp_path / "table") == "PACKAGE_FILE_MISSING"


def test_a_folder_and_a_zip_file_are_read_alike(written, tmp_path):
    package = open_package(written(FILES))
    assert (package.requests, package.signed) == ("requests.csv", True)
    assert package.read("recipients.ndjson") == b"{}\n"
    package.copy("requests.csv", tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == FILES["requests.csv"]


def test_an_unsigned_package_can_be_opened(written):
    assert not open_package(written({name: data for name, data in FILES.items() if name != "cover.jws"})).signed


@pytest.mark.parametrize("extra", ["Canary.txt", ".DS_Store", "requests.parquet", "COVER.JSON", "requests.csv.exe"])
def test_a_file_more_is_refused(written, refused, extra):
    assert refused(written(FILES | {extra: b""})) == "PACKAGE_FILE_UNEXPECTED"


@pytest.mark.parametrize("name", ["cover.json", "recipients.ndjson", "requests.csv"])
def test_a_file_less_is_refused(written, refused, name):
    assert refused(written({there: data for there, data in FILES.items() if there != name})) == "PACKAGE_FILE_MISSING"


@pytest.mark.parametrize(
    "name", ["../Canary", "/etc/Canary", "a/../../cover.json", "..\\Canary", "sub/cover.json", "./cover.json"]
)
def test_a_path_in_a_zip_file_leads_nowhere(refused, tmp_path, name):
    before = set(tmp_path.iterdir())
    assert refused(zipped([*FILES.items(), (name, b"Canary")])) == "PACKAGE_FILE_UNEXPECTED"
    assert set(tmp_path.iterdir()) - before == {tmp_path / "sent.zip"}


def test_a_name_cut_at_nul_is_seen_whole(refused):
    content = zipped([("cover.jsonXCanary", b"{}"), *list(FILES.items())[1:]])
    assert refused(content.replace(b"cover.jsonXCanary", b"cover.json\0Canary")) == "PACKAGE_FILE_UNEXPECTED"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_given_twice_is_refused(refused):
    assert refused(zipped([*FILES.items(), ("cover.json", b"another")])) == "PACKAGE_FILE_UNEXPECTED"


def test_a_folder_in_the_package_is_refused(folder, refused):
    (folder / "requests.csv").unlink()
    (folder / "requests.csv").mkdir()
    assert refused(folder) == "PACKAGE_LINK"
    assert refused(zipped([*FILES.items(), ("Canary/", b"")])) == "PACKAGE_LINK"


def test_a_link_in_a_folder_is_refused(folder, refused, tmp_path):
    (tmp_path / "secret").write_text("Canary")
    (folder / "requests.csv").unlink()
    (folder / "requests.csv").symlink_to(tmp_path / "secret")
    assert refused(folder) == "PACKAGE_LINK"


def test_a_link_put_there_after_a_look_is_refused(folder, tmp_path):
    package = open_package(folder)
    (tmp_path / "secret").write_text("Canary")
    (folder / "requests.csv").unlink()
    (folder / "requests.csv").symlink_to(tmp_path / "secret")
    with pytest.raises(BadInput, match="PACKAGE_LINK"):
        package.copy("requests.csv", tmp_path / "copy")


def test_a_pipe_in_a_folder_is_refused_and_not_waited_for(folder, refused):
    package = open_package(folder)
    (folder / "requests.csv").unlink()
    os.mkfifo(folder / "requests.csv")
    assert refused(folder) == "PACKAGE_LINK"
    with pytest.raises(BadInput, match="PACKAGE_LINK"):
        package.read("requests.csv")


def test_a_link_in_a_zip_file_is_refused(refused):
    link = zipfile.ZipInfo("requests.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    entries = [(name, data) for name, data in FILES.items() if name != "requests.csv"]
    assert refused(zipped([*entries, (link, b"/etc/passwd")])) == "PACKAGE_LINK"


def test_a_bomb_is_refused_before_it_is_unpacked(refused, tmp_path):
    bomb = zipped([*list(FILES.items())[:3], ("requests.csv", b"\0" * (packages.SMALL + 1))])
    assert len(bomb) < 100_000
    assert refused(bomb) == "PACKAGE_TOO_LARGE"
    assert list(tmp_path.glob("copy-*")) == []


def test_a_bomb_that_lies_about_its_size_is_stopped(refused, tmp_path):
    """The directory says 10 bytes; the data unpack to 32 MB."""
    content = zipped([*list(FILES.items())[:3], ("requests.csv", b"\0" * (2 * packages.SMALL))])
    lying = content.replace(struct.pack("<L", 2 * packages.SMALL), struct.pack("<L", 10))
    assert refused(lying) == "PACKAGE_UNREADABLE"
    assert sum(copy.stat().st_size for copy in tmp_path.glob("copy-*")) < packages.SMALL


def test_a_file_over_its_limit_is_refused(written, refused, monkeypatch):
    monkeypatch.setitem(packages.LIMITS, "recipients.ndjson", 2)
    assert refused(written(FILES)) == "PACKAGE_TOO_LARGE"


def test_a_small_file_over_its_limit_is_not_read(folder, monkeypatch):
    monkeypatch.setitem(packages.LIMITS, "cover.json", 1)
    with pytest.raises(BadInput, match="PACKAGE_TOO_LARGE"):
        open_package(folder).read("cover.json")


def test_a_directory_of_a_zip_file_that_would_fill_the_memory_is_not_read(refused):
    many = zipped([(f"{place}.txt", b"") for place in range(200)], zipfile.ZIP_STORED)
    assert refused(many) == "PACKAGE_UNREADABLE"


def test_a_second_directory_in_zip64_is_not_believed(refused):
    """The end says that the directory is empty; a record before it, which the library believes, says otherwise."""
    content = zipped([(f"{place}.txt", b"") for place in range(200)], zipfile.ZIP_STORED)
    size, place = struct.unpack("<LL", content[-10:-2])
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 200, 200, size, place)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(content) - 22, 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0, 0, 0, place, 0)
    assert refused(content[:-22] + record + locator + end) == "PACKAGE_UNREADABLE"


def test_an_encrypted_file_is_refused(refused):
    content = bytearray(zipped(FILES.items()))
    for signature, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        content[content.index(signature) + place] |= 1
    assert refused(bytes(content)) == "PACKAGE_UNREADABLE"


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x05\x06" + b"\0" * 18, b"Canary" * 100])
def test_what_is_no_package_is_refused(refused, content):
    assert refused(content) in {"PACKAGE_UNREADABLE", "PACKAGE_FILE_MISSING"}


def test_a_package_that_is_not_there_is_refused(refused, tmp_path):
    assert refused(tmp_path / "nowhere") == "PACKAGE_UNREADABLE"


def test_a_zip_file_with_any_byte_changed_is_read_or_refused_with_a_code(tmp_path):
    content = zipped(FILES.items())
    sent = tmp_path / "sent.zip"
    for place in range(0, len(content), 3):
        changed = bytearray(content)
        changed[place] ^= 0xFF
        sent.write_bytes(changed)
        copy: Path = tmp_path / f"copy-{place}"
        try:
            open_package(sent).copy("requests.csv", copy)
        except BadInput as refusal:
            assert refusal.code.startswith("PACKAGE_")  # noqa: PT017 -- a refusal is one of two right endings
        else:
            assert copy.read_bytes() == FILES["requests.csv"]
