import CCurl
import Primitives

/// libcurl's handles for one request at a time, with the connections that it keeps open between requests.
// `@unchecked Sendable`: a caller that takes a connection out of the client's pool is the only one to use it until it
// is back; `wake` calls the one function of the library that other threads may call.
@safe final class CurlConnection: @unchecked Sendable {
  let easy: UnsafeMutableRawPointer
  let multi: UnsafeMutableRawPointer

  /// Loads the library when it is the first.
  init() throws(Failure) {
    var reason = [CChar](repeating: 0, count: 256)
    let isLoaded = unsafe reason.withUnsafeMutableBufferPointer { unsafe ccurl_load($0.baseAddress, $0.count) } == 0
    guard isLoaded else {
      throw Failure(
        .missingLibrary,
        "endpoints need libcurl, which is not installed: on Debian and Ubuntu, `apt-get install libcurl4`",
        cause: String(decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
    guard let easy = unsafe ccurl_easy_init() else { throw Failure(.inputOutput, "libcurl gives no more handles") }
    guard let multi = unsafe ccurl_multi_init() else {
      unsafe ccurl_easy_cleanup(easy)
      throw Failure(.inputOutput, "libcurl gives no more handles")
    }
    unsafe self.easy = unsafe easy
    unsafe self.multi = unsafe multi
  }

  deinit {
    unsafe ccurl_multi_cleanup(multi)
    unsafe ccurl_easy_cleanup(easy)
  }

  /// Makes a wait on this connection return at once.
  func wake() { unsafe ccurl_multi_wakeup(multi) }
}
