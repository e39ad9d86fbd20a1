package import Primitives

/// What a file's content tells that its name does not. Pure, and at the speed of memory: what is examined closely is
/// the beginning, the rest is only searched for line ends.
package struct ContentInspector: Sendable {
  package init() {}

  /// What a content is judged to be.
  package struct Judgement: Hashable, Sendable {
    /// Why the file should not be indexed, or nil.
    package var reason: SkipReason?
    /// Whether a program wrote it: indexed below what people wrote.
    package var isGenerated = false
    /// Whether it is bulk that only comes in because that was asked for.
    package var isBulk = false

    package init(reason: SkipReason? = nil, isGenerated: Bool = false, isBulk: Bool = false) {
      self.reason = reason
      self.isGenerated = isGenerated
      self.isBulk = isBulk
    }
  }

  /// Whether a file with the text `content` (`SourceBytes.text`) should be indexed, and as what. Reasons to leave it
  /// out:
  ///
  /// - empty: nothing but white space.
  /// - lfs-pointer: what git-lfs leaves in the place of a file that was not fetched.
  /// - binary: a NUL or many control characters near the beginning.
  /// - minified: code without the line breaks that people need, and source maps.
  /// - generated: more than half a megabyte that nobody wrote by hand: data, lock files, files that say so in a comment
  ///   at their top. Smaller ones are indexed as generated.
  /// - secret: see `holdsSecret`. Only what none of the other reasons keeps out is secret.
  ///
  /// - Parameters:
  ///   - language: where it is known already and not what the path says.
  ///   - includesGenerated: what is minified or generated comes in whatever its size.
  package func judge(
    _ content: Span<UInt8>, path: FilePath, language: Language? = nil, includesGenerated: Bool = false
  ) -> Judgement {
    var judgement = judgeShape(content, path: path, language)
    if includesGenerated, judgement.reason == .generated || judgement.reason == .minified {
      judgement = Judgement(reason: nil, isGenerated: true, isBulk: true)
    }
    if judgement.reason == nil, holdsSecret(content, path: path, language: language) { judgement.reason = .secret }
    return judgement
  }

  /// The reason alone.
  package func reasonToSkip(_ content: Span<UInt8>, path: FilePath) -> SkipReason? {
    judge(content, path: path).reason
  }

  /// Whether the file is a key or a store of credentials by its name, or holds a private key or a token of a known
  /// form.
  package func holdsSecret(_ content: Span<UInt8>, path: FilePath, language known: Language? = nil) -> Bool {
    let name = path.lastComponent.bytes
    if SecretName.isSecret(name.span) || LoginFile.isIn(content, path: path) { return true }
    return SecretScanner.holdsSecret(content) {
      let language = known ?? language(of: content, path: path)
      return language.kind == .data || language == .plainText
    }
  }

  private func judgeShape(_ content: Span<UInt8>, path: FilePath, _ known: Language?) -> Judgement {
    if ContentHeuristics.isBlank(content) { return Judgement(reason: .empty) }
    if ContentHeuristics.isBinary(content) { return Judgement(reason: .binary) }
    if GeneratedFile.isPointer(content) { return Judgement(reason: .lfsPointer) }
    let name = path.lastComponent.bytes
    let isLarge = content.count > Self.largestGeneratedByteCount
    if MinifiedFile.isMinified(name: name, content) { return Judgement(reason: .minified) }
    if GeneratedFile.isLockFile(name: name) || GeneratedFile.saysSo(content) {
      return Judgement(reason: isLarge ? .generated : nil, isGenerated: true)
    }
    // Only what is large or has long lines is asked for its language, which may cost a look into the content.
    let hasLongLines = MinifiedFile.hasLongLines(content)
    guard isLarge || hasLongLines else { return Judgement() }
    let language = known ?? language(of: content, path: path)
    if isLarge, language.kind == .data { return Judgement(reason: .generated, isGenerated: true) }
    return Judgement(reason: hasLongLines && MinifiedFile.isMinified(content, language: language) ? .minified : nil)
  }

  /// The language by name, extension, first line (`#!`, modelines) and, where an extension has several, by content. A
  /// name that is enough costs some tens of nanoseconds.
  package func language(of content: Span<UInt8>, path: FilePath) -> Language {
    LanguageDetector.language(of: content, path: path.bytes)
  }

  /// Data, and whatever says that a program wrote it, of more than this is bulk: dumps, bundles, protocol code by the
  /// megabyte.
  private static let largestGeneratedByteCount = 512 * 1_024
}

/// Why a file that the walk saw is not in the index. The raw values are kept in catalogs and printed in reports: never
/// change the meaning of one.
package enum SkipReason: String, CaseIterable, Sendable {
  case ignored, hidden, vendored
  case tooLarge = "too-large"
  case binary, minified, generated, empty, unreadable
  /// A symbolic link: its target is walked where it lies, if that is inside the root, and left out otherwise unless
  /// such links are followed; then also a directory behind one that is walked by another way.
  case symbolicLink = "symbolic-link"
  /// A socket, a pipe or a device.
  case notRegular = "not-regular"
  /// A pointer of git-lfs: the file itself was not fetched.
  case lfsPointer = "lfs-pointer"
  /// It holds a key or a token, by its name or its content.
  case secret
  /// It comes after as many files as were asked for.
  case fileLimit = "file-limit"
}
