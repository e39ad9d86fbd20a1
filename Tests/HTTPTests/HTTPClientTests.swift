import Disk
import HTTP
import Primitives
import TestSupport
import Testing

@Suite struct HTTPClientTests {
  let client = HTTPClient()

  /// What `body` throws.

  @Test func `status, headers and body come back, and the connection is used again`() throws {
    let server = try TestServer { exchange in
      exchange.reply(
        exchange.number == 1 ? 200 : 404, exchange.request.text + "!", headers: [("X-Number", "\(exchange.number)")])
    }
    var request = HTTPRequest("POST", server.url("/a?b=c"))
    request.headers = [HTTPHeader("X-Question", "why")]
    request.body = Array("hello".utf8)
    let response = try client.send(request)
    #expect(response.status == 200 && response.body == Array("hello!".utf8))
    #expect(response.header("x-number") == "1")
    #expect(try client.send(HTTPRequest("GET", server.url())).status == 404)
    #expect(server.requests.map(\.path) == ["/a?b=c", "/"] && server.requests.map(\.method) == ["POST", "GET"])
    #expect(server.requests.first?.headers["x-question"] == "why" && server.requests.first?.headers["expect"] == nil)
    #expect(server.connectionCount == 1)
  }

  @Test func `a large body goes up whole, and an empty one has a length`() throws {
    let server = try TestServer {
      $0.reply(200, "\($0.request.body.count) \($0.request.headers["content-length"] ?? "")")
    }
    var request = HTTPRequest("POST", server.url())
    request.body = [UInt8](repeating: 7, count: 3_000_000)
    #expect(try client.send(request).body == Array("3000000 3000000".utf8))
    request.body = nil
    #expect(try client.send(request).body == Array("0 0".utf8))
  }

  @Test func `a server that hangs is left after the limit of silence`() throws {
    let server = try TestServer { $0.hang() }
    var request = HTTPRequest("GET", server.url())
    request.idleTimeLimit = .milliseconds(50)
    let failure = failure { () throws(Failure) in try client.send(request) }
    #expect(
      failure?.code == .timedOut && failure?.message.contains("127.0.0.1:\(server.port) was silent for 0.05 s") == true)
  }

  @Test func `a server that drips is left after the limit of the whole`() throws {
    let server = try TestServer { exchange in
      exchange.begin(200)
      // Ends when the client goes.
      while exchange.send(".") { _ = try? SystemClock().wait(for: .milliseconds(5), nil) }
    }
    var request = HTTPRequest("GET", server.url())
    request.timeLimit = .milliseconds(100)
    let failure = failure { () throws(Failure) in try client.send(request) }
    #expect(failure?.code == .timedOut && failure?.message.contains("took more than 0.1 s") == true)
  }

  @Test func `a gigabyte is refused once the limit is reached`() throws {
    let server = try TestServer { exchange in
      exchange.begin(200, headers: [("Content-Length", "\(1 << 30)")])
      let part = [UInt8](repeating: 65, count: 1 << 16)
      for _ in 0..<(1 << 14) { guard exchange.send(part) else { return } }
    }
    var request = HTTPRequest("GET", server.url())
    request.bodyLimit = 1 << 20
    #expect(failure { () throws(Failure) in try client.send(request) }?.code == .tooLarge)
  }

  @Test func `a head without an end is refused`() throws {
    let server = try TestServer { exchange in
      exchange.send("HTTP/1.1 200 OK\r\n")
      while exchange.send("X-More: \(String(repeating: "x", count: 1000))\r\n") {}
    }
    #expect(failure { () throws(Failure) in try client.send(HTTPRequest("GET", server.url())) } != nil)
  }

  @Test func `a connection that breaks in the middle is a failure, not half an answer`() throws {
    let server = try TestServer { exchange in
      exchange.begin(200, headers: [("Content-Length", "100")])
      exchange.send("only this")
    }
    #expect(failure { () throws(Failure) in try client.send(HTTPRequest("GET", server.url())) }?.code == .interrupted)
  }

  @Test func `a port that nobody listens on and a host that does not exist are told apart from the rest`() throws {
    var port = 0
    do { port = try TestServer { $0.reply(200) }.port }
    let refused = failure { () throws(Failure) in try client.send(HTTPRequest("GET", "http://127.0.0.1:\(port)/")) }
    #expect(refused?.code == .unreachable && refused?.message.contains("nothing answers at 127.0.0.1:\(port)") == true)
    let unknown = failure { () throws(Failure) in try client.send(HTTPRequest("GET", "http://no-such-host.invalid/")) }
    #expect(unknown?.code == .unreachable && unknown?.message.contains("no-such-host.invalid cannot be found") == true)
  }

  @Test func `https to a server that speaks plain http says so`() throws {
    let server = try TestServer { $0.reply(200) }
    let failure = failure { () throws(Failure) in
      try client.send(HTTPRequest("GET", "https://127.0.0.1:\(server.port)/"))
    }
    #expect(failure?.code == .notTrusted && failure?.message.contains("http://") == true)
  }

  @Test func `what is not HTTP is a bad answer`() throws {
    let server = try TestServer { $0.send("SSH-2.0-OpenSSH_9.2\r\n") }
    #expect(failure { () throws(Failure) in try client.send(HTTPRequest("GET", server.url())) }?.code == .badAnswer)
  }

  @Test func `a redirect keeps the key on its own host and leaves it behind on the way to another`() throws {
    let other = try TestServer { $0.reply(200, "other") }
    let server = try TestServer { exchange in
      switch exchange.request.path {
      case "/a/near": exchange.reply(302, headers: [("Location", "far")])
      case "/a/far": exchange.reply(307, headers: [("Location", other.url("/end"))])
      default: exchange.reply(404)
      }
    }
    var request = HTTPRequest("GET", server.url("/a/near"))
    request.headers = [
      HTTPHeader("Authorization", "Bearer secret"), HTTPHeader("X-Api-Key", "secret"), HTTPHeader("Accept", "a"),
    ]
    let response = try client.send(request)
    #expect(response.status == 200 && response.body == Array("other".utf8))
    #expect(server.requests.map { $0.headers["authorization"] } == ["Bearer secret", "Bearer secret"])
    let last = try #require(other.requests.first)
    #expect(last.headers["authorization"] == nil && last.headers["x-api-key"] == nil && last.headers["accept"] == "a")
  }

  @Test func `a redirect of a POST is not followed`() throws {
    let other = try TestServer { $0.reply(200) }
    let server = try TestServer { $0.reply(307, headers: [("Location", other.url())]) }
    var request = HTTPRequest("POST", server.url())
    request.headers = [HTTPHeader("Authorization", "Bearer secret")]
    #expect(try client.send(request).status == 307)
    #expect(other.requests.isEmpty)
  }

  @Test func `a circle of redirects ends`() throws {
    let server = try TestServer { $0.reply(301, headers: [("Location", "/again")]) }
    #expect(failure { () throws(Failure) in try client.send(HTTPRequest("GET", server.url())) }?.code == .badAnswer)
    #expect(server.requests.count == 6)
  }

  @Test func `another thread can stop a request that waits`() throws {
    let server = try TestServer { $0.hang() }
    let cancellation = Cancellation()
    let url = server.url()
    let client = client
    let result = Monitor<Failure.Code?>(nil)
    let thread = BlockingThread {
      do throws(Failure) { _ = try client.send(HTTPRequest("GET", url), cancellation: cancellation) } catch {
        let code = error.code
        result.update { $0 = code }
      }
    }
    server.wait(forRequestCount: 1)
    let began = ContinuousClock.now
    cancellation.cancel()
    thread?.join()
    #expect(result.wait { $0 } == .cancelled)
    #expect(ContinuousClock.now - began < .seconds(5))
    #expect(
      failure { () throws(Failure) in try client.send(HTTPRequest("GET", url), cancellation: cancellation) }?.code
        == .cancelled)
  }

  @Test func `many threads send at once`() throws {
    let server = try TestServer { $0.reply(200, $0.request.path) }
    let right = Monitor(0)
    let urls = (0..<64).map { (server.url("/\($0)"), "/\($0)") }
    let client = client
    parallelWalk(urls, threadCount: 8) { item, _ in
      let body = try? client.send(HTTPRequest("GET", item.0)).body
      if body == Array(item.1.utf8) { right.update { $0 += 1 } }
      return []
    }
    #expect(right.wait { $0 == 64 ? $0 : nil } == 64)
    #expect(server.connectionCount <= 8)
  }

  @Test func `a body is handed on as it comes, and that of an error is kept`() throws {
    let isRead = Monitor(false)
    let server = try TestServer { exchange in
      if exchange.request.path == "/error" { return exchange.reply(500, "no") }
      exchange.begin(200)
      exchange.send("first")
      // The second part is sent only when the first has arrived.
      isRead.wait { $0 ? () : nil }
      exchange.send("second")
    }
    var text = ""
    var status = 0
    _ = try client.stream(HTTPRequest("GET", server.url())) { head throws(Failure) in
      status = head.status
    } onBody: { bytes throws(Failure) in
      for index in bytes.indices { text.unicodeScalars.append(Unicode.Scalar(bytes[index])) }
      isRead.update { $0 = true }
      return true
    }
    #expect(status == 200 && text == "firstsecond")
    let error = try client.stream(HTTPRequest("GET", server.url("/error"))) { _ throws(Failure) in
      Issue.record("handed on")
      return true
    }
    #expect(error.status == 500 && error.body == Array("no".utf8))
  }

  @Test func `what the receiver throws ends the request`() throws {
    let server = try TestServer { exchange in
      exchange.begin(200)
      while exchange.send("more") {}
    }
    let failure = failure { () throws(Failure) in
      try client.stream(HTTPRequest("GET", server.url())) { _ throws(Failure) in throw Failure(.damaged, "enough") }
    }
    #expect(failure?.code == .damaged)
  }

  @Test func `a header with a line feed and a URL with a password are refused`() throws {
    var request = HTTPRequest("GET", "http://127.0.0.1/")
    request.headers = [HTTPHeader("X", "a\r\nY: b")]
    #expect(failure { () throws(Failure) in try client.send(request) }?.code == .invalidArgument)
    for url in [
      "http://me:secret@host/", "ftp://host/", "file:///etc/passwd", "http:///x", "http://host:99999/", "http://a b/",
      "",
    ] {
      let failure = failure { () throws(Failure) in try client.send(HTTPRequest("GET", url)) }
      #expect(failure?.code == .invalidArgument && failure?.description.contains("secret") == false, "\(url)")
    }
  }
}
