import Primitives

/// A step that changes a text before it is cut.
indirect enum TextNormalizer: Sendable {
  case bert(BertNormalizer)
  case form(UnicodeForm)
  case filter(ScalarFilter)
  case replacement(TextReplacement)
  case characterMap(PrecompiledCharsMap)
  case prepend([UInt8])
  case strip(left: Bool, right: Bool)
  case sequence([TextNormalizer])

  init(_ part: TokenizerNode) throws(Failure) {
    switch part.type {
    case "BertNormalizer": self = .bert(try BertNormalizer(part))
    case "NFC", "NFD", "NFKC", "NFKD":
      try part.allow(["type"])
      self = .form(UnicodeForm(rawValue: part.type ?? "") ?? .nfc)
    case "Lowercase", "StripAccents", "Nmt", "ByteLevel":
      try part.allow(["type"])
      let filters: [String: ScalarFilter] = [
        "Lowercase": .lowercase, "StripAccents": .stripAccents, "Nmt": .nmt, "ByteLevel": .byteLevel,
      ]
      self = .filter(filters[part.type ?? ""] ?? .lowercase)
    case "Replace": self = .replacement(try TextReplacement(part))
    case "Precompiled": self = .characterMap(try PrecompiledCharsMap(part))
    case "Prepend":
      try part.allow(["type", "prepend"])
      self = .prepend(Array(try part.required("prepend").string().utf8))
    case "Strip":
      try part.allow(["type", "strip_left", "strip_right"])
      self = .strip(
        left: try part.required("strip_left").boolean(), right: try part.required("strip_right").boolean())
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
    case .form(let form): form.apply(&scratch)
    case .filter(let filter): filter.apply(&scratch)
    case .replacement(let replacement): replacement.apply(&scratch)
    case .characterMap(let map): map.apply(&scratch)
    case .prepend(let prefix): if !scratch.text.isEmpty { scratch.text.insert(contentsOf: prefix, at: 0) }
    case .strip(let left, let right): scratch.strip(left: left, right: right)
    case .sequence(let steps): for step in steps { step.apply(&scratch) }
    }
  }
}
