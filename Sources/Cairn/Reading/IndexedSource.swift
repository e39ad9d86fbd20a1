import Chunking
import Disk
import IndexStorage
import Primitives
import Searching

/// A file of the index: what it defines, and its text as it is now.
///
///     let file = try await workspace.source(at: "Sources/Date.swift")
///     for symbol in file.symbols { print(symbol.lines, symbol.qualifiedName) }
public struct IndexedSource: Hashable, Sendable {
  /// Something that it defines.
  public struct Symbol: Hashable, Sendable {
    public var kind: SymbolKind
    public var name: String
    /// With the names around it: `Parser.Options.limit`.
    public var qualifiedName: String
    /// How many names are around it.
    public var depth: Int
    /// From the line of its name to where the next symbol begins that is not inside it.
    public var lines: ClosedRange<Int>

    init(_ definition: IndexedFile.Definition) {
      let symbol = definition.symbol
      (kind, name, qualifiedName) = (SymbolKind(symbol.kind), symbol.name, symbol.qualifiedName)
      (depth, lines) = (symbol.enclosing.count, definition.lines)
    }
  }

  /// Relative to the root.
  public var path: Path
  public var language: String
  public var symbols: [Symbol]
  /// The lines of its text, without their line breaks; empty in the list of a directory.
  public var lines: [String]
  /// Whether the lines of the symbols are those of the text: it was not changed since it was indexed.
  public var isAsIndexed: Bool

  init(_ file: IndexedFile) {
    (path, language, lines, isAsIndexed) = (Path(file.path), file.language, file.lines, file.isAsIndexed)
    symbols = file.definitions.map { Symbol($0) }
  }
}

/// A directory of the index.
public struct IndexedFolder: Hashable, Sendable {
  public struct Subdirectory: Hashable, Sendable {
    public var path: Path
    /// How many files are somewhere below it.
    public var fileCount: Int
  }

  /// The files in it, with what they define and without their texts; of many files the first.
  public var files: [IndexedSource] = []
  /// The files in it that are not among `files`.
  public var otherFiles: [Path] = []
  public var directories: [Subdirectory] = []
}

extension Workspace {
  /// The file at `path`, relative to the root. Nothing is read but files of the index, and no link is followed.
  ///
  /// Throws `noIndex` where there is none, `notFound` with the reason where the file is not in it.
  ///
  ///     let file = try await workspace.source(at: "Sources/Date.swift")
  @concurrent public func source(at path: Path) async throws(CairnError) -> IndexedSource {
    try await offPool { _ throws(Failure) in
      IndexedSource(try session.indexedFile(at: path.filePath, readsText: true))
    }
  }

  /// The file at `path`, relative to the root, as it is now: what the index does not know of it yet is read from the
  /// file itself, by the rules that a run has. Waits for no run. Throws as `source` does.
  @concurrent package func presentSource(at path: Path) async throws(CairnError) -> IndexedSource {
    try await offPool { _ throws(Failure) in IndexedSource(try session.presentFile(at: path.filePath)) }
  }

  /// The same of a directory: what lies in it now, with what the index knows of its files. Throws `notFound` where it
  /// is none.
  @concurrent package func presentFolder(at path: Path, fileLimit: Int) async throws(CairnError) -> IndexedFolder {
    try await offPool { context throws(Failure) in
      let listed = try session.presentDirectory(path.filePath)
      var folder = IndexedFolder(otherFiles: listed.files.dropFirst(fileLimit).map { Path($0) })
      folder.directories = listed.directories.map { .init(path: Path($0.path), fileCount: $0.fileCount) }
      for file in listed.files.prefix(fileLimit) {
        try context.check()
        let known = try? session.indexedFile(at: file, readsText: false)
        folder.files.append(IndexedSource(known ?? IndexedFile(path: file, language: "")))
      }
      return folder
    }
  }

  /// What the file at `path` defines, as the index has it; empty where it has nothing of it. Blocks.
  package func definitions(in path: Path) -> [IndexedSource.Symbol] {
    ((try? session.definitions(in: path.filePath)) ?? []).map { IndexedSource.Symbol($0) }
  }

  /// What lies in the directory at `path`, relative to the root; empty for the root itself. Throws as `source` does.
  ///
  ///     let folder = try await workspace.folder(at: "Sources", fileLimit: 20)
  @concurrent public func folder(at path: Path, fileLimit: Int = 100) async throws(CairnError) -> IndexedFolder {
    try await offPool { context throws(Failure) in
      let listed = try session.indexedDirectory(path.filePath)
      var folder = IndexedFolder(otherFiles: listed.files.dropFirst(fileLimit).map { Path($0) })
      folder.directories = listed.directories.map { .init(path: Path($0.path), fileCount: $0.fileCount) }
      for file in listed.files.prefix(fileLimit) {
        try context.check()
        folder.files.append(IndexedSource(try session.indexedFile(at: file, readsText: false)))
      }
      return folder
    }
  }

  /// Whether there is a file at `path`, relative to the root; a link is none. Blocks.
  package func isFile(_ path: Path) -> Bool {
    (try? FileStatus(of: root.filePath.appending(path.filePath), followsLinks: false))?.kind == .file
  }

  /// Whether there is a directory at `path`, relative to the root; a link is none. Blocks.
  package func isDirectory(_ path: Path) -> Bool {
    (try? FileStatus(of: root.filePath.appending(path.filePath), followsLinks: false))?.kind == .directory
  }

  /// How many files the index holds, and whether a run has seen the whole tree; nil where there is none.
  @concurrent package func extent() async throws(CairnError) -> (fileCount: Int, isComplete: Bool)? {
    try await offPool { _ throws(Failure) in
      try session.extent().map { ($0.fileCount, $0.isComplete) }
    }
  }

  /// Whether the last run over the index came to an end that knows the tree. Some microseconds once it is open.
  package var isFilled: Bool { index.isFilled() }

  /// What the newest run left out, by reason.
  package func leftOutCounts() -> [String: Int] { (try? index.leftOutCounts()) ?? [:] }

  /// What of the tree, as it is indexed, is not in the commit that is checked out. Costs a pass over the list of files.
  package func edits() -> (count: Int, hasStaged: Bool?)? {
    ((try? session.edits()) ?? nil).map { ($0.count, $0.hasStaged) }
  }
  /// While it is the same, so is what `edits` gives.
  package var editsMark: String? { session.editsMark }

  /// The full name of the commit that is checked out; nil where there is none, or the repository's files do not say it.
  /// Runs nothing.
  @concurrent package func checkedOutCommit() async -> String? {
    (try? await offPool { _ throws(Failure) in session.checkedOutCommit }) ?? nil
  }
}
