import Primitives

/// The last step: special tokens around the text's own, and which text each token belongs to.
indirect enum PostProcessor: Sendable {
  case template(TemplateProcessor)
  /// Adds nothing: it is about offsets, which are not kept.
  case byteLevel

  init(_ part: FilePart) throws(Failure) {
    switch part.type {
    case "TemplateProcessing": self = .template(try TemplateProcessor(part))
    case "ByteLevel":
      try part.allow(["type", "add_prefix_space", "trim_offsets", "use_regex"])
      self = .byteLevel
    case let other: throw part.unsupported("a post-processor of type \(other ?? "without a name")")
    }
  }

  /// How many tokens it adds to one text, or to a pair.
  func addedCount(isPair: Bool) -> Int {
    switch self {
    case .template(let template): template.addedCount(isPair: isPair)
    case .byteLevel: 0
    }
  }

  /// - Parameter texts: the tokens of one text, or of two; as many of them come out unless the step joins them.
  func apply(_ texts: [Encoding], addSpecialTokens: Bool) -> [Encoding] {
    switch self {
    case .template(let template): template.apply(texts, addSpecialTokens: addSpecialTokens)
    case .byteLevel: texts
    }
  }
}
