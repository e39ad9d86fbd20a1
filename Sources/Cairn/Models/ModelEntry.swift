import ModelHub
import ModelOpening

/// A model that can be chosen: one that Cairn brings along, knows how to fetch, or has on this machine.
///
///     for entry in try ModelLibrary().entries() { print(entry.name, entry.isInstalled) }
public struct ModelEntry: Hashable, Sendable {
  public enum Kind: String, Sendable { case embedding, reranker }

  public struct File: Hashable, Sendable {
    /// In the model's directory.
    public var path: String
    public var byteCount: Int?
    /// As published, or as first downloaded; nil if neither is known.
    public var sha256: String?
    /// Whether the hash was published, and the file has it.
    public var isVerified: Bool
  }

  /// What `--model` takes.
  public var name: String
  /// Shorter names that it takes too.
  public var aliases: [String]
  public var kind: Kind
  public var summary: String
  /// Whether it is the one that is part of the program.
  public var isBuiltIn: Bool
  /// Whether its files are on this machine.
  public var isInstalled: Bool
  public var dimensions: Int?
  /// A longer text is cut there.
  public var tokenLimit: Int?
  /// `mean` or `cls`: how the vectors of a text's tokens become one.
  public var pooling: String?
  /// What is put before a query and before a chunk.
  public var queryPrefix: String
  public var documentPrefix: String
  /// As an SPDX identifier.
  public var licence: String?
  /// `owner/name@commit` on the hub.
  public var source: String?
  /// Where its files are.
  public var directory: Path?
  /// `fp32`, `fp16`, `int8`: what can be fetched, or what is there.
  public var precisions: [String]
  public var files: [File]

  /// Bytes of the files, as far as they are known.
  public var byteCount: Int { files.reduce(0) { $0 + ($1.byteCount ?? 0) } }
}

extension ModelEntry {
  init(_ model: AvailableModel) {
    let registered = model.registered
    let isReranker = registered?.kind == .reranker
    self.init(
      name: model.name, aliases: model.aliases, kind: isReranker ? .reranker : .embedding, summary: model.summary,
      isBuiltIn: model.isBuiltIn, isInstalled: model.isInstalled, dimensions: model.dimensions,
      tokenLimit: registered?.tokenLimit, pooling: isReranker ? nil : registered?.pooling.rawValue,
      queryPrefix: registered?.queryPrefix ?? "", documentPrefix: registered?.documentPrefix ?? "",
      licence: registered?.licence, source: model.source, directory: model.installed.map { Path($0.directory) },
      precisions: registered?.precisions.map(\.rawValue) ?? [],
      files: model.files.map {
        File(path: $0.path, byteCount: $0.byteCount, sha256: $0.sha256, isVerified: $0.isVerified)
      })
  }
}
