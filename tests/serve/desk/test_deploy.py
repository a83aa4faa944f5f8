"""The examples of `deploy/`, as far as the tools that read them are there."""

import shutil
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[3] / "deploy"
DOCS = Path(__file__).parents[3] / "docs" / "deploy.md"


def test_nginx_reads_its_example(tmp_path):
    if shutil.which("nginx") is None or shutil.which("openssl") is None:
        pytest.skip("no nginx or no openssl here")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=x"]
    subprocess.run([*made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    example = (DEPLOY / "nginx.conf").read_text()
    for name, file in (("fullchain.pem", certificate), ("privkey.pem", key)):
        example = example.replace(f"/etc/letsencrypt/live/library.example.org/{name}", str(file))
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"pid {tmp_path}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\n{example}\n}}\n")
    done = subprocess.run(["nginx", "-t", "-c", whole], check=False, capture_output=True, text=True)
    if 'unknown directive "http2"' in done.stderr:
        whole.write_text(whole.read_text().replace("http2 on;", ""))
        done = subprocess.run(["nginx", "-t", "-c", whole], check=False, capture_output=True, text=True)
    assert "syntax is ok" in done.stderr, done.stderr


def test_systemd_reads_its_example(tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze here")
    unit = tmp_path / "responsa.service"
    example = (DEPLOY / "responsa.service").read_text()
    unit.write_text(example.replace("/opt/responsa/bin/responsa", shutil.which("true") or "/bin/true"))
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], check=False, capture_output=True, text=True)
    said = [line for line in done.stderr.splitlines() if "responsa.service" in line]
    assert said == []


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_no_example_lets_a_client_name_itself(name):
    text = (DEPLOY / name).read_text()
    assert 'X-Forwarded-User ""' in text or "-X-Forwarded-User" in text


def test_every_example_is_told_of_in_the_documentation():
    text = DOCS.read_text()
    assert [path.name for path in sorted(DEPLOY.iterdir()) if f"deploy/{path.name}" not in text] == []
