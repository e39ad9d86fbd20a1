import Primitives

/// Every match of a pattern becomes another text.
struct TextReplacement: Sendable {
  private let pattern: RegexMatcher
  private let content: [UInt8]

  init(_ part: TokenizerNode) throws(Failure) {
    try part.allow(["type", "pattern", "content"])
    pattern = try RegexMatcher(member: try part.required("pattern"))
    content = Array(try part.required("content").string().utf8)
  }

  func apply(_ scratch: inout NormalizerScratch) {
    let text = scratch.text
    var output = scratch.output
    scratch.output = []
    output.removeAll(keepingCapacity: true)
    output.reserveCapacity(text.count)
    var begin = 0
    var beginsText = scratch.beginsText
    var ways = scratch.ways
    pattern.forEachMatch(in: text.span, 0..<text.count, &ways) { match in
      if match.lowerBound == 0 {
        // What replaces several scalars stands at the last of them.
        let isOneScalar = match.upperBound == text.span.scalar(at: 0).length
        beginsText = beginsText && isOneScalar && !content.isEmpty
      }
      output += text[begin..<match.lowerBound]
      output += content
      begin = match.upperBound
    }
    output += text[begin...]
    scratch.ways = ways
    scratch.beginsText = beginsText
    scratch.output = output
    scratch.swap()
  }
}

extension RegexMatcher {
  /// A member that is `{"String": text}` or `{"Regex": pattern}`.
  init(member part: TokenizerNode) throws(Failure) {
    try part.allow(["String", "Regex"])
    if let text = part["String"] {
      self = try RegexMatcher(literal: try text.string(), part)
    } else {
      self = try RegexMatcher(try part.required("Regex").string(), part)
    }
  }
}
