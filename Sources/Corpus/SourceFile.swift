package import Primitives

/// A file that the walk found and that passed every rule that looks at names and sizes.
package struct SourceFile: Hashable, Sendable {
  /// Relative to the root of the corpus.
  package var path: FilePath
  package var fingerprint: Fingerprint
  /// Whether a secret in it does not keep it out, because that was asked for.
  package var includesSecrets = false
  /// Whether bulk that a program made is taken in like any other file, because that was asked for.
  package var includesGenerated = false

  package init(path: FilePath, fingerprint: Fingerprint) {
    self.path = path
    self.fingerprint = fingerprint
  }
}
