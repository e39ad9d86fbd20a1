import Primitives

/// A step that cuts pieces of text into smaller ones, of which no token reaches over the ends.
indirect enum PreTokenizer: Sendable {
  case bert
  case sequence([PreTokenizer])

  init(_ part: FilePart) throws(Failure) {
    switch part.type {
    case "BertPreTokenizer":
      try part.allow(["type"])
      self = .bert
    case "Sequence":
      try part.allow(["type", "pretokenizers"])
      var steps: [PreTokenizer] = []
      for step in try part.required("pretokenizers").elements() { steps.append(try PreTokenizer(step)) }
      self = .sequence(steps)
    case let other: throw part.unsupported("a pre-tokenizer of type \(other ?? "without a name")")
    }
  }

  func apply(_ scratch: TokenizerScratch) {
    switch self {
    case .bert: scratch.cutPieces(BertCut.cut)
    case .sequence(let steps): for step in steps { step.apply(scratch) }
    }
  }
}
