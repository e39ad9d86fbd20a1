import Primitives

/// A step that cuts pieces of text into smaller ones, of which no token reaches over the ends.
indirect enum PreTokenizer: Sendable {
  case bert
  case words
  case scalars(ScalarSplitter)
  case pattern(PatternSplitter)
  case metaspace(Metaspace)
  case byteLevel(ByteLevelSplitter)
  case sequence([PreTokenizer])

  init(_ part: TokenizerNode) throws(Failure) {
    switch part.type {
    case "BertPreTokenizer":
      try part.allow(["type"])
      self = .bert
    case "Whitespace":
      try part.allow(["type"])
      self = .words
    case "WhitespaceSplit":
      try part.allow(["type"])
      self = .scalars(ScalarSplitter(kind: .space, behavior: .removed))
    case "Digits":
      try part.allow(["type", "individual_digits"])
      let areAlone = try part.required("individual_digits").boolean()
      self = .scalars(ScalarSplitter(kind: .numeric, behavior: areAlone ? .isolated : .contiguous))
    case "Punctuation":
      try part.allow(["type", "behavior"])
      let behavior = if let name = part["behavior"] { try SplitBehavior(name) } else { SplitBehavior.isolated }
      self = .scalars(ScalarSplitter(kind: .punctuation, behavior: behavior))
    case "CharDelimiterSplit":
      try part.allow(["type", "delimiter"])
      let text = try part.required("delimiter")
      let scalars = try text.string().unicodeScalars
      guard scalars.count == 1, let scalar = scalars.first else { throw text.wrong("it is not one character") }
      self = .scalars(ScalarSplitter(kind: .scalar(scalar.value), behavior: .removed))
    case "Split": self = .pattern(try PatternSplitter(part))
    case "Metaspace": self = .metaspace(try Metaspace(part))
    case "ByteLevel": self = .byteLevel(try ByteLevelSplitter(part))
    case "Sequence":
      try part.allow(["type", "pretokenizers"])
      var steps: [PreTokenizer] = []
      for step in try part.required("pretokenizers").elements() { steps.append(try PreTokenizer(step)) }
      self = .sequence(steps)
    case let other: throw part.unsupported("a pre-tokenizer of type \(other ?? "without a name")")
    }
  }

  /// Whether the last step writes bytes as characters. If so, `leavingBytes` says the same without that.
  var leavingBytes: PreTokenizer? {
    switch self {
    case .byteLevel(var step):
      step.writesCharacters = false
      return .byteLevel(step)
    case .sequence(let steps):
      guard let last = steps.last?.leavingBytes else { return nil }
      return .sequence(steps.dropLast() + [last])
    default: return nil
    }
  }

  func apply(_ scratch: TokenizerScratch) {
    switch self {
    case .bert: scratch.cutPieces { text, piece, pieces, _ in BertSplitter.cut(text, piece, &pieces) }
    case .words: scratch.cutPieces { text, piece, pieces, _ in WhitespaceSplitter.cut(text, piece, &pieces) }
    case .scalars(let step): scratch.cutPieces(step.cut)
    case .pattern(let step): scratch.cutPieces(step.cut)
    case .metaspace(let step): step.apply(scratch)
    case .byteLevel(let step): step.apply(scratch)
    case .sequence(let steps): for step in steps { step.apply(scratch) }
    }
  }
}

/// A stretch of a text on its way through the tokenizer: bytes of `TokenizerScratch.text`, or a token that was found
/// already.
struct Pretoken {
  var start: Int
  var end: Int
  /// The token, or -1 for text.
  var token: Int32 = -1
  /// Whether the first scalar stems from the first one of the text that was given. `Metaspace` asks for it.
  var beginsText = false

  var isText: Bool { token < 0 }
  var range: Range<Int> { unsafe Range(uncheckedBounds: (start, end)) }
}
