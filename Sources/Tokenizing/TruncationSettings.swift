import JSON
import Primitives

/// How a `tokenizer.json` wants encodings cut that are too long.
package struct TruncationSettings: Hashable, Sendable {
  package enum Strategy: String, Sendable {
    /// From the longer text of a pair, then from both alike.
    case longestFirst = "LongestFirst"
    case onlyFirst = "OnlyFirst"
    case onlySecond = "OnlySecond"
  }

  /// In tokens, special ones included.
  package var maximumLength: Int
  package var strategy: Strategy
  /// Whether the beginning is dropped instead of the end.
  package var cutsLeft: Bool

  package init(maximumLength: Int, strategy: Strategy = .longestFirst, cutsLeft: Bool = false) {
    self.maximumLength = maximumLength
    self.strategy = strategy
    self.cutsLeft = cutsLeft
  }
}

extension TruncationSettings {
  init(_ part: TokenizerNode) throws(Failure) {
    try part.allow(["max_length", "strategy", "stride", "direction"])
    maximumLength = try part.required("max_length").count()
    let name = try part["strategy"]?.string() ?? Strategy.longestFirst.rawValue
    guard let strategy = Strategy(rawValue: name) else { throw part.unsupported("the strategy \(name)") }
    self.strategy = strategy
    switch try part["direction"]?.string() ?? "Right" {
    case "Right": cutsLeft = false
    case "Left": cutsLeft = true
    case let other: throw part.unsupported("the direction \(other)")
    }
  }

  /// Cuts one text or a pair so that together they have no more than `maximumLength` tokens.
  func apply(to texts: inout [Encoding]) throws(Failure) {
    let total = texts.reduce(0) { $0 + $1.ids.count }
    guard total > maximumLength else { return }
    if maximumLength == 0 {
      for number in texts.indices { cut(&texts[number], to: 0) }
      return
    }
    let excess = total - maximumLength
    switch strategy {
    case .longestFirst:
      guard texts.count == 2 else { return cut(&texts[0], to: maximumLength) }
      // The shorter text stays whole if the longer one still keeps as many tokens as it; else both keep half.
      let isSwapped = texts[0].ids.count > texts[1].ids.count
      var short = min(texts[0].ids.count, texts[1].ids.count)
      var long = short > maximumLength ? short : max(short, maximumLength - short)
      if short + long > maximumLength {
        short = maximumLength / 2
        long = short + maximumLength % 2
      }
      cut(&texts[0], to: isSwapped ? long : short)
      cut(&texts[1], to: isSwapped ? short : long)
    case .onlyFirst, .onlySecond:
      let number = strategy == .onlyFirst ? 0 : 1
      guard number < texts.count, texts[number].ids.count > excess else {
        throw Failure(
          .invalidArgument,
          "the text cannot be cut to the limit: the tokenizer cuts the \(number == 0 ? "first" : "second") text alone")
      }
      cut(&texts[number], to: texts[number].ids.count - excess)
    }
  }

  private func cut(_ text: inout Encoding, to count: Int) {
    let excess = text.ids.count - count
    guard excess > 0 else { return }
    if cutsLeft {
      text.ids.removeFirst(excess)
      text.typeIDs.removeFirst(excess)
    } else {
      text.ids.removeLast(excess)
      text.typeIDs.removeLast(excess)
    }
  }
}

extension PaddingSettings {
  init(_ part: TokenizerNode) throws(Failure) {
    try part.allow(["strategy", "direction", "pad_to_multiple_of", "pad_id", "pad_type_id", "pad_token"])
    id = Int32(try part.required("pad_id").count())
    typeID = Int32(try part.required("pad_type_id").count())
    token = try part.required("pad_token").string()
    multiple = try part["pad_to_multiple_of"]?.count()
    switch try part.required("direction").string() {
    case "Right": padsLeft = false
    case "Left": padsLeft = true
    case let other: throw part.unsupported("the direction \(other)")
    }
    let strategy = try part.required("strategy")
    if strategy.value.string == "BatchLongest" {
      fixedLength = nil
    } else if let fixed = strategy["Fixed"] {
      fixedLength = try fixed.count()
    } else {
      throw strategy.unsupported("this strategy")
    }
  }
}

/// How a `tokenizer.json` wants encodings of different lengths made equal. `Tokenizer` never pads: the caller that
/// makes a batch does.
package struct PaddingSettings: Hashable, Sendable {
  package var id: Int32
  package var typeID: Int32
  package var token: String
  /// Whether the padding stands before the tokens.
  package var padsLeft: Bool
  /// The length to pad to; nil for that of the longest of a batch.
  package var fixedLength: Int?
  package var multiple: Int?
}
