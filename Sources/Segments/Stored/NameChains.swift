/// The chains of enclosing names of a segment: each is a chain with one more name at its end. Numbered from 1 in the
/// order of their names' numbers, so that a chain comes after the one it extends; 0 is the empty chain.
///
/// | bytes | what |
/// |---|---|
/// | 8 for each chain | u32 number of the chain it extends, u32 number of its last name |
struct NameChains: ~Escapable {
  static let maximumDepth = 64
  let bytes: Span<UInt8>

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>) { self.bytes = bytes }

  /// The numbers of the names of a chain, outermost first.
  func names(of chain: Int) -> [Int] {
    var names: [Int] = []
    var rest = chain
    while rest > 0, names.count < Self.maximumDepth {
      names.append(Int(bytes.uint32(at: 8 * rest - 4)))
      rest = Int(bytes.uint32(at: 8 * rest - 8))
    }
    return names.reversed()
  }
}

/// Chains as they are met, numbered from 1 in that order. A chain deeper than `NameChains.maximumDepth` loses its innermost names.
struct NameChainSet {
  private struct Link: Hashable {
    var parent: Int
    var name: Int
  }
  private var links: [Link] = []
  private var numbers: [Link: Int] = [:]

  init() {}

  var count: Int { links.count }

  /// The number of the chain of `names`, which is added with all its beginnings if it is new.
  mutating func insert(_ names: some Sequence<Int>) -> Int {
    var chain = 0
    for name in names.prefix(NameChains.maximumDepth) {
      let link = Link(parent: chain, name: name)
      if let known = numbers[link] {
        chain = known
      } else {
        links.append(link)
        chain = links.count
        numbers[link] = chain
      }
    }
    return chain
  }

  /// The names of a chain, outermost first.
  func names(of chain: Int) -> [Int] {
    var names: [Int] = []
    var rest = chain
    while rest > 0 {
      names.append(links[rest - 1].name)
      rest = links[rest - 1].parent
    }
    return names.reversed()
  }

  /// The chains in their order on disk after their names were given other numbers, and the new number of every chain.
  func encoded(renaming newNames: [UInt32]) -> (bytes: [UInt8], numbers: [Int]) {
    let paths = (0..<links.count).map { names(of: $0 + 1).map { newNames[$0] } }
    let order = links.indices.sorted { paths[$0].lexicographicallyPrecedes(paths[$1]) }
    var numbers = [Int](repeating: 0, count: links.count + 1)
    for (place, old) in order.enumerated() { numbers[old + 1] = place + 1 }
    var bytes: [UInt8] = []
    for old in order {
      bytes.append(number: UInt32(numbers[links[old].parent]))
      bytes.append(number: newNames[links[old].name])
    }
    return (bytes, numbers)
  }
}
