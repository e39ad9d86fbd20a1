import CTreeSitter
import Chunking

/// The walk over the tree of one parse, which gathers its outline. It is made with a way out (`ParseMemory.walk`),
/// because a scanner that wrote where it should not may have left a broken tree; what it holds when it is left is lost.
@unsafe struct TreeWalk {
  struct Result {
    var nodes: [SyntaxOutline.Node]
    var embedded: [EmbeddedText]
    var hasErrors: Bool
  }

  private let tree: OpaquePointer
  private let source: UnsafeBufferPointer<UInt8>
  private let table: GrammarTable
  private var result: Result?
  private var exceedsMemory = false

  /// About what a node of an outline takes, with its names and the room that an array grows by.
  private static let nodeByteCount = 160
  /// How many nodes are visited between two samples of the memory.
  private static let lookInterval = 4096

  /// Walks over `tree`, inside the arena that holds it.
  static func perform(_ tree: OpaquePointer, _ source: Span<UInt8>, _ table: GrammarTable) -> (Result?, ParseEnd) {
    unsafe source.withUnsafeBufferPointer { source in
      var walk = unsafe TreeWalk(tree: tree, source: source, table: table)
      unsafe withUnsafeMutablePointer(to: &walk) { walk in
        unsafe ParseMemory.walk(UnsafeMutableRawPointer(walk)) { context in
          unsafe context?.assumingMemoryBound(to: TreeWalk.self).pointee.run()
        }
      }
      if let failure = ParseMemory.failure { return (nil, .failed(failure)) }
      if ParseMemory.ranOut { return (nil, .tooLarge(.system)) }
      if unsafe walk.exceedsMemory { return (nil, .tooLarge(.limit)) }
      return unsafe (walk.result, .whole)
    }
  }

  private init(tree: OpaquePointer, source: UnsafeBufferPointer<UInt8>, table: GrammarTable) {
    unsafe self.tree = unsafe tree
    unsafe self.source = unsafe source
    unsafe self.table = table
  }

  private mutating func run() {
    let source = unsafe source.span
    var looked = 0
    let root = unsafe ts_tree_root_node(tree)
    var builder = unsafe OutlineBuilder(table: table)
    var cursor = unsafe ts_tree_cursor_new(root)
    defer { unsafe ts_tree_cursor_delete(&cursor) }
    // The builder has a frame for the root's children from the start.
    var depth = unsafe ts_tree_cursor_goto_first_child(&cursor) ? 1 : 0
    while depth > 0 {
      let node = unsafe SyntaxNode(ts_tree_cursor_current_node(&cursor))
      looked &+= 1
      if unsafe looked & (Self.lookInterval - 1) == 0,
        unsafe ParseMemory.isOver(with: builder.nodes.count * Self.nodeByteCount)
      {
        unsafe exceedsMemory = true
        return
      }
      if builder.enter(node, source) {
        if unsafe ts_tree_cursor_goto_first_child(&cursor) {
          depth += 1
          continue
        }
        builder.leave()
      }
      while unsafe depth > 0 && !ts_tree_cursor_goto_next_sibling(&cursor) {
        builder.leave()
        depth -= 1
        if depth > 0 { unsafe _ = ts_tree_cursor_goto_parent(&cursor) }
      }
    }
    unsafe result = Result(
      nodes: builder.nodes, embedded: Array(builder.embedded.prefix(EmbeddedText.maximumCount)),
      hasErrors: ts_node_has_error(root))
  }
}
