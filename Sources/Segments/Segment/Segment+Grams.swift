import Disk
package import Primitives
import Synchronization

extension Segment {
  /// The numbers of the files that may hold what `query` says, tombstoned or not; nil where there are no n-grams that
  /// can be read.
  ///
  /// What it reads is checked when it is first read. Damage of the n-grams is not `damage`, since everything is found
  /// without them: it is `gramAbsence`. Some microseconds for each gram of the query, more when its list is read for
  /// the first time.
  package func candidateFiles(for query: GramQuery) -> BitSet? {
    guard gramAbsence == nil, let lists = gramRanges?.lists else { return nil }
    let table = gramTable
    guard var files = table.unbounded() else {
      reportGramDamage()
      return nil
    }
    if query.isImpossible { return BitSet(capacity: fileCount) }
    let start = lists.lowerBound
    var filter = GramFilter(table) { [file] range in
      file.isSound(start + range.lowerBound..<start + range.upperBound)
    }
    let found = filter.files(for: query)
    if filter.isDamaged {
      reportGramDamage()
      return nil
    }
    guard let found else { return BitSet(capacity: fileCount, filled: true) }
    files.formUnion(found)
    return files
  }

  /// Why `candidateFiles` gives nil; nil if it does not. Damage is found when what is damaged is first read.
  package var gramAbsence: GramAbsence? {
    guard let ranges = gramRanges else { return .notStored }
    if hasDamagedGrams.load(ordering: .acquiring) { return .damaged }
    let table = gramTable
    // The index is read for every query.
    guard file.isSound(ranges.index) else {
      reportGramDamage()
      return .damaged
    }
    if !table.isReadable { return .otherVersion }
    guard table.fits(fileCount) else {
      reportGramDamage()
      return .damaged
    }
    return nil
  }

  /// Files of which the n-grams say nothing, all of them where there are none: always candidates.
  package var fileCountWithoutGrams: Int { gramAbsence == nil ? gramTable.unboundedCount : fileCount }

  func reportGramDamage() { hasDamagedGrams.store(true, ordering: .releasing) }

  /// Not checked; empty where there is none.
  var gramTable: GramTable {
    @_lifetime(borrow self) get {
      GramTable(lists: uncheckedBytes(of: .grams), index: uncheckedBytes(of: .gramIndex))
    }
  }

  // MARK: Verification

  /// Whether the n-grams are as they are written: ascending, with lists that hold what they say. True where there are
  /// none, or where they are of another layout. The whole file was checked.
  func areGramsInOrder(_ cancellation: Cancellation) throws(Failure) -> Bool {
    guard gramRanges != nil else { return true }
    let table = gramTable
    if !table.isReadable { return true }
    guard table.fits(fileCount), table.unbounded() != nil else { return false }
    var previous = -1
    var end = 0
    var count = 0
    for block in 0..<table.blockCount {
      try cancellation.check()
      guard let range = table.range(ofBlock: block), range.lowerBound == end else { return false }
      end = range.upperBound
      var isSound = true
      let isReadable = table.forEachEntry(ofBlock: block) { gram, entry in
        var last = -1
        let holds = entry.forEachFile(fileCount, in: table.lists) { last = Int($0) }
        isSound = isSound && holds && gram > previous && last >= 0
        previous = gram
        count += 1
        return isSound
      }
      if !isReadable || !isSound { return false }
    }
    return end == table.lists.count && count == table.count
  }
}
