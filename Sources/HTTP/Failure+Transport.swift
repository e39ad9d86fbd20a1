import CCurl
import Primitives

extension Failure {
  /// What libcurl's `code` means for a request to `address`, and what to do about it.
  init(transport code: CURLcode, to address: WebAddress, cause: String) {
    let host = address.hostAndPort
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST:
      self.init(
        .unreachable, "the host \(host) cannot be found: check the address, and that this machine has a network",
        cause: cause)
    case CURLE_COULDNT_RESOLVE_PROXY:
      self.init(
        .unreachable, "the proxy on the way to \(host) cannot be found: check https_proxy, http_proxy and all_proxy",
        cause: cause)
    case CURLE_COULDNT_CONNECT:
      self.init(
        .unreachable, "nothing answers at \(host): check that the server runs, and the address and its port",
        cause: cause)
    case CURLE_OPERATION_TIMEDOUT:
      self.init(.timedOut, "\(host) did not answer in time", cause: cause)
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR:
      self.init(
        .notTrusted,
        "the certificate of \(host) is not trusted; if its authority is your own, name the authority's file in "
          + "SSL_CERT_FILE",
        cause: cause)
    case CURLE_SSL_CACERT_BADFILE:
      self.init(
        .notTrusted,
        "the file of certificate authorities cannot be read: check SSL_CERT_FILE, or install "
          + "ca-certificates", cause: cause)
    case CURLE_SSL_CONNECT_ERROR:
      self.init(
        .notTrusted, "no encrypted connection to \(host) came about; if the server speaks plain http, write http://",
        cause: cause)
    case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_PARTIAL_FILE, CURLE_HTTP2, CURLE_HTTP2_STREAM:
      self.init(.interrupted, "\(host) broke off in the middle of its answer; its log may say why", cause: cause)
    case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING:
      self.init(.badAnswer, "\(host) does not answer in HTTP: check the address and the port", cause: cause)
    default:
      self.init(.interrupted, "the request to \(host) failed", cause: cause)
    }
  }
}
