"""The set-up tools, as far as they can go wrong without a network."""

import gzip
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools"
BAKED = (
    "var e={PING:`http://localhost:8000/ping`,EVENT:`ws://localhost:8000/_event`,"
    'HEALTH:"http://localhost:8000/_health",TRANSPORT:`websocket`};export{e as t};'
)


@pytest.fixture
def tools(monkeypatch):
    monkeypatch.syspath_prepend(str(TOOLS))


@pytest.fixture
def built(tmp_path):
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets/reflex-env-abc.js").write_text(BAKED)
    return tmp_path


def test_a_build_finds_its_server_where_it_was_loaded_from(tools, built):
    from frontend import serve_anywhere

    serve_anywhere(built)
    script = (built / "assets/reflex-env-abc.js").read_text()
    assert "localhost" not in script
    assert "PING:location.origin+`/ping`" in script
    assert "EVENT:location.origin.replace(/^http/,`ws`)+`/_event`" in script
    assert "HEALTH:location.origin+`/_health`" in script
    packed = (built / "assets/reflex-env-abc.js.gz").read_bytes()
    assert gzip.decompress(packed).decode() == script


@pytest.mark.parametrize("script", ["var e={PING:`http://localhost:8000`+x}", None])
def test_a_build_of_another_form_is_not_shipped(tools, built, script):
    from frontend import serve_anywhere
    from steps import StepFailed

    file = built / "assets/reflex-env-abc.js"
    file.unlink() if script is None else file.write_text(f"{script};const h='localhost'")
    with pytest.raises(StepFailed):
        serve_anywhere(built)


def test_a_fingerprint_follows_the_content(tools, tmp_path, monkeypatch):
    import frontend

    monkeypatch.setattr(frontend, "ROOT", tmp_path)
    (tmp_path / "pages").mkdir()
    page = tmp_path / "pages/page.py"
    page.write_text("one")
    first = frontend.fingerprint("pages")
    page.touch()
    assert frontend.fingerprint("pages") == first
    page.write_text("two")
    assert frontend.fingerprint("pages") != first


def test_a_failed_step_shows_the_end_of_what_it_said(tools, tmp_path, monkeypatch):
    import steps

    monkeypatch.setattr(steps, "LOG", tmp_path / "tools/setup.log")
    script = "for n in range(99): print(n)\nraise SystemExit(3)"
    with pytest.raises(steps.StepFailed) as caught:
        steps.run([sys.executable, "-c", script])
    assert "98" in str(caught.value)
    assert "    0\n" not in str(caught.value)
    assert "0\n1\n" in (tmp_path / "tools/setup.log").read_text()


@pytest.fixture
def made_up_installer(tools, tmp_path, monkeypatch):
    """The tools' environment with an installer that only notes how it was called."""
    import packages

    called = tmp_path / "called"
    (tmp_path / "bin").mkdir()
    for name, script in {
        "python": f'exec {sys.executable} "$@"',
        "uv": f'echo "$@" > {called}; env >> {called}',
    }.items():
        program = tmp_path / "bin" / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
    monkeypatch.setattr(packages, "VENV", tmp_path)
    monkeypatch.setattr(packages, "PYTHON", tmp_path / "bin/python")
    for name in ("PIP_CERT", "SSL_CERT_FILE", "PIP_INDEX_URL", "UV_DEFAULT_INDEX"):
        monkeypatch.delenv(name, raising=False)
    return called


def test_every_install_takes_packages_from_where_pip_would(
    made_up_installer, tmp_path, monkeypatch
):
    from frontend import install_locked

    configuration = tmp_path / "pip.conf"
    configuration.write_text("[global]\ncert = /a/ca.crt\nindex-url = https://files.example/\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(configuration))
    monkeypatch.setenv("PIP_INDEX_URL", "https://variables.example/")
    install_locked("node", "--target", tmp_path)
    called = made_up_installer.read_text().splitlines()
    assert "--require-hashes" in called[0]
    assert called[0].endswith("requirements/node.txt")
    assert "SSL_CERT_FILE=/a/ca.crt" in called
    assert "UV_DEFAULT_INDEX=https://variables.example/" in called


def test_stopping_a_set_up_ends_what_its_steps_had_started(tmp_path):
    note = tmp_path / "pid"
    grandchild = f"sleep 60 & echo $! > {note}; wait"
    script = (
        f"import sys; sys.path.insert(0, {str(TOOLS)!r})\n"
        "import steps\n"
        "steps.end_on_sigterm()\n"
        f"steps.run(['bash', '-c', {grandchild!r}])\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.DEVNULL)
    assert eventually(lambda: note.exists() and note.read_text().strip())
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=30)
    assert eventually(lambda: not alive(int(note.read_text())))


def eventually(holds, seconds=30.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.02)
    return False


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"


@pytest.fixture
def made_up_builder(tools, tmp_path, monkeypatch):
    """A build of the cluster's programs that is a script of the test's own."""
    import cluster_programs

    builder = tmp_path / "build.sh"
    for name in ("PROGRAMS", "NODE_IMAGES"):
        monkeypatch.setattr(cluster_programs, name, builder)
    monkeypatch.setattr(cluster_programs, "LOG", tmp_path / "tools/cluster.log")

    def make(script):
        builder.write_text(f"#!/bin/sh\n{script}\n")
        builder.chmod(0o755)
        return cluster_programs.Build(["kubelet"])

    return make


def test_a_failed_build_of_the_cluster_says_why(made_up_builder, capsys):
    noise = "for n in $(seq 99); do echo go: downloading module-$n; done"
    build = made_up_builder(f"echo kubelet: no such package; {noise}; exit 1")
    assert not build.wait()
    said = capsys.readouterr().out
    assert "kubelet: no such package" in said
    assert "downloading" not in said


def test_a_build_of_the_cluster_ends_with_the_checks(made_up_builder, tmp_path):
    note = tmp_path / "pid"
    build = made_up_builder(f"sleep 60 & echo $! > {note}; wait")
    assert eventually(lambda: note.exists() and note.read_text().strip())
    build.end()
    assert eventually(lambda: not alive(int(note.read_text())))


@pytest.mark.parametrize(("kept", "missing"), [("0.0.1", True), (None, False)])
def test_another_version_is_built_anew(tmp_path, kept, missing):
    folder = TOOLS.parent / "tests/cluster/kubernetes"
    wanted = dict(
        line.split("=") for line in (folder / "versions.env").read_text().split() if "=" in line
    )
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/kubelet").touch(mode=0o755)
    version = kept or wanted["KUBE_VERSION"]
    (tmp_path / "bin/VERSIONS").write_text(f"kubelet {version}\n")
    ask = [folder / "build-programs.sh", "--missing", "kubelet"]
    environment = {**os.environ, "INFRAZEN_TEST_CACHE": str(tmp_path)}
    said = subprocess.run(ask, env=environment, capture_output=True, text=True, check=True)
    assert ("kubelet" in said.stdout) is missing
