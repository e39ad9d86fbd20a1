import Chunking
import Primitives

/// Walks a syntax tree once, without recursion, and writes the outline down.
struct OutlineBuilder {
  /// Nodes nested deeper than this are not looked into, so that memory does not follow the nesting of hostile input.
  static let maximumDepth = 2000
  /// The parts of a node below this size are of no use to the chunker: it will not be cut.
  static let smallByteCount = 600

  private let table: GrammarTable
  private(set) var nodes: [SyntaxOutline.Node] = []
  /// Pieces of other languages that were met, in the order of the text.
  private(set) var embedded: [EmbeddedText] = []
  private var frames: [Frame]
  private var scopes: [Scope] = [Scope(names: [], isType: false)]
  private var sections: [Section] = []

  /// Names around what is being visited.
  private struct Scope {
    var names: [String]
    /// Whether functions in it are methods.
    var isType: Bool
  }

  /// A definition that goes on until the next of its sort.
  private struct Section {
    var frame: Int
    var node: Int
    var level: Int
    /// Of the frame, outside the section.
    var scope: Int
    var depth: Int
  }

  /// The children of one node, while they are visited.
  private struct Frame {
    var scope = 0
    /// Depth that the next node of the outline has.
    var depth = 0
    var isInFunction = false
    /// Whether the grammar could not make sense of what is around: what looks like a variable is likely a local one.
    var isInError = false
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
    /// The first of the words before the next node that belong to it, or -1.
    var prefixStart = -1
    /// A definition whose body may come next, in the outline, or -1.
    var head = -1
    var headScope = 0
    /// The definition that came last, if nothing came after it, in the outline, or -1.
    var previousDefinition = -1
    /// Where the last child ended.
    var end = 0
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
    let top = frames.count - 1
    if !traits.contains(.named) {
      if traits.contains(.prefix), frames[top].prefixStart < 0 { frames[top].prefixStart = node.start }
      return false
    }
    let start = node.start
    let end = node.end
    if end <= start { return false }
    frames[top].end = end

    var found: [FoundName] = []
    var rule: Definition?
    if let definition = table.definition(of: symbol), !frames[top].skipsDefinitions,
      !frames[top].isInFunction || definition.rule.isFoundInFunctions,
      scopes[frames[top].scope].names.count <= definition.rule.maximumDepth
    {
      found = definition.names(of: node, in: source)
      if frames[top].isInFunction || frames[top].isInError {
        found.removeAll { OutlineBuilder.isData($0.kind ?? definition.rule.kind) }
      }
      rule = definition.rule
    }
    if found.isEmpty {
      if traits.contains(.embedding), let language = EmbeddedText.language(of: node, in: source) {
        embedded.append(
          EmbeddedText(
            bytes: start..<end, row: node.startRow, language: language, depth: frames[top].depth, nodeIndex: nodes.count
          ))
        return false
      }
      if !traits.isDisjoint(with: [.comment, .attribute]) {
        wait(node, start, end, source)
        return false
      }
      if traits.contains(.body) {
        return enterBody(
          traits, start..<end, isBraced: source[start] == .leftBrace, isError: symbol == GrammarTable.errorSymbol)
      }
    }

    var from = start
    if frames[top].prefixStart >= 0 {
      from = frames[top].prefixStart
      frames[top].prefixStart = -1
    }
    if frames[top].pendingStart >= 0 {
      if node.startRow <= frames[top].pendingRow + 1 { from = frames[top].pendingStart } else { flush(top) }
      frames[top].pendingStart = -1
    }
    let previousDefinition = frames[top].previousDefinition
    frames[top].previousDefinition = -1
    frames[top].head = -1

    var frame = Frame()
    frame.scope = frames[top].scope
    frame.depth = frames[top].depth
    frame.isInFunction = frames[top].isInFunction
    frame.isInError = frames[top].isInError
    frame.keepsParts = end - start >= OutlineBuilder.smallByteCount
    if let rule, let first = found.first {
      frame.skipsDefinitions = first.includesChildren
      if table.mergesClauses, merge(rule, first, into: previousDefinition, end, &frame) {
        return descend(frame, traits, end - start)
      }
      if (first.inside ?? rule.inside) == .following {
        beginSection(rule, first, from..<end)
        return false
      }
      let index = define(rule, found, from..<end, &frame)
      frames[top].previousDefinition = index
      if traits.contains(.head) {
        frames[top].head = index
        frames[top].headScope = frame.scope
      }
      return descend(frame, traits, end - start)
    }
    if traits.contains(.wrapper) {
      if frames[top].wrapper >= 0, frames[top].wrapper == nodes.count - 1 {
        frame.wrapper = frames[top].wrapper
      } else if frames[top].keepsParts || !frames[top].isInFunction {
        frame.wrapper = append(from..<end, isContainer: false)
        frame.depth += 1
      }
    } else if frames[top].keepsParts, source.isFirstOnLine(from) {
      let index = append(from..<end, isContainer: traits.contains(.container) && !frame.isInFunction)
      frame.depth += 1
      if traits.contains(.head), !frame.isInFunction {
        frames[top].head = index
        frames[top].headScope = frame.scope
      }
    }
    if traits.contains(.closure) { frame.isInFunction = true }
    return descend(frame, traits, end - start)
  }

  /// Ends the visit of a node's children.
  mutating func leave() {
    let top = frames.count - 1
    flush(top)
    endSections(in: top, downTo: .min, at: frames[top].end)
    frames.removeLast()
  }

  /// Whether a symbol of this kind is of no interest inside a function.
  private static func isData(_ kind: Symbol.Kind?) -> Bool {
    kind == .variable || kind == .constant || kind == .property
  }

  private mutating func descend(_ frame: Frame, _ traits: GrammarTable.Traits, _ byteCount: Int) -> Bool {
    if byteCount < 6 || frames.count > OutlineBuilder.maximumDepth || traits.contains(.leaf) { return false }
    if frame.isInFunction, !frame.keepsParts, !table.functionsHoldDefinitions { return false }
    frames.append(frame)
    return true
  }

  /// The parts of a body are those of the node around it.
  private mutating func enterBody(
    _ traits: GrammarTable.Traits, _ bytes: Range<Int>, isBraced: Bool, isError: Bool
  ) -> Bool {
    let top = frames.count - 1
    let byteCount = bytes.count
    var frame = Frame()
    // A comment before a body's brace belongs to nothing in it; without a brace, to the first part.
    if !isBraced {
      frame.pendingStart = frames[top].pendingStart
      frame.pendingEnd = frames[top].pendingEnd
      frame.pendingRow = frames[top].pendingRow
    }
    frames[top].pendingStart = -1
    frames[top].prefixStart = -1
    frame.scope = frames[top].scope
    frame.depth = frames[top].depth
    frame.isInFunction = frames[top].isInFunction
    frame.isInError = isError || frames[top].isInError
    frame.keepsParts = frames[top].keepsParts && byteCount >= OutlineBuilder.smallByteCount || frames.count == 1
    let head = frames[top].head
    if traits.contains(.detachedBody), head >= 0 {
      nodes[head].bytes = nodes[head].bytes.lowerBound..<max(bytes.upperBound, nodes[head].bytes.upperBound)
      nodes[head].isContainer = false
      if nodes[head].symbol?.kind == .variable { nodes[head].symbol?.kind = .function }
      frames[top].head = -1
      frame.isInFunction = true
      frame.scope = frames[top].headScope
      frame.depth += 1
      frame.keepsParts = byteCount >= OutlineBuilder.smallByteCount
    }
    return descend(frame, traits, byteCount)
  }

  @discardableResult
  private mutating func append(_ bytes: Range<Int>, isContainer: Bool) -> Int {
    nodes.append(SyntaxOutline.Node(bytes: bytes, depth: frames[frames.count - 1].depth, isContainer: isContainer))
    return nodes.count - 1
  }

  /// The symbol that a name stands for, or nil for a scope.
  private func symbol(_ rule: Definition, _ name: FoundName, in scope: Scope) -> Symbol? {
    guard var kind = name.kind ?? rule.kind, !name.isScopeOnly else { return nil }
    if name.isAnnouncement { kind = scope.isType ? .method : .other }
    if kind == .function, scope.isType || !name.enclosing.isEmpty { kind = .method }
    if kind == .variable, scope.isType { kind = .property }
    return Symbol(
      kind: kind, name: name.text, enclosing: name.enclosing.isEmpty ? scope.names : scope.names + name.enclosing,
      line: name.row + 1)
  }

  private mutating func open(_ name: FoundName, _ kind: Symbol.Kind?, in scope: Scope) -> Int {
    let isType = kind == nil || kind == .type || kind == .interface || kind == .enumeration
    scopes.append(Scope(names: scope.names + name.enclosing + [name.text], isType: isType))
    return scopes.count - 1
  }

  /// Writes a definition down, sets the frame for what is inside it, and returns its index in the outline.
  private mutating func define(
    _ rule: Definition, _ found: [FoundName], _ bytes: Range<Int>, _ frame: inout Frame
  ) -> Int {
    let top = frames.count - 1
    let scope = scopes[frame.scope]
    var nodeIndex = -1
    for (index, name) in found.enumerated() {
      let symbol = symbol(rule, name, in: scope)
      let inside = name.inside ?? rule.inside
      if index > 0 {
        nodes[append(bytes, isContainer: inside != .code)].symbol = symbol
        continue
      }
      let wrapper = frames[top].wrapper
      if wrapper >= 0, wrapper == nodes.count - 1, bytes.upperBound + 8 >= nodes[wrapper].bytes.upperBound {
        nodeIndex = wrapper
        nodes[wrapper].isContainer = inside != .code
      } else {
        // One of several in the wrapper, as in `const ( A = 1; B = 2 )`.
        if wrapper >= 0, nodes[wrapper].symbol == nil { nodes[wrapper].isContainer = !frames[top].isInFunction }
        nodeIndex = append(bytes, isContainer: inside != .code)
        frame.depth += 1
      }
      nodes[nodeIndex].symbol = symbol
      frame.isInFunction = inside == .code || inside == .data
      frame.scope = open(name, symbol?.kind, in: scope)
    }
    return nodeIndex
  }

  /// Joins a clause to the definition before it, if that has the same name. Returns whether it did.
  private mutating func merge(
    _ rule: Definition, _ name: FoundName, into previous: Int, _ end: Int, _ frame: inout Frame
  ) -> Bool {
    guard previous >= 0, let symbol = nodes[previous].symbol, symbol.name == name.text,
      symbol.kind == .function || symbol.kind == .method || symbol.kind == .macro
    else { return false }
    nodes[previous].bytes = nodes[previous].bytes.lowerBound..<max(end, nodes[previous].bytes.upperBound)
    frames[frames.count - 1].previousDefinition = previous
    frame.depth += 1
    frame.isInFunction = (name.inside ?? rule.inside) == .code
    frame.scope = open(name, symbol.kind, in: scopes[frame.scope])
    return true
  }

  private mutating func beginSection(_ rule: Definition, _ name: FoundName, _ bytes: Range<Int>) {
    let top = frames.count - 1
    endSections(in: top, downTo: name.level, at: bytes.lowerBound)
    let scope = scopes[frames[top].scope]
    let symbol = symbol(rule, name, in: scope)
    let node = append(bytes, isContainer: true)
    nodes[node].symbol = symbol
    sections.append(
      Section(frame: top, node: node, level: name.level, scope: frames[top].scope, depth: frames[top].depth))
    frames[top].scope = open(name, symbol?.kind, in: scope)
    frames[top].depth += 1
  }

  private mutating func endSections(in frame: Int, downTo level: Int, at end: Int) {
    while let section = sections.last, section.frame == frame, section.level >= level {
      let bytes = nodes[section.node].bytes
      nodes[section.node].bytes = bytes.lowerBound..<max(end, bytes.upperBound)
      frames[frame].scope = section.scope
      frames[frame].depth = section.depth
      sections.removeLast()
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
}
