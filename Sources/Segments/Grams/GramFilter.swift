import Primitives

/// Answers one query from the grams of one segment.
struct GramFilter: ~Escapable {
  private let table: GramTable
  /// Whether these bytes of the section of lists are what was written.
  private let isSound: (Range<Int>) -> Bool
  /// Something was not what was written: what was found means nothing.
  private(set) var isDamaged = false

  /// A list of so many files costs about as much to be read as one file.
  private static let filesAsCheapAsOne = 1024
  /// Grams of a literal that are looked up; more of them rule out next to nothing.
  private static let gramLimit = 48

  @_lifetime(copy table)
  init(_ table: borrowing GramTable, isSound: @escaping (Range<Int>) -> Bool) {
    self.table = copy table
    self.isSound = isSound
  }

  /// The files that may hold what `query` says; nil where it rules out none.
  mutating func files(for query: GramQuery) -> BitSet? {
    switch query {
    case .everything: return nil
    case .nothing: return BitSet(capacity: table.fileCount)
    case .literal(let bytes): return files(holding: bytes)
    case .and(let parts):
      var found: BitSet?
      for part in parts {
        guard let files = files(for: part) else { continue }
        found?.formIntersection(files)
        found = found ?? files
        if isDamaged || found?.isEmpty == true { break }
      }
      return found
    case .or(let parts):
      var found = BitSet(capacity: table.fileCount)
      for part in parts {
        guard !isDamaged, let files = files(for: part) else { return nil }
        found.formUnion(files)
      }
      return found
    }
  }

  private mutating func files(holding literal: [UInt8]) -> BitSet? {
    var entries: [GramEntry] = []
    for gram in GramAlphabet.grams(of: literal).prefix(Self.gramLimit) {
      guard let entry = entry(of: gram) else { return BitSet(capacity: table.fileCount) }
      if entry.form != .everywhere { entries.append(entry) }
    }
    // The rarest first.
    entries.sort { $0.count < $1.count }
    var found: BitSet?
    for entry in entries {
      if let found {
        let count = found.count
        if count == 0 || entry.count > count * Self.filesAsCheapAsOne { break }
      }
      let files = files(of: entry)
      if isDamaged { return nil }
      found?.formIntersection(files)
      found = found ?? files
    }
    return found
  }

  /// Nil where no file has it.
  private mutating func entry(of gram: Int) -> GramEntry? {
    guard let block = table.block(of: gram) else { return nil }
    guard let range = table.range(ofBlock: block), isSound(range) else {
      isDamaged = true
      return nil
    }
    var found: GramEntry?
    let isReadable = table.forEachEntry(ofBlock: block) { number, entry in
      if number == gram { found = entry }
      return number < gram
    }
    if !isReadable { isDamaged = true }
    return found
  }

  private mutating func files(of entry: GramEntry) -> BitSet {
    var words = [UInt64](repeating: 0, count: (table.fileCount + 63) / 64)
    let isReadable = entry.forEachFile(table.fileCount, in: table.lists) { file in
      words[Int(file >> 6)] |= 1 << UInt64(file & 63)
    }
    if !isReadable { isDamaged = true }
    return BitSet(words: words, capacity: table.fileCount)
  }
}

extension GramQuery {
  /// Whether it rules out every file by itself, whatever the files hold.
  var isImpossible: Bool {
    switch self {
    case .everything, .literal: false
    case .nothing: true
    case .and(let parts): parts.contains(where: \.isImpossible)
    case .or(let parts): parts.allSatisfy(\.isImpossible)
    }
  }
}
