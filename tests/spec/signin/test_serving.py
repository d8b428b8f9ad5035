"""Off its own machine a console is known by one https address, and what it says to browsers is as strict as before."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from requests.exceptions import InvalidSchema

from comity.case.errors import BadInput, Refused
from comity.console.opened import Console
from comity.signin.entrance import SignIn
from comity.signin.parameters import Parameters, read_parameters
from comity.signin.provider import ProviderAdapter
from comity.site.serving import prepare, serve
from tests.spec.console.test_rules import code, text
from tests.spec.signin.conftest import Person, browser, code_of, opened
from tests.world import World

Ready = Callable[[World, str], Person]
ORIGIN = 'origin = "https://console.example"\n'


def provided(**changed: object) -> str:
    """The lines of a provider, with something changed."""
    said = {"issuer": "https://id.example", "application": "c", "assurance": ["mfa"], "secret_variable": "SECRET"}
    return "[provider]\n" + "\n".join(f"{name} = {json.dumps(value)}" for name, value in (said | changed).items())


def away(world: World) -> Client:
    """A browser of a console that is known to other machines."""
    (world.place / "home" / "console.toml").write_text(ORIGIN)
    opened(world)
    return Client(headers={"host": "console.example"}, raise_request_exception=False)


def test_a_console_away_from_its_machine_needs_an_https_address(ruled: World) -> None:
    with pytest.raises(Refused, match="ORIGIN_NEEDED"):
        serve(Console(ruled.office, entrance=SignIn(Parameters())), "0.0.0.0", 0, print)


def test_scripts_are_allowed_on_the_pages_of_passkeys_alone_and_only_the_consoles_own(
    ruled: World, person: Ready
) -> None:
    pages = person(ruled, "auditor").sign_in()

    for page in ("/", "/account", "/sign-ins", "/holds/", "/set-up"):
        assert "script" not in pages.get(page)["Content-Security-Policy"], page
    for page in ("/sign-in", "/prove"):
        policy = browser(ruled).get(page) if page == "/sign-in" else pages.get(page)
        assert policy["Content-Security-Policy"].endswith("script-src 'self'"), page
        assert "unsafe" not in policy["Content-Security-Policy"]
        assert "onclick" not in text(policy)


def test_cookies_are_for_https_and_this_host_alone_when_away(ruled: World) -> None:
    pages = away(ruled)

    answer = pages.get("/sign-in", secure=True)
    cookie = answer.cookies["__Host-sessionid"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, True, "Strict", "/")
    assert "max-age=31536000" in answer["Strict-Transport-Security"]
    assert code(pages.get("/sign-in", headers={"host": "localhost"})) == "HOST_UNKNOWN"


def test_a_server_behind_tls_knows_itself_by_its_origin(ruled: World) -> None:
    (ruled.place / "home" / "console.toml").write_text(ORIGIN)
    ruled.office.store.close()
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [sys.executable, "-c", "from comity.cli import main; main()", "console", str(ruled.place / "home")]
    with subprocess.Popen([*command, "--sign-in", "--port", str(port)], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert "https://console.example/" in server.stdout.readline()
        calls = http.client.HTTPConnection("127.0.0.1", port)
        calls.request("GET", "/", headers={"Host": "console.example"})
        answer = calls.getresponse()
        assert (answer.status, answer.headers["Location"]) == (302, "/sign-in")
        assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
        calls.close()
        server.terminate()


def test_sessions_hold_when_the_server_is_begun_again(ruled: World, person: Ready) -> None:
    pages = person(ruled, "auditor").sign_in()
    before = settings.SECRET_KEY

    prepare(Console(ruled.office, entrance=SignIn(read_parameters(ruled.place / "home"))))
    assert before == settings.SECRET_KEY
    assert pages.get("/").status_code == 200
    assert (ruled.place / "home" / "keys" / "console.key").stat().st_mode & 0o077 == 0


def test_a_form_of_another_site_signs_nobody_in(ruled: World) -> None:
    given = code_of(ruled, "auditor")
    strict = Client(enforce_csrf_checks=True, headers={"host": "localhost"})

    for page, said in (("/sign-in", {"login": "auditor"}), ("/set-up", {"officer": "auditor", "code": given})):
        assert code(strict.post(page, said)) == "FORM_EXPIRED"
    assert code(strict.post("/sign-in/passkey", {"credential": "{}"})) == "FORM_EXPIRED"


def test_a_credential_that_is_none_signs_nobody_in(ruled: World) -> None:
    pages = browser(ruled)
    pages.get("/sign-in")

    for credential in ("{}", "[]", "null", '{"response": {"userHandle": "AAAA"}}', "{", "1"):
        answer = pages.post("/sign-in/passkey", {"credential": credential})
        assert answer["Location"] == "/sign-in", credential
        assert pages.get("/")["Location"] == "/sign-in"


@pytest.mark.parametrize(
    "said",
    [
        'origin = "http://console.example"',
        'origin = "https://console.example/path"',
        "origin = 7",
        'origin = "https://*"',
        'origin = "https://.console.example"',
        'origin = "https://*.console.example"',
        'origin = "https://console.example#"',
        'origin = "https://console.example:443"',
        'origin = "https://CONSOLE.example"',
        'origin = "https://192.0.2.7"',
        'origin = "https://["',
        provided(issuer="http://id.example"),
        provided(issuer="https://id.example?tenant=a"),
        provided(issuer="https://["),
        provided(issuer="id.example"),
        provided(assurance=["mfa", "pwd"]),
        provided(assurance=[""]),
        provided(assurance=["0"]),
        provided(secret_variable="EMPTY"),
        "idle_minutes = 31",
        "idle_minutes = 0",
        "longest_minutes = 721",
        "fresh_minutes = true",
        "idle = 5",
        "not toml",
        '[provider]\nissuer = "https://id.example"',
        '[provider]\nissuer = "https://id.example"\napplication = "comity"\nassurance = []\nsecret_variable = "NONE"',
        '[provider]\nissuer = "https://id.example"\napplication = "c"\nassurance = ["m"]\nsecret_variable = "NOT_SET"',
    ],
)
def test_parameters_that_would_weaken_it_or_mean_nothing_are_refused(ruled: World, said: str) -> None:
    (ruled.place / "home" / "console.toml").write_text(said)

    with pytest.raises(BadInput, match="CONSOLE_PARAMETERS_UNFIT"):
        read_parameters(ruled.place / "home", {"SECRET": "a secret", "EMPTY": " "})


@pytest.mark.parametrize("issuer", ["https://id.example", "https://id.example/tenant", "http://localhost:9000"])
def test_a_provider_is_read_and_its_secret_is_not_shown(ruled: World, issuer: str) -> None:
    (ruled.place / "home" / "console.toml").write_text(provided(issuer=issuer))

    read = read_parameters(ruled.place / "home", {"SECRET": "a secret"})
    assert read.provider
    assert (read.provider.issuer, read.provider.secret) == (issuer, "a secret")
    assert "a secret" not in repr(read)


def test_a_provider_elsewhere_is_spoken_to_over_tls_alone(ruled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "a secret")
    (ruled.place / "home" / "console.toml").write_text(provided())
    opened(ruled)

    with pytest.raises(InvalidSchema):
        ProviderAdapter().get_requests_session().post("http://localhost:9/token")


def test_parameters_are_read(ruled: World) -> None:
    (ruled.place / "home" / "console.toml").write_text(f"{ORIGIN}idle_minutes = 10\nlongest_minutes = 600\n")

    read = read_parameters(ruled.place / "home", {})
    assert (read.origin, read.host, read.idle_seconds, read.longest_seconds) == (
        "https://console.example",
        "console.example",
        600,
        36_000,
    )
