#!/usr/bin/env python3
"""Enforces NetworkPolicies on the test node: Kubernetes objects become nft rules.

    network_policies.py API_URL PKI_FOLDER

Runs in the cluster's network namespace and polls, so a new pod is open for up to half a
second. IPv4, pod network only. It shows that a chart's policies let through what they
should, not how a real plug-in behaves.
"""

import http.client
import json
import ssl
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Thing = dict[str, Any]
"""A Kubernetes object."""

ALLOWED_BY = {"ingress": ("from", "saddr"), "egress": ("to", "daddr")}
"""A direction, where its rules name the other side, and how nft calls that side's address."""
EVERY_PORT = "0-65535"


def matches(selector: Thing, labels: dict[str, str]) -> bool:
    if any(labels.get(name) != value for name, value in selector.get("matchLabels", {}).items()):
        return False
    return all(_holds(one, labels) for one in selector.get("matchExpressions", []))


def _holds(expression: Thing, labels: dict[str, str]) -> bool:
    has = expression["key"] in labels
    inside = has and labels[expression["key"]] in expression.get("values", [])
    answers = {"In": inside, "NotIn": not inside, "Exists": has, "DoesNotExist": not has}
    return answers[expression["operator"]]


def labels_of(thing: Thing) -> dict[str, str]:
    return thing["metadata"].get("labels", {})


def one_of(values: set[str] | list[str]) -> str:
    return "{ " + ", ".join(sorted(values)) + " }"


def peer_pods(peer: Thing, home: str, pods: list[Thing], spaces: dict[str, Thing]):
    """The pods that ``peer`` means in a policy of the namespace ``home``."""
    for pod in pods:
        space = pod["metadata"]["namespace"]
        if "namespaceSelector" in peer:
            inside = matches(
                peer["namespaceSelector"], labels_of(spaces.get(space, {"metadata": {}}))
            )
        else:
            inside = space == home
        if inside and matches(peer.get("podSelector", {}), labels_of(pod)):
            yield pod


def port_match(ports: list[Thing] | None, pod: Thing | None) -> list[str]:
    """The nft conditions of a rule's ports; named ports are those of ``pod``."""
    if not ports:
        return [""]
    found: dict[str, set[str]] = {}
    for port in ports:
        found.setdefault(port.get("protocol", "TCP"), set()).update(_numbers(port, pod))
    return [f"{name.lower()} dport {one_of(ports)} " for name, ports in found.items() if ports]


def _numbers(port: Thing, pod: Thing | None) -> Iterator[str]:
    wanted, protocol = port.get("port"), port.get("protocol", "TCP")
    if wanted is None:
        yield EVERY_PORT
    elif isinstance(wanted, int):
        yield (
            f"{wanted}-{port['endPort']}" if port.get("endPort", wanted) != wanted else f"{wanted}"
        )
    elif pod:
        offered = [one for each in pod["spec"]["containers"] for one in each.get("ports", [])]
        for one in offered:
            if one.get("name") == wanted and one.get("protocol", "TCP") == protocol:
                yield str(one["containerPort"])


def chain(
    pod: Thing, policies: list[Thing], direction: str, pods: list[Thing], spaces
) -> list[str]:
    """nft rules that return what the policies allow and drop the rest."""
    allowed = {
        line
        for policy in policies
        for rule in policy["spec"].get(direction) or []
        for line in _allowed(rule, pod, direction, policy["metadata"]["namespace"], pods, spaces)
    }
    return [*sorted(allowed), "counter drop"]


def _allowed(rule: Thing, pod: Thing, direction: str, home: str, pods, spaces) -> Iterator[str]:
    other, side = ALLOWED_BY[direction]
    ports, peers = rule.get("ports"), rule.get(other)
    # A named port is the target's: this pod's, or each peer's.
    here = pod if direction == "ingress" else None
    if not peers:
        yield from (f"{port}return" for port in port_match(ports, here))
    for peer in peers or []:
        if "ipBlock" in peer:
            yield from _block(peer["ipBlock"], side, port_match(ports, here))
            continue
        for one in peer_pods(peer, home, pods, spaces):
            for port in port_match(ports, here or one):
                yield f"ip {side} {one['status']['podIP']} {port}return"


def _block(block: Thing, side: str, ports: list[str]) -> Iterator[str]:
    if ":" in block["cidr"]:
        return  # there is no IPv6 here
    beside = f"ip {side} != {one_of(block['except'])} " if block.get("except") else ""
    yield from (f"ip {side} {block['cidr']} {beside}{port}return" for port in ports)


def ruleset(pods: list[Thing], namespaces: list[Thing], policies: list[Thing]) -> str:
    """All rules, as one transaction that replaces those before."""
    pods = [pod for pod in pods if _has_address(pod)]
    spaces = {space["metadata"]["name"]: space for space in namespaces}
    lines: list[str] = []
    jumps: dict[str, list[str]] = {"ingress": [], "egress": []}
    for pod in sorted(pods, key=lambda pod: pod["status"]["podIP"]):
        mine = [policy for policy in policies if _selects(policy, pod)]
        for direction in ALLOWED_BY:
            kind = direction.capitalize()
            active = [policy for policy in mine if kind in policy["spec"].get("policyTypes", [])]
            if active:
                address = pod["status"]["podIP"]
                name = f"{direction}-{address.replace('.', '-')}"
                jumps[direction].append(f"{address} : jump {name}")
                lines += [f"chain {name} {{", *chain(pod, active, direction, pods, spaces), "}"]
    table = "\n".join([*lines, *_hooks(jumps)])
    return f"table inet netpol\ndelete table inet netpol\ntable inet netpol {{\n{table}\n}}\n"


def _has_address(pod: Thing) -> bool:
    status = pod["status"]
    ended = status.get("phase") in {"Succeeded", "Failed"}
    return bool(status.get("podIP")) and not pod["spec"].get("hostNetwork") and not ended


def _selects(policy: Thing, pod: Thing) -> bool:
    same = policy["metadata"]["namespace"] == pod["metadata"]["namespace"]
    return same and matches(policy["spec"].get("podSelector") or {}, labels_of(pod))


def _hooks(jumps: dict[str, list[str]]) -> Iterator[str]:
    check = {
        direction: f"ip {side} vmap {one_of(jumps[direction])}" if jumps[direction] else ""
        for direction, side in (("egress", "saddr"), ("ingress", "daddr"))
    }
    for hook, directions in (("forward", ["egress", "ingress"]), ("input", ["egress"])):
        yield f"chain {hook} {{"
        yield f"type filter hook {hook} priority -5; policy accept;"
        yield "ct state established,related accept"
        yield from (check[direction] for direction in directions)
        yield "}"


class Server:
    """The API server, asked for lists over one connection."""

    def __init__(self, url: str, pki: Path) -> None:
        address = urllib.parse.urlsplit(url)
        trust = ssl.create_default_context(cafile=pki / "ca.crt")
        trust.load_cert_chain(pki / "admin.crt", pki / "admin.key")
        self.connection = http.client.HTTPSConnection(
            address.hostname, address.port, context=trust, timeout=10
        )

    def items(self, path: str) -> list[Thing]:
        self.connection.request("GET", f"{path}?resourceVersion=0")
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise OSError(f"{path}: {answer.status}")
        return json.loads(body)["items"]

    def rules(self) -> str:
        return ruleset(
            self.items("/api/v1/pods"),
            self.items("/api/v1/namespaces"),
            self.items("/apis/networking.k8s.io/v1/networkpolicies"),
        )


def main() -> None:
    server = Server(sys.argv[1], Path(sys.argv[2]))
    applied = None
    while True:
        try:
            rules = server.rules()
            if rules != applied:
                subprocess.run(["nft", "-f", "-"], input=rules, text=True, check=True)
                applied = rules
        except (
            OSError,
            http.client.HTTPException,
            ValueError,
            subprocess.SubprocessError,
        ) as problem:
            print(time.strftime("%H:%M:%S"), repr(problem), flush=True)
            server.connection.close()
        time.sleep(0.5)


if __name__ == "__main__":
    main()
