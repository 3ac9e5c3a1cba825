"""A real Weaviate for tests: one node on free ports of this machine, with a data folder of its own."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import time
from pathlib import Path

import httpx
import pytest

from tests.support.ports import free_port


def why_not() -> str:
    """Why there is no Weaviate to test with, or ""."""
    if shutil.which("weaviate") is None:
        return "there is no weaviate on the PATH; .ci/weaviate builds one"
    if importlib.util.find_spec("weaviate") is None:
        return "its client is not installed; pip install -r requirements-weaviate.txt"
    return ""


def _pairs(count: int) -> list[int]:
    """So many pairs of free ports, each one after the other, of which no two overlap."""
    ports: list[int] = []
    while len(ports) < 2 * count:
        port = free_port(1)
        if not {port, port + 1} & set(ports):
            ports += [port, port + 1]
    return ports


class WeaviateProcess:
    """A server that can be killed and started again on the same ports and data."""

    def __init__(self, folder: Path, key: str = "") -> None:
        """A server on a folder; with ``key``, it refuses whoever does not show it."""
        if reason := why_not():
            pytest.skip(reason)
        self.folder, self._key, self._process = folder, key, None
        folder.mkdir(parents=True, exist_ok=True)
        # On one machine, a node takes the second port of each pair to be the one after the first.
        self._ports = _pairs(3)
        self.url = f"weaviate+http://127.0.0.1:{self._ports[0]}?grpc={self._ports[1]}"

    def start(self) -> WeaviateProcess:
        http, grpc, gossip, data, raft, raft_rpc = map(str, self._ports)
        settings = {
            "CLUSTER_HOSTNAME": "weaviate-0", "PERSISTENCE_DATA_PATH": str(self.folder / "data"), "GRPC_PORT": grpc,
            "CLUSTER_IN_LOCALHOST": "true", "CLUSTER_BIND_ADDR": "127.0.0.1", "CLUSTER_ADVERTISE_ADDR": "127.0.0.1",
            "CLUSTER_GOSSIP_BIND_PORT": gossip, "CLUSTER_DATA_BIND_PORT": data, "RAFT_PORT": raft,
            "RAFT_INTERNAL_RPC_PORT": raft_rpc, "RAFT_BOOTSTRAP_EXPECT": "1", "RAFT_JOIN": f"weaviate-0:{raft}", "RAFT_TIMEOUTS_MULTIPLIER": "1",
            "AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED": str(not self._key).lower(),
            "AUTHENTICATION_APIKEY_ENABLED": str(bool(self._key)).lower(),
            "AUTHENTICATION_APIKEY_ALLOWED_KEYS": self._key, "AUTHENTICATION_APIKEY_USERS": "tandem" if self._key else "", "AUTOSCHEMA_ENABLED": "false",
            "QUERY_BATCHED_CONTAINS_ENABLED": "true", "ASYNC_INDEXING": "true", "DEFAULT_VECTORIZER_MODULE": "none",
            "ENABLE_MODULES": "", "DISABLE_TELEMETRY": "true", "GO_PROFILING_DISABLE": "true", "LOG_LEVEL": "info",
        }  # fmt: skip
        log = self.folder / "weaviate.log"
        with log.open("a", encoding="utf-8") as out:
            self._process = subprocess.Popen(
                ["weaviate", "--scheme", "http", "--host", "127.0.0.1", "--port", http],
                env={**os.environ, **settings}, stdout=out, stderr=out,
            )  # fmt: skip
        end = time.monotonic() + 180
        while time.monotonic() < end:
            assert self._process.poll() is None, log.read_text(encoding="utf-8")
            try:
                ready = httpx.get(f"http://127.0.0.1:{http}/v1/.well-known/ready", timeout=2)
                if ready.status_code == 200:
                    return self
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"weaviate did not start: {log.read_text(encoding='utf-8')}")

    @property
    def running(self) -> bool:
        """Was it started, and not killed since?"""
        return self._process is not None

    def kill(self) -> None:
        """Ends the server at once, as a power cut does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(120)
            self._process = None
