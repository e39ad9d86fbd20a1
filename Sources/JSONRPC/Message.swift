package import JSON
import Primitives

/// By what a request is answered and cancelled: what its sender chose.
package enum RequestID: Hashable, Sendable {
  case number(Int)
  case text(String)

  /// Nil for what is no identifier: null, a fraction, anything else.
  package init?(_ value: JSONValue?) {
    switch value {
    case .integer(let number): self = .number(number)
    case .string(let text): self = .text(text)
    default: return nil
    }
  }

  package var json: JSONValue {
    switch self {
    case .number(let number): .integer(number)
    case .text(let text): .string(text)
    }
  }
}

/// What is wrong with a message, as its sender is told.
package struct MessageError: Error, Hashable, Sendable {
  package var code: Int
  package var message: String
  package var data: JSONValue?
  /// Of the request that it answers; nil where that is not known.
  package var id: RequestID?

  package init(_ code: Int, _ message: String, data: JSONValue? = nil, id: RequestID? = nil) {
    self.code = code
    self.message = message
    self.data = data
    self.id = id
  }

  /// The codes of JSON-RPC 2.0.
  package static let parseError = -32700
  package static let invalidRequest = -32600
  package static let methodNotFound = -32601
  package static let invalidParams = -32602
  /// More is asked at once than is taken on: the first of those that are left to the implementation.
  package static let overloaded = -32000
}

/// A request, which is to be answered.
package struct Request: Hashable, Sendable {
  package var id: RequestID
  package var method: String
  /// An object; nil where there are none.
  package var params: JSONValue?

  package init(id: RequestID, method: String, params: JSONValue? = nil) {
    self.id = id
    self.method = method
    self.params = params
  }
}

/// One message of JSON-RPC 2.0, as it was read.
package enum Message: Hashable, Sendable {
  case request(Request)
  /// Nothing is answered to it, whatever it says.
  case notification(method: String, params: JSONValue?)
  /// An answer, to nothing that was asked.
  case response

  /// Reads one message. Throws what to answer where it is none: an array of messages is none either.
  package init(parsing line: [UInt8]) throws(MessageError) {
    let document: JSONValue
    do throws(Failure) { document = try JSONValue(parsing: line) } catch {
      // A client that cut a text in the middle of a character still waits for the answer to its request.
      guard let mended = line.withoutLoneSurrogates, let value = try? JSONValue(parsing: mended) else {
        throw MessageError(
          MessageError.parseError, "this line is not JSON in UTF-8: \(error.cause ?? error.message)")
      }
      guard value["id"]?.string?.unicodeScalars.contains("\u{FFFD}") != true else {
        throw MessageError(
          MessageError.invalidRequest, "\"id\" holds half a character (a lone surrogate), and no answer could name it")
      }
      document = value
    }
    if case .array = document {
      throw MessageError(MessageError.invalidRequest, "batches are not taken: send each message on a line of its own")
    }
    guard case .object = document else {
      throw MessageError(MessageError.invalidRequest, "a message is a JSON object")
    }
    let id = RequestID(document["id"])
    guard document["jsonrpc"]?.string == "2.0" else {
      throw MessageError(MessageError.invalidRequest, "\"jsonrpc\" must be \"2.0\"", id: id)
    }
    guard let method = document["method"] else {
      guard document["result"] != nil || document["error"] != nil else {
        throw MessageError(MessageError.invalidRequest, "there is no \"method\"", id: id)
      }
      self = .response
      return
    }
    guard case .string(let name) = method else {
      throw MessageError(MessageError.invalidRequest, "\"method\" must be a string", id: id)
    }
    let params = document["params"].flatMap { $0.isNull ? nil : $0 }
    guard document["id"] != nil else {
      self = .notification(method: name, params: params)
      return
    }
    guard let id else {
      throw MessageError(MessageError.invalidRequest, "\"id\" must be a string or an integer")
    }
    if let params, params.members == nil {
      throw MessageError(MessageError.invalidParams, "\"params\" must be an object", id: id)
    }
    self = .request(Request(id: id, method: name, params: params))
  }
}

extension [UInt8] {
  /// JSON with U+FFFD in the place of each escape that is half a character: of a surrogate without the other one. Nil
  /// where there is none.
  fileprivate var withoutLoneSurrogates: [UInt8]? {
    /// The number of an escape `\\uXXXX` at `start`; nil where there is none.
    func unit(at start: Int) -> Int? {
      guard start + 6 <= count, self[start] == UInt8(ascii: "\\"), self[start + 1] == UInt8(ascii: "u") else {
        return nil
      }
      return Int(String(decoding: self[(start + 2)..<(start + 6)], as: UTF8.self), radix: 16)
    }
    var mended = self
    var isMended = false
    var offset = 0
    while offset < count {
      guard self[offset] == UInt8(ascii: "\\") else {
        offset += 1
        continue
      }
      guard let first = unit(at: offset), (0xD800...0xDFFF).contains(first) else {
        offset += 2
        continue
      }
      if first < 0xDC00, let second = unit(at: offset + 6), (0xDC00...0xDFFF).contains(second) {
        offset += 12
        continue
      }
      mended.replaceSubrange((offset + 2)..<(offset + 6), with: "fffd".utf8)
      isMended = true
      offset += 6
    }
    return isMended ? mended : nil
  }
}

extension JSONValue {
  /// The answer to the request `id`.
  package static func response(to id: RequestID, _ result: JSONValue) -> JSONValue {
    .object([Member("jsonrpc", "2.0"), Member("id", id.json), Member("result", result)])
  }

  /// The same where it went wrong.
  package static func response(_ error: MessageError) -> JSONValue {
    var members = [Member("code", .integer(error.code)), Member("message", .string(error.message))]
    if let data = error.data { members.append(Member("data", data)) }
    return .object([
      Member("jsonrpc", "2.0"), Member("id", error.id?.json ?? .null), Member("error", .object(members)),
    ])
  }

  package static func notification(_ method: String, _ params: JSONValue) -> JSONValue {
    .object([Member("jsonrpc", "2.0"), Member("method", .string(method)), Member("params", params)])
  }
}
