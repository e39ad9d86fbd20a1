"""What the design allows: who owns what, how large a room may be, which arrows may point back. Each entry has its
reason.

What is there today and is more than the design allows is counted in allowances.toml.
"""

# The library, and the first of the doors: what people and programs see is worded from there on.
LIBRARY = "Cairn"
FIRST_DOOR = "Rendering"

# Each C module, and the only targets that may use it. Tests may use any.
OWNERS = {
    "CAllocator": {"CairnMain", "CStartUp"},
    "CStartUp": {"CairnMain"},
    "CSystem": {"Disk", "Primitives", "Commands", "TestSupport"},
    "CMapGuard": {"Disk"},
    "CFaultGuard": {"Disk", "TreeSitterChunking"},
    "CKernels": {"Kernels"},
    "CSQLite": {"SQLite"},
    "CJansson": {"JSON"},
    "CCurl": {"HTTP"},
    "CPostgres": {"PostgreSQL"},
    "COnnxRuntime": {"OnnxEmbedding"},
    "CTreeSitter": {"TreeSitterChunking"},
    "CXXHash": {"Primitives"},
    "CToml": {"Settings"},
    "CPCRE2": {"Patterns"},
    "CRE2": {"Patterns"},
    "CYaml": {"ForeignConfiguration"},
    "CModel": {"Embedding"},
    "CMeasuring": {"cairn-benchmarks"},
}

# The folders under Sources where unsafe memory may be touched, each with its reason.
UNSAFE_ROOMS = {
    "Kernels": "calls the kernels over spans",
    "Disk": "maps files and hands them out as spans",
    "Tokenizing": "reads texts as bytes",
    "Segments": "walks postings and vectors inside a map",
    "Embedding": "reads a mapped table and the one in the program",
    "Primitives": "calls the hash function",
    "JSON": "calls the JSON parser",
    "HTTP": "calls the HTTP library",
    "PostgreSQL": "calls libpq",
    "Cluster/Worker": "asks what the machine is called",
    "OnnxEmbedding": "calls ONNX Runtime",
    "SQLite": "calls SQLite",
    "Inspection": "inspects every byte of every file",
    "TreeSitterChunking": "calls tree-sitter",
    "Settings": "calls the TOML parser",
    "Patterns": "calls PCRE2 and RE2",
    "LineSearch": "hands texts to the engines",
    "ForeignConfiguration": "calls the YAML parser",
    "Measuring": "starts programs and asks the kernel what they used",
    "Commands/Output": "writes to file descriptors, reads the arguments as bytes",
}

# MARK: Sizes

# A file of more lines does several jobs. Files that may be longer because they are tables, each with its reason.
FILE_LINES = 800
LONG_TABLES: dict[str, str] = {}

# A room of more than this share (percent) of the Swift lines in Sources holds several trades.
ROOM_SHARE = 12

# Targets that stay small, each with its reason.
TARGET_LINES = {
    "Cairn": (2_500, "the library joins the rooms and contains no algorithm"),
    "CairnMain": (10, "main is a doorbell: it calls Commands"),
}

# At most this share (percent) of the Swift files in Sources has fewer lines than SMALL_FILE: more of them, and a reader
# opens ten files to follow one thought.
SMALL_FILE = 30
SMALL_FILE_SHARE = 10

# MARK: Lines

LINE_WIDTH = 120

# Swift files whose lines may be wider, each with its reason. What a script writes (`// Made by Scripts/`) may be as
# well.
WIDE_FILES = {
    "Sources/Inspection/Languages/LanguageTable.swift": "a table: a language's file names stand in one line",
}

# Literals below the doors that look like options of the terminal and are none, by file, each with its reason. A literal
# that is an option and nothing else is an argument of a program that is started, and no message.
OPTIONS_OF_OTHERS = {
    "Sources/Inspection/Languages/LanguageDetector.swift": "how a patch begins: diff --git",
}

# MARK: Folders

# Arrows between folders of one target that point back, so that the two folders are a circle: each with its reason. All
# other arrows between the folders of a target must have an order. (root) is what lies in no folder.
ARROWS_BACK: dict[str, dict[str, str]] = {
    "Corpus": {
        "Ignore -> Git": "to be mended: DecidingFile reads ignore files for both; it belongs below them",
    },
    "Segments": {
        "Analysis -> Lexical": "to be mended: WordFinder and findWords are analysis",
        "Lexical -> Merging": "to be mended: RetiredChunks and retiredCount, which every reader of postings needs",
        "Lexical -> Segment": "to be mended: an extension of Segment, which belongs to Segment's folder",
        "Segment -> Building": "to be mended: FirstChunks, which readers share with the builder",
        "Segment -> Merging": "to be mended: RetiredChunks",
        "Selecting -> Segment": "to be mended: an extension of Segment, which belongs to Segment's folder",
        "Selecting -> Stored": "to be mended: ChunkTableWriter and records, for the kinds of symbols",
        "Vectors -> Segment": "to be mended: VectorSearch holds segments and asks them for fileNumber",
    },
    "Indexing": {
        "Reporting -> Preparing": "to be mended: CorpusDiff.byteCountToRead, of which a report needs numbers",
    },
}
