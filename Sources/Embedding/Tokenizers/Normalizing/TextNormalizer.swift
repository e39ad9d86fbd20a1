import Primitives

/// A step that changes a text before it is cut.
indirect enum TextNormalizer: Sendable {
  case bert(BertNormalizer)
  case sequence([TextNormalizer])

  init(_ part: FilePart) throws(Failure) {
    switch part.type {
    case "BertNormalizer": self = .bert(try BertNormalizer(part))
    case "Sequence":
      try part.allow(["type", "normalizers"])
      var steps: [TextNormalizer] = []
      for step in try part.required("normalizers").elements() { steps.append(try TextNormalizer(step)) }
      self = .sequence(steps)
    case let other: throw part.unsupported("a normalizer of type \(other ?? "without a name")")
    }
  }

  func apply(_ scratch: inout NormalizerScratch) {
    switch self {
    case .bert(let normalizer): normalizer.apply(&scratch)
    case .sequence(let steps): for step in steps { step.apply(&scratch) }
    }
  }
}
