"""A Weaviate server (1.3x, over its own client) that holds copies of versions: ``weaviate+http://host:port``.

Words and meaning are asked for one after the other, and fused by Tandem: Weaviate's hybrid score is relative to its own
list, so the match could not be told from it, and it costs more than both. Stems are stored instead of the text, because
Weaviate does not stem: with half the words inflected it finds 73 % of the passages by words, and 92 % by stems.
"""

from __future__ import annotations

import atexit
import importlib.util
import json
import logging
import threading
import time
import uuid
import warnings
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from knowledge.errors import KnowledgeError, SearchServerFault
from knowledge.search.indexes.base import IndexEntry, IndexQuery
from knowledge.search.indexes.server import ServerHit

if TYPE_CHECKING:
    from weaviate import WeaviateClient
    from weaviate.collections import Collection as WeaviateCollection

NEAREST = 30
BATCH = 500
MOST = 10_000  # what one query may give and one call may delete
START, ANSWER, WRITE, SETTLE = (
    2,
    5,
    20,
    60,
)  # seconds: connect, query, batch, until vectors are found
# A call to a dead server ends with its deadline, and not after the client's own minute of repetitions.
_WAIT = json.dumps({"methodConfig": [{"name": [{}], "waitForReady": True}]})


class Weaviate:
    """One library's collection on a server. Connects when first needed, and again after a fault; safe for threads."""

    def __init__(self, url: str, library: int) -> None:
        """Raises KnowledgeError for a URL without host, or where the client is not installed."""
        parts = urlsplit(url.partition("+")[2])
        try:
            port, grpc = parts.port, int(parse_qs(parts.query).get("grpc", ["50051"])[0])
        except ValueError as error:
            raise KnowledgeError(
                f"The index URL has a port that is no number ({error})."
            ) from error
        if not parts.hostname:
            raise KnowledgeError("The index URL names no host. Use weaviate+http://host:port.")
        if importlib.util.find_spec("weaviate") is None:
            raise KnowledgeError(
                "The index is on a Weaviate server, but its client is not installed."
                " Run pip install -r requirements-weaviate.txt."
            )
        self._secure = parts.scheme == "https"
        self._host, self._grpc = parts.hostname, grpc
        self._port = port or (443 if self._secure else 8080)
        self._key = unquote(parts.username or "")
        self._collection = f"Tandem_{library:x}"
        self._lock = threading.Lock()
        self._client: WeaviateClient | None = None
        self.name = f"the search server at {parts.scheme}://{self._host}:{self._port}"

    # The server

    def check(self) -> None:
        with self._asked() as collection:
            collection.exists()

    def write(self, copy: int, entries: Sequence[IndexEntry]) -> None:
        from weaviate.classes.data import DataObject

        with self._asked(make=True) as collection:
            for start in range(0, len(entries), BATCH):
                result = collection.data.insert_many(
                    [
                        DataObject(
                            uuid=_address(copy, entry.place),
                            properties={"terms": entry.terms, "copy": copy},
                            vector=None if entry.vector is None else entry.vector.tolist(),
                        )
                        for entry in entries[start : start + BATCH]
                    ]
                )
                if result.has_errors:
                    raise self._fault(next(iter(result.errors.values())).message)
            self._settle(collection, copy, entries)

    def _settle(
        self, collection: WeaviateCollection[Any, Any], copy: int, entries: Sequence[IndexEntry]
    ) -> None:
        """Waits until all that was written is found; a server may index vectors after its answer."""
        vectors = [entry.vector for entry in entries if entry.vector is not None]
        end = time.monotonic() + SETTLE
        while True:
            held = self.counts([copy])[copy]
            near = len(_near(collection, vectors[0].tolist(), [copy], MOST)) if vectors else 0
            if held == len(entries) and near >= min(len(vectors), MOST):
                return
            if time.monotonic() > end:
                raise self._fault(f"holds {held} of {len(entries)} passages and {near} vectors")
            time.sleep(0.1)

    def drop(self, copy: int) -> None:
        with self._asked() as collection:
            if not collection.exists():
                return
            while (done := collection.data.delete_many(where=_in([copy]))).matches:
                if done.failed:
                    raise self._fault(f"{done.failed} passages could not be removed")

    def counts(self, copies: Collection[int]) -> Mapping[int, int]:
        from weaviate.classes.aggregate import GroupByAggregate

        if not copies:
            return {}
        with self._asked() as collection:
            if not collection.exists():
                return dict.fromkeys(copies, 0)
            found = collection.aggregate.over_all(
                filters=_in(copies),
                group_by=GroupByAggregate(
                    prop="copy", limit=len(copies)
                ),  # else it tells the first 100
                total_count=True,
            )
            held = {
                int(value): group.total_count or 0
                for group in found.groups
                if isinstance(value := group.grouped_by.value, int | float)
            }
            return {copy: held.get(copy, 0) for copy in copies}

    def search(self, query: IndexQuery, copies: Collection[int], limit: int) -> list[ServerHit]:
        from weaviate.classes.query import MetadataQuery

        if not copies:
            return []
        words: dict[uuid.UUID, float] = {}
        near: dict[uuid.UUID, float] = {}
        with self._asked() as collection:
            if query.terms:
                found = collection.query.bm25(
                    " ".join(query.terms),
                    query_properties=["terms"],
                    filters=_in(copies),
                    limit=limit,
                    return_properties=[],
                    return_metadata=MetadataQuery(score=True),
                )
                words = {_as_uuid(hit.uuid): hit.metadata.score or 0.0 for hit in found.objects}
            if query.vector is not None and query.vector.any():
                near = _near(collection, query.vector.tolist(), copies, NEAREST)
        return [
            ServerHit(*_place(key), words.get(key, 0.0), near.get(key, 0.0))
            for key in dict.fromkeys([*words, *near])
        ]

    def close(self) -> None:
        with self._lock:
            if self._client is not None:
                self._client.close()
                self._client = None

    # The client

    @contextmanager
    def _asked(self, make: bool = False) -> Iterator[WeaviateCollection[Any, Any]]:
        """The library's collection; what goes wrong with it in this block is a SearchServerFault."""
        import grpc
        import httpx

        with warnings.catch_warnings():  # of a library that it uses: nothing a user could mend
            warnings.simplefilter("ignore")
            from weaviate.exceptions import WeaviateBaseError

        try:
            client = self._connected()
            if make:
                self._make(client)
            yield client.collections.use(self._collection)
        except (WeaviateBaseError, grpc.RpcError, httpx.HTTPError, OSError) as error:
            raise self._told(error) from error

    def _connected(self) -> WeaviateClient:
        with (
            warnings.catch_warnings()
        ):  # of libraries that it uses; nothing that a user could do about it
            warnings.simplefilter("ignore")
            import weaviate
            from weaviate.classes.init import AdditionalConfig, Auth, Timeout
            from weaviate.config import GrpcConfig

        with self._lock:
            if self._client is None:
                # It logs whole passages when a write fails, and a line for every request.
                logging.getLogger("weaviate-client").setLevel(logging.CRITICAL)
                logging.getLogger("httpx").setLevel(logging.WARNING)
                self._client = weaviate.connect_to_custom(
                    self._host, self._port, self._secure, self._host, self._grpc, self._secure,
                    auth_credentials=Auth.api_key(self._key) if self._key else None,
                    skip_init_checks=True,
                    additional_config=AdditionalConfig(
                        timeout=Timeout(init=START, query=ANSWER, insert=WRITE),
                        grpc_config=GrpcConfig(channel_options=[("grpc.service_config", _WAIT)]),
                    ),
                )  # fmt: skip
                atexit.register(self.close)
            return self._client

    def _make(self, client: WeaviateClient) -> None:
        from weaviate.classes.config import (
            Configure,
            DataType,
            Property,
            StopwordsPreset,
            Tokenization,
        )

        if client.collections.exists(self._collection):
            return
        client.collections.create(
            self._collection,
            vector_config=Configure.Vectors.self_provided(),
            inverted_index_config=Configure.inverted_index(stopwords_preset=StopwordsPreset.NONE),
            properties=[
                Property(
                    name="terms",
                    data_type=DataType.TEXT,
                    tokenization=Tokenization.WHITESPACE,
                    index_filterable=False,
                ),
                Property(name="copy", data_type=DataType.INT),
            ],
        )

    def _told(self, error: Exception) -> SearchServerFault:
        text = str(error)
        if "could not find class" in text:
            return self._fault("does not hold this library; run `run.py reindex`")
        if "401" in text or "unauthorized" in text.casefold():
            return self._fault("refuses the key in TANDEM_INDEX (weaviate+http://KEY@host:port)")
        return self._fault("does not answer", f" ({type(error).__name__})")

    def _fault(self, what: str, why: str = "") -> SearchServerFault:
        return SearchServerFault(f"{self.name[:1].upper()}{self.name[1:]} {what}{why}.")


def _address(copy: int, place: int) -> uuid.UUID:
    """An object's id says what it is; so a repeated write is the same object, and a hit needs no properties."""
    return uuid.UUID(int=copy << 64 | place)


def _as_uuid(value: object) -> uuid.UUID:
    return uuid.UUID(str(value))


def _place(key: uuid.UUID) -> tuple[int, int]:
    return key.int >> 64, key.int & (1 << 64) - 1


def _in(copies: Collection[int]) -> Any:
    from weaviate.classes.query import Filter

    return Filter.by_property("copy").contains_any(list(copies))


def _near(
    collection: WeaviateCollection[Any, Any],
    vector: list[float],
    copies: Collection[int],
    limit: int,
) -> dict[uuid.UUID, float]:
    from weaviate.classes.query import MetadataQuery

    found = collection.query.near_vector(
        vector,
        filters=_in(copies),
        limit=limit,
        return_properties=[],
        return_metadata=MetadataQuery(distance=True),
    )
    return {_as_uuid(hit.uuid): 1 - (hit.metadata.distance or 0.0) for hit in found.objects}
