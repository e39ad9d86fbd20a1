package import Inspection

/// Turns source text into an outline of the parts that a chunk should not cut. Implemented over tree-sitter in
/// `TreeSitterChunking`; without one, or where it returns nil, chunks follow indentation and blank lines.
package protocol SyntaxParser: Sendable {
  /// The outline of `source`, or nil if the language is unknown, a limit was passed, or the text defeats the
  /// parser. Never fails and never overflows the stack, whatever the bytes are.
  func outline(of source: Span<UInt8>, in language: Language) -> SyntaxOutline?
  /// The same within about `memoryLimit` bytes; an outline without nodes that has a `shortage` where that is not
  /// enough.
  func outline(of source: Span<UInt8>, in language: Language, memoryLimit: Int) -> SyntaxOutline?
  /// One outline of the parts of `source`, each in its language.
  func outline(of source: Span<UInt8>, layout: SourceLayout, memoryLimit: Int) -> SyntaxOutline?
}

extension SyntaxParser {
  package func outline(of source: Span<UInt8>, in language: Language, memoryLimit: Int) -> SyntaxOutline? {
    outline(of: source, in: language)
  }

  package func outline(of source: Span<UInt8>, layout: SourceLayout, memoryLimit: Int) -> SyntaxOutline? { nil }
}

/// The syntax of one file, reduced to what chunking needs: nodes in the order of their start, parents before children.
package struct SyntaxOutline: Sendable {
  package struct Node: Hashable, Sendable {
    /// The node's bytes, its doc comment, attributes and decorators included.
    package var bytes: Range<Int>
    /// How many nodes of the outline lie around it.
    package var depth: Int
    /// What it defines, if it defines something; otherwise it is a statement or a comment that should stay whole.
    package var symbol: Symbol?
    /// Whether it is a body of definitions (a type, a module, a section), which may be cut between them at little cost.
    package var isContainer: Bool

    package init(bytes: Range<Int>, depth: Int, symbol: Symbol? = nil, isContainer: Bool = false) {
      self.bytes = bytes
      self.depth = depth
      self.symbol = symbol
      self.isContainer = isContainer
    }
  }

  package var nodes: [Node]
  /// Whether the parser met text that it could not make sense of.
  package var hasErrors: Bool
  /// How the parser failed, where it did. The outline has no nodes then, or none of a part in another language.
  package var failure: ParserFailure?
  /// Why it was given up for the memory that it took, if it was: the whole, or a part in another language.
  package var shortage: MemoryShortage?

  /// What stands for one that took too much memory.
  package static func tooLarge(_ shortage: MemoryShortage) -> SyntaxOutline {
    var outline = SyntaxOutline(nodes: [])
    outline.shortage = shortage
    return outline
  }

  /// What stands for one whose parser failed.
  package static func failed(_ failure: ParserFailure) -> SyntaxOutline {
    var outline = SyntaxOutline(nodes: [])
    outline.failure = failure
    return outline
  }

  package init(nodes: [Node], hasErrors: Bool = false) {
    self.nodes = nodes
    self.hasErrors = hasErrors
  }
}

/// What kept a parse from the memory that it wanted: another run may have it, so that the file is worth another look.
package enum MemoryShortage: Sendable {
  /// It wanted more than it was given.
  case limit
  /// The system had no more.
  case system

  /// Of two: what any run may do better is told first.
  package static func worse(_ a: MemoryShortage?, _ b: MemoryShortage?) -> MemoryShortage? {
    a == .system || b == .system ? .system : a ?? b
  }
}

/// Why a parser was left at a file, which goes by its looks then while the run goes on: it failed, or would have cost
/// too much.
package enum ParserFailure: String, CaseIterable, Sendable {
  /// It found that something does not hold which it relies on.
  case assertion = "an assertion in it did not hold"
  /// It wanted to keep more than there is room for between two tokens.
  case state = "it wanted to keep more state than there is room for"
  /// It touched memory that is not there.
  case fault = "it touched memory that it does not have, or its stack was full"
  /// It did not come back.
  case stuck = "it did not come to an end"
  /// It took more work than is given to a file of that size.
  case work = "it took more work than a file of its size is worth"
  /// It wanted more memory than is given to a file of that size.
  case memory = "it wanted more memory than a file of its size is worth"
  /// More brackets are open at once than it is shown.
  case nesting = "brackets are nested deeper than it is shown"
  /// The text is longer than what is parsed.
  case size = "it is larger than what is parsed"

  /// Whether that is a bound on what a file may cost, and no fault.
  package var isBound: Bool {
    switch self {
    case .assertion, .state, .fault, .stuck: false
    case .work, .memory, .nesting, .size: true
    }
  }
}
