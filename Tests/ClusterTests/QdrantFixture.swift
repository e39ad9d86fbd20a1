import Cluster
import HTTP
import JSON
import Primitives
import Qdrant
import TestSupport

extension QdrantServer {
  /// A store of its own over the server; its clock only counts.
  func store(
    _ layout: QdrantStore.Layout = QdrantStore.Layout(), clock: TestClock = TestClock()
  ) throws -> QdrantStore {
    var options = QdrantOptions()
    options.address = address
    options.timeLimit = .seconds(300)
    return try QdrantStore(options, layout: layout, environment: [:], clock: clock)
  }

  /// What was not as the interface has it.
  func wrong() throws -> [String] {
    let document = try JSONValue(parsing: HTTPClient().send(HTTPRequest("GET", address + "/test/report")).body)
    return document["wrong"]?.array?.compactMap(\.string) ?? ["no report"]
  }
}
