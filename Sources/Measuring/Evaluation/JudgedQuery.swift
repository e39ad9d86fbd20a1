package import Cairn
import Disk
import JSON
import Primitives

/// A query, and where a person would look for what it asks for, by how much each place helps.
///
///     let queries = try JudgedQuery.read("queries.tsv")
package struct JudgedQuery: Hashable, Sendable {
  /// A place that is relevant: a file, or lines of it.
  package struct Place: Hashable, Sendable {
    /// Relative to the root.
    package var path: Path
    /// From 1; nil if any part of the file will do.
    package var lines: ClosedRange<Int>?
    /// How much it helps, from 1 to `greatestGrade`: the gain of a place is 2 to the power of its grade, less 1.
    package var grade: Int

    package init(path: Path, lines: ClosedRange<Int>? = nil, grade: Int = 1) {
      self.path = path
      self.lines = lines
      self.grade = grade
    }

    /// Gains of more would leave nothing to the other places.
    package static let greatestGrade = 10
  }

  package var text: String
  /// Empty for a query that is only timed.
  package var places: [Place]

  package init(_ text: String, places: [Place] = []) {
    self.text = text
    self.places = places
  }

  /// Reads a file of judged queries, as `parse` takes it. Blocks. Throws what reading throws, and as `parse`.
  package static func read(_ path: Path) throws(CairnError) -> [JudgedQuery] {
    try parse(try asCairnError { () throws(Failure) in try readFile(path.filePath, limit: 1 << 26).bytes }, of: path)
  }

  /// Takes lines of tab-separated values, or JSON Lines where the first line that counts begins with `{`. Empty lines
  /// and lines that begin with `#` are skipped. A query that several lines have has the places of all of them.
  ///
  /// - TSV: the query, the place (`PATH`, `PATH:LINE` or `PATH:FIRST-LAST`) and, if it is not 1, its grade.
  /// - JSON: an object with `query` and `places`, an array of objects with `path` and, if any, `start_line`, `end_line`
  ///   (the same as
  ///   `start_line` if left out) and `grade`.
  ///
  /// Throws `invalidArgument` with the number of the first line that is not so. `path` is for that message alone.
  package static func parse(_ bytes: [UInt8], of path: Path) throws(CairnError) -> [JudgedQuery] {
    var queries: [JudgedQuery] = []
    var numbers: [String: Int] = [:]
    var isJSON: Bool?
    for (index, raw) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      let line = raw.last == UInt8(ascii: "\r") ? raw.dropLast() : raw
      if line.allSatisfy({ $0 == UInt8(ascii: " ") }) || line.first == UInt8(ascii: "#") { continue }
      let takesJSON = isJSON ?? (line.first == UInt8(ascii: "{"))
      isJSON = takesJSON
      let query: JudgedQuery
      do throws(Failure) { query = try takesJSON ? object(line) : row(line) } catch {
        throw CairnError(.invalidArgument, "line \(index + 1): \(error.message)", path: path, cause: error.cause)
      }
      if let known = numbers[query.text] {
        queries[known].places += query.places
      } else {
        numbers[query.text] = queries.count
        queries.append(query)
      }
    }
    guard !queries.isEmpty else {
      throw CairnError(.invalidArgument, "there is no query in it; write lines of QUERY, a tab, PATH", path: path)
    }
    return queries
  }

  private static func row(_ line: ArraySlice<UInt8>) throws(Failure) -> JudgedQuery {
    let fields = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
    guard (2...3).contains(fields.count), !fields[0].isEmpty, !fields[1].isEmpty else {
      throw Failure(.invalidArgument, "it is not a query, a tab and a path, and perhaps a tab and a grade")
    }
    var place = place(fields[1])
    if fields.count == 3 { place.grade = try grade(Int(String(decoding: fields[2], as: UTF8.self))) }
    return JudgedQuery(String(decoding: fields[0], as: UTF8.self), places: [place])
  }

  /// `path`, `path:line` or `path:first-last`; what follows a colon and is no number belongs to the path.
  private static func place(_ text: ArraySlice<UInt8>) -> Place {
    if let colon = text.lastIndex(of: UInt8(ascii: ":")) {
      let ends = text[(colon + 1)...].split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        .map { Int(String(decoding: $0, as: UTF8.self)) }
      if (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first > 0, last >= first {
        return Place(path: Path(bytes: Array(text[..<colon])), lines: first...last)
      }
    }
    return Place(path: Path(bytes: Array(text)))
  }

  private static func object(_ line: ArraySlice<UInt8>) throws(Failure) -> JudgedQuery {
    let value = try JSONValue(parsing: Array(line))
    guard let text = value["query"]?.string, !text.isEmpty, let places = value["places"]?.array, !places.isEmpty else {
      throw Failure(.invalidArgument, "it is not an object with a query and its places")
    }
    return JudgedQuery(
      text,
      places: try places.map { (place) throws(Failure) -> Place in
        guard let path = place["path"]?.string, !path.isEmpty else {
          throw Failure(.invalidArgument, "a place has no path")
        }
        var lines: ClosedRange<Int>?
        if let start = place["start_line"] {
          guard let first = start.integer, let last = (place["end_line"] ?? start).integer, first > 0, last >= first
          else { throw Failure(.invalidArgument, "start_line and end_line are not lines from 1, in their order") }
          lines = first...last
        }
        let isGraded = place["grade"] != nil
        return Place(
          path: Path(path), lines: lines, grade: try isGraded ? grade(place["grade"]?.integer) : 1)
      })
  }

  private static func grade(_ number: Int?) throws(Failure) -> Int {
    guard let number, (1...Place.greatestGrade).contains(number) else {
      throw Failure(.invalidArgument, "a grade is a whole number from 1 to \(Place.greatestGrade)")
    }
    return number
  }
}
