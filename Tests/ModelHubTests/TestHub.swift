import Disk
import Foundation
import HTTP
import ModelHub
import Primitives
import Synchronization
import TestSupport

/// A hub with one repository, `maker/small`, in the test's process, and a store that pulls from it.
final class TestHub: Sendable {
  let tree: TemporaryTree
  let server: TestServer
  private let state: State
  var files: [String: [UInt8]] { state.files.withLock { $0 } }

  /// What the server's threads and the test share.
  private final class State: Sendable {
    let files: Mutex<[String: [UInt8]]>
    let interferes = Mutex<(@Sendable (TestExchange, [UInt8]) -> Bool)?>(nil)
    init(_ files: [String: [UInt8]]) { self.files = Mutex(files) }
  }

  static let commit = String(repeating: "c0ffee00", count: 5)

  init() throws {
    tree = try TemporaryTree(inMemory: true)
    var random = SeededRandom(seed: 1)
    let weights = (0..<300_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    let files = [
      "onnx/model.onnx": weights, "tokenizer.json": Array("{\"tokenizer\": 1}".utf8),
      "config.json": Array("{\"hidden_size\": 8}".utf8),
    ]
    let state = State(files)
    self.state = state
    server = try TestServer { exchange in
      let path = exchange.request.path
      let files = state.files.withLock { $0 }
      if path == "/api/models/maker/small/revision/main" {
        return exchange.reply(200, "{\"sha\": \"\(Self.commit)\"}")
      }
      if path == "/api/models/maker/small/tree/\(Self.commit)?recursive=true" {
        return exchange.reply(200, Self.listing(files))
      }
      guard let name = path.range(of: "/maker/small/resolve/\(Self.commit)/").map({ String(path[$0.upperBound...]) }),
        let content = files[name]
      else { return exchange.reply(404, "nothing here") }
      if let interferes = state.interferes.withLock({ $0 }), interferes(exchange, content) { return }
      Self.serve(exchange, content)
    }
  }

  /// As a hub does: the part that is asked for.
  static func serve(_ exchange: TestExchange, _ content: [UInt8]) {
    guard let range = exchange.request.headers["range"], range.hasPrefix("bytes="),
      let start = Int(range.dropFirst("bytes=".count).prefix { $0 != "-" })
    else { return exchange.reply(200, content) }
    guard start < content.count else {
      return exchange.reply(416, "", headers: [("Content-Range", "bytes */\(content.count)")])
    }
    exchange.reply(
      206, Array(content[start...]),
      headers: [("Content-Range", "bytes \(start)-\(content.count - 1)/\(content.count)")])
  }

  private static func listing(_ files: [String: [UInt8]]) -> String {
    let entries = files.keys.sorted().map { path -> String in
      let content = files[path] ?? []
      let lfs = path.hasSuffix(".onnx") ? ", \"lfs\": {\"oid\": \"\(SHA256.hash(of: content.span))\"}" : ""
      return "{\"type\": \"file\", \"path\": \"\(path)\", \"size\": \(content.count)\(lfs)}"
    }
    return "[{\"type\": \"directory\", \"path\": \"onnx\"}, " + entries.joined(separator: ", ") + "]"
  }

  /// Calls `interferes` before a file is served; it gives true when it has answered itself.
  func interfere(_ interferes: (@Sendable (TestExchange, [UInt8]) -> Bool)?) {
    state.interferes.withLock { $0 = interferes }
  }
  func put(_ name: String, _ content: [UInt8]) { state.files.withLock { $0[name] = content } }

  var store: ModelStore { ModelStore(directory: tree.root.appending("models")) }

  func pull(cancellation: Cancellation? = nil, progress: @escaping (ModelPull.Progress) -> Void = { _ in }) -> ModelPull
  {
    ModelPull(
      store: store, hub: Hub(address: server.url(), client: HTTPClient()), clock: TestClock(),
      cancellation: cancellation, progress: progress)
  }

  /// The entry of a registry for `maker/small`, with the right hashes or with `weightsHash`.
  func model(weightsHash: String? = nil, configHash: String? = nil) -> RegisteredModel {
    let files = files
    func file(_ name: String, _ precision: RegisteredModel.Precision?, _ hash: String?) -> RegisteredModel.File {
      RegisteredModel.File(
        source: name, target: name, byteCount: files[name]?.count, sha256: hash, precision: precision)
    }
    func hash(_ name: String) -> String {
      let content = files[name] ?? []
      return SHA256.hash(of: content.span)
    }
    return RegisteredModel(
      name: "small", aliases: ["s"], kind: .embedding, repository: "maker/small", revision: Self.commit,
      dimensions: 8, tokenLimit: 64, pooling: .cls, queryPrefix: "find: ", documentPrefix: "", licence: "MIT",
      summary: "A model for tests.",
      files: [
        file("onnx/model.onnx", .fp32, weightsHash ?? hash("onnx/model.onnx")),
        file("tokenizer.json", nil, hash("tokenizer.json")), file("config.json", nil, configHash),
      ])
  }

  /// Requests for files, without those for the list.
  var fileRequests: [TestRequest] { server.requests.filter { $0.path.contains("/resolve/") } }
}
