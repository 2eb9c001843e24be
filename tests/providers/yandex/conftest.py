"""Yandex Cloud's simulator, and authorized keys that it knows."""

import json
from collections.abc import Callable

import httpx
import pytest

from infrazen.provider_kit.simulation.control import SimulatorControl

OAUTH = "simulator-oauth-token"


@pytest.fixture
def yandex(
    simulators: Callable[[str], SimulatorControl], private_endpoints: None
) -> SimulatorControl:
    """The simulator with its reference account, fresh."""
    control = simulators("yandex")
    control.reset()
    return control


@pytest.fixture
def http(yandex: SimulatorControl):
    """A client that is signed in with the OAuth token."""
    with httpx.Client(base_url=yandex.url, trust_env=False) as client:
        answer = client.post("/iam/v1/tokens", json={"yandexPassportOauthToken": OAUTH})
        client.headers["Authorization"] = f"Bearer {answer.json()['iamToken']}"
        yield client


@pytest.fixture
def made_key(http: httpx.Client) -> dict:
    """A service account's key as the API gives it, once."""
    return http.post("/iam/v1/keys", json={"serviceAccountId": "ajesimulatoraccount1"}).json()


@pytest.fixture
def key_file(made_key: dict) -> str:
    """The same key as the file that the console and ``yc`` write."""
    key = made_key["key"]
    return json.dumps(
        {
            "id": key["id"],
            "service_account_id": key["serviceAccountId"],
            "created_at": key["createdAt"],
            "key_algorithm": key["keyAlgorithm"],
            "public_key": key["publicKey"],
            "private_key": made_key["privateKey"],
        }
    )
