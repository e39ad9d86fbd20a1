package import Catalog
import Disk
package import Primitives

// A search that meets a damaged segment leaves a mark beside it, an empty file; a run verifies every byte of a marked
// segment, reads the files of a bad one again, and removes the mark. Where it meets other damage, the next run compares
// everything, and so meets it too.

extension IndexDirectory {
  static func damageMarkName(_ id: SegmentID) -> FilePath {
    FilePath(bytes: Array(SegmentRecord.fileName(id).bytes.dropLast("segment".utf8.count)) + Array("damaged".utf8))
  }

  static func isDamageMarkName(_ name: FilePath) -> Bool { number(of: name, suffix: ".damaged") != nil }

  /// The segments that are marked, in no particular order, whether or not they are live. None where that cannot be
  /// told.
  package func markedSegments() -> Set<SegmentID> {
    guard let entries = try? segments().entries() else { return [] }
    return Set(entries.compactMap { Self.number(of: $0.name, suffix: ".damaged") })
  }

  package func removeDamageMark(_ id: SegmentID) { try? segments().remove(Self.damageMarkName(id)) }

  /// Marks the segment at `path`, as far as that is possible, and gives its number; nil for a path that is none of
  /// this index' segments: for that the next run is left without what it could save itself comparing.
  @discardableResult
  package func markDamaged(_ path: FilePath) -> SegmentID? {
    guard path.parent == self.path.appending(Self.segmentsName),
      let id = Self.number(of: path.lastComponent, suffix: ".segment")
    else {
      try? held.remove(Self.treeName)
      return nil
    }
    markDamaged(id)
    return id
  }

  package func markDamaged(_ id: SegmentID) {
    do throws(Failure) {
      let name = Self.damageMarkName(id)
      let mark = HeldName(name, in: try segments(), path: path.appending(Self.segmentsName).appending(name))
      try AtomicFile(mark).commit(isDurable: false)
    } catch {
      // A mark is only the shorter way: a reader of the segment finds the damage again.
    }
  }

  /// Whether `name` is one that a segment may have: `000042.segment`.
  package static func isSegmentName(_ name: FilePath) -> Bool { number(of: name, suffix: ".segment") != nil }

  /// The number in the name of a segment's file; nil for a name that no segment has.
  private static func number(of name: FilePath, suffix: String) -> SegmentID? {
    guard let id = SegmentID(String(decoding: name.bytes.prefix { $0 != UInt8(ascii: ".") }, as: UTF8.self)), id > 0
    else {
      return nil
    }
    let expected = suffix == ".damaged" ? damageMarkName(id) : SegmentRecord.fileName(id)
    return name == expected ? id : nil
  }
}
