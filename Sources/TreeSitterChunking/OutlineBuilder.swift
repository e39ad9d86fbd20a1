import Chunking

/// Walks a syntax tree once, without recursion, and writes the outline down.
struct OutlineBuilder {
  /// Nodes nested deeper than this are not looked into, so that memory does not follow the nesting of hostile input.
  static let maximumDepth = 2000
  /// The parts of a node below this size are of no use to the chunker: it will not be cut.
  private static let smallByteCount = 600

  private let table: GrammarTable
  private(set) var nodes: [SyntaxOutline.Node] = []
  private var frames: [Frame]
  private var scopes: [Scope] = [Scope(names: [], isType: false)]

  /// Names around what is being visited.
  private struct Scope {
    var names: [String]
    /// Whether functions in it are methods.
    var isType: Bool
  }

  /// The children of one node, while they are visited.
  private struct Frame {
    var scope = 0
    /// Depth that the next node of the outline has.
    var depth = 0
    var isInFunction = false
    /// Whether children that define nothing are written down.
    var keepsParts = true
    /// The node that the first definition inside turns into, or -1.
    var wrapper = -1
    /// Whether definitions among the children were taken care of.
    var skipsDefinitions = false
    /// Comments and attributes that wait for what they belong to: bytes and last row, or -1.
    var pendingStart = -1
    var pendingEnd = 0
    var pendingRow = 0
    /// A macro call that a block may follow: its node in the outline, or -1.
    var macroCall = -1
  }

  init(table: GrammarTable) {
    self.table = table
    frames = [Frame()]
    frames.reserveCapacity(64)
  }

  /// Visits the node that the walk has come to. Returns whether its children are to be visited too, and if so, has made
  /// ready for them; `leave` must be called after the last of them.
  mutating func enter(_ node: SyntaxNode, _ source: borrowing Span<UInt8>) -> Bool {
    let symbol = node.symbol
    let traits = table.traits(of: symbol)
    if !traits.contains(.named) { return false }
    let start = node.start
    let end = node.end
    if end <= start { return false }
    let top = frames.count - 1
    if traits.contains(.comment) || traits.contains(.attribute) {
      wait(node, start, end, source)
      return false
    }
    if traits.contains(.body) {
      // A comment before a body's brace belongs to nothing in it.
      frames[top].pendingStart = -1
      var frame = frames[top]
      frame.wrapper = -1
      if traits.contains(.macroBody), frames[top].macroCall >= 0 { frame = macroBody(frames[top].macroCall, end) }
      frame.keepsParts = frame.keepsParts && (frames.count == 1 || end - start >= OutlineBuilder.smallByteCount)
      return descend(frame, traits, end - start)
    }
    var from = start
    if frames[top].pendingStart >= 0 {
      if node.startRow <= frames[top].pendingRow + 1 { from = frames[top].pendingStart } else { flush(top) }
      frames[top].pendingStart = -1
    }
    frames[top].macroCall = -1

    var frame = Frame()
    frame.scope = frames[top].scope
    frame.depth = frames[top].depth
    frame.isInFunction = frames[top].isInFunction
    frame.keepsParts = end - start >= OutlineBuilder.smallByteCount
    if let definition = table.definition(of: symbol), !frames[top].skipsDefinitions,
      !frames[top].isInFunction || definition.rule.isFoundInFunctions,
      scopes[frames[top].scope].names.count <= definition.rule.maximumDepth
    {
      var found = definition.names(of: node, in: source)
      if frames[top].isInFunction { found.removeAll { OutlineBuilder.isData($0.kind ?? definition.rule.kind) } }
      if let first = found.first {
        define(definition.rule, found, from..<end, &frame)
        frame.skipsDefinitions = first.includesChildren
        if traits.contains(.macroCall), !frames[top].isInFunction { frames[top].macroCall = nodes.count - 1 }
        return descend(frame, traits, end - start)
      }
    }
    if traits.contains(.wrapper) {
      if frames[top].wrapper >= 0, nodes[frames[top].wrapper].symbol == nil {
        frame.wrapper = frames[top].wrapper
      } else if frames[top].keepsParts || !frames[top].isInFunction {
        frame.wrapper = append(from..<end, isContainer: false)
        frame.depth += 1
      }
    } else if traits.contains(.container) {
      append(from..<end, isContainer: !frame.isInFunction)
      frame.depth += 1
    } else if frames[top].keepsParts, source.isFirstOnLine(from) {
      let index = append(from..<end, isContainer: false)
      frame.depth += 1
      if traits.contains(.macroCall), !frame.isInFunction { frames[top].macroCall = index }
    }
    if traits.contains(.closure) { frame.isInFunction = true }
    return descend(frame, traits, end - start)
  }

  /// Whether a symbol of this kind is of no interest inside a function.
  private static func isData(_ kind: Symbol.Kind?) -> Bool {
    kind == .variable || kind == .constant || kind == .property
  }

  /// Ends the visit of a node's children.
  mutating func leave() {
    flush(frames.count - 1)
    frames.removeLast()
  }

  private mutating func descend(_ frame: Frame, _ traits: GrammarTable.Traits, _ byteCount: Int) -> Bool {
    if byteCount < 6 || frames.count > OutlineBuilder.maximumDepth || traits.contains(.leaf) { return false }
    if frame.isInFunction, !frame.keepsParts, !table.functionsHoldDefinitions { return false }
    frames.append(frame)
    return true
  }

  @discardableResult
  private mutating func append(_ bytes: Range<Int>, isContainer: Bool) -> Int {
    nodes.append(SyntaxOutline.Node(bytes: bytes, depth: frames[frames.count - 1].depth, isContainer: isContainer))
    return nodes.count - 1
  }

  /// Writes a definition down and sets the frame for what is inside it.
  private mutating func define(_ rule: Definition, _ found: [FoundName], _ bytes: Range<Int>, _ frame: inout Frame) {
    let top = frames.count - 1
    let scope = scopes[frame.scope]
    var innerKind: Symbol.Kind?
    for (index, name) in found.enumerated() {
      var kind = name.kind ?? rule.kind
      if kind == .function, scope.isType || !name.enclosing.isEmpty { kind = .method }
      if kind == .variable, scope.isType { kind = .property }
      let symbol = kind.map {
        Symbol(
          kind: $0, name: name.text, enclosing: name.enclosing.isEmpty ? scope.names : scope.names + name.enclosing,
          line: name.row + 1)
      }
      let inside = name.inside ?? rule.inside
      if index == 0 {
        innerKind = kind
        let isContainer = inside == .members
        let wrapper = frames[top].wrapper
        if wrapper >= 0, wrapper == nodes.count - 1, bytes.upperBound + 8 >= nodes[wrapper].bytes.upperBound {
          nodes[wrapper].symbol = symbol
          nodes[wrapper].isContainer = isContainer
        } else {
          // One of several in the wrapper, as in `const ( A = 1; B = 2 )`.
          if wrapper >= 0, nodes[wrapper].symbol == nil { nodes[wrapper].isContainer = !frames[top].isInFunction }
          nodes[append(bytes, isContainer: isContainer)].symbol = symbol
          frame.depth += 1
        }
        frame.isInFunction = inside == .code
        if rule.kind == .constant || rule.kind == .variable { frame.isInFunction = frames[top].isInFunction }
      } else {
        nodes[append(bytes, isContainer: inside == .members)].symbol = symbol
      }
    }
    if let first = found.first {
      let isType = innerKind == nil || innerKind == .type || innerKind == .interface || innerKind == .enumeration
      scopes.append(Scope(names: scope.names + first.enclosing + [first.text], isType: isType))
      frame.scope = scopes.count - 1
    }
  }

  /// Keeps a comment or an attribute for what comes next.
  private mutating func wait(_ node: SyntaxNode, _ start: Int, _ end: Int, _ source: borrowing Span<UInt8>) {
    let top = frames.count - 1
    if frames[top].pendingStart >= 0 {
      if node.startRow <= frames[top].pendingRow + 1 {
        frames[top].pendingEnd = end
        frames[top].pendingRow = node.lastRow
        return
      }
      flush(top)
    }
    guard source.isFirstOnLine(start) else { return }
    frames[top].pendingStart = start
    frames[top].pendingEnd = end
    frames[top].pendingRow = node.lastRow
  }

  /// Writes comments down that nothing followed.
  private mutating func flush(_ top: Int) {
    if frames[top].pendingStart >= 0, frames[top].keepsParts {
      let bytes = frames[top].pendingStart..<frames[top].pendingEnd
      nodes.append(SyntaxOutline.Node(bytes: bytes, depth: frames[top].depth))
    }
    frames[top].pendingStart = -1
  }

  /// A block after a macro call at the top level: together they define a function.
  private mutating func macroBody(_ call: Int, _ end: Int) -> Frame {
    let top = frames.count - 1
    nodes[call].bytes = nodes[call].bytes.lowerBound..<max(end, nodes[call].bytes.upperBound)
    if nodes[call].symbol?.kind != .function { nodes[call].symbol?.kind = .function }
    nodes[call].isContainer = false
    frames[top].macroCall = -1
    var frame = frames[top]
    frame.isInFunction = true
    frame.depth += 1
    frame.wrapper = -1
    return frame
  }
}
