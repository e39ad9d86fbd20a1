import CCurl
import Disk
import Primitives

/// One request on its way: sets the options, drives the library until the answer is there or a limit is reached, and
/// hands on what comes in.
struct CurlTransfer {
  /// Head of an answer: more is an attack or a mistake.
  private static let headLimit = 256 << 10
  /// `CURLE_TOO_LARGE`, of libcurl 8.6 and newer.
  private static let tooLarge: UInt32 = 100

  private let request: HTTPRequest
  private let address: WebAddress
  private let deadline: ContinuousClock.Instant?
  private let certificates: FilePath?
  private let asksForCompression: Bool

  init(
    _ request: HTTPRequest, at address: WebAddress, deadline: ContinuousClock.Instant?, certificates: FilePath?,
    asksForCompression: Bool
  ) {
    self.request = request
    self.address = address
    self.deadline = deadline
    self.certificates = certificates
    self.asksForCompression = asksForCompression
  }

  func run(
    on connection: CurlConnection, _ cancellation: Cancellation?,
    onHead: (HTTPResponse) throws(Failure) -> Void, onBody: (Span<UInt8>) throws(Failure) -> Bool
  ) throws(Failure) -> HTTPResponse {
    let incoming = CurlIncoming(bodyLimit: request.bodyLimit, headLimit: Self.headLimit, host: address.hostAndPort)
    let headers = try unsafe headerList()
    defer { unsafe ccurl_list_free(headers) }
    let body = request.body ?? []
    // The library reads the body from where it lies, until the request is done.
    let result = unsafe body.withUnsafeBytes { (bytes) -> Result<Void, Failure> in
      do throws(Failure) {
        unsafe setOptions(connection.easy, headers, bytes, incoming)
        try drive(connection, incoming, cancellation, onHead, onBody)
        return .success(())
      } catch { return .failure(error) }
    }
    try result.get()
    return incoming.head
  }

  /// The headers in the library's form. It frees a list when a line cannot be added, so none is lost.
  private func headerList() throws(Failure) -> UnsafeMutablePointer<curl_slist>? {
    for header in request.headers {
      let isPlain =
        !header.name.isEmpty && !header.name.contains(":")
        && (header.name + header.value).utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
      guard isPlain else {
        throw Failure(.invalidArgument, "the header \(header.name.debugDescription) holds what no header may hold")
      }
    }
    var list: UnsafeMutablePointer<curl_slist>?
    // Without the last one, the library waits for a server's leave before it sends a large body; few servers give it.
    for line in request.headers.map({ "\($0.name): \($0.value)" }) + ["Expect:"] {
      unsafe list = unsafe ccurl_list_append(list, line)
    }
    return unsafe list
  }

  private func setOptions(
    _ easy: UnsafeMutableRawPointer, _ headers: UnsafeMutablePointer<curl_slist>?, _ body: UnsafeRawBufferPointer,
    _ incoming: CurlIncoming
  ) {
    func number(_ option: CURLoption, _ value: Int) { _ = unsafe ccurl_set_number(easy, option, value) }
    func text(_ option: CURLoption, _ value: String) { _ = unsafe ccurl_set_text(easy, option, value) }
    unsafe ccurl_easy_reset(easy)
    text(CURLOPT_URL, address.description)
    text(CURLOPT_PROTOCOLS_STR, "http,https")
    number(CURLOPT_FOLLOWLOCATION, 0)
    // Signals are the program's; and a look-up that hangs must not hold up the end of a request.
    number(CURLOPT_NOSIGNAL, 1)
    number(CURLOPT_QUICK_EXIT, 1)
    number(CURLOPT_TCP_KEEPALIVE, 1)
    if address.isThisMachine { text(CURLOPT_PROXY, "") }
    if let certificates { text(CURLOPT_CAINFO, certificates.description) }
    if asksForCompression { text(CURLOPT_ACCEPT_ENCODING, "") }
    text(CURLOPT_USERAGENT, "cairn")
    _ = unsafe ccurl_set_pointer(easy, CURLOPT_HTTPHEADER, headers)
    switch request.method {
    case "GET": number(CURLOPT_HTTPGET, 1)
    case "HEAD": number(CURLOPT_NOBODY, 1)
    default:
      number(CURLOPT_POST, 1)
      if request.method != "POST" { text(CURLOPT_CUSTOMREQUEST, request.method) }
      _ = unsafe ccurl_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, body.count)
      // With no pointer at all it would read the body from elsewhere.
      if let start = body.baseAddress {
        _ = unsafe ccurl_set_pointer(easy, CURLOPT_POSTFIELDS, UnsafeMutableRawPointer(mutating: start))
      } else {
        text(CURLOPT_COPYPOSTFIELDS, "")
      }
    }
    let context = unsafe Unmanaged.passUnretained(incoming).toOpaque()
    _ = unsafe ccurl_set_pointer(easy, CURLOPT_WRITEDATA, context)
    _ = unsafe ccurl_set_pointer(easy, CURLOPT_HEADERDATA, context)
    _ = unsafe ccurl_set_callback(easy, CURLOPT_WRITEFUNCTION, receiveBody)
    _ = unsafe ccurl_set_callback(easy, CURLOPT_HEADERFUNCTION, receiveHeader)
    _ = unsafe ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, incoming.errorText.baseAddress)
  }

  private func drive(
    _ connection: CurlConnection, _ incoming: CurlIncoming, _ cancellation: Cancellation?,
    _ onHead: (HTTPResponse) throws(Failure) -> Void, _ onBody: (Span<UInt8>) throws(Failure) -> Bool
  ) throws(Failure) {
    guard unsafe ccurl_multi_add(connection.multi, connection.easy) == 0 else {
      throw Failure(.inputOutput, "libcurl does not take the request")
    }
    defer { _ = unsafe ccurl_multi_remove(connection.multi, connection.easy) }
    guard let cancellation else { return try loop(connection, incoming, nil, onHead, onBody) }
    try cancellation.whileWatching(connection.wake) { () throws(Failure) in
      try loop(connection, incoming, cancellation, onHead, onBody)
    }
  }

  private func loop(
    _ connection: CurlConnection, _ incoming: CurlIncoming, _ cancellation: Cancellation?,
    _ onHead: (HTTPResponse) throws(Failure) -> Void, _ onBody: (Span<UInt8>) throws(Failure) -> Bool
  ) throws(Failure) {
    // The last byte, or the last piece of content where only that counts.
    var lastMovement = ContinuousClock.now
    var hasMovedSince = false
    var sent = 0
    while true {
      var running: Int32 = 0
      guard unsafe ccurl_multi_perform(connection.multi, &running) == 0 else {
        throw Failure(.inputOutput, "libcurl cannot go on with the request")
      }
      var code = CURLE_OK
      let isDone = unsafe ccurl_multi_result(connection.multi, &code) == 1
      let hasContent = try incoming.deliver(onHead, onBody)
      try cancellation?.check()
      if isDone { return try finish(connection, incoming, code) }

      let now = ContinuousClock.now
      let uploaded = unsafe ccurl_size(connection.easy, CURLINFO_SIZE_UPLOAD_T)
      let hasMoved = incoming.takeMovement()
      if uploaded != sent || (request.limitsContent ? hasContent : hasMoved) {
        (lastMovement, hasMovedSince) = (now, false)
      } else if hasMoved {
        hasMovedSince = true
      }
      sent = uploaded
      let idleEnd = lastMovement + request.idleTimeLimit
      let end = deadline.map { min($0, idleEnd) } ?? idleEnd
      guard now < end else { throw timeOut(isIdle: end == idleEnd, hasMoved: hasMovedSince) }
      // Rounded up: a wait that ends a little early would be followed by a spin.
      let milliseconds = min(60_000, (end - now).milliseconds + 1)
      _ = unsafe ccurl_multi_poll(connection.multi, Int32(milliseconds))
    }
  }

  private func timeOut(isIdle: Bool, hasMoved: Bool) -> Failure {
    let limit = isIdle ? request.idleTimeLimit : (request.timeLimit ?? request.idleTimeLimit)
    let seconds = Double(limit.milliseconds) / 1000
    let message =
      if !isIdle {
        "\(address.hostAndPort) took more than \(seconds) s: it may be busy"
      } else if hasMoved {
        "\(address.hostAndPort) sent no part of an answer for \(seconds) s, only bytes without content: it may be stuck"
      } else {
        "\(address.hostAndPort) was silent for \(seconds) s: it may be busy or stuck"
      }
    return Failure(.timedOut, message + (request.timeLimitSetting.map { "; \($0) allows more" } ?? ""))
  }

  private func finish(
    _ connection: CurlConnection, _ incoming: CurlIncoming, _ code: CURLcode
  ) throws(Failure) {
    guard code != CURLE_OK else {
      // An HTTP answer has a head; the library lets one of version 0.9 pass without.
      guard incoming.head.status > 0 else {
        throw Failure(.badAnswer, "\(address.hostAndPort) does not speak HTTP: check the address and the port")
      }
      return
    }
    // So the library says that a line of the head is longer than it takes, before it has given any of it.
    if !incoming.headIsComplete, code == CURLE_OUT_OF_MEMORY || code.rawValue == Self.tooLarge {
      throw Failure(.tooLarge, "\(address.hostAndPort) answered with headers that are too long: check the address")
    }
    let detail = unsafe incoming.errorText.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    let cause =
      detail.isEmpty
      ? unsafe String(cString: ccurl_easy_strerror(code)) : String(decoding: detail, as: UTF8.self)
    throw Failure(transport: code, to: address, cause: cause)
  }
}

extension Duration {
  /// Whole milliseconds, rounded down.
  var milliseconds: Int {
    Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
  }
}

private func receiveBody(
  start: UnsafeMutablePointer<CChar>?, size: Int, count: Int, context: UnsafeMutableRawPointer?
) -> Int {
  guard let context = unsafe context else { return 0 }
  let incoming = unsafe Unmanaged<CurlIncoming>.fromOpaque(context).takeUnretainedValue()
  return unsafe incoming.receive(body: UnsafeRawBufferPointer(start: start, count: size * count)) ? size * count : 0
}

private func receiveHeader(
  start: UnsafeMutablePointer<CChar>?, size: Int, count: Int, context: UnsafeMutableRawPointer?
) -> Int {
  guard let context = unsafe context else { return 0 }
  let incoming = unsafe Unmanaged<CurlIncoming>.fromOpaque(context).takeUnretainedValue()
  return unsafe incoming.receive(header: UnsafeRawBufferPointer(start: start, count: size * count)) ? size * count : 0
}
