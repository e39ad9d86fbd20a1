/// What it costs to begin a chunk with each line, judged by the outline of the file.
///
/// A cut inside something costs by what it is inside of: little in a type, more in a function, more still in a
/// statement of it. A cut where no part begins costs a lot; there, the look of the text decides. A cut between two
/// neighbours of some size in the same body earns something, so that they become chunks of their own.
struct OutlineCosts {
  /// A neighbour below this size is counted together with the ones beside it.
  private static let smallByteCount = 200
  /// Two neighbours of at least this size are parted for certain.
  private static let largeByteCount = 500
  private static let costInContainer: Int32 = 40
  private static let costInFunction: Int32 = 900
  /// In a function that does not fit one chunk and is cut in any case.
  private static let costInLargeFunction: Int32 = 350
  private static let costInStatement: Int32 = 250
  private static let costOffBoundary: Int32 = 2000
  private static let maximumCostInside: Int32 = 1800
  /// What a cut between two large neighbours earns: more than a chunk costs at the top level, about as much in a type.
  private static let rewardAtTop: Int32 = 1250
  private static let rewardInType: Int32 = 1000

  private(set) var costs: [Int32]
  /// `sizeBefore[i]`: the size of the entries before entry i.
  private let sizeBefore: [UInt32]

  /// An open node during the sweep.
  private struct Frame {
    var end: Int
    var firstEntry: Int
    var lastEntry: Int
    var cost: Int32
    var neighbours: Neighbours?
  }

  init(
    _ outline: SyntaxOutline, lines: LineTable, sizes: [Int32], structure: StructureCosts, targetByteCount: Int
  ) {
    let count = lines.entries.count
    costs = [Int32](repeating: 0, count: count)
    var total: UInt32 = 0
    var before: [UInt32] = []
    before.reserveCapacity(count + 1)
    for size in sizes {
      before.append(total)
      total &+= UInt32(size)
    }
    before.append(total)
    sizeBefore = before

    var inside = [Int32](repeating: 0, count: count + 1)
    var begins = [Bool](repeating: false, count: count)
    var top = Neighbours(reward: OutlineCosts.rewardAtTop, hugeByteCount: 2 * targetByteCount)
    var stack: [Frame] = []
    var entry = 0
    for node in outline.nodes {
      let lower = node.bytes.lowerBound
      let upper = node.bytes.upperBound
      guard lower >= 0, upper > lower, upper <= lines.byteCount else { continue }
      while let frame = stack.last, frame.end <= lower { close(&stack) }
      if lines.entries[entry].start > lower { entry = 0 }
      entry = lines.index(containing: lower, from: entry)
      let last = lines.index(containing: upper - 1, from: entry)
      if lower <= lines.entries[entry].firstInk {
        if node.symbol != nil { entry = firstEntry(of: entry, lines, structure) }
        begins[entry] = true
      }

      let size = Int(sizeBefore[last + 1] &- sizeBefore[entry])
      var cost = OutlineCosts.costInStatement
      if node.isContainer {
        cost = OutlineCosts.costInContainer
      } else if node.symbol != nil {
        cost = size > 2 * targetByteCount ? OutlineCosts.costInLargeFunction : OutlineCosts.costInFunction
      }
      // A node on the very lines of the one around it is the same thing to a cutter of lines.
      var added = cost
      if let frame = stack.last, frame.firstEntry == entry, frame.lastEntry == last {
        added = max(0, cost - frame.cost)
      }
      if last > entry {
        inside[entry + 1] += added
        inside[last + 1] -= added
      }

      if stack.isEmpty {
        top.add(entry: entry, size: size, to: &costs)
      } else {
        stack[stack.count - 1].neighbours?.add(entry: entry, size: size, to: &costs)
      }
      var neighbours: Neighbours?
      if node.isContainer {
        // What only wraps (`#ifdef`, `impl`) earns as what is around it.
        let around = stack.isEmpty ? top.reward : stack[stack.count - 1].neighbours?.reward ?? 0
        let reward = node.symbol == nil ? around : min(around, OutlineCosts.rewardInType)
        neighbours = Neighbours(reward: reward, hugeByteCount: 2 * targetByteCount)
      }
      stack.append(Frame(end: upper, firstEntry: entry, lastEntry: last, cost: cost, neighbours: neighbours))
    }
    while !stack.isEmpty { close(&stack) }
    top.finish(&costs)

    var cost: Int32 = 0
    for index in costs.indices {
      cost += inside[index]
      costs[index] += min(cost, OutlineCosts.maximumCostInside)
      if begins[index] {
        costs[index] += structure.costs[index] / 16
      } else {
        let off = cost == 0 ? OutlineCosts.costOffBoundary / 4 : OutlineCosts.costOffBoundary
        costs[index] += off + structure.costs[index] / 2
      }
    }
  }

  /// Where a definition begins with the comment lines right above it, which some grammars leave to what stands before.
  private func firstEntry(of entry: Int, _ lines: LineTable, _ structure: StructureCosts) -> Int {
    var first = entry
    let limit = max(0, entry - 60)
    while first > limit, !lines.entries[first].followsBlank, structure.isComment[first - 1],
      lines.entries[first - 1].indentation == lines.entries[entry].indentation
        || lines.entries[first - 1].indentation == lines.entries[entry].indentation &+ 1
    {
      first -= 1
    }
    return first
  }

  private mutating func close(_ stack: inout [Frame]) {
    guard var frame = stack.popLast() else { return }
    frame.neighbours?.finish(&costs)
  }

  /// The parts of one body in order, with what a cut between them earns.
  private struct Neighbours {
    let reward: Int32
    /// A part above this size does not fit one chunk.
    let hugeByteCount: Int
    /// The size of the large neighbour, or of the run of small ones, before the run being gathered.
    var previousSize: Int
    var runEntry = 0
    var runSize = 0

    init(reward: Int32, hugeByteCount: Int) {
      self.reward = reward
      self.hugeByteCount = hugeByteCount
      previousSize = 0
    }

    mutating func add(entry: Int, size: Int, to costs: inout [Int32]) {
      if size < OutlineCosts.smallByteCount {
        if runSize == 0 { runEntry = entry }
        runSize += size
        return
      }
      finish(&costs)
      earn(at: entry, size, &costs)
      previousSize = size
    }

    mutating func finish(_ costs: inout [Int32]) {
      guard runSize > 0 else { return }
      earn(at: runEntry, runSize, &costs)
      previousSize = runSize
      runSize = 0
    }

    private func earn(at entry: Int, _ size: Int, _ costs: inout [Int32]) {
      var smaller = min(previousSize, size, OutlineCosts.largeByteCount)
      // What will be cut in any case should not share its last piece with a neighbour, however small.
      if max(previousSize, size) > hugeByteCount, min(previousSize, size) > 0 {
        smaller = max(smaller, OutlineCosts.largeByteCount * 9 / 10)
      }
      costs[entry] -= Int32(Int(reward) * smaller / OutlineCosts.largeByteCount)
    }
  }
}
