"""The server as it is deployed: the command line of the unit, two workers, the settings of the example, the real nginx in front."""

from __future__ import annotations

import ipaddress
import json
import os
import re
import shlex
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from prometheus_client.parser import text_string_to_metric_families

from dashboard.parts import PAGES
from tests.conftest import ROOT, copy_data

DEPLOY = ROOT / "deploy"
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
HOST = "data.example.cn"


@dataclass(frozen=True)
class Deployed:
    """`front` asks nginx, as readers do; `app` asks the program itself."""

    front: httpx.Client
    app: httpx.Client
    plain: str
    metrics: str
    data: Path
    access: Path
    written: Path


def free_ports(count: int) -> list[int]:
    with ExitStack() as opened:
        taken = [opened.enter_context(closing(socket.socket())) for _ in range(count)]
        for each in taken:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in taken]


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Iterator[Deployed]:
    assert NGINX, "deploy/install-test-system installs it"
    folder = tmp_path_factory.mktemp("deployed")
    certificate(folder)
    port, metrics, plain, https = free_ports(4)
    data = copy_data(folder / "data")
    told = {
        "GONGKAI_DATA_DIR": data, "GONGKAI_CACHE_DIR": cache, "GONGKAI_PORT": port, "GONGKAI_METRICS_PORT": metrics,
        "GONGKAI_API_LIMIT": 60, "GONGKAI_LOG_SLOW_MS": 0,
        "NGINX_PORT": f"127.0.0.1:{plain}", "NGINX_HTTPS_PORT": f"127.0.0.1:{https}", "NGINX_UPSTREAM": f"127.0.0.1:{port}",
        "NGINX_CERTIFICATE": folder / "cert.pem", "NGINX_CERTIFICATE_KEY": folder / "key.pem",
        "NGINX_CACHE": folder / "kept", "NGINX_LOG": folder / "access.log",
    }  # fmt: skip
    settings = example(folder / "gongkai.env", {name: str(value) for name, value in told.items()})
    trusted = ssl.create_default_context(cafile=str(folder / "cert.pem"))
    written = folder / "app.log"
    with (
        started(settings, written),
        proxied(folder),
        httpx.Client(
            base_url=f"https://127.0.0.1:{https}", headers={"Host": HOST}, verify=trusted, timeout=120
        ) as front,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as app,
    ):
        front.get("/healthz").raise_for_status()
        shown = f"http://127.0.0.1:{metrics}/metrics"
        yield Deployed(front, app, f"http://127.0.0.1:{plain}", shown, data, folder / "access.log", written)


def example(path: Path, told: dict[str, str]) -> dict[str, str]:
    """The example's settings with the places of this test, as file and as read."""
    found = dict(re.findall(r"(?m)^([A-Z_]+)=(.*)$", (DEPLOY / "gongkai.env").read_text("utf-8")))
    assert set(told) - set(found) <= {"GONGKAI_API_LIMIT", "GONGKAI_LOG_SLOW_MS"}
    path.write_text("".join(f"{name}={value}\n" for name, value in (found | told).items()), "utf-8")
    return found | told


@contextmanager
def started(settings: dict[str, str], log: Path) -> Iterator[None]:
    """What the unit starts, by the Python of these tests."""
    unit = (DEPLOY / "systemd" / "gongkai.service").read_text("utf-8")
    [line] = re.findall(r"(?m)^ExecStart=(.*)$", unit)
    program, *arguments = shlex.split(line)
    assert program == "/opt/gongkai/.venv/bin/gongkai"
    command = [sys.executable, "-m", "dashboard", *arguments]
    with log.open("wb") as written:
        process = subprocess.Popen(command, env=os.environ | settings, stdout=subprocess.PIPE, stderr=written, cwd=ROOT)
        try:
            assert process.stdout
            assert settings["GONGKAI_PORT"].encode() in process.stdout.readline()
            yield
        finally:
            process.terminate()
            process.wait(90)


@contextmanager
def proxied(folder: Path) -> Iterator[None]:
    site = folder / "site.conf"
    made = subprocess.run([DEPLOY / "nginx-site", folder / "gongkai.env"], capture_output=True, check=True, text=True)
    site.write_text(made.stdout, "utf-8")
    user = "user root;" if os.geteuid() == 0 else ""
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("proxy", "fastcgi", "uwsgi", "scgi"))
    main = folder / "nginx.conf"
    main.write_text(
        f"daemon off; {user} worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;"
        f"events {{}} http {{ client_body_temp_path {folder}/body; {temporary} include {site}; }}"
    )
    command = [str(NGINX), "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(main)]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    process = subprocess.Popen(command)
    try:
        # Trying its configuration has left the file empty; it listens before it writes its number there.
        while not (folder / "nginx.pid").read_text().strip():
            assert process.poll() is None, (folder / "error.log").read_text()
            time.sleep(0.02)
        yield
    finally:
        process.terminate()
        process.wait(10)


def certificate(folder: Path) -> None:
    """A certificate of this test's own, for an hour."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName(HOST), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    kind = serialization.PrivateFormat.PKCS8
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, kind, plain))


def test_pages_come_through_nginx_with_the_headers_of_both(deployed: Deployed) -> None:
    answer = deployed.front.get("/?lang=en")
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert answer.headers["server"] == "nginx"
    assert "set-cookie" not in answer.headers


PUBLIC = (*PAGES, "/nowhere", "/bodies", "/bodies.json", "/search", "/search.json", "/document", "/healthz", "/_dash-layout", "/_dash-dependencies",
          "/api/v1/bodies", "/api/v1/docs", "/api/v1/openapi.json", "/api/v1/charts/channels.csv", "/embed/channels", "/embed.js",
          "/oembed", "/admin")  # fmt: skip


@pytest.mark.parametrize("path", PUBLIC)
def test_every_public_address_is_guarded_and_sets_no_cookie(deployed: Deployed, path: str) -> None:
    answer = deployed.front.get(path)
    headers = answer.headers
    assert answer.status_code < 500
    assert "set-cookie" not in headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["strict-transport-security"]
    assert headers.get_list("x-request-id") == [headers["x-request-id"]], "one alone"
    assert headers["cache-control"]
    assert headers["cross-origin-resource-policy"] in ("same-origin", "cross-origin")
    if "html" in headers["content-type"]:
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe-eval" not in policy
        assert not re.search(r"script-src[^;]*(unsafe-inline|https?:|\*)", policy)
        assert "base-uri 'none'" in policy
        assert "referrer-policy" in headers
        is_embed = path.startswith("/embed")
        assert ("frame-ancestors 'none'" in policy) != is_embed
        assert ("x-frame-options" in headers) != is_embed


def test_plain_http_leads_to_https(deployed: Deployed) -> None:
    answer = httpx.get(f"{deployed.plain}/disclosure?year=2018", headers={"Host": HOST})
    assert (answer.status_code, answer.headers["location"]) == (301, f"https://{HOST}/disclosure?year=2018")


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_what_never_changes_is_kept_by_nginx_as_the_program_encoded_it(deployed: Deployed, encoding: str) -> None:
    page = deployed.front.get("/").text
    [address] = re.findall(r"/assets/gongkai\.[0-9a-f]{8}\.js", page)
    accepted = f"{encoding}, deflate"
    answers = [deployed.front.get(address, headers={"Accept-Encoding": accepted}) for _ in range(2)]
    direct = deployed.app.get(address, headers={"Accept-Encoding": accepted})
    assert [each.headers["content-encoding"] for each in (*answers, direct)] == [encoding] * 3
    assert len({each.text for each in (*answers, direct)}) == 1
    assert answers[1].headers["cache-control"] == "public, max-age=31536000, immutable"
    # The second answer came from nginx.
    until(lambda: [line for line in access(deployed, "GET", address) if line.endswith(" HIT")], bool)
    assert answers[0].headers["x-request-id"] != answers[1].headers["x-request-id"]


def access(deployed: Deployed, *words: str) -> list[str]:
    lines = deployed.access.read_text("utf-8").splitlines()
    return [line for line in lines if all(f" {word} " in line for word in words)]


def test_what_the_program_lets_nobody_keep_is_never_kept(deployed: Deployed) -> None:
    for path in ("/disclosure", "/embed/channels", "/api/v1/bodies"):
        for _ in range(2):
            deployed.front.get(path).raise_for_status()
        assert not [line for line in access(deployed, "GET", path) if line.endswith(" HIT")]


def test_one_number_stands_in_the_answer_and_in_both_logs(deployed: Deployed) -> None:
    made = deployed.front.get("/capacity", headers={"X-Request-ID": "made-by-a-reader"}).headers["x-request-id"]
    assert re.fullmatch("[0-9a-f]{32}", made)
    until(lambda: access(deployed, made, "GET", "/capacity"), bool)
    lines = until(lambda: [line for line in deployed.written.read_text("utf-8").splitlines() if made in line], bool)
    logged = [json.loads(line) for line in lines]
    assert [(each["route"], each["status"], each["request"]) for each in logged] == [("/capacity", 200, made)]


def test_neither_log_holds_an_address_or_what_was_typed(deployed: Deployed) -> None:
    deployed.front.get("/bodies", params={"q": "zhangsanfeng"}, headers={"User-Agent": "known-browser"})
    for path in (deployed.access, deployed.written):
        written = _once_it_tells(path, "/bodies")
        assert not re.search(r"zhangsanfeng|known-browser|127\.0\.0\.1(?!:)", written)


def _once_it_tells(log: Path, word: str) -> str:
    """The log when the word stands in it: a line is written when its answer has been sent."""
    deadline = time.monotonic() + 30
    while word not in (written := log.read_text("utf-8")) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert word in written
    return written


def test_the_program_learns_the_reader_from_nginx_and_from_nobody_else(deployed: Deployed) -> None:
    """The limit of the API is a client's own: what nginx passes on is the address it saw, not what a client claims."""
    told = [
        deployed.front.get("/api/v1/bodies", headers={"X-Forwarded-For": f"198.51.100.{number}", "Connection": "close"})
        for number in range(70)
    ]
    assert {each.status_code for each in told} == {200, 429}


def counted(deployed: Deployed) -> dict[tuple[object, ...], float]:
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(httpx.get(deployed.metrics).text)
        for sample in family.samples
    }


def test_counts_of_all_workers_stand_at_a_port_of_their_own(deployed: Deployed) -> None:
    answered = ("gongkai_requests_total", ("method", "HEAD"), ("route", "/growth"), ("status", "200"))
    for _ in range(4):
        with httpx.Client(base_url=deployed.app.base_url, timeout=120) as client:  # another connection, another worker
            client.head("/growth").raise_for_status()
    found = until(lambda: counted(deployed), lambda told: told.get(answered) == 4)
    named = {name: value for (name, *_), value in found.items()}
    assert named["gongkai_data_there"] == named["gongkai_publications_total"] == 1
    assert named["gongkai_data_facts"] > 0
    assert 0 < named["gongkai_data_age_seconds"] < 3600
    assert found["gongkai_trouble", ("trouble", "not_shown")] == 0
    assert "gongkai_memory_looks_total" in named


Told = TypeVar("Told")


def until(look: Callable[[], Told], is_there: Callable[[Told], bool]) -> Told:
    """What is told once it is there: an answer is counted and logged when it has been sent."""
    end = time.monotonic() + 30
    while not is_there(told := look()):
        assert time.monotonic() < end, told
        time.sleep(0.05)
    return told


def test_readers_reach_no_counts(deployed: Deployed) -> None:
    assert deployed.front.get("/metrics").status_code == 404
    assert deployed.app.get("/metrics").status_code == 404


def test_dashboard_and_alerts_ask_for_counts_that_there_are(deployed: Deployed) -> None:
    shown = httpx.get(deployed.metrics).text
    for name in ("grafana.json", "gongkai-alerts.yml"):
        asked = set(re.findall(r"\bgongkai_[a-z_]+", (DEPLOY / "watching" / name).read_text("utf-8")))
        assert asked
        for each in asked:
            assert re.search(
                rf"(?m)^# HELP {each.removesuffix('_bucket').removesuffix('_total')}\b|^# HELP {each} ", shown
            ), each
    json.loads((DEPLOY / "watching" / "grafana.json").read_text("utf-8"))


def test_nginx_gives_a_body_too_large_back_before_the_program_sees_it(deployed: Deployed) -> None:
    assert deployed.front.post("/_dash-update-component", content=b"x" * 100_000).status_code == 413


def test_a_value_that_would_write_another_line_of_nginx_is_refused(tmp_path: Path) -> None:
    example(tmp_path / "bad.env", {"NGINX_SERVER_NAME": "a; root /etc"})
    made = subprocess.run([DEPLOY / "nginx-site", tmp_path / "bad.env"], capture_output=True, text=True)
    assert (made.returncode, made.stdout) == (1, "")
    assert "NGINX_SERVER_NAME" in made.stderr


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed here")
def test_systemd_knows_every_line_of_the_units() -> None:
    units = sorted((DEPLOY / "systemd").iterdir())
    told = subprocess.run(["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True)
    # What it starts is installed elsewhere.
    said = [line for line in told.stderr.splitlines() if "is not executable" not in line and "gongkai" in line]
    assert not said
