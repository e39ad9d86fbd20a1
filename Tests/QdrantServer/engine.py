"""Qdrant's engine (qdrant-edge-py) asked in the words of the REST interface: one shard for each collection."""

import json
import pathlib
import shutil
import time

import qdrant_edge as edge

DATATYPES = {"float32": "Float32", "float16": "Float16", "uint8": "Uint8"}
MEMORY = {"cold": edge.Memory.Cold, "cached": edge.Memory.Cached, "pinned": edge.Memory.Pinned}


class Refused(Exception):
    """What a server answers with a status other than 200."""

    def __init__(self, status, words):
        super().__init__(words)
        self.status = status


def placement(document):
    """The arguments that say where something is held."""
    words = {}
    if "memory" in document:
        words["memory"] = MEMORY[document["memory"]]
    for name in ("on_disk", "always_ram"):
        if name in document:
            words[name] = document[name]
    return words


def quantization(document):
    if not document:
        return None
    ((kind, body),) = document.items()
    if kind == "turbo":
        bits = {"bits4": edge.TurboQuantBitSize.Bits4}[body.get("bits", "bits4")]
        return edge.TurboQuantQuantizationConfig(bits=bits, **placement(body))
    if kind == "scalar":
        return edge.ScalarQuantizationConfig(edge.ScalarType.Int8, quantile=body.get("quantile"), **placement(body))
    if kind == "binary":
        return edge.BinaryQuantizationConfig(**placement(body))
    raise Refused(400, f"Format error in JSON body: no quantization {kind}")


def condition(document):
    if "match" not in document:
        return filter_of(document)
    ((kind, value),) = document["match"].items()
    makers = {
        "value": edge.MatchValue,
        "text": edge.MatchText,
        "any": edge.MatchAny,
        "except": edge.MatchExcept,
    }
    return edge.FieldCondition(document["key"], match=makers[kind](value))


def filter_of(document):
    if not document:
        return None
    parts = ("must", "should", "must_not")
    return edge.Filter(**{part: [condition(c) for c in document[part]] for part in parts if part in document})


def parameters(document):
    if not document:
        return None
    words = {k: document[k] for k in ("hnsw_ef", "exact") if k in document}
    if document.get("quantization"):
        words["quantization"] = edge.QuantizationSearchParams(**document["quantization"])
    return edge.SearchParams(**words)


def query_of(document):
    query = document.get("query")
    if query is None:
        return None
    if "fusion" in query:
        return edge.Fusion.Rrf(2) if query["fusion"] == "rrf" else edge.Fusion.Dbsf()
    if "text" in query:
        return edge.TextQuery(document["using"], query["text"])
    vector = query["nearest"]
    if isinstance(vector, dict):
        vector = edge.SparseVector(vector["indices"], vector["values"])
    return edge.Query.Nearest(vector, using=document["using"])


def prefetch(document):
    return edge.Prefetch(
        document.get("limit", 10),
        query=query_of(document),
        prefetches=[prefetch(p) for p in document.get("prefetch") or []],
        params=parameters(document.get("params")),
        filter=filter_of(document.get("filter")),
    )


def record(point):
    document = {"id": str(point.id)}
    if point.payload is not None:
        document["payload"] = point.payload
    return document


class Collection:
    """A shard with what a server keeps beside it."""

    def __init__(self, folder, request):
        self.folder = pathlib.Path(folder)
        self.request = request
        self.snapshots = {}
        self.version = 0
        vectors = {}
        for name, body in request["vectors"].items():
            graph = body.get("hnsw_config", {})
            vectors[name] = edge.EdgeVectorParams(
                body["size"],
                getattr(edge.Distance, body["distance"]),
                datatype=getattr(edge.VectorStorageDatatype, DATATYPES[body.get("datatype", "float32")]),
                quantization_config=quantization(body.get("quantization_config")),
                hnsw_config=edge.HnswIndexConfig(
                    graph.get("m", 16),
                    graph.get("ef_construct", 100),
                    graph.get("full_scan_threshold", 10000),
                    **placement(graph),
                ),
                **placement(body),
            )
        sparse = {}
        for name, body in request.get("sparse_vectors", {}).items():
            modifier = edge.Modifier.Idf if body.get("modifier") == "idf" else None
            sparse[name] = edge.EdgeSparseVectorParams(modifier=modifier, **placement(body.get("index", {})))
        self.shard = edge.EdgeShard.create(str(self.folder), edge.EdgeConfig(vectors=vectors, sparse_vectors=sparse))

    def vector(self, name, body):
        if isinstance(body, dict):
            return edge.SparseVector(body["indices"], body["values"])
        size = self.request["vectors"][name]["size"]
        if len(body) != size:
            raise Refused(400, f"Wrong input: Vector dimension error: expected dim: {size}, got {len(body)}")
        return body

    def upsert(self, points):
        made = []
        for point in points:
            vectors = {name: self.vector(name, body) for name, body in point["vector"].items()}
            made.append(edge.Point(point["id"], vectors, point.get("payload")))
        self.shard.update(edge.UpdateOperation.upsert_points(made))
        self.version += 1

    def delete(self, document):
        self.shard.update(edge.UpdateOperation.delete_points_by_filter(filter_of(document["filter"])))
        self.version += 1

    def index(self, field, schema):
        words = dict(schema)
        kind = words.pop("type")
        words.update(placement(words))
        if "tokenizer" in words:
            words["tokenizer"] = getattr(edge.TokenizerType, words["tokenizer"].capitalize())
        makers = {
            "keyword": edge.KeywordIndexParams,
            "integer": edge.IntegerIndexParams,
            "text": edge.TextIndexParams,
        }
        self.shard.update(edge.UpdateOperation.create_field_index(field, makers[kind](**words)))

    def query(self, document):
        request = edge.QueryRequest(
            document.get("limit", 10),
            query=query_of(document),
            prefetches=[prefetch(p) for p in document.get("prefetch") or []],
            with_payload=document.get("with_payload", False),
            with_vector=False,
            filter=filter_of(document.get("filter")),
            params=parameters(document.get("params")),
        )
        points = self.shard.query(request)
        return {"points": [{**record(p), "version": p.version, "score": p.score} for p in points]}

    def scroll(self, document):
        points, following = self.shard.scroll(
            edge.ScrollRequest(
                offset=document.get("offset"),
                limit=document.get("limit", 10),
                filter=filter_of(document.get("filter")),
                with_payload=document.get("with_payload", True),
                with_vector=False,
            )
        )
        return {"points": [record(p) for p in points], "next_page_offset": str(following) if following else None}

    def retrieve(self, document):
        points = self.shard.retrieve(document["ids"], document.get("with_payload", True), False)
        return [record(p) for p in points]

    def count(self, document):
        exact = document.get("exact", True)
        return {"count": self.shard.count(edge.CountRequest(exact=exact, filter=filter_of(document.get("filter"))))}

    def info(self):
        """The state, its settings in the form of the interface. What the engine does not say is the usual value."""
        info = self.shard.info()
        shards = self.request.get("shard_number", 1)
        return {
            "status": "green",
            "optimizer_status": "ok",
            "indexed_vectors_count": info.indexed_vectors_count,
            "points_count": info.points_count,
            "segments_count": info.segments_count,
            "config": {
                "params": {
                    "vectors": self.request["vectors"],
                    "sparse_vectors": self.request.get("sparse_vectors", {}),
                    "shard_number": shards,
                    "replication_factor": 1,
                    "write_consistency_factor": 1,
                    "on_disk_payload": True,
                },
                "hnsw_config": {"m": 16, "ef_construct": 100, "full_scan_threshold": 10000},
                "optimizer_config": {
                    "deleted_threshold": 0.2,
                    "vacuum_min_vector_number": 1000,
                    "default_segment_number": 0,
                    "flush_interval_sec": 5,
                },
                "wal_config": {"wal_capacity_mb": 32, "wal_segments_ahead": 0},
            },
            "payload_schema": {
                field: {"data_type": str(body.data_type).rsplit(".", 1)[-1].lower(), "points": body.points}
                for field, body in info.payload_schema.items()
            },
        }

    def snapshot(self):
        """What stands for a snapshot: the engine gives the list of what would be in one, not the archive."""
        self.shard.flush()
        name = f"{self.folder.name}-{time.time_ns()}.snapshot"
        size = len(json.dumps(self.shard.snapshot_manifest(), default=str))
        self.snapshots[name] = {"name": name, "size": size, "creation_time": None}
        return self.snapshots[name]

    def close(self):
        self.shard.close()
        shutil.rmtree(self.folder, ignore_errors=True)
