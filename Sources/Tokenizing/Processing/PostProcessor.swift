import Primitives

/// The last step: special tokens around the text's own, and which text each token belongs to.
indirect enum PostProcessor: Sendable {
  case template(TemplateProcessor)
  /// Adds nothing: it is about offsets, which are not kept.
  case byteLevel
  /// One token before the first text, one after each; the second text has one before it as well if it is RoBERTa's,
  /// whose tokens all belong to text 0.
  case surrounding(first: Int32, last: Int32, isRoberta: Bool)
  case sequence([PostProcessor])

  init(_ part: TokenizerNode) throws(Failure) {
    switch part.type {
    case "TemplateProcessing": self = .template(try TemplateProcessor(part))
    case "ByteLevel":
      try part.allow(["type", "add_prefix_space", "trim_offsets", "use_regex"])
      self = .byteLevel
    case "BertProcessing":
      try part.allow(["type", "sep", "cls"])
      self = .surrounding(first: try Self.token(part, "cls"), last: try Self.token(part, "sep"), isRoberta: false)
    case "RobertaProcessing":
      try part.allow(["type", "sep", "cls", "trim_offsets", "add_prefix_space"])
      self = .surrounding(first: try Self.token(part, "cls"), last: try Self.token(part, "sep"), isRoberta: true)
    case "Sequence":
      try part.allow(["type", "processors"])
      var steps: [PostProcessor] = []
      for step in try part.required("processors").elements() {
        // After a template the texts are no longer apart.
        if case .template = steps.last(where: { !$0.isByteLevel }) { throw step.unsupported("a step after a template") }
        steps.append(try PostProcessor(step))
      }
      self = .sequence(steps)
    case let other: throw part.unsupported("a post-processor of type \(other ?? "without a name")")
    }
  }

  private var isByteLevel: Bool { if case .byteLevel = self { true } else { false } }

  /// The number in a member that is a token's text and number.
  private static func token(_ part: TokenizerNode, _ name: String) throws(Failure) -> Int32 {
    let pair = try part.required(name).elements()
    guard pair.count == 2 else { throw part.wrong("`\(name)` is no token with its number") }
    return Int32(try pair[1].count())
  }

  /// How many tokens it adds to one text, or to a pair.
  func addedCount(isPair: Bool) -> Int {
    switch self {
    case .template(let template): template.addedCount(isPair: isPair)
    case .byteLevel: 0
    case .surrounding(_, _, let isRoberta): isPair ? (isRoberta ? 4 : 3) : 2
    case .sequence(let steps): steps.reduce(0) { $0 + $1.addedCount(isPair: isPair) }
    }
  }

  /// - Parameter texts: the tokens of one text, or of two; as many of them come out unless the step joins them.
  func apply(_ texts: [Encoding], addSpecialTokens: Bool) -> [Encoding] {
    switch self {
    case .template(let template): template.apply(texts, addSpecialTokens: addSpecialTokens)
    case .byteLevel: texts
    case .surrounding(let first, let last, let isRoberta):
      texts.enumerated().map { number, text in
        var text = text
        if isRoberta { text.typeIDs = Array(repeating: 0, count: text.ids.count) }
        if addSpecialTokens {
          let typeID: Int32 = isRoberta || number == 0 ? 0 : 1
          let begins = number == 0 || isRoberta
          text.ids = (begins ? [number == 0 ? first : last] : []) + text.ids + [last]
          text.typeIDs = (begins ? [typeID] : []) + text.typeIDs + [typeID]
        }
        return text
      }
    case .sequence(let steps):
      steps.reduce(texts) { $1.apply($0, addSpecialTokens: addSpecialTokens) }
    }
  }
}
