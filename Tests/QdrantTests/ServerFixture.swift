import HTTP
import JSON
import Primitives
import Qdrant
import TestSupport

extension QdrantServer {
  /// What was not as the description has it, and who judged.
  func report() throws -> (wrong: [String], judges: [String], requestCount: Int) {
    let document = try JSONValue(parsing: HTTPClient().send(HTTPRequest("GET", address + "/test/report")).body)
    return (
      document["wrong"]?.array?.compactMap(\.string) ?? ["no report"],
      document["judges"]?.array?.compactMap(\.string) ?? [], document["requests"]?.integer ?? 0
    )
  }

  /// A client that waits for nothing: its clock only counts.
  func client(clock: TestClock = TestClock(), timeLimit: Duration = .seconds(300)) throws -> QdrantClient {
    var options = QdrantOptions()
    options.address = address
    options.timeLimit = timeLimit
    return try QdrantClient(options, environment: [:], clock: clock)
  }
}

/// A collection of four dimensions.
let smallPlan: CollectionPlan = {
  var plan = CollectionPlan(dimensions: 4, denseName: "dense", sparseName: "terms")
  plan.template = .small
  return plan
}()

func point(_ number: UInt64, _ dense: [Float], _ terms: String, path: String) -> QdrantPoint {
  var point = QdrantPoint(
    id: PointID(high: 0x8000, low: 0b10 << 62 | number),
    payload: [.init("path", .string(path)), .init("terms", .string(terms)), .init("number", .integer(Int(number)))])
  point.dense["dense"] = dense
  point.sparse["terms"] = SparseVector(terms.split(separator: " ").map { (UInt32($0.utf8.count), 1) })
  return point
}
