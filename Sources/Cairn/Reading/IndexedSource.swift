import Chunking
package import Primitives
package import Searching

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

    package init(_ definition: IndexedFile.Definition) {
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

  package init(_ file: IndexedFile) {
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

  /// - Parameter source: what is known of a file; called for the first `fileLimit`.
  package init(
    _ listed: IndexedDirectory, fileLimit: Int, _ source: (FilePath) throws(Failure) -> IndexedFile
  ) throws(Failure) {
    for file in listed.files.prefix(fileLimit) { files.append(IndexedSource(try source(file))) }
    otherFiles = listed.files.dropFirst(fileLimit).map { Path($0) }
    directories = listed.directories.map { .init(path: Path($0.path), fileCount: $0.fileCount) }
  }
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

  /// What lies in the directory at `path`, relative to the root; empty for the root itself. Throws as `source` does.
  ///
  ///     let folder = try await workspace.folder(at: "Sources", fileLimit: 20)
  @concurrent public func folder(at path: Path, fileLimit: Int = 100) async throws(CairnError) -> IndexedFolder {
    try await offPool { context throws(Failure) in
      try IndexedFolder(session.indexedDirectory(path.filePath), fileLimit: fileLimit) { file throws(Failure) in
        try context.check()
        return try session.indexedFile(at: file, readsText: false)
      }
    }
  }
}
