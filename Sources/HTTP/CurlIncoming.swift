import Disk
import Primitives

/// What the library's callbacks collect between two deliveries. Callbacks come on the thread that drives the transfer;
/// what the receiver of the answer throws must not cross C, so it is called outside of them.
@safe final class CurlIncoming {
  /// Status and headers of the newest head; a `100 Continue` is replaced by what follows it.
  private(set) var head = HTTPResponse(status: 0, headers: [], body: [])
  /// Where the library writes its own words about an error, ended by a zero.
  let errorText = UnsafeMutableBufferPointer<CChar>.allocate(capacity: 256)

  private let bodyLimit: Int
  private let headLimit: Int
  private let host: String
  private var waiting: [UInt8] = []
  private var bodyByteCount = 0
  private var headByteCount = 0
  private(set) var headIsComplete = false
  private var headIsDelivered = false
  private var hasMoved = false
  private var failure: Failure?

  init(bodyLimit: Int, headLimit: Int, host: String) {
    self.bodyLimit = bodyLimit
    self.headLimit = headLimit
    self.host = host
    unsafe errorText.initialize(repeating: 0)
  }

  deinit { unsafe errorText.deallocate() }

  /// Takes a line of the head; false ends the transfer.
  func receive(header bytes: UnsafeRawBufferPointer) -> Bool {
    hasMoved = true
    headByteCount += bytes.count
    guard headByteCount <= headLimit else {
      failure = Failure(.tooLarge, "\(host) answered with a head of more than \(headLimit) bytes")
      return false
    }
    var line = unsafe Array(bytes)
    while line.last == UInt8(ascii: "\n") || line.last == UInt8(ascii: "\r") { line.removeLast() }
    let text = String(decoding: line, as: UTF8.self)
    if text.hasPrefix("HTTP/") {
      let status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
      head = HTTPResponse(status: status, headers: [], body: [])
      headIsComplete = false
    } else if text.isEmpty {
      // What a proxy says about its tunnel and a provisional answer are followed by another head.
      headIsComplete = head.status >= 200
    } else if let colon = text.firstIndex(of: ":"), !headIsComplete {
      head.headers.append(
        HTTPHeader(String(text[..<colon]), text[text.index(after: colon)...].trimmed))
    }
    return true
  }

  /// Takes a part of the body; false ends the transfer.
  func receive(body bytes: UnsafeRawBufferPointer) -> Bool {
    hasMoved = true
    bodyByteCount += bytes.count
    guard bodyByteCount <= bodyLimit else {
      failure = Failure(.tooLarge, "\(host) answered with more than \(bodyLimit) bytes")
      return false
    }
    unsafe waiting.append(contentsOf: bytes)
    return true
  }

  /// Whether something came in since the last call.
  func takeMovement() -> Bool {
    defer { hasMoved = false }
    return hasMoved
  }

  /// Hands on what has come; gives whether the receiver of the body took some of it for content. Throws what a callback
  /// found wrong, or what the receivers throw.
  func deliver(
    _ onHead: (HTTPResponse) throws(Failure) -> Void, _ onBody: (Span<UInt8>) throws(Failure) -> Bool
  ) throws(Failure) -> Bool {
    var hasContent = false
    if headIsComplete, !headIsDelivered {
      headIsDelivered = true
      try onHead(head)
    }
    if !waiting.isEmpty {
      let part = waiting
      waiting = []
      hasContent = try onBody(part.span)
    }
    if let failure { throw failure }
    return hasContent
  }
}

extension Substring {
  /// Without spaces and tabs at its ends.
  var trimmed: String {
    var rest = self
    while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
    return String(rest.drop { $0 == " " || $0 == "\t" })
  }
}
