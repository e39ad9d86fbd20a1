import Disk
import HTTP
import Primitives
import TestSupport
import Testing

@Suite struct DownloadTests {
  let client = HTTPClient()
  let tree: TemporaryTree
  let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
  init() throws { tree = try TemporaryTree(inMemory: true) }
  var file: FilePath { tree.root.appending("model.partial") }

  /// Gives what the range asks for, at most `most` bytes before the connection breaks.
  static func serve(_ exchange: TestExchange, _ content: [UInt8], tag: String = "\"1\"", most: Int = .max) {
    let range = exchange.request.headers["range"].flatMap { Int($0.dropFirst("bytes=".count).dropLast()) } ?? 0
    let sameTag = exchange.request.headers["if-range"].map { $0 == tag } ?? true
    let start = sameTag ? range : 0
    if start >= content.count, start > 0 {
      return exchange.reply(416, headers: [("Content-Range", "bytes */\(content.count)")])
    }
    let rest = Array(content[start...])
    var headers = [("ETag", tag), ("Content-Length", "\(rest.count)")]
    if start > 0 { headers.append(("Content-Range", "bytes \(start)-\(content.count - 1)/\(content.count)")) }
    exchange.begin(start > 0 ? 206 : 200, headers: headers)
    exchange.send(Array(rest.prefix(most)))
  }

  @Test func `a file arrives whole, with progress`() throws {
    let content = content
    let server = try TestServer { Self.serve($0, content) }
    var last = (0, Int?.none)
    try client.download(server.url("/m"), to: file) { last = ($0, $1) }
    #expect(try readFile(file).bytes == content)
    #expect(last.0 == content.count && last.1 == content.count)
  }

  @Test func `a server that breaks off again and again is asked for the rest each time`() throws {
    let content = content
    let server = try TestServer { Self.serve($0, content, most: 50_000) }
    let clock = TestClock()
    try client.download(server.url("/m"), to: file, clock: clock)
    #expect(try readFile(file).bytes == content)
    #expect(server.requests.count == 6)
    #expect(server.requests[1].headers["range"] == "bytes=50000-" && server.requests[1].headers["if-range"] == "\"1\"")
  }

  @Test func `a later call goes on where an earlier one stopped, and one that is complete asks once`() throws {
    let content = content
    let server = try TestServer { Self.serve($0, content) }
    try tree.write("model.partial", Array(content.prefix(1000)))
    try client.download(server.url("/m"), to: file)
    try client.download(server.url("/m"), to: file)
    #expect(try readFile(file).bytes == content)
    #expect(server.requests.map { $0.headers["range"] } == ["bytes=1000-", "bytes=300000-"])
  }

  @Test func `a file that changed on the server is fetched anew`() throws {
    let content = content
    let newer = Array(content.reversed())
    let server = try TestServer { exchange in
      if exchange.number == 1 {
        Self.serve(exchange, content, most: 50_000)
      } else {
        Self.serve(exchange, newer, tag: "\"2\"")
      }
    }
    try client.download(server.url("/m"), to: file, clock: TestClock())
    #expect(try readFile(file).bytes == newer)
  }

  @Test func `a longer rest of another file is emptied and fetched anew`() throws {
    let content = content
    let server = try TestServer { Self.serve($0, content) }
    try tree.write("model.partial", [UInt8](repeating: 1, count: 400_000))
    try client.download(server.url("/m"), to: file, clock: TestClock())
    #expect(try readFile(file).bytes == content)
  }

  @Test func `what is not there and what is too large are said plainly, and a failing server is given up`() throws {
    let server = try TestServer { exchange in
      switch exchange.request.path {
      case "/missing": exchange.reply(404, "<html>nothing</html>")
      case "/large": exchange.reply(200, [UInt8](repeating: 1, count: 5000))
      default: exchange.reply(503)
      }
    }
    let clock = TestClock()
    for (path, code, count) in [
      ("/missing", Failure.Code.notFound, 1), ("/large", .tooLarge, 1), ("/down", .serverError, 5),
    ] {
      let before = server.requests.count
      do throws(Failure) {
        try client.download(server.url(path), to: file, byteLimit: 1000, clock: clock)
        Issue.record("\(path)")
      } catch { #expect(error.code == code, "\(error)") }
      #expect(server.requests.count - before == count, "\(path)")
    }
  }
}
