package import HTTP
import JSON
import Primitives

/// A server that keeps models in repositories, as huggingface.co and its mirrors do.
package struct Hub: Sendable {
  package static let defaultAddress = "https://huggingface.co"

  /// A file as a repository lists it.
  struct ListedFile: Hashable {
    var path: String
    var byteCount: Int?
    /// Of files that the repository keeps outside of git, which all weights are.
    var sha256: String?
  }

  let address: String
  let client: HTTPClient

  /// - Parameter address: without a path below the server's own: `https://huggingface.co`.
  package init(address: String, client: HTTPClient) {
    self.address = address.hasSuffix("/") ? String(address.dropLast()) : address
    self.client = client
  }

  /// Where a file of a repository is.
  func url(_ repository: String, _ revision: String, _ file: String) -> String {
    "\(address)/\(repository)/resolve/\(revision)/\(file)"
  }

  /// The commit that `revision` (a branch or a commit) stands for.
  func commit(of repository: String, _ revision: String, cancellation: Cancellation?) throws(Failure) -> String {
    let answer = try ask("\(address)/api/models/\(repository)/revision/\(revision)", cancellation)
    guard let commit = answer["sha"]?.string, commit.utf8.count == 40, commit.utf8.allSatisfy(\.isHexadecimal) else {
      throw nonsense("it names no commit")
    }
    return commit
  }

  /// The files of `repository` as of `revision`.
  func files(of repository: String, _ revision: String, cancellation: Cancellation?) throws(Failure) -> [ListedFile] {
    let answer = try ask("\(address)/api/models/\(repository)/tree/\(revision)?recursive=true", cancellation)
    guard let entries = answer.array else { throw nonsense("it is no list of files") }
    return entries.compactMap { entry in
      guard entry["type"]?.string == "file", let path = entry["path"]?.string else { return nil }
      let hash = entry["lfs"]?["oid"]?.string.flatMap { oid in
        oid.utf8.count == 64 && oid.utf8.allSatisfy(\.isHexadecimal) ? oid.lowercased() : nil
      }
      return ListedFile(path: path, byteCount: entry["size"]?.integer, sha256: hash)
    }
  }

  /// Whether `name` can be a repository's: `owner/name` in the characters that the hub allows.
  package static func isRepository(_ name: String) -> Bool {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 2 && parts.allSatisfy { ModelStore.isName(String($0)) }
  }

  private func ask(_ url: String, _ cancellation: Cancellation?) throws(Failure) -> JSONValue {
    var request = HTTPRequest("GET", url)
    request.bodyLimit = 16 << 20
    let response = try client.send(request, cancellation: cancellation)
    switch response.status {
    case 200: break
    case 401, 403, 404:
      throw Failure(
        .notFound, "\(address) has no such model for everyone: check its name (\(response.status))", cause: url)
    default:
      throw Failure(.badAnswer, "\(address) answered with status \(response.status): try again later", cause: url)
    }
    do throws(Failure) { return try JSONValue(parsing: response.body) } catch { throw nonsense(error.description) }
  }

  private func nonsense(_ cause: String) -> Failure {
    Failure(
      .badAnswer, "\(address) answered with something that is no answer of a hub: check its address", cause: cause)
  }
}

extension UInt8 {
  fileprivate var isHexadecimal: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }
}
