/// Byte strings with a number each, found as prefixes of a text. Five bytes for each node and four for its number.
///
/// Nodes are numbered breadth first, so that the children of one node follow each other and those of the next node
/// follow them: where a node's children begin is all that needs to be known.
struct ByteTrie: Sendable {
  /// The byte that leads to a node, from its parent.
  private var labels: [UInt8] = [0]
  /// The first child of a node; its last child is before the first one of the next node.
  private var firstChild: [UInt32] = []
  private var values: [Int32] = []
  /// The children of the root by their byte; the root itself, 0, where there is none.
  private var beginnings = [UInt32](repeating: 0, count: 256)

  static let root = 0
  private(set) var longestKey = 0

  /// - Parameter entries: keys, of which the last one counts where one occurs twice, and their numbers, not negative.
  init(_ entries: [(key: ArraySlice<UInt8>, value: Int32)]) {
    let order = entries.indices.sorted { a, b in
      if entries[a].key.lexicographicallyPrecedes(entries[b].key) { return true }
      return a < b && entries[a].key == entries[b].key
    }
    // The entries that go through each node, and its depth.
    var queue: [(from: Int, to: Int, depth: Int)] = [(0, order.count, 0)]
    var node = 0
    while node < queue.count {
      let (from, to, depth) = queue[node]
      var i = from
      var value: Int32 = -1
      while i < to, entries[order[i]].key.count == depth {
        value = entries[order[i]].value
        i += 1
      }
      values.append(value)
      firstChild.append(UInt32(queue.count))
      longestKey = max(longestKey, depth)
      while i < to {
        let key = entries[order[i]].key
        let byte = key[key.startIndex + depth]
        let begin = i
        while i < to {
          let next = entries[order[i]].key
          if next[next.startIndex + depth] != byte { break }
          i += 1
        }
        if node == 0 { beginnings[Int(byte)] = UInt32(queue.count) }
        labels.append(byte)
        queue.append((begin, i, depth + 1))
      }
      node += 1
    }
    firstChild.append(UInt32(queue.count))
  }

  /// The node that `byte` leads to from `node`, or the root where there is none.
  @inline(__always)
  func child(of node: Int, _ byte: UInt8) -> Int {
    if node == Self.root { return Int(beginnings[Int(byte)]) }
    var low = Int(firstChild[node])
    var high = Int(firstChild[node &+ 1])
    while high &- low > 8 {
      let middle = (low &+ high) / 2
      if labels[middle] <= byte { low = middle } else { high = middle }
    }
    while low < high {
      if labels[low] == byte { return low }
      low &+= 1
    }
    return Self.root
  }

  /// The number of the key that ends at `node`, or -1.
  @inline(__always)
  func value(at node: Int) -> Int32 { values[node] }

  /// The longest key that `text` has at `start`, and where it ends.
  @inline(__always)
  func longestMatch(in text: Span<UInt8>, from start: Int, to end: Int) -> (value: Int32, end: Int)? {
    var node = Self.root
    var position = start
    var best: (value: Int32, end: Int)?
    while position < end {
      node = child(of: node, text[position])
      if node == Self.root { break }
      position &+= 1
      let value = values[node]
      if value >= 0 { best = (value, position) }
    }
    return best
  }

  /// Whether any key begins with `byte`.
  @inline(__always)
  func begins(with byte: UInt8) -> Bool { beginnings[Int(byte)] != 0 }
}
