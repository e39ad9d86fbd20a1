import Primitives

/// The grams of one source of a merge, one after the other.
private struct GramHead {
  private(set) var gram = 0
  private(set) var entry = GramEntry(form: .everywhere, count: 0)
  private(set) var isOpen = true
  private(set) var isDamaged = false
  private var block = -1
  private var entries: [(gram: Int, entry: GramEntry)] = []
  private var next = 0

  init(_ source: Segment) {
    isOpen = source.gramAbsence == nil
    if isOpen { advance(source) }
  }

  mutating func advance(_ source: Segment) {
    if next == entries.count {
      let table = source.gramTable
      block += 1
      next = 0
      entries.removeAll(keepingCapacity: true)
      guard block < table.blockCount else {
        isOpen = false
        return
      }
      let isReadable = table.forEachEntry(ofBlock: block) {
        entries.append(($0, $1))
        return true
      }
      if !isReadable || entries.isEmpty {
        isDamaged = true
        isOpen = false
        return
      }
    }
    (gram, entry) = entries[next]
    next += 1
  }
}

/// Writes the grams of the files that are left of `sources`. Files of a source that has none are unbounded; where no
/// source has any, nothing is written.
func mergeGrams(
  _ sources: [Segment], _ plan: MergePlan, into writer: inout SegmentWriter, _ cancellation: Cancellation
) throws(Failure) {
  guard sources.contains(where: { $0.gramAbsence == nil }) else { return }
  try writer.beginGrams()
  var heads = sources.map { GramHead($0) }
  var files: [UInt32] = []
  while true {
    var least: Int?
    for head in heads where head.isOpen { least = min(least ?? .max, head.gram) }
    guard let gram = least else { break }
    try cancellation.check()
    files.removeAll(keepingCapacity: true)
    var isAscending = true
    for i in heads.indices where heads[i].isOpen && heads[i].gram == gram {
      let numbers = plan.fileNumbers[i]
      let source = sources[i]
      let isReadable = heads[i].entry.forEachFile(source.fileCount, in: source.gramTable.lists) { file in
        let number = numbers[Int(file)]
        if number == MergePlan.gone { return }
        if let last = files.last, last >= number { isAscending = false }
        files.append(number)
      }
      if !isReadable { throw damage(of: source) }
      heads[i].advance(source)
    }
    if !isAscending { files.sort() }
    if !files.isEmpty { try writer.add(gram: gram, files: files.span) }
  }
  for i in heads.indices where heads[i].isDamaged { throw damage(of: sources[i]) }
  try writer.finishGrams(unbounded: try unbounded(sources, plan))
}

private func unbounded(_ sources: [Segment], _ plan: MergePlan) throws(Failure) -> [UInt32] {
  var unbounded: [UInt32] = []
  for (source, numbers) in zip(sources, plan.fileNumbers) {
    var files = Array(0..<source.fileCount)
    if source.gramAbsence == nil {
      // That no file is among them would rule out what is there.
      guard let known = source.gramTable.unbounded() else { throw damage(of: source) }
      files = known.members
    }
    for file in files where numbers[file] != MergePlan.gone { unbounded.append(numbers[file]) }
  }
  return unbounded.sorted()
}
