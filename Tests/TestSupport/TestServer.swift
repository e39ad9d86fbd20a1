import Glibc
package import Primitives
import Synchronization

/// A small HTTP/1.1 server in the test's process: a real socket on 127.0.0.1, a thread for each connection, answers
/// that the test scripts byte by byte. It ends with the value.
///
///     let server = try TestServer { exchange in exchange.reply(200, "hello") }
///     client.send(HTTPRequest("GET", server.url("/x")))
package final class TestServer: Sendable {
  private struct State {
    var requests: [TestRequest] = []
    /// The descriptors of connections that are open.
    var open: Set<Int32> = []
    var connectionCount = 0
    var isStopped = false
  }
  private let state = Monitor(State())
  private let listener: Int32
  private let acceptor = Mutex<BlockingThread?>(nil)
  package let port: Int

  /// - Parameter answer: called for each request on its connection's thread; the connection is closed afterwards unless
  ///   `reply` was the last thing that was done.
  package init(_ answer: @escaping @Sendable (TestExchange) -> Void) throws(Failure) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard listener >= 0 else { throw Failure(.inputOutput, "no socket") }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        unsafe bind(listener, generic, size) == 0 && listen(listener, 64) == 0
          && getsockname(listener, generic, &size) == 0
      }
    }
    guard isListening else { throw Failure(.inputOutput, "the socket cannot listen") }
    self.listener = listener
    port = Int(UInt16(bigEndian: address.sin_port))

    let state = state
    let thread = BlockingThread {
      while true {
        let connection = accept(listener, nil, nil)
        if connection < 0 && errno == EINTR { continue }
        guard connection >= 0 else { return }
        let isWelcome = state.changing { (state) -> Bool in
          guard !state.isStopped else { return false }
          state.open.insert(connection)
          state.connectionCount += 1
          return true
        }
        let served = isWelcome ? BlockingThread { Self.serve(connection, state, answer) } : nil
        if let served { served.detach() } else { close(connection) }
      }
    }
    guard let thread else { throw Failure(.inputOutput, "no thread") }
    acceptor.withLock { $0 = thread }
  }

  deinit {
    state.update { state in
      state.isStopped = true
      for connection in state.open { shutdown(connection, Int32(SHUT_RDWR)) }
    }
    shutdown(listener, Int32(SHUT_RDWR))
    acceptor.withLock { $0?.join() }
    close(listener)
    // Until every thread has closed its connection.
    state.wait { $0.open.isEmpty ? () : nil }
  }

  package func url(_ path: String = "") -> String { "http://127.0.0.1:\(port)\(path)" }
  /// Every request so far, in the order in which they were read.
  package var requests: [TestRequest] { state.changing { $0.requests } }
  package var connectionCount: Int { state.changing { $0.connectionCount } }
  /// Waits until so many requests were read.
  package func wait(forRequestCount count: Int) { state.wait { $0.requests.count >= count ? () : nil } }

  private static func serve(
    _ connection: Int32, _ state: Monitor<State>, _ answer: @Sendable (TestExchange) -> Void
  ) {
    let wire = TestWire(connection)
    while let request = TestRequest(wire) {
      let number = state.changing { (state) -> Int in
        state.requests.append(request)
        return state.requests.count
      }
      let exchange = TestExchange(request, number: number, wire)
      answer(exchange)
      if !exchange.mayGoOn { break }
    }
    state.update { state in
      state.open.remove(connection)
      close(connection)
    }
  }
}

extension Monitor {
  /// Changes the state and gives what `body` gives.
  fileprivate func changing<Value>(_ body: (inout State) -> Value) -> Value {
    var value: Value?
    update { value = body(&$0) }
    return value!
  }
}

/// A request as it came in.
package struct TestRequest: Hashable, Sendable {
  package var method = ""
  package var path = ""
  /// Names in lower case.
  package var headers: [String: String] = [:]
  package var body: [UInt8] = []

  package var text: String { String(decoding: body, as: UTF8.self) }

  fileprivate init?(_ wire: TestWire) {
    guard let first = wire.peek() else { return nil }
    guard (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first) else {
      // As real servers answer the beginning of an encrypted connection.
      _ = wire.write(Array("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".utf8))
      return nil
    }
    var lines: [String] = []
    while true {
      guard let line = wire.readLine() else { return nil }
      if line.isEmpty { break }
      lines.append(line)
    }
    let words = lines.first?.split(separator: " ") ?? []
    guard words.count == 3 else { return nil }
    method = String(words[0])
    path = String(words[1])
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { return nil }
      headers[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
    }
    guard let body = wire.read(Int(headers["content-length"] ?? "0") ?? 0) else { return nil }
    self.body = body
  }
}

/// One request and the way to answer it.
package final class TestExchange {
  package let request: TestRequest
  /// From 1, over all connections of the server.
  package let number: Int
  private let wire: TestWire
  fileprivate private(set) var mayGoOn = false

  fileprivate init(_ request: TestRequest, number: Int, _ wire: TestWire) {
    self.request = request
    self.number = number
    self.wire = wire
  }

  /// A whole answer.
  package func reply(_ status: Int, _ body: String = "", headers: [(String, String)] = []) {
    reply(status, Array(body.utf8), headers: headers)
  }
  package func reply(_ status: Int, _ body: [UInt8], headers: [(String, String)] = []) {
    begin(status, headers: headers + [("Content-Length", "\(body.count)")])
    mayGoOn = request.method == "HEAD" || send(body)
  }

  /// The head of an answer whose body follows by `send`; without a length it ends where the connection does.
  package func begin(_ status: Int, headers: [(String, String)] = []) {
    send("HTTP/1.1 \(status) Scripted\r\n" + headers.map { "\($0.0): \($0.1)\r\n" }.joined() + "\r\n")
  }

  /// Bytes as they are; false when the client has gone.
  @discardableResult package func send(_ bytes: [UInt8]) -> Bool { wire.write(bytes) }
  @discardableResult package func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  /// Says nothing more until the client or the server goes.
  package func hang() { while wire.read(1) != nil {} }
}

/// Bytes over a connected socket.
private final class TestWire {
  private let connection: Int32
  private var buffer: ArraySlice<UInt8> = []
  init(_ connection: Int32) { self.connection = connection }

  /// The next byte, which stays.
  func peek() -> UInt8? { buffer.isEmpty && !fill() ? nil : buffer.first }

  /// Without its end.
  func readLine() -> String? {
    while true {
      if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
        let line = buffer[..<end]
        buffer = buffer[(end + 1)...]
        return String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
      }
      guard fill() else { return nil }
    }
  }

  func read(_ count: Int) -> [UInt8]? {
    while buffer.count < count { guard fill() else { return nil } }
    defer { buffer = buffer.dropFirst(count) }
    return Array(buffer.prefix(count))
  }

  private func fill() -> Bool {
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let got = unsafe bytes.withUnsafeMutableBytes { buffer in
      unsafe recv(connection, buffer.baseAddress, buffer.count, 0)
    }
    guard got > 0 else { return false }
    buffer += bytes.prefix(got)
    return true
  }

  func write(_ bytes: [UInt8]) -> Bool {
    var done = 0
    while done < bytes.count {
      let sent = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.send(connection, buffer.baseAddress! + done, buffer.count - done, Int32(MSG_NOSIGNAL))
      }
      guard sent > 0 else { return false }
      done += sent
    }
    return true
  }
}
