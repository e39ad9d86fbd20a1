import Primitives

/// The literal names and suffixes (`*.o`) of a chain of ignore files, in one table that each shares with those around
/// it: adding some makes a new value and leaves the old one as it is. A look-up takes some steps, however many files
/// there are.
struct SharedNames: Sendable {
  /// A pattern that matches: which ignore file, from the outermost on, and its place in it.
  struct Match: Comparable, Sendable {
    var level: Int
    var number: Int32
    var isNegated: Bool

    static func < (a: Match, b: Match) -> Bool { a.level != b.level ? a.level < b.level : a.number < b.number }
  }

  private var names = Node.empty
  private var suffixes = Node.empty
  /// The lengths of the suffixes, ascending, and the bytes that they end with.
  private var suffixByteCounts: [Int] = []
  private var lastBytes = ByteSet()
  /// Literals added, those that were there already among them.
  private(set) var count = 0

  /// Adds those of `rules`, which are inside of all that were added before.
  mutating func add(_ rules: IgnoreRules, level: Int) {
    count += rules.names.count + rules.suffixes.count
    names = Self.adding(rules.names, of: rules, level: level, to: names)
    suffixes = Self.adding(rules.suffixes, of: rules, level: level, to: suffixes)
    for byteCount in rules.suffixes.byteCounts where !suffixByteCounts.contains(byteCount) {
      suffixByteCounts.append(byteCount)
    }
    suffixByteCounts.sort()
    for number in 0..<rules.suffixes.count {
      if let byte = rules.suffixes.literal(number).bytes.last { lastBytes.insert(byte) }
    }
  }

  private static func adding(
    _ patterns: LiteralPatterns, of rules: IgnoreRules, level: Int, to node: Node
  ) -> Node {
    func match(_ number: Int32) -> Match? {
      number < 0 ? nil : Match(level: level, number: number, isNegated: rules.isNegated(number))
    }
    var node = node
    for number in 0..<patterns.count {
      let (bytes, hash, last) = patterns.literal(number)
      let leaf = Node.Leaf(
        hash: hash, key: Array(bytes), anything: match(last.anything), directory: match(last.directory))
      node = node.adding(leaf, shift: 0)
    }
    return node
  }

  /// The innermost and last pattern for the entry called `name`.
  func last(for name: Span<UInt8>, isDirectory: Bool) -> Match? {
    guard count > 0, name.count > 0 else { return nil }
    var best = names.find(name)?.last(isDirectory)
    guard lastBytes.contains(name[name.count - 1]) else { return best }
    for byteCount in suffixByteCounts {
      if byteCount > name.count { break }
      let suffix = name.extracting((name.count - byteCount)..<name.count)
      guard let match = suffixes.find(suffix)?.last(isDirectory) else { continue }
      if best.map({ $0 < match }) ?? true { best = match }
    }
    return best
  }

  /// A trie over the hash, four bits a level (Bagwell, "Ideal Hash Trees"). Never changed once it is made.
  private final class Node: Sendable {
    struct Leaf: Sendable {
      let hash: UInt64
      let key: [UInt8]
      /// Among the patterns for anything, and among all, those for directories alone included.
      var anything: Match?
      var directory: Match?

      func last(_ isDirectory: Bool) -> Match? { isDirectory ? directory : anything }
    }
    private enum Child: Sendable {
      case node(Node)
      /// More than one where the hashes are equal.
      case leaves([Leaf])
    }
    private let bitmap: UInt16
    private let children: [Child]

    static let empty = Node(bitmap: 0, children: [])

    private init(bitmap: UInt16, children: [Child]) {
      self.bitmap = bitmap
      self.children = children
    }

    func find(_ key: Span<UInt8>) -> Leaf? {
      let hash = checksum(key)
      var node = self
      var shift: UInt64 = 0
      while true {
        let bit: UInt16 = 1 << UInt16(hash >> shift & 15)
        guard node.bitmap & bit != 0 else { return nil }
        switch node.children[(node.bitmap & (bit - 1)).nonzeroBitCount] {
        case .node(let next):
          node = next
          shift += 4
        case .leaves(let leaves): return leaves.first { $0.hash == hash && key.isEqual(to: $0.key) }
        }
      }
    }

    /// With `leaf`, which wins over what is there of its key.
    func adding(_ leaf: Leaf, shift: UInt64) -> Node {
      let bit: UInt16 = 1 << UInt16(leaf.hash >> shift & 15)
      let slot = (bitmap & (bit - 1)).nonzeroBitCount
      var children = children
      guard bitmap & bit != 0 else {
        children.insert(.leaves([leaf]), at: slot)
        return Node(bitmap: bitmap | bit, children: children)
      }
      switch children[slot] {
      case .node(let node): children[slot] = .node(node.adding(leaf, shift: shift + 4))
      case .leaves(var leaves):
        if leaves[0].hash != leaf.hash {
          var node = Node.empty
          for old in leaves { node = node.adding(old, shift: shift + 4) }
          children[slot] = .node(node.adding(leaf, shift: shift + 4))
        } else if let same = leaves.firstIndex(where: { $0.key == leaf.key }) {
          // A pattern for directories alone says nothing of a file: there the one further out stands.
          leaves[same].anything = leaf.anything ?? leaves[same].anything
          leaves[same].directory = leaf.directory ?? leaves[same].directory
          children[slot] = .leaves(leaves)
        } else {
          children[slot] = .leaves(leaves + [leaf])
        }
      }
      return Node(bitmap: bitmap, children: children)
    }
  }
}
