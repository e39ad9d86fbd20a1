package import Primitives

/// The version of a server, and what servers of it can do.
///
/// The interface is that of the OpenAPI descriptions of 1.12 to 1.20. What came later within that span is asked for
/// only where the version says that it is there.
package struct QdrantVersion: Hashable, Sendable, Comparable, CustomStringConvertible {
  package var major: Int
  package var minor: Int
  package var patch: Int

  package init(_ major: Int, _ minor: Int, _ patch: Int = 0) {
    self.major = major
    self.minor = minor
    self.patch = patch
  }

  /// From `1.16.3` or `1.19.1-dev`; nil for anything else.
  package init?(_ text: String) {
    let release = text.prefix { $0 != "-" && $0 != "+" }
    let parts = release.split(separator: ".", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Int($0) }
    guard parts.count == 3, numbers.count == 3, numbers.allSatisfy({ (0...1_000_000).contains($0) }) else { return nil }
    self.init(numbers[0], numbers[1], numbers[2])
  }

  /// The oldest that has all that is needed: the query interface with fusion, indexes of texts on disk.
  package static let oldest = QdrantVersion(1, 12)
  /// The newest whose description is known.
  package static let newestKnown = QdrantVersion(1, 20)

  /// Vectors of 4 bits (TurboQuant), with the originals beside them for rescoring. 1.18 has them too, in a first form.
  package var hasTurboQuantization: Bool { self >= QdrantVersion(1, 19) }
  /// `memory` says for each part where it is held, in place of `on_disk` and `always_ram`.
  package var hasMemoryPlacement: Bool { self >= QdrantVersion(1, 19) }
  /// Whether an index of texts can rank by BM25.
  package var hasTextScoring: Bool { self >= QdrantVersion(1, 20) }

  package var description: String { "\(major).\(minor).\(patch)" }

  package static func < (a: QdrantVersion, b: QdrantVersion) -> Bool {
    (a.major, a.minor, a.patch) < (b.major, b.minor, b.patch)
  }

  /// Throws `.unsupportedVersion` where the server is too old, or of a line whose interface is not known.
  package func check(host: String) throws(Failure) {
    guard self >= Self.oldest else {
      throw Failure(
        .unsupportedVersion,
        "\(host) runs Qdrant \(self), which is too old: \(Self.oldest.major).\(Self.oldest.minor) "
          + "or newer is needed")
    }
    guard major == Self.newestKnown.major else {
      throw Failure(
        .unsupportedVersion,
        "\(host) runs Qdrant \(self), whose interface is not known: a server of version 1 is "
          + "needed, \(Self.oldest.major).\(Self.oldest.minor) or newer")
    }
  }
}
