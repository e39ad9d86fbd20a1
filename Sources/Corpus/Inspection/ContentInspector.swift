package import Primitives

/// What a file's content tells that its name does not. Pure, and at the speed of memory: what is looked at closely is the
/// beginning, the rest is only searched for line ends.
package struct ContentInspector: Sendable {
  package init() {}

  /// Why a file with the text `content` (`SourceBytes.text`) should not be indexed, or nothing:
  ///
  /// - empty: nothing but white space.
  /// - binary: a NUL or many control characters near the beginning.
  /// - minified: code without the line breaks that people need, and source maps.
  /// - generated: lock files, files that say so in a comment at their top, and data of more than half a megabyte, which
  ///   nobody wrote by hand.
  /// - secret: see `holdsSecret`. Only what none of the other reasons keeps out is secret.
  package func reasonToSkip(_ content: Span<UInt8>, path: FilePath) -> SkipReason? {
    if let reason = reasonOfShape(content, path: path) { return reason }
    return holdsSecret(content, path: path) ? .secret : nil
  }

  /// Whether the file is a key or a store of credentials by its name, or holds a private key or a token of a known form.
  package func holdsSecret(_ content: Span<UInt8>, path: FilePath) -> Bool {
    let name = path.lastComponent.bytes
    if SecretName.isSecret(name.span) || LoginFile.isIn(content, path: path) { return true }
    return SecretScanner.holdsSecret(content) {
      let language = language(of: content, path: path)
      return language.kind == .data || language == .plainText
    }
  }

  private func reasonOfShape(_ content: Span<UInt8>, path: FilePath) -> SkipReason? {
    if TextShape.isBlank(content) { return .empty }
    if TextShape.isBinary(content) { return .binary }
    let name = path.lastComponent.bytes
    if GeneratedFile.isLockFile(name: name) { return .generated }
    if MinifiedFile.isMinified(name: name, content) { return .minified }
    if GeneratedFile.saysSo(content) { return .generated }
    // Only what is large or has long lines is asked for its language, which may cost a look into the content.
    let isLarge = content.count > Self.largestDataByteCount
    let hasLongLines = MinifiedFile.hasLongLines(content)
    guard isLarge || hasLongLines else { return nil }
    let language = language(of: content, path: path)
    if isLarge, language.kind == .data { return .generated }
    return hasLongLines && MinifiedFile.isMinified(content, language: language) ? .minified : nil
  }

  /// The language by name, extension, first line (`#!`, modelines) and, where an extension has several, by content. A name
  /// that is enough costs some tens of nanoseconds.
  package func language(of content: Span<UInt8>, path: FilePath) -> Language {
    LanguageDetector.language(of: content, path: path.bytes)
  }

  /// Data of more than this is a dump.
  private static let largestDataByteCount = 512 * 1_024
}
