/// A model that Cairn knows how to fetch from a hub and how to ask: an entry of the registry.
package struct RegisteredModel: Hashable, Sendable {
  package enum Kind: String, Sendable { case embedding, reranker }
  /// How the vectors of a text's tokens become one.
  package enum Pooling: String, Sendable { case mean, cls }
  /// The numbers of a file's weights.
  package enum Precision: String, Sendable, CaseIterable { case fp32, fp16, int8 }

  /// A file on the hub, and where it goes in the model's directory.
  package struct File: Hashable, Sendable {
    /// In the repository.
    package var source: String
    /// In the model's directory.
    package var target: String
    package var byteCount: Int?
    /// 64 hexadecimal digits; nil if no published hash was known when the entry was written.
    package var sha256: String?
    /// Of weights.
    package var precision: Precision?
    /// Where the file comes from when not from the model's own repository.
    package var repository: String?
    package var revision: String?

    package init(
      source: String, target: String, byteCount: Int?, sha256: String?, precision: Precision? = nil,
      repository: String? = nil, revision: String? = nil
    ) {
      self.source = source
      self.target = target
      self.byteCount = byteCount
      self.sha256 = sha256
      self.precision = precision
      self.repository = repository
      self.revision = revision
    }
  }

  /// What it is called here and in an index.
  package var name: String
  /// Shorter names.
  package var aliases: [String]
  package var kind: Kind
  /// `owner/name` on the hub.
  package var repository: String
  /// The commit that the hashes are of.
  package var revision: String
  package var dimensions: Int
  /// A longer text is cut there.
  package var tokenLimit: Int
  package var pooling: Pooling
  /// What is put before a query, and before a chunk.
  package var queryPrefix: String
  package var documentPrefix: String
  /// As an SPDX identifier.
  package var licence: String
  /// What it is good for, in a line.
  package var summary: String
  package var files: [File]

  package init(
    name: String, aliases: [String], kind: Kind, repository: String, revision: String, dimensions: Int, tokenLimit: Int,
    pooling: Pooling, queryPrefix: String, documentPrefix: String, licence: String, summary: String, files: [File]
  ) {
    self.name = name
    self.aliases = aliases
    self.kind = kind
    self.repository = repository
    self.revision = revision
    self.dimensions = dimensions
    self.tokenLimit = tokenLimit
    self.pooling = pooling
    self.queryPrefix = queryPrefix
    self.documentPrefix = documentPrefix
    self.licence = licence
    self.summary = summary
    self.files = files
  }

  /// The precisions that its repository has weights in.
  package var precisions: [Precision] { files.compactMap(\.precision) }

  /// What is fetched for `precision`: the weights in it, and the files beside them.
  package func files(for precision: Precision) -> [File] {
    files.filter { $0.precision == nil || $0.precision == precision }
  }
}
