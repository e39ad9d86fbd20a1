// swift-tools-version: 6.2
// Targets are listed bottom floor first: a target may only depend on targets listed above it.
// `Scripts/check-architecture` enforces this. Build with `Scripts/build`, which knows where the C libraries are.
import PackageDescription

/// Settings every Swift target of the house shares.
let house: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("InferIsolatedConformances"),
  .enableExperimentalFeature("Lifetimes"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

/// For tests that compute little: optimised, they take minutes more to compile, and run no faster.
let quick: [SwiftSetting] = [
  .unsafeFlags(
    ["-Onone", "-no-whole-module-optimization", "-enable-batch-mode"], .when(configuration: .release))
]

let package = Package(
  name: "cairn",
  products: [
    .library(name: "Cairn", targets: ["Cairn"]),
    .executable(name: "cairn", targets: ["CairnMain"]),
  ],
  targets: [
    // MARK: Cellar: C
    .target(name: "CAllocator"),
    .target(name: "CStartUp", dependencies: ["CAllocator"]),
    .target(name: "CSystem"),
    .target(name: "CMapGuard"),
    .target(name: "CFaultGuard"),
    .target(name: "CKernels"),
    .target(name: "CModel"),
    .target(name: "CToml"),
    .target(name: "CRE2"),
    .systemLibrary(name: "CPCRE2", providers: [.apt(["libpcre2-dev"])]),
    .target(name: "CXXHash"),
    .target(name: "CCurl"),
    .target(name: "COnnxRuntime"),
    .target(name: "CPostgres"),
    .systemLibrary(name: "CJansson", pkgConfig: "jansson", providers: [.apt(["libjansson-dev"])]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CYaml", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CTreeSitter", pkgConfig: "cairn-tree-sitter"),

    // MARK: Ground floor
    .target(name: "Kernels", dependencies: ["CKernels"], swiftSettings: house),
    .target(name: "Primitives", dependencies: ["CSystem", "CXXHash"], swiftSettings: house),
    .target(name: "Disk", dependencies: ["CFaultGuard", "CMapGuard", "CSystem", "Primitives"], swiftSettings: house),
    .target(name: "SQLite", dependencies: ["CSQLite", "Disk", "Primitives"], swiftSettings: house),
    .target(name: "JSON", dependencies: ["CJansson", "Primitives"], swiftSettings: house),
    .target(name: "HTTP", dependencies: ["CCurl", "Disk", "JSON", "Primitives"], swiftSettings: house),
    .target(name: "PostgreSQL", dependencies: ["CPostgres", "Primitives"], swiftSettings: house),
    .target(name: "Qdrant", dependencies: ["HTTP", "JSON", "Primitives"], swiftSettings: house),

    // MARK: First floor: the stages
    .target(name: "Inspection", dependencies: ["Primitives"], swiftSettings: house),
    .target(name: "Corpus", dependencies: ["Disk", "Inspection", "Primitives"], swiftSettings: house),
    .target(name: "Chunking", dependencies: ["Inspection", "Primitives"], swiftSettings: house),
    .target(
      name: "Patterns", dependencies: ["CPCRE2", "CRE2", "Kernels", "Primitives"], swiftSettings: house,
      // Inside the program: neither is on a machine that only runs it.
      linkerSettings: [.linkedLibrary(":libpcre2-8.a"), .linkedLibrary(":libre2.a"), .linkedLibrary("stdc++")]),
    .target(
      name: "TreeSitterChunking", dependencies: ["CFaultGuard", "Chunking", "CTreeSitter", "Inspection", "Primitives"],
      swiftSettings: house),
    .target(name: "Tokenizing", dependencies: ["Disk", "JSON", "Primitives"], swiftSettings: house),
    .target(
      name: "Embedding",
      dependencies: ["CModel", "SQLite", "Disk", "JSON", "Kernels", "Primitives"],
      swiftSettings: house),
    .target(
      name: "ModelHub", dependencies: ["Disk", "Embedding", "HTTP", "JSON", "Primitives"],
      swiftSettings: house),
    .target(
      name: "OnnxEmbedding",
      dependencies: ["COnnxRuntime", "Disk", "Embedding", "JSON", "Primitives", "Tokenizing"],
      swiftSettings: house),
    .target(
      name: "RemoteEmbedding", dependencies: ["Embedding", "HTTP", "JSON", "Primitives"],
      swiftSettings: house),
    .target(
      name: "Answering", dependencies: ["HTTP", "JSON", "Primitives"], swiftSettings: house),

    // MARK: Second floor: what is kept
    .target(
      name: "Segments", dependencies: ["Chunking", "Disk", "Inspection", "Kernels", "Primitives"],
      swiftSettings: house),
    .target(
      name: "Catalog", dependencies: ["Corpus", "Disk", "Inspection", "Primitives", "SQLite"], swiftSettings: house),

    .target(
      name: "IndexStorage",
      dependencies: ["Catalog", "Corpus", "Disk", "Embedding", "Inspection", "Primitives", "Segments"],
      swiftSettings: house),

    // MARK: Third floor: the two flows
    .target(
      name: "Indexing",
      dependencies: [
        "Catalog", "Chunking", "Corpus", "Disk", "Embedding", "IndexStorage", "Inspection", "Primitives", "Segments",
      ],
      swiftSettings: house),
    .target(
      name: "QueryLanguage",
      dependencies: ["Chunking", "Corpus", "Inspection", "Kernels", "Patterns", "Primitives", "Segments"],
      swiftSettings: house),
    .target(
      name: "Retrieval",
      dependencies: [
        "Chunking", "Corpus", "Disk", "Embedding", "Inspection", "Kernels", "Patterns", "Primitives", "QueryLanguage",
        "Segments",
      ],
      swiftSettings: house),

    .target(
      name: "LineSearch",
      dependencies: [
        "Corpus", "Disk", "Inspection", "Kernels", "Patterns", "Primitives", "QueryLanguage",
      ],
      swiftSettings: house),

    // MARK: Fourth floor: the library, and the settings that it and its doors share
    .target(name: "Settings", dependencies: ["CToml", "Disk", "JSON", "Primitives"], swiftSettings: house),
    .target(
      name: "ResultNotes",
      dependencies: [
        "Chunking", "Corpus", "Disk", "Inspection", "Primitives", "QueryLanguage", "Retrieval", "Segments", "Settings",
      ],
      swiftSettings: house),
    .target(
      name: "ModelOpening",
      dependencies: [
        "Disk", "Embedding", "HTTP", "ModelHub", "OnnxEmbedding", "Primitives", "RemoteEmbedding", "Settings",
      ],
      swiftSettings: house),
    .target(
      name: "Searching",
      dependencies: [
        "Answering", "Catalog", "Chunking", "Corpus", "Disk", "Embedding", "IndexStorage", "Indexing", "Inspection",
        "LineSearch", "ModelHub", "ModelOpening", "Patterns", "Primitives", "QueryLanguage", "RemoteEmbedding",
        "ResultNotes", "Retrieval", "Segments", "Settings", "TreeSitterChunking",
      ],
      swiftSettings: house),
    .target(
      name: "Cluster",
      dependencies: [
        "Catalog", "Chunking", "Corpus", "Disk", "Embedding", "HTTP", "IndexStorage", "Indexing", "Inspection", "JSON",
        "ModelOpening", "PostgreSQL", "Primitives", "Qdrant", "QueryLanguage", "Retrieval", "Searching", "Segments",
        "Settings", "TreeSitterChunking",
      ],
      swiftSettings: house),
    .target(
      name: "Cairn",
      dependencies: [
        "Answering", "Catalog", "Chunking", "Cluster", "Corpus", "Disk", "Embedding", "HTTP", "Indexing",
        "IndexStorage", "Inspection", "ModelHub", "ModelOpening", "OnnxEmbedding", "Primitives", "QueryLanguage",
        "ResultNotes", "Retrieval", "Searching", "Settings",
      ],
      swiftSettings: house),

    // MARK: What doors need of the library beyond its public interface
    .target(
      name: "DoorSupport",
      dependencies: [
        "Cairn", "Chunking", "Disk", "IndexStorage", "LineSearch", "ModelHub", "Patterns", "Primitives",
        "QueryLanguage",
        "Searching", "Settings",
      ],
      swiftSettings: house),

    // MARK: Fifth floor: beyond one tree
    .target(
      name: "Registry",
      dependencies: [
        "Cairn", "Corpus", "Disk", "DoorSupport", "IndexStorage", "JSON", "Primitives", "Searching", "Settings",
      ],
      swiftSettings: house),

    // MARK: Sixth floor: what doors share
    .target(
      name: "Measuring",
      dependencies: [
        "Cairn", "Catalog", "Chunking", "Corpus", "Disk", "Embedding", "Indexing", "IndexStorage", "Inspection", "JSON",
        "ModelOpening", "Primitives", "QueryLanguage", "Retrieval", "Searching", "Segments", "Settings",
        "TreeSitterChunking",
      ],
      swiftSettings: house),
    .target(
      name: "ForeignConfiguration", dependencies: ["CYaml", "Disk", "Primitives", "Settings"], swiftSettings: house),
    .target(name: "AgentClients", dependencies: ["Disk", "JSON", "Primitives", "Settings"], swiftSettings: house),
    .target(name: "Savings", dependencies: ["Disk", "JSON", "Primitives", "Settings"], swiftSettings: house),
    .target(
      name: "Rendering",
      dependencies: [
        "AgentClients", "Cairn", "Cluster", "Embedding", "ForeignConfiguration", "Inspection", "JSON", "LineSearch",
        "Measuring", "Patterns", "Primitives", "QueryLanguage", "Registry", "ResultNotes", "Retrieval", "Savings",
        "Searching", "Segments", "Settings",
      ],
      swiftSettings: house),

    .target(name: "Packing", dependencies: ["Cairn", "DoorSupport", "Primitives", "Rendering"], swiftSettings: house),
    .target(name: "JSONRPC", dependencies: ["JSON", "Primitives"], swiftSettings: house),

    // MARK: Front doors
    .target(
      name: "MCP",
      dependencies: [
        "Cairn", "DoorSupport", "JSON", "JSONRPC", "Packing", "Primitives", "Registry", "Rendering", "Savings",
      ],
      swiftSettings: house),
    .target(
      name: "Commands",
      dependencies: [
        "AgentClients", "CSystem", "Cairn", "Cluster", "Disk", "DoorSupport", "ForeignConfiguration", "JSON",
        "LineSearch", "MCP", "Measuring", "Packing", "Patterns", "Primitives", "Registry", "Rendering", "Savings",
        "Settings",
      ],
      swiftSettings: house),
    .executableTarget(name: "CairnMain", dependencies: ["CAllocator", "CStartUp", "Commands"], swiftSettings: house),

    // MARK: Examples: programs as users of the library write them
    .executableTarget(
      name: "cairn-example-search", dependencies: ["Cairn"], path: "Examples/Search", swiftSettings: house),
    .executableTarget(
      name: "cairn-example-index", dependencies: ["Cairn"], path: "Examples/IndexWithProgress", swiftSettings: house),
    .executableTarget(
      name: "cairn-example-embedder", dependencies: ["Cairn"], path: "Examples/OwnEmbedder", swiftSettings: house),

    // MARK: Workshop
    .target(
      name: "TestSupport",
      dependencies: [
        "Chunking", "Disk", "Embedding", "HTTP", "Indexing", "IndexStorage", "Inspection", "Primitives", "Segments",
      ],
      path: "Tests/TestSupport", swiftSettings: house),
    .executableTarget(
      name: "cairn-grammar-fuzzer",
      dependencies: ["Chunking", "Corpus", "Disk", "Inspection", "Primitives", "TestSupport", "TreeSitterChunking"],
      path: "Tests/GrammarFuzzer", swiftSettings: house),
    .executableTarget(
      name: "cairn-input-fuzzer",
      dependencies: [
        "Catalog", "Chunking", "Corpus", "Disk", "Embedding", "ForeignConfiguration", "IndexStorage", "Indexing",
        "Inspection", "JSON", "OnnxEmbedding", "Primitives", "QueryLanguage", "Segments", "Settings", "Tokenizing",
      ],
      path: "Tests/InputFuzzer", swiftSettings: house),
    .executableTarget(
      name: "cairn-index-listing",
      dependencies: ["Catalog", "Chunking", "Inspection", "IndexStorage", "Primitives", "Segments", "TestSupport"],
      path: "Tests/IndexListing", swiftSettings: house),
    .target(name: "CMeasuring", path: "Benchmarks/CMeasuring"),
    .executableTarget(
      name: "cairn-benchmarks",
      dependencies: [
        "Chunking", "CMeasuring", "Corpus", "Disk", "Embedding", "Indexing", "IndexStorage", "Inspection", "JSON",
        "Primitives", "QueryLanguage", "Retrieval", "Segments", "TreeSitterChunking",
      ],
      path: "Benchmarks/Sources", swiftSettings: house),
    .executableTarget(
      name: "cairn-embedding-benchmark",
      dependencies: ["Disk", "Embedding", "JSON", "OnnxEmbedding", "Primitives"],
      path: "Benchmarks/EmbeddingSources", swiftSettings: house),
    .testTarget(
      name: "KernelsTests", dependencies: ["CKernels", "Kernels", "Primitives"], swiftSettings: house + quick),
    .testTarget(name: "PrimitivesTests", dependencies: ["Primitives", "TestSupport"], swiftSettings: house + quick),
    .testTarget(
      name: "DiskTests", dependencies: ["CFaultGuard", "Disk", "Primitives", "TestSupport"],
      swiftSettings: house + quick),
    .testTarget(
      name: "SQLiteTests", dependencies: ["Disk", "Primitives", "SQLite", "TestSupport"], swiftSettings: house + quick),
    .testTarget(
      name: "JSONTests", dependencies: ["JSON", "Primitives", "TestSupport"], swiftSettings: house + quick),
    .testTarget(
      name: "HTTPTests", dependencies: ["Disk", "HTTP", "JSON", "Primitives", "TestSupport"],
      swiftSettings: house + quick),
    .testTarget(
      name: "QdrantTests", dependencies: ["HTTP", "JSON", "Primitives", "Qdrant", "TestSupport"],
      swiftSettings: house + quick),
    .testTarget(
      name: "InspectionTests", dependencies: ["Inspection", "Primitives", "TestSupport"], swiftSettings: house + quick),
    .testTarget(
      name: "CorpusTests", dependencies: ["Corpus", "Disk", "Inspection", "Primitives", "TestSupport"],
      swiftSettings: house + quick),
    .testTarget(
      name: "ChunkingTests", dependencies: ["Chunking", "Inspection", "Primitives", "TestSupport"],
      swiftSettings: house + quick),
    .testTarget(
      name: "PatternsTests", dependencies: ["Patterns", "Primitives", "TestSupport"], swiftSettings: house + quick),
    .testTarget(
      name: "TreeSitterChunkingTests",
      dependencies: ["Chunking", "Corpus", "Disk", "Inspection", "Primitives", "TestSupport", "TreeSitterChunking"],
      swiftSettings: house + quick),
    .testTarget(
      name: "TokenizingTests", dependencies: ["Disk", "JSON", "Primitives", "TestSupport", "Tokenizing"],
      swiftSettings: house + quick),
    .testTarget(
      name: "EmbeddingTests",
      dependencies: [
        "SQLite", "Disk", "Embedding", "JSON", "Primitives", "TestSupport",
      ],
      swiftSettings: house + quick),
    .testTarget(
      name: "ModelHubTests",
      dependencies: ["Disk", "Embedding", "HTTP", "JSON", "ModelHub", "Primitives", "TestSupport"],
      swiftSettings: house + quick),
    .testTarget(
      name: "OnnxEmbeddingTests",
      dependencies: ["Disk", "Embedding", "JSON", "OnnxEmbedding", "Primitives", "TestSupport"],
      swiftSettings: house + quick),
    .testTarget(
      name: "RemoteEmbeddingTests",
      dependencies: ["Embedding", "HTTP", "JSON", "Primitives", "RemoteEmbedding", "TestSupport"],
      swiftSettings: house + quick),
    .testTarget(
      name: "AnsweringTests", dependencies: ["Answering", "HTTP", "JSON", "Primitives", "TestSupport"],
      swiftSettings: house + quick),
    .testTarget(
      name: "SegmentsTests",
      dependencies: ["Chunking", "Disk", "Inspection", "Kernels", "Primitives", "Segments", "TestSupport"],
      swiftSettings: house),
    .testTarget(
      name: "CatalogTests", dependencies: ["Catalog", "Corpus", "SQLite", "Disk", "Primitives", "TestSupport"],
      swiftSettings: house + quick),
    .testTarget(
      name: "IndexStorageTests",
      dependencies: [
        "Catalog", "Chunking", "Corpus", "Disk", "Embedding", "Indexing", "IndexStorage", "Primitives", "Segments",
        "TestSupport",
      ],
      swiftSettings: house + quick),
    .testTarget(
      name: "IndexingTests",
      dependencies: [
        "Catalog", "Chunking", "Corpus", "Disk", "Embedding", "Indexing", "IndexStorage", "Inspection", "Primitives",
        "QueryLanguage",
        "Retrieval", "Segments", "TestSupport",
      ],
      swiftSettings: house + quick),
    .testTarget(
      name: "QueryLanguageTests",
      dependencies: ["Chunking", "Disk", "Patterns", "Primitives", "QueryLanguage", "TestSupport"],
      swiftSettings: house + quick),
    .testTarget(
      name: "RetrievalTests",
      dependencies: [
        "Chunking", "Corpus", "Disk", "Embedding", "Inspection", "Primitives", "QueryLanguage", "Retrieval", "Segments",
        "TestSupport",
      ],
      swiftSettings: house + quick),
    .testTarget(
      name: "SettingsTests", dependencies: ["Disk", "Primitives", "Settings", "TestSupport"],
      swiftSettings: house + quick),
    .testTarget(
      name: "ResultNotesTests",
      dependencies: [
        "Chunking", "Corpus", "Disk", "Embedding", "Primitives", "QueryLanguage", "ResultNotes", "Retrieval",
        "Segments", "Settings",
        "TestSupport",
      ],
      swiftSettings: house + quick),
    .testTarget(
      name: "ModelOpeningTests",
      dependencies: ["Disk", "Embedding", "ModelOpening", "Primitives", "Settings", "TestSupport"],
      swiftSettings: house + quick),
    .testTarget(
      name: "SearchingTests",
      dependencies: [
        "Catalog", "Corpus", "Disk", "Embedding", "IndexStorage", "Indexing", "ModelOpening", "Primitives",
        "QueryLanguage", "ResultNotes", "Retrieval", "Searching", "Segments", "Settings", "TestSupport",
      ],
      swiftSettings: house + quick),
    .testTarget(
      name: "ClusterTests",
      dependencies: [
        "Chunking", "Cluster", "Disk", "Embedding", "HTTP", "Indexing", "Inspection", "JSON", "PostgreSQL",
        "Primitives", "Qdrant", "Segments", "TestSupport",
      ],
      swiftSettings: house + quick),
    .testTarget(
      name: "CairnTests", dependencies: ["Cairn", "Disk", "Primitives", "Settings", "TestSupport"],
      swiftSettings: house + quick),
    .testTarget(
      name: "MeasuringTests",
      dependencies: ["Cairn", "Disk", "Indexing", "Measuring", "Primitives", "TestSupport"],
      swiftSettings: house + quick),
    .testTarget(
      name: "ForeignConfigurationTests",
      dependencies: ["Disk", "ForeignConfiguration", "Primitives", "Settings", "TestSupport"],
      swiftSettings: house + quick),
    .testTarget(
      name: "AgentClientsTests",
      dependencies: ["AgentClients", "Disk", "JSON", "Primitives", "Settings", "TestSupport"],
      swiftSettings: house + quick),
    .testTarget(
      name: "RegistryTests", dependencies: ["Cairn", "Disk", "Primitives", "Registry", "TestSupport"],
      swiftSettings: house + quick),
    .testTarget(
      name: "RenderingTests",
      dependencies: ["Cairn", "JSON", "Measuring", "Primitives", "Rendering", "TestSupport"],
      swiftSettings: house + quick),
    .testTarget(
      name: "JSONRPCTests", dependencies: ["JSON", "JSONRPC", "Primitives"], swiftSettings: house + quick),
    .testTarget(
      name: "SavingsTests", dependencies: ["Disk", "JSON", "Primitives", "Savings", "Settings", "TestSupport"],
      swiftSettings: house + quick),
    .testTarget(
      name: "PackingTests",
      dependencies: ["Cairn", "Disk", "JSON", "Packing", "Primitives", "TestSupport", "Tokenizing"],
      swiftSettings: house + quick),
    .testTarget(
      name: "MCPTests",
      dependencies: ["Cairn", "Disk", "JSON", "MCP", "Packing", "Primitives", "Registry", "TestSupport", "Tokenizing"],
      swiftSettings: house + quick),
    .testTarget(
      name: "CommandsTests",
      dependencies: ["Cairn", "Commands", "Disk", "JSON", "Primitives", "Rendering", "Settings", "TestSupport"],
      swiftSettings: house + quick),
    .testTarget(
      name: "BenchmarkTests", dependencies: ["Disk", "JSON", "Primitives", "TestSupport"],
      swiftSettings: house + quick),
    .testTarget(
      name: "RankingTests",
      dependencies: [
        "Cairn", "Chunking", "Cluster", "Disk", "Embedding", "Indexing", "IndexStorage", "Inspection", "Measuring",
        "OnnxEmbedding", "Primitives", "Qdrant", "QueryLanguage", "Retrieval", "Segments", "TestSupport",
        "TreeSitterChunking",
      ],
      exclude: ["goldens", "questions"], swiftSettings: house),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "Catalog", "Chunking", "Disk", "Indexing", "IndexStorage", "JSON", "Primitives", "TestSupport",
      ],
      swiftSettings: house + quick),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
