/// The scalars that simple case folding makes alike, as Unicode 16 has them.
enum CaseOrbits {
  /// Each scalar that has another case, and its other cases; in ascending order.
  static let table: [(scalar: UInt32, others: [UInt32])] = {
    // Each scalar of a set points to one of the set that is nearer to its root.
    var roots: [UInt32: UInt32] = [:]
    func root(of scalar: UInt32) -> UInt32 {
      var at = scalar
      while let next = roots[at], next != at { at = next }
      return at
    }
    func join(_ a: UInt32, _ b: UInt32) {
      let (x, y) = (root(of: a), root(of: b))
      roots[max(x, y)] = min(x, y)
      roots[min(x, y)] = min(x, y)
    }
    for scalars in casedBlocks {
      for value in scalars {
        guard let scalar = Unicode.Scalar(value), UnicodeProperty.isKnown(scalar),
          scalar.properties.changesWhenCaseMapped
        else { continue }
        // Only Turkish makes these two one with the letter that has, or has not, a dot.
        if value == 0x130 || value == 0x131 { continue }
        for mapped in [scalar.properties.lowercaseMapping, scalar.properties.uppercaseMapping] {
          let all = mapped.unicodeScalars
          guard let only = all.first, all.count == 1, only != scalar, UnicodeProperty.isKnown(only) else { continue }
          join(value, only.value)
        }
      }
    }
    for (a, b) in pairs { join(a, b) }
    var sets: [UInt32: [UInt32]] = [:]
    for scalar in roots.keys { sets[root(of: scalar), default: []].append(scalar) }
    var table: [(UInt32, [UInt32])] = []
    for set in sets.values where set.count > 1 {
      for scalar in set { table.append((scalar, set.filter { $0 != scalar }.sorted())) }
    }
    return table.sorted { $0.0 < $1.0 }
  }()

  /// Alike although each is a letter of its own in capitals.
  private static let pairs: [(UInt32, UInt32)] = [(0x390, 0x1FD3), (0x3B0, 0x1FE3), (0xFB05, 0xFB06)]

  /// The other cases of a scalar.
  static func others(of scalar: UInt32) -> [UInt32] {
    var (low, high) = (0, table.count)
    while low < high {
      let middle = (low + high) / 2
      if table[middle].scalar < scalar { low = middle + 1 } else { high = middle }
    }
    return low < table.count && table[low].scalar == scalar ? table[low].others : []
  }

  /// Those that an engine with the tables of Unicode 14 does not know to be alike.
  static let sinceUnicode14: [UInt32] =
    [
      0x390, 0x3B0, 0x1FD3, 0x1FE3, 0xFB05, 0xFB06, 0x19B, 0x264, 0x1C89, 0x1C8A, 0xA7CB, 0xA7CC, 0xA7CD, 0xA7DA,
      0xA7DB, 0xA7DC,
    ] + Array(0x10D50...0x10D65) + Array(0x10D70...0x10D85)

  /// Where letters with cases are.
  private static let casedBlocks: [ClosedRange<UInt32>] = [
    0x41...0x5A, 0x61...0x7A, 0xB5...0x587, 0x10A0...0x10FF, 0x13A0...0x13FD, 0x1C80...0x1CBF, 0x1D79...0x1D8E,
    0x1E00...0x1FFC, 0x2126...0x2184, 0x24B6...0x24E9, 0x2C00...0x2D2D, 0xA640...0xA69B, 0xA722...0xA7FF,
    0xAB53...0xABBF, 0xFB05...0xFB06, 0xFF21...0xFF5A, 0x10400...0x104FB, 0x10570...0x105BC, 0x10C80...0x10CF2,
    0x10D50...0x10D85, 0x118A0...0x118DF, 0x16E40...0x16E7F, 0x1E900...0x1E943,
  ]
}
