/// What a query looks like; the weights of the retrievers follow it.
package enum QueryShape: String, CaseIterable, Sendable {
  /// One name as code writes it: `parsedate_tz`, `Parser.options`, `io::copy`, `retry()`.
  case symbol
  /// A path or a file name: `src/net/socket.c`, `setup.py`.
  case path
  /// Words of a language that people speak.
  case words
  /// Words with names of code among them.
  case mixed
}
