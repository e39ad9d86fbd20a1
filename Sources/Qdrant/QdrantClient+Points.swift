import HTTP
import JSON
package import Primitives

extension QdrantClient {
  /// Adds points, each in the place of one with its number, and waits until they can be found. Sent again where the
  /// answer is lost; in halves where the server refuses them as too large at once.
  package func upsert(
    _ points: [QdrantPoint], to name: CollectionName, cancellation: Cancellation? = nil
  ) throws(Failure) {
    let what = "new points"
    if points.isEmpty { return }
    let body = JSONValue.object([.init("points", .array(points.map(\.document)))])
    do throws(Failure) {
      try call("PUT", "collections/\(name)/points?wait=true", body, what, cancellation: cancellation) {
        result throws(Failure) in
        try finishedUpdate(result, what)
      }
    } catch {
      guard error.code == .requestTooLarge, points.count > 1 else { throw error }
      try upsert(Array(points[..<(points.count / 2)]), to: name, cancellation: cancellation)
      try upsert(Array(points[(points.count / 2)...]), to: name, cancellation: cancellation)
    }
  }

  /// Removes the points that satisfy `filter`, and waits until they are gone.
  package func deletePoints(
    _ filter: QdrantFilter, of name: CollectionName, cancellation: Cancellation? = nil
  ) throws(Failure) {
    let what = "removal of points"
    let body = JSONValue.object([.init("filter", filter.document)])
    try call("POST", "collections/\(name)/points/delete?wait=true", body, what, cancellation: cancellation) {
      result throws(Failure) in
      try finishedUpdate(result, what)
    }
  }

  /// A page of the points that satisfy `filter`, in the order of their numbers.
  package func scroll(
    _ name: CollectionName, _ filter: QdrantFilter?, limit: Int, from offset: PointID? = nil, fields: [String],
    cancellation: Cancellation? = nil
  ) throws(Failure) -> QdrantPage {
    let what = "a page of points"
    var members: [JSONValue.Member] = [.init("limit", .integer(max(1, limit)))]
    if let filter { members.append(.init("filter", filter.document)) }
    if let offset { members.append(.init("offset", .string(offset.description))) }
    members.append(.init("with_payload", Self.selector(fields)))
    members.append(.init("with_vector", false))
    return try call("POST", "collections/\(name)/points/scroll", .object(members), what, cancellation: cancellation) {
      result throws(Failure) in
      guard let list = result["points"]?.array else { throw wrongShape(what, "no list") }
      let points = try records(list, isScored: false, what)
      guard let next = result["next_page_offset"], !next.isNull else { return QdrantPage(points: points, next: nil) }
      guard let offset = next.string.flatMap(PointID.init) else { throw wrongShape(what, "no number of a point") }
      return QdrantPage(points: points, next: offset)
    }
  }

  /// Every point that satisfies `filter`, page by page.
  ///
  /// - Parameter pageSize: points of one request.
  package func forEachPoint(
    of name: CollectionName, _ filter: QdrantFilter?, pageSize: Int = 1000, fields: [String], _ context: SearchContext,
    _ body: (QdrantRecord) throws(Failure) -> Void
  ) throws(Failure) {
    var offset: PointID?
    repeat {
      try context.check()
      let page = try scroll(
        name, filter, limit: pageSize, from: offset, fields: fields, cancellation: context.cancellation)
      for point in page.points { try body(point) }
      guard page.next != offset || offset == nil else { throw wrongShape("a page of points", "the same page again") }
      offset = page.next
    } while offset != nil
  }

  /// The points with these numbers, in any order; those that there are not are left out.
  package func retrieve(
    _ ids: [PointID], of name: CollectionName, fields: [String], cancellation: Cancellation? = nil
  ) throws(Failure) -> [QdrantRecord] {
    let what = "points by their numbers"
    if ids.isEmpty { return [] }
    let body = JSONValue.object([
      .init("ids", .array(ids.map { .string($0.description) })), .init("with_payload", Self.selector(fields)),
      .init("with_vector", false),
    ])
    return try call("POST", "collections/\(name)/points", body, what, cancellation: cancellation) {
      result throws(Failure) in
      guard let list = result.array else { throw wrongShape(what, "no list") }
      let wanted = Set(ids)
      let points = try records(list, isScored: false, what)
      guard points.allSatisfy({ wanted.contains($0.id) }) else { throw wrongShape(what, "others than were asked for") }
      return points
    }
  }

  /// How many points satisfy `filter`; counted, unless `isEstimate`.
  package func count(
    _ name: CollectionName, _ filter: QdrantFilter?, isEstimate: Bool = false, cancellation: Cancellation? = nil
  ) throws(Failure) -> Int {
    let what = "a count of points"
    var members: [JSONValue.Member] = [.init("exact", .boolean(!isEstimate))]
    if let filter { members.append(.init("filter", filter.document)) }
    return try call("POST", "collections/\(name)/points/count", .object(members), what, cancellation: cancellation) {
      result throws(Failure) in
      guard let count = result["count"]?.integer, count >= 0 else { throw wrongShape(what, "no count") }
      return count
    }
  }

  /// The best points of each of `queries`, best first, from one request.
  package func query(
    _ queries: [PointQuery], of name: CollectionName, cancellation: Cancellation? = nil
  ) throws(Failure) -> [[QdrantRecord]] {
    let what = "a query"
    if queries.isEmpty { return [] }
    let body = JSONValue.object([.init("searches", .array(queries.map(\.document)))])
    return try call("POST", "collections/\(name)/points/query/batch", body, what, cancellation: cancellation) {
      result throws(Failure) in
      guard let answers = result.array, answers.count == queries.count else {
        throw wrongShape(what, "not as many answers as queries")
      }
      var lists: [[QdrantRecord]] = []
      for (answer, query) in zip(answers, queries) {
        guard let list = answer["points"]?.array else { throw wrongShape(what, "no list") }
        guard list.count <= max(1, query.limit) else { throw wrongShape(what, "more than were asked for") }
        lists.append(try records(list, isScored: true, what))
      }
      return lists
    }
  }

  private static func selector(_ fields: [String]) -> JSONValue {
    fields.isEmpty ? false : .array(fields.map { .string($0) })
  }

  private func records(_ list: [JSONValue], isScored: Bool, _ what: String) throws(Failure) -> [QdrantRecord] {
    var records: [QdrantRecord] = []
    records.reserveCapacity(list.count)
    for document in list {
      guard let record = QdrantRecord(document, isScored: isScored) else { throw wrongShape(what, "no point") }
      records.append(record)
    }
    return records
  }
}
