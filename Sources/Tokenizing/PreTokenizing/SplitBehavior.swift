/// What becomes of the separators that a text is cut at. Names are those of the files.
enum SplitBehavior: String, Sendable {
  case removed = "Removed"
  case isolated = "Isolated"
  case mergedWithPrevious = "MergedWithPrevious"
  case mergedWithNext = "MergedWithNext"
  case contiguous = "Contiguous"

  /// A stretch of text, and whether it is a separator.
  typealias Stretch = (range: Range<Int>, isSeparator: Bool)

  /// Appends the pieces that stretches, which follow each other without a gap, are joined to.
  func append(_ stretches: [Stretch], to pieces: inout [Pretoken]) {
    let base = pieces.count
    switch self {
    case .removed:
      for stretch in stretches where !stretch.isSeparator { pieces.append(Pretoken(stretch.range)) }
    case .isolated:
      for stretch in stretches { pieces.append(Pretoken(stretch.range)) }
    case .contiguous:
      var before = false
      for stretch in stretches {
        if stretch.isSeparator == before, pieces.count > base {
          pieces[pieces.count - 1].end = stretch.range.upperBound
        } else {
          pieces.append(Pretoken(stretch.range))
        }
        before = stretch.isSeparator
      }
    case .mergedWithPrevious:
      var before = false
      for stretch in stretches {
        if stretch.isSeparator, !before, pieces.count > base {
          pieces[pieces.count - 1].end = stretch.range.upperBound
        } else {
          pieces.append(Pretoken(stretch.range))
        }
        before = stretch.isSeparator
      }
    case .mergedWithNext:
      var before = false
      for stretch in stretches.reversed() {
        if stretch.isSeparator, !before, pieces.count > base {
          pieces[pieces.count - 1].start = stretch.range.lowerBound
        } else {
          pieces.append(Pretoken(stretch.range))
        }
        before = stretch.isSeparator
      }
      pieces[base...].reverse()
    }
  }
}

extension Pretoken {
  init(_ range: Range<Int>) {
    start = range.lowerBound
    end = range.upperBound
  }
}
